import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { bootstrapInterval, meanInterval, shareInterval, studentQuantile } from '../../src/base/statistics.ts';

interface Judged {
  readonly quantiles: readonly (readonly [number, number])[];
  readonly samples: readonly {
    readonly values: readonly number[];
    readonly mean: number;
    readonly deviation: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'statistics.json'), 'utf8')) as Judged;

test("quantiles of Student's t and the intervals by them are those of scipy", () => {
  for (const [freedom, quantile] of judged.quantiles)
    expect(Math.abs(studentQuantile(freedom) / quantile - 1), `${freedom}`).toBeLessThan(1e-7);
  for (const { values, ...expected } of judged.samples) {
    const found = meanInterval(values);
    for (const key of ['mean', 'deviation', 'low', 'high'] as const)
      expect(Math.abs(found[key] - expected[key])).toBeLessThan(1e-8 * Math.max(...values.map(Math.abs)));
  }
});

test('of one value there is a mean, and nothing about its deviation', () => {
  expect(meanInterval([0.5])).toEqual({ mean: 0.5, deviation: Number.NaN, low: Number.NaN, high: Number.NaN });
  expect(meanInterval([2, 2, 2])).toEqual({ mean: 2, deviation: 0, low: 2, high: 2 });
});

test('folds that overlap have a wider interval', () => {
  const values = [0.8, 0.82, 0.79, 0.85, 0.81];
  const [apart, overlapping] = [meanInterval(values), meanInterval(values, 1 / 4)];
  expect((overlapping.high - overlapping.low) / (apart.high - apart.low)).toBeCloseTo(1.5, 10);
});

test('the interval of normal repetitions covers the truth in 93 to 97 of 100 cases', () => {
  const random = xoroshiro128plus(11);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  for (const repetitions of [2, 5, 10]) {
    let covered = 0;
    for (let k = 0; k < 10_000; k++) {
      const { low, high } = meanInterval(Array.from({ length: repetitions }, () => 0.9 + 0.02 * normal()));
      if (low <= 0.9 && 0.9 <= high) covered++;
    }
    expect(covered / 100).toBeGreaterThan(93);
    expect(covered / 100).toBeLessThan(97);
  }
});

test('the bootstrap of samples covers a known rate, and one seed gives one interval', () => {
  const random = xoroshiro128plus(12);
  const samples = 100;
  const counts = new Float64Array(samples).fill(1);
  const cases = 300;
  let covered = 0;
  for (let k = 0; k < cases; k++) {
    const sums = Float64Array.from(counts, () => (uniformFloat64(random) < 0.8 ? 1 : 0));
    const { low, high } = bootstrapInterval({ sums, counts }, k)!;
    if (low <= 0.8 && 0.8 <= high) covered++;
  }
  expect((100 * covered) / cases).toBeGreaterThan(92);
  expect((100 * covered) / cases).toBeLessThan(98);
  const sums = Float64Array.from(counts, (_, k) => Number(k % 5 > 0));
  expect(bootstrapInterval({ sums, counts }, 1)).toEqual(bootstrapInterval({ sums, counts }, 1));
  expect(bootstrapInterval({ sums: [1], counts: [1] }, 1)).toBeUndefined();
});

test.each([
  [2, 0.15811388300839305],
  [30, 0.8842966917779725],
  [69, 0.9479419421369203],
  [10_000, 0.999631180085378],
])('where all of %i samples are right, or none, the interval is the exact one', (samples, low) => {
  // By scipy 1.17.1: binomtest(samples, samples).proportion_ci().
  const scores = (each: number) => ({
    sums: new Float64Array(samples).fill(each),
    counts: new Float64Array(samples).fill(1),
  });
  expect(shareInterval(scores(1), 1)!.low).toBeCloseTo(low, 12);
  expect(shareInterval(scores(1), 1)!.high).toBe(1);
  expect(shareInterval(scores(0), 1)!.low).toBe(0);
  expect(shareInterval(scores(0), 1)!.high).toBeCloseTo(1 - low, 12);
  const [first, ...others] = scores(1).sums;
  const mixed = { ...scores(1), sums: [first! - 1, ...others] };
  expect(shareInterval(mixed, 1)).toEqual(bootstrapInterval(mixed, 1));
});
