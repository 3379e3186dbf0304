import type { ArrayValues, NamedArray } from '../checkpoints/checkpoint-file.ts';

/** A value as a checkpoint file holds it: JSON, and the arrays that it refers to. */
export interface Packed {
  readonly json: unknown;
  readonly arrays: readonly NamedArray[];
}

/** What stands for a value that JSON has not: an array by its number, a number by its name. */
interface Stand {
  readonly $array?: number;
  readonly $number?: string;
}

/**
 * Takes a value apart: plain objects and lists of texts, numbers, booleans, null and typed arrays. Every number comes
 * back as it was, to the bit.
 *
 * @throws TypeError for anything else: it would not come back
 */
export function pack(value: unknown): Packed {
  const arrays: NamedArray[] = [];
  const visit = (inner: unknown): unknown => {
    if (
      inner instanceof Float32Array ||
      inner instanceof Float64Array ||
      inner instanceof Int32Array ||
      inner instanceof Uint8Array
    ) {
      return {
        $array: arrays.push({ name: String(arrays.length), shape: [inner.length], values: inner }) - 1,
      } satisfies Stand;
    }
    if (typeof inner === 'number' && (!Number.isFinite(inner) || Object.is(inner, -0)))
      return { $number: Object.is(inner, -0) ? '-0' : String(inner) } satisfies Stand;
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner !== 'object' || inner === null) return inner;
    const prototype: unknown = Object.getPrototypeOf(inner);
    if (prototype !== Object.prototype && prototype !== null)
      throw new TypeError(`a ${inner.constructor.name} cannot be kept`);
    return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, visit(member)]));
  };
  return { json: visit(value), arrays };
}

/** How deep a value may be: many times what any outcome is, and what anyone who walks through it has room for. */
const deepest = 200;

/**
 * Puts a value together again. Its arrays are those of the packed one, not copies.
 *
 * @throws RangeError where it is too deep
 */
export function unpack({ json, arrays }: Packed): unknown {
  const values: readonly ArrayValues[] = arrays.map((array) => array.values);
  const visit = (inner: unknown, depth: number): unknown => {
    if (depth > deepest) throw new RangeError('a value is too deep');
    if (Array.isArray(inner)) return inner.map((item) => visit(item, depth + 1));
    if (typeof inner !== 'object' || inner === null) return inner;
    const { $array, $number } = inner as Stand;
    if (typeof $array === 'number') return values[$array];
    if (typeof $number === 'string') return Number($number);
    return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, visit(member, depth + 1)]));
  };
  return visit(json, 0);
}
