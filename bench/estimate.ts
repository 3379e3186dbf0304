/** What some measurements say of what they measure. */
export interface Estimate {
  readonly median: number;
  /** The 95 % interval of the median. */
  readonly low: number;
  readonly high: number;
  /** Measurements. */
  readonly count: number;
}

/** What measurements say of an aim; `open`: they cannot tell. */
export type Verdict = 'kept' | 'MISSED' | 'open';

/**
 * An interval of fewer measurements says nothing: three pairs of one variable gave 1.17 times the speed, ten gave 1.02.
 */
export const leastPairs = 10;

/** What lies outside of an interval on each side. */
const tail = 0.025;

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of measurements with its 95 % interval: the percentile bootstrap (Efron 1979), which assumes nothing of
 * how the noise is distributed. Exactly, without drawing: a median has few values, whose shares are known.
 *
 * @param values 1 to 1000, in any unit; such as each pair's ratio
 */
export function estimate(values: readonly number[]): Estimate {
  const medians = resampledMedians(values).toSorted((a, b) => a.value - b.value);
  const bound = (from: typeof medians) => {
    let sum = 0;
    return from.find(({ share }) => (sum += share) >= tail)!.value;
  };
  return { median: median(values), low: bound(medians), high: bound(medians.toReversed()), count: values.length };
}

/**
 * How much values that are measured at equal distances grow from one to the next: the slopes of pairs that lie half of
 * all apart (Theil 1950, the incomplete method). Each value is in one pair, so that the slopes are as independent as
 * the values, and single high ones, as between two collections of garbage, count little.
 *
 * @param values an even number, in any unit; the unit of the answer by the distance
 */
export function slope(values: readonly number[]): Estimate {
  const half = values.length / 2;
  return estimate(Array.from({ length: half }, (_, i) => (values[half + i]! - values[i]!) / half));
}

/**
 * All medians that as many draws with replacement may have, each with its share of all resamples: the joint law of the
 * one or two middle draws (David and Nagaraja 2003, Order Statistics, 3.1).
 */
function resampledMedians(values: readonly number[]): { value: number; share: number }[] {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  const half = Math.ceil(count / 2);
  /** The share of resamples with half of their draws, or more, among the first values. */
  const halfWithin = (first: number) => {
    const p = first / count;
    let sum = 0;
    for (let k = half; k <= count; k++) sum += choose(count, k) * p ** k * (1 - p) ** (count - k);
    return sum;
  };
  /**
   * The share of draws of half a resample's length that all come from the first values, the last of these among them.
   */
  const upTo = (first: number) => (first / count) ** half - ((first - 1) / count) ** half;
  const medians: { value: number; share: number }[] = [];
  for (let i = 1; i <= count; i++) {
    let alone = halfWithin(i) - halfWithin(i - 1);
    // An even number of draws has two in the middle.
    const last = count % 2 === 0 ? count : i;
    for (let j = i + 1; j <= last; j++) {
      const share = choose(count, half) * upTo(i) * upTo(count - j + 1);
      alone -= share;
      medians.push({ value: (sorted[i - 1]! + sorted[j - 1]!) / 2, share });
    }
    medians.push({ value: sorted[i - 1]!, share: alone });
  }
  return medians;
}

/** The binomial coefficient. */
function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i;
  return product;
}

/** Whether an aim is kept: only where the whole interval says the same, and there are enough measurements for one. */
export function verdict({ low, high, count }: Estimate, sign: '>=' | '<=', aim: number): Verdict {
  const keeps = (value: number) => (sign === '>=' ? value >= aim : value <= aim);
  if (count < leastPairs || keeps(low) !== keeps(high)) return 'open';
  return keeps(low) ? 'kept' : 'MISSED';
}
