import { largestReal, largestWhole } from '../../base/numbers.ts';
import { quantities } from '../../base/quantities.ts';
import { CHOICE } from '../../base/row.ts';
import { suggestNumber } from '../../base/written-number.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { layerNamePattern, suggestLayerName } from '../expand/layer-name.ts';
import {
  QUANTITY,
  type SchemaView,
  allowedValues,
  branchesFor,
  fitsKind,
  itemSchema,
  takesOneKey,
} from '../schema/schema-view.ts';
import { oneLine } from '../syntax/one-line.ts';
import { shorten } from '../../base/shorten.ts';
import type { Node } from '../syntax/source-tree.ts';

/** The way from a value that does not fit to one that does, where a usual slip explains it. */
export function suggestValue(node: Node, wanted: SchemaView): string | undefined {
  const kinds = kindsOf(wanted);
  if (node.kind === 'map')
    return kinds.has('array') && !kinds.has('string') ? 'Begin each item of a list with `- `.' : undefined;
  const [only] = node.kind === 'list' && node.items.length === 1 ? node.items : [];
  if (node.kind === 'list')
    return only !== undefined &&
      (wanted.anyOf ?? [wanted]).some((branch) => fitsKind(branch, only)) &&
      !kinds.has('array')
      ? 'Remove the brackets or the dash around it.'
      : undefined;
  const { value, range } = node;
  if (wanted[QUANTITY] !== undefined) {
    const meant = quantities[wanted[QUANTITY]].suggest(String(value));
    return meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
  }
  const named = suggestNamed(String(value), wanted);
  if (named !== undefined) return named;
  // Of a text with a pattern, examples are what it may be.
  const allowed = (allowedValues(wanted) ?? (wanted.pattern === undefined ? [] : (wanted.examples ?? []))).map(String);
  const guess = allowed.length === 0 ? undefined : nearest(String(value), allowed);
  if (guess !== undefined) return `Did you mean \`${guess}\`?`;
  if (typeof value === 'number' && isTooLarge(value, wanted))
    return kinds.has('number')
      ? `A number is at most ${largestReal.toPrecision(2)}.`
      : `A whole number is at most ${largestWhole}.`;
  if (typeof value === 'number' && isPercentage(value, wanted)) return `Write ${value / 100} for ${value} %.`;
  if (typeof value === 'string') {
    const suggestion = suggestForText(value, kinds, range.source.text[range.start]);
    if (suggestion !== undefined) return suggestion;
  }
  const name = wanted.pattern === layerNamePattern ? suggestLayerName(String(value)) : undefined;
  if (name !== undefined) return `Did you mean \`${name}\`?`;
  const written = range.source.text.slice(range.start, range.end);
  if (typeof value === 'string' && /^\\[tn]$/.test(value))
    return `Write it in double quotes, \`"${value}"\`: between single quotes, or without, a backslash is a character.`;
  if (value !== null && typeof value !== 'string' && takesText(wanted, written))
    return `Put it in quotes: \`'${shorten(written)}'\`.`;
  return value !== null && fitsInList(node, wanted)
    ? `Write it as a list: \`[${shorten(String(value))}]\`.`
    : undefined;
}

/** The name that is meant, alone or with an option where it takes one. */
function suggestNamed(text: string, { anyOf = [] }: SchemaView): string | undefined {
  const examples = anyOf.find(takesOneKey)?.examples ?? [];
  const written = new Map([
    ...anyOf.flatMap((branch) => branch.enum ?? []).map((name): [string, unknown] => [String(name), name]),
    ...examples.map((example): [string, unknown] => [Object.keys(Object(example))[0]!, example]),
  ]);
  const guess = examples.length === 0 ? undefined : nearest(text, [...written.keys()]);
  if (guess === undefined) return undefined;
  const way = `\`${oneLine(written.get(guess))}\``;
  return guess === text ? `Write it with its option: ${way}.` : `Did you mean ${way}?`;
}

function isTooLarge(value: number, { anyOf, type }: SchemaView): boolean {
  if (anyOf !== undefined) return anyOf.some((branch) => isTooLarge(value, branch));
  return (type === 'integer' && Math.abs(value) > largestWhole) || (type === 'number' && Math.abs(value) > largestReal);
}

/** Whether a share is wanted, and a hundredth of a number is one. */
function isPercentage(
  value: number,
  { anyOf, type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: SchemaView,
): boolean {
  if (anyOf !== undefined) return anyOf.some((branch) => isPercentage(value, branch));
  if (type !== 'number' || (minimum ?? exclusiveMinimum) !== 0) return false;
  return value > 1 && (maximum === 1 ? value <= 100 : exclusiveMaximum === 1 && value < 100);
}

function suggestForText(text: string, kinds: ReadonlySet<string>, first: string | undefined): string | undefined {
  if (/^\$(?:[A-Za-z_]\w*|\{.*\})$/.test(text)) return `Only a block has parameters such as \`${text}\`.`;
  if (kinds.has('boolean')) {
    if (/^(yes|on|y)$/i.test(text)) return 'Write `true`: in YAML 1.2 only true and false are truth values.';
    if (/^(no|off|n)$/i.test(text)) return 'Write `false`: in YAML 1.2 only true and false are truth values.';
  }
  if (kinds.has('number') || kinds.has('integer')) {
    if (text.trim() === text && text !== '' && Number.isFinite(Number(text)))
      return first === '"' || first === "'" ? 'Remove the quotes.' : `Write ${Number(text)}.`;
    return suggestNumber(text, !kinds.has('number'));
  }
  return undefined;
}

function takesText({ anyOf, type, pattern }: SchemaView, text: string): boolean {
  return (
    anyOf?.some((branch) => takesText(branch, text)) ??
    (type === 'string' && (pattern === undefined || new RegExp(pattern, 'u').test(text)))
  );
}

/** Whether a list of this one value would do. */
function fitsInList(node: Node, wanted: SchemaView): boolean {
  return (wanted.anyOf ?? [wanted]).some((branch) => {
    const item = branch.type === 'array' && (branch.minItems ?? 0) <= 1 ? itemSchema(branch, 0) : undefined;
    return item !== undefined && branchesFor(item, node).some((one) => one.anyOf !== undefined || fitsKind(one, node));
  });
}

function kindsOf(schema: SchemaView): ReadonlySet<string> {
  return new Set(
    schema.anyOf === undefined
      ? [schema[CHOICE] === undefined ? String(schema.type) : 'choice']
      : schema.anyOf.flatMap((branch) => [...kindsOf(branch)]),
  );
}
