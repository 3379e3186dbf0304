import type { TSchema } from 'typebox';
import type { quantities } from '../../base/quantities.ts';
import { CHOICE, EXPECTED, RANK, type Table } from '../../base/row.ts';
import type { Node } from '../syntax/source-tree.ts';

/** The tables that choices name, such as `layer` and `optimizer`. */
export type Tables = Readonly<Record<string, Table>>;

/** The JSON Schema keywords that our schemas use, readable. */
export interface SchemaView {
  readonly type?: string;
  /** Of a whole file: `Layerline pipeline`. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaView[];
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly patternProperties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly items?: SchemaView | readonly SchemaView[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, SchemaView>>;
  readonly [CHOICE]?: string;
  /** What a text must be, in words, where a pattern says it to the machine alone. */
  readonly [EXPECTED]?: string;
  readonly [RANK]?: number;
  readonly [QUANTITY]?: keyof typeof quantities;
  readonly [ALSO]?: readonly SchemaView[];
  readonly [IN_BLOCK]?: true;
  readonly [EITHER]?: readonly [string, string];
}

/** Keyword of a text that is a number with its unit. */
export const QUANTITY = 'x-quantity';

const rows = new WeakMap<SchemaView, Table>();

/**
 * What may be chosen at a place with a choice: the rows of its table, or the few that it takes (the layers that a
 * wrapper wraps).
 */
export function rowsOf(schema: SchemaView, tables: Tables): Table {
  const known = rows.get(schema);
  if (known !== undefined) return known;
  const taken = Object.fromEntries(
    Object.entries(tables[schema[CHOICE]!]!).filter(([name]) => Object.hasOwn(schema.properties ?? {}, name)),
  );
  rows.set(schema, taken);
  return taken;
}

/** Keyword with further forms that files may use: they are written out before the check, so only editors are told. */
export const ALSO = 'x-also';

/** Keyword of a choice in a block, in which each value may be a parameter. */
export const IN_BLOCK = 'x-in-block';

/** Keyword of a map that must have exactly one of these keys. */
export const EITHER = 'x-either';

/** A typebox schema, readable. */
export function view(schema: TSchema): SchemaView {
  return schema as SchemaView;
}

/** The branches of a union that a node's kind fits; of any other schema, itself. */
export function branchesFor(schema: SchemaView, node: Node): readonly SchemaView[] {
  return schema.anyOf === undefined
    ? [schema]
    : schema.anyOf.flatMap((branch) => branchesFor(branch, node)).filter((branch) => fitsKind(branch, node));
}

/** Whether a schema takes maps of one key: a name with its option. */
export function takesOneKey({ minProperties, maxProperties }: SchemaView): boolean {
  return minProperties === 1 && maxProperties === 1;
}

/** The schema of one item of a list. */
export function itemSchema(schema: SchemaView, index: number): SchemaView | undefined {
  return Array.isArray(schema.items)
    ? (schema.items as readonly SchemaView[])[index]
    : (schema.items as SchemaView | undefined);
}

/** The schema of the value under a key of a map. */
export function propertySchema(schema: SchemaView, key: string): SchemaView | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return Object.entries(schema.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1];
}

/** The one value a schema allows, or the few; undefined where it allows more. */
export function allowedValues(schema: SchemaView): readonly unknown[] | undefined {
  if (schema.enum !== undefined) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const branches = schema.anyOf?.map(allowedValues);
  return branches?.every((values) => values !== undefined) === true ? branches.flat() : undefined;
}

/** A schema with each schema directly inside it replaced. */
export function mapParts(schema: SchemaView, change: (part: SchemaView) => SchemaView): SchemaView {
  const mapped = (parts: Readonly<Record<string, SchemaView>>) =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, change(part)]));
  return {
    ...schema,
    ...(schema.properties === undefined ? {} : { properties: mapped(schema.properties) }),
    ...(schema.patternProperties === undefined ? {} : { patternProperties: mapped(schema.patternProperties) }),
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map(change) }),
    ...(schema.items === undefined
      ? {}
      : { items: Array.isArray(schema.items) ? schema.items.map(change) : change(schema.items as SchemaView) }),
  };
}

/** Whether a node is of a kind (text, map, number, ...) that a schema without union takes. */
export function fitsKind(schema: SchemaView, node: Node): boolean {
  if (schema[CHOICE] !== undefined)
    return node.kind === 'map' || (node.kind === 'scalar' && typeof node.value === 'string');
  const { type } = schema;
  if (node.kind === 'map') return type === 'object';
  if (node.kind === 'list') return type === 'array';
  const { value } = node;
  if (schema.const !== undefined) return typeof value === typeof schema.const;
  if (schema.enum !== undefined) return schema.enum.some((one) => typeof one === typeof value);
  if (value === null) return type === 'null';
  if (typeof value === 'number') return type === 'number' || type === 'integer';
  return type === typeof value;
}
