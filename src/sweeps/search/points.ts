import type { Distribution, TrialValues } from '../../base/sweep-results.ts';
import type { Parameter } from '../checked-sweep.ts';

type Whole = Extract<Distribution, { kind: 'int' }>;
type Real = Extract<Distribution, { kind: 'float' }>;

/** How many values a distribution has; Infinity where it has all numbers of a range. */
export function valuesIn(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'choice':
      return distribution.choices.length;
    case 'float':
      return distribution.low < distribution.high ? Infinity : 1;
    case 'int':
      return Math.floor((distribution.high - distribution.low) / distribution.step) + 1;
  }
}

/** How many points a space has; Infinity where a range has all numbers, or there are more than can be said. */
export function pointsIn(space: readonly Pick<Parameter, 'distribution'>[]): number {
  return space.reduce((product, { distribution }) => product * valuesIn(distribution), 1);
}

/** One of the values of a distribution that has only so many. @param index 0 or more, below `valuesIn` */
export function valueOf(distribution: Distribution, index: number): unknown {
  if (distribution.kind === 'choice') return distribution.choices[index];
  return distribution.kind === 'int' ? distribution.low + index * distribution.step : distribution.low;
}

/** One of the points of a space that has only so many, the last path fastest. @param index below `pointsIn` */
export function pointAt(space: readonly Parameter[], index: number): TrialValues {
  let rest = index;
  const values = space.toReversed().map(({ path, distribution }): [string, unknown] => {
    const count = valuesIn(distribution);
    const value = valueOf(distribution, rest % count);
    rest = Math.floor(rest / count);
    return [path, value];
  });
  return Object.fromEntries(values.toReversed());
}

/** What is equal for equal points alone, whatever the order in which they name their paths. */
export function keyOfPoint(space: readonly Parameter[], values: TrialValues): string {
  return JSON.stringify(space.map(({ path }) => values[path] ?? null));
}

/** The whole number of a range that is nearest. */
export function nearest(range: Whole, value: number): number {
  const index = Math.round((value - range.low) / range.step);
  return range.low + Math.min(valuesIn(range) - 1, Math.max(0, index)) * range.step;
}

/**
 * A number of a range in as few digits as tell a millionth of it: runs are called by what was set, and more digits say
 * nothing of a learning rate.
 */
export function shortest({ low, high, log }: Real, value: number): number {
  const places = Math.min(100, Math.max(0, Math.ceil(6 - Math.log10(high - low))));
  const short = Number(log ? value.toPrecision(6) : value.toFixed(places));
  return Math.min(high, Math.max(low, short));
}
