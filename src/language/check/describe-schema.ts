import { withArticle } from '../expand/find-row.ts';
import { largestReal, largestWhole } from '../../base/numbers.ts';
import { CHOICE, EXPECTED } from '../../base/row.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { listNames } from '../../base/did-you-mean.ts';
import { type SchemaView, allowedValues, itemSchema } from '../schema/schema-view.ts';
import { shorten } from '../../base/shorten.ts';
import type { Node } from '../syntax/source-tree.ts';

/** What a schema wants, to follow "must be": `a whole number >= 1`. */
export function describeSchema(schema: SchemaView): string {
  if (schema[EXPECTED] !== undefined) return schema[EXPECTED];
  if (schema[CHOICE] !== undefined) return describeChoice(schema);
  const allowed = allowedValues(schema);
  if (allowed !== undefined)
    return allowed.length === 1 ? listNames(allowed.map(String)) : `one of ${listNames(allowed.map(String))}`;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(describeSchema))].join(' or ');
  switch (schema.type) {
    case 'integer':
      return `a whole number${bounds(schema)}`;
    case 'number':
      return `a number${bounds(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return `a text${lengths(schema)}`;
    case 'null':
      return 'null';
    case 'array':
      return describeList(schema);
    default: {
      const keys = Object.keys(schema.properties ?? {});
      if (keys.length === 0)
        return (schema.minProperties ?? 0) > 0 ? `a map of at least ${count(schema.minProperties!, 'key')}` : 'a map';
      return `a map with ${listNames(keys)}`;
    }
  }
}

/** What a node holds, to follow "not": `the text 'three'`. */
export function describeNode(node: Node): string {
  if (node.kind === 'list')
    return node.items.length === 0 ? 'an empty list' : `a list of ${count(node.items.length, 'item')}`;
  if (node.kind === 'map')
    return node.entries.length === 0
      ? 'an empty map'
      : `a map with ${listNames(node.entries.map(({ key }) => shorten(key)))}`;
  if (node.value === null) return 'null';
  return typeof node.value === 'string' ? `the text '${shorten(hideSecrets(node.value))}'` : String(node.value);
}

function describeChoice(schema: SchemaView): string {
  const kind = schema[CHOICE]!;
  const example = schema.examples?.find((one) => typeof one === 'string') ?? schema.default;
  return typeof example === 'string' ? `${withArticle(kind)}, such as \`${example}\`` : withArticle(kind);
}

function describeList(schema: SchemaView): string {
  const { minItems = 0, maxItems } = schema;
  const what = describeItems(itemSchema(schema, 0));
  if (minItems === maxItems) return `a list of ${count(minItems, 'item')}${what}`;
  const size = maxItems === undefined ? '' : ` of ${minItems} to ${count(maxItems, 'item')}`;
  return `a list${size}${what}${minItems === 1 && maxItems === undefined ? ', at least one' : ''}`;
}

function describeItems(one: SchemaView | undefined): string {
  if (one === undefined) return '';
  return one[CHOICE] === undefined ? `, each ${describeSchema(one)}` : ` of ${one[CHOICE]}s`;
}

function bounds({ exclusiveMinimum, exclusiveMaximum, ...schema }: SchemaView): string {
  // What holds for every number goes without saying.
  const said = (bound: number | undefined) =>
    bound === undefined || [largestWhole, largestReal].includes(Math.abs(bound)) ? undefined : bound;
  const [minimum, maximum] = [said(schema.minimum), said(schema.maximum)];
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const parts = [
    ...(minimum === undefined ? [] : [`>= ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`<= ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}

function lengths({ minLength = 0, maxLength }: SchemaView): string {
  if (maxLength === undefined) return minLength > 0 ? ` of at least ${count(minLength, 'character')}` : '';
  return minLength === maxLength
    ? ` of ${count(maxLength, 'character')}`
    : ` of ${minLength} to ${count(maxLength, 'character')}`;
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
