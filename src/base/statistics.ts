import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A mean, how far single values are from it, and where the true mean lies in 95 of 100 cases. */
export interface MeanInterval {
  readonly mean: number;
  /** The sample standard deviation, with n - 1; NaN of a single value. */
  readonly deviation: number;
  /** NaN of a single value. */
  readonly low: number;
  readonly high: number;
}

/** Two numbers that the true value lies between in 95 of 100 cases. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The interval of a mean by Student's t.
 *
 * @param values at least one
 * @param overlap samples tested per sample trained on, where each value is of another part of the same samples: such
 * values are not independent, and the interval is Nadeau and Bengio's (Machine Learning 52, 2003). Left out: they are.
 */
export function meanInterval(values: readonly number[], overlap = 0): MeanInterval {
  const { length: count } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, deviation: Number.NaN, low: Number.NaN, high: Number.NaN };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (count - 1));
  const half = studentQuantile(count - 1) * deviation * Math.sqrt(1 / count + overlap);
  return { mean, deviation, low: mean - half, high: mean + half };
}

/** The 0.975 quantile of Student's t. @param freedom degrees of it, at least 1 */
export function studentQuantile(freedom: number): number {
  const known = quantiles[freedom - 1];
  if (known !== undefined) return known;
  // Fisher and Cornish's expansion about the normal quantile (Abramowitz and Stegun 26.7.5).
  const z = 1.959_963_984_540_054;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, k) => sum + term / freedom ** (k + 1), z);
}

/** Those of 1 to 30 degrees of freedom, as test/base/statistics.py prints them by scipy. */
const quantiles = [
  12.706204736174694, 4.302652729749462, 3.182446305283708, 2.776445105197793, 2.570581835636314, 2.446911851144969,
  2.364624251592785, 2.306004135204166, 2.262157162798204, 2.228138851986274, 2.200985160082949, 2.178812829667228,
  2.160368656462793, 2.14478668791782, 2.131449545559776, 2.119905299221254, 2.109815577833317, 2.100922040241038,
  2.093024054408309, 2.085963447265864, 2.079613844727684, 2.073873067904027, 2.068657610419046, 2.063898561628024,
  2.059538552753291, 2.055529438642872, 2.05183051648029, 2.048407141795246, 2.045229642132702, 2.042272456301237,
];

/** What each of some samples adds to a mean: the sum of its own values, and how many those are. */
export interface SampleScores {
  readonly sums: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/**
 * The percentile bootstrap of a mean over samples, each drawn whole (Efron 1979): what other samples like these would
 * give. Of many samples fewer draws are made: their percentiles are as near.
 *
 * @returns undefined of fewer than two samples, or where the mean is not finite
 */
export function bootstrapInterval({ sums, counts }: SampleScores, seed: number): Interval | undefined {
  const { length: samples } = sums;
  if (samples < 2) return undefined;
  const random = xoroshiro128plus(seed);
  const draws = Math.max(leastDraws, Math.min(mostDraws, Math.floor(mostWork / samples)));
  const means = Float64Array.from({ length: draws }, () => {
    let [sum, count] = [0, 0];
    for (let k = 0; k < samples; k++) {
      const sample = Math.floor(((random.next() >>> 0) / 2 ** 32) * samples);
      sum += sums[sample]!;
      count += counts[sample]!;
    }
    return sum / count;
  }).sort();
  const at = (share: number) => means[Math.min(draws - 1, Math.floor(share * draws))]!;
  const [low, high] = [at(0.025), at(0.975)];
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : undefined;
}

/**
 * The interval of a share, such as of the samples that are right: the bootstrap. Where all samples or none are, all
 * draws of them are alike and say nothing: there it is the exact one (Clopper and Pearson 1934).
 *
 * @returns undefined as bootstrapInterval
 */
export function shareInterval(scores: SampleScores, seed: number): Interval | undefined {
  const total = (some: ArrayLike<number>) => Array.from(some).reduce((sum, one) => sum + one, 0);
  const { sums, counts } = scores;
  const [sum, count] = [total(sums), total(counts)];
  if (sums.length < 2 || count === 0 || (sum !== 0 && sum !== count)) return bootstrapInterval(scores, seed);
  const beyond = 0.025 ** (1 / sums.length);
  return sum === 0 ? { low: 0, high: 1 - beyond } : { low: beyond, high: 1 };
}

const [leastDraws, mostDraws] = [200, 1000];

/** Samples that all draws take together: some hundredths of a second. */
const mostWork = 2e6;
