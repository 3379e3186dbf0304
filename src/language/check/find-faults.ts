import { isDeepStrictEqual } from 'node:util';
import { type SchemaView, itemSchema } from '../schema/schema-view.ts';
import type { Path } from '../syntax/source-tree.ts';

/** A keyword of a schema that a value does not fit. */
export interface Fault {
  readonly keyword: string;
  /** Where the value stands in that which was checked. */
  readonly path: Path;
  /** The schema that has the keyword. */
  readonly schema: SchemaView;
  /** Of `required` the key that is missing, of `additionalProperties` the one that there is not. */
  readonly key?: string;
  /** Of `uniqueItems` the place of an item that there is before it. */
  readonly item?: number;
  /** The unions that it was found in a branch of. */
  readonly within: readonly Branch[];
  /** What its own union is called in `within`. */
  readonly union?: symbol;
}

/** A branch of a union, by its place. */
interface Branch {
  readonly union: symbol;
  readonly branch: number;
}

/** Whether a value of JSON fits a schema. */
export function fits(schema: SchemaView, value: unknown): boolean {
  return faultsIn(schema, value).next().done === true;
}

/**
 * All faults of a value of JSON, place by place, of each in the order in which ajv tells them. Knows the keywords that
 * a SchemaView has.
 */
export function* faultsIn(
  schema: SchemaView,
  value: unknown,
  path: Path = [],
  within: readonly Branch[] = [],
): Generator<Fault> {
  const fault = (keyword: string, more: Partial<Fault> = {}): Fault => ({ keyword, path, schema, within, ...more });
  const { type } = schema;
  const isOfType = type === undefined || hasType(type, value);
  if (!isOfType && !ordersBehind(schema)) yield fault('type');
  if ('const' in schema && !isDeepStrictEqual(value, schema.const)) yield fault('const');
  if (schema.enum?.includes(value) === false) yield fault('enum');
  yield* faultsOfUnion(schema, value, path, within);
  if (!isOfType && ordersBehind(schema)) yield fault('type');
  if (typeof value === 'number' && Number.isFinite(value)) {
    const { maximum = Infinity, minimum = -Infinity, exclusiveMaximum = Infinity } = schema;
    if (value > maximum) yield fault('maximum');
    if (value < minimum) yield fault('minimum');
    if (value >= exclusiveMaximum) yield fault('exclusiveMaximum');
    if (value <= (schema.exclusiveMinimum ?? -Infinity)) yield fault('exclusiveMinimum');
  } else if (typeof value === 'string') {
    const length = schema.maxLength === undefined && schema.minLength === undefined ? 0 : [...value].length;
    if (length > (schema.maxLength ?? Infinity)) yield fault('maxLength');
    if (length < (schema.minLength ?? 0)) yield fault('minLength');
    if (schema.pattern !== undefined && !patternOf(schema.pattern).test(value)) yield fault('pattern');
  } else if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length > (schema.maxItems ?? Infinity)) yield fault('maxItems');
    if (items.length < (schema.minItems ?? 0)) yield fault('minItems');
    const item = schema.uniqueItems === true ? lastRepeated(items, schema) : -1;
    if (item >= 0) yield fault('uniqueItems', { item });
    for (const [place, one] of items.entries()) {
      const part = itemSchema(schema, place);
      if (part !== undefined) yield* faultsIn(part, one, [...path, place], within);
    }
  } else if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length > (schema.maxProperties ?? Infinity)) yield fault('maxProperties');
    if (keys.length < (schema.minProperties ?? 0)) yield fault('minProperties');
    for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) yield fault('required', { key });
    for (const [key, one] of Object.entries(value)) {
      const parts = schemasOfKey(schema, key);
      if (parts.length === 0 && schema.additionalProperties === false) yield fault('additionalProperties', { key });
      for (const part of parts) yield* faultsIn(part, one, [...path, stepTo(key)], within);
    }
  }
}

/** A key of digits counts as a place, so that messages call it `loss[1]`. */
const stepTo = (key: string) => (/^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : key);

/** What a value lacks for each branch, and then that it fits none. */
function* faultsOfUnion(schema: SchemaView, value: unknown, path: Path, within: readonly Branch[]): Generator<Fault> {
  if (schema.anyOf === undefined) return;
  const union = Symbol('union');
  const faults: Fault[] = [];
  for (const [branch, part] of schema.anyOf.entries()) {
    const before = faults.length;
    for (const one of faultsIn(part, value, path, [...within, { union, branch }])) faults.push(one);
    if (faults.length === before) return;
  }
  yield* faults;
  yield { keyword: 'anyOf', path, schema, within, union };
}

/** Whether ajv tells a wrong type behind unions and lists of values: where other keywords are about the same type. */
function ordersBehind(schema: SchemaView): boolean {
  return (ofType[schema.type ?? ''] ?? []).some((keyword) => keyword in schema);
}

const ofType: Readonly<Record<string, readonly string[]>> = {
  number: ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum'],
  string: ['maxLength', 'minLength', 'pattern'],
  array: ['maxItems', 'minItems', 'uniqueItems', 'items'],
  object: ['maxProperties', 'minProperties', 'required', 'additionalProperties', 'properties', 'patternProperties'],
};

function hasType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return type === 'number' ? Number.isFinite(value) : typeof value === type;
}

/** What is said of the value of a key. */
function schemasOfKey({ properties, patternProperties = {} }: SchemaView, key: string): readonly SchemaView[] {
  const own = properties !== undefined && Object.hasOwn(properties, key) ? [properties[key]!] : [];
  const others = Object.entries(patternProperties).flatMap(([pattern, part]) =>
    patternOf(pattern).test(key) ? [part] : [],
  );
  return [...own, ...others];
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

/** The place of the last item that there is before it too; -1 where there is none. A text for a number is neither. */
function lastRepeated(items: readonly unknown[], schema: SchemaView): number {
  const isMeant = (item: unknown, place: number) => {
    const { type = 'object' } = itemSchema(schema, place) ?? {};
    return type === 'object' || type === 'array' || hasType(type, item);
  };
  const alike = items.map((item) => (typeof item === 'object' ? `\0${JSON.stringify(item)}` : item));
  const firsts = new Map<unknown, number>();
  for (const [place, one] of alike.entries()) if (!firsts.has(one)) firsts.set(one, place);
  return alike.findLastIndex((one, place) => firsts.get(one) !== place && isMeant(items[place], place));
}
