import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import type { InputSpec } from '../../datasets/dataset.ts';
import { kindOf } from '../../datasets/given-values.ts';

/**
 * The values of one row of an input from lists within lists, as JSON has them.
 *
 * @param where what messages call it
 * @throws UserError where it has another shape, or a value is none that the model takes
 */
export function readTensor(given: unknown, { shape, indices }: InputSpec, where: string): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (fill(given, { shape, indices, values }, 0, 0) >= 0) return values;
  const found = shapeOf(given);
  if (String(found) === String(shape)) throw faultIn(given, shape, indices, where);
  throw failure(
    'wrong-shape',
    `${where}: expected ${formatShape(shape)}, got ${found.length === 0 ? kindOf(given) : formatShape(found)}`,
  );
}

/**
 * The values of all rows of an input, one after the other, from one list.
 *
 * @throws UserError as readTensor
 */
export function readFlat(given: readonly unknown[], count: number, input: InputSpec, where: string): Float32Array {
  const shape = [count * sizeOf(input.shape)];
  // Before so much memory is taken: the count is the word of who asks.
  if (given.length !== shape[0]) throw faultIn(given, shape, input.indices, where);
  const values = new Float32Array(shape[0]);
  if (fill(given, { shape, indices: input.indices, values }, 0, 0) >= 0) return values;
  throw faultIn(given, shape, input.indices, where);
}

interface Filled {
  readonly shape: readonly number[];
  readonly indices: number | undefined;
  readonly values: Float32Array;
}

/**
 * Writes values in their order.
 *
 * @param depth the axis that `given` is a list along
 * @param at where its values begin
 * @returns where they end; -1: they are none that the model takes
 */
function fill(given: unknown, to: Filled, depth: number, at: number): number {
  const { shape, indices, values } = to;
  if (depth === shape.length) {
    const value = typeof given === 'number' ? given : numberIn(given);
    if (!isTaken(value, indices)) return -1;
    values[at] = value;
    return at + 1;
  }
  if (!Array.isArray(given) || given.length !== shape[depth]) return -1;
  let next = at;
  for (const one of given as readonly unknown[]) {
    next = fill(one, to, depth + 1, next);
    if (next < 0) return -1;
  }
  return next;
}

function isTaken(value: number, indices: number | undefined): boolean {
  return (
    Number.isFinite(Math.fround(value)) &&
    (indices === undefined || (Number.isInteger(value) && value >= 0 && value < indices))
  );
}

/** The number that NumPy, and with it MLflow, takes something else for: `true`, `"0.5"`. NaN where it is none. */
function numberIn(given: unknown): number {
  if (typeof given === 'boolean') return Number(given);
  return typeof given === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(given) ? Number(given) : NaN;
}

/** What is wrong in values that `fill` did not take: the first place of it. */
function faultIn(
  given: unknown,
  [length, ...rest]: readonly number[],
  indices: number | undefined,
  where: string,
): UserError {
  if (length === undefined) {
    const takes = indices === undefined ? 'finite numbers' : `whole numbers from 0 to ${indices - 1}`;
    const said = typeof given === 'number' ? String(given) : kindOf(given);
    return failure('wrong-value', `${where} is ${shorten(said)}, and the model takes ${takes}`);
  }
  if (!Array.isArray(given) || given.length !== length)
    return failure(
      'wrong-shape',
      `${where}: expected ${length} values, got ${Array.isArray(given) ? given.length : kindOf(given)}`,
    );
  const values = new Float32Array(sizeOf(rest));
  const at = given.findIndex((one) => fill(one, { shape: rest, indices, values }, 0, 0) < 0);
  return faultIn(given[at], rest, indices, `${where}[${at}]`);
}

/** The shape as the first elements show it. */
function shapeOf(given: unknown): readonly number[] {
  const shape: number[] = [];
  let level = given;
  while (Array.isArray(level)) {
    const items: readonly unknown[] = level;
    shape.push(items.length);
    [level] = items;
  }
  return shape;
}
