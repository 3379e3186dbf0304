import type { Tensor } from './formats/tensor.ts';

/**
 * How far another program may be from an output: by rounding, which grows with the numbers that are added. Of the worst
 * seen in other runtimes (wasm, 2.1e-6 of the largest number) five times.
 */
export const tolerance = { rtol: 1e-5, atol: 1e-6 } as const;

/** The largest number of an output that is one. */
export function scaleOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/** How far outputs are from what they should be. */
export interface Distance {
  /** Largest difference; infinite where a number is none, or something is missing. */
  readonly worst: number;
  /** What it may be, for the output that has it. */
  readonly tolerance: number;
  readonly isWithin: boolean;
}

/** Compares what another program made of golden rows, in the order of the model's outputs. */
export function distanceOf(expected: readonly Tensor[], found: readonly ArrayLike<number>[]): Distance {
  const each = expected.map(({ values }, k): Distance => {
    const allowed = tolerance.rtol * scaleOf(values) + tolerance.atol;
    const worst = differenceOf(values, found[k] ?? []);
    return { worst, tolerance: allowed, isWithin: worst <= allowed };
  });
  return each.toSorted((a, b) => b.worst / b.tolerance - a.worst / a.tolerance)[0]!;
}

function differenceOf(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [one, other] = [expected[i]!, found[i]!];
    if (Object.is(one, other)) continue;
    const difference = Math.abs(one - other);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return worst;
}
