import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Estimate, estimate, median, slope, verdict } from '../../bench/estimate.ts';
import { randomIntegers } from '../../src/base/seeds.ts';

const measurements = (minLength: number, maxLength: number) =>
  fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength, maxLength });

/** Ratios of pairs whose median is 1: log-normal, with one in ten disturbed, as machines do. */
function noisyRatios(count: number, seed: number): number[] {
  const draw = randomIntegers(seed);
  const uniform = () => (draw(2 ** 30) + 0.5) / 2 ** 30;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => Math.exp((uniform() < 0.1 ? 0.5 : 0.08) * normal()));
}

test('a median is the middle value, or between the two', () => {
  expect(median([3])).toBe(3);
  expect(median([10, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

describe('an interval', () => {
  test.each([1, 2, 3, 6, 10, 11, 20, 35])('of %i values is that of 20,000 resamples drawn', (count) => {
    const values = noisyRatios(count, count);
    const draw = randomIntegers(1);
    const medians = Array.from({ length: 20_000 }, () => median(values.map(() => values[draw(count)]!)));
    const { low, high } = estimate(values);
    const share = (holds: (value: number) => boolean) => medians.filter(holds).length / medians.length;
    // Four standard deviations of a share of 0.025 among 20,000.
    const [least, most] = [0.025 - 0.0045, 0.025 + 0.0045];
    expect(share((value) => value < low)).toBeLessThan(most);
    expect(share((value) => value <= low)).toBeGreaterThan(least);
    expect(share((value) => value > high)).toBeLessThan(most);
    expect(share((value) => value >= high)).toBeGreaterThan(least);
  });

  test('holds the median, lies within the values, and is always the same', () => {
    fc.assert(
      fc.property(measurements(1, 25), (values) => {
        const { low, median: middle, high, count } = estimate(values);
        expect(middle).toBe(median(values));
        expect(count).toBe(values.length);
        expect([Math.min(...values), low, middle, high, Math.max(...values)]).toEqual(
          [Math.min(...values), low, middle, high, Math.max(...values)].toSorted((a, b) => a - b),
        );
        expect(estimate(values)).toEqual({ low, median: middle, high, count });
      }),
    );
  });

  test('of values times a number is that many times as wide', () => {
    fc.assert(
      fc.property(measurements(1, 25), fc.constantFrom(0.5, 2, 1024), (values, factor) => {
        const [one, other] = [estimate(values), estimate(values.map((value) => value * factor))];
        expect(other).toEqual({
          median: one.median * factor,
          low: one.low * factor,
          high: one.high * factor,
          count: one.count,
        });
      }),
    );
  });

  test('of equal values has no width', () => {
    expect(estimate(Array.from({ length: 10 }, () => 1.25))).toEqual({
      median: 1.25,
      low: 1.25,
      high: 1.25,
      count: 10,
    });
  });

  test('of four times as many pairs is half as wide', () => {
    const width = (count: number) =>
      median(
        Array.from({ length: 400 }, (_, seed) => {
          const { low, high } = estimate(noisyRatios(count, seed + 1));
          return high - low;
        }),
      );
    const ratio = width(40) / width(10);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(0.6);
  });

  test.each([10, 20])('of %i pairs holds what is true 95 times in a hundred', (count) => {
    const trials = 4000;
    const holding = Array.from({ length: trials }, (_, seed) => estimate(noisyRatios(count, seed + 1))).filter(
      ({ low, high }) => low <= 1 && 1 <= high,
    ).length;
    // Three standard deviations of so many trials are 0.01; the bootstrap of so few values is itself some 0.02 off.
    expect(holding / trials).toBeGreaterThan(0.92);
    expect(holding / trials).toBeLessThan(0.98);
  });
});

describe('a slope', () => {
  /** Megabytes at 48 looks, as of a heap whose garbage is collected now and then, and more with each. */
  const looks = (growth: number, seed: number) => {
    const draw = randomIntegers(seed);
    return Array.from({ length: 48 }, (_, k) => 430 + growth * k + 12 * (draw(1000) / 1000) ** 3);
  };

  test('of a line is its own, and of one with a single peak too', () => {
    const line = Array.from({ length: 48 }, (_, k) => 3 + 0.25 * k);
    expect(slope(line)).toEqual({ median: 0.25, low: 0.25, high: 0.25, count: 24 });
    expect(slope(line.with(7, 1000)).median).toBe(0.25);
  });

  test.each([0, 0.5, -0.25])('of %d with the noise of garbage is held 95 times in a hundred', (growth) => {
    const trials = 300;
    const holding = Array.from({ length: trials }, (_, seed) => slope(looks(growth, seed + 1))).filter(
      ({ low, high }) => low <= growth && growth <= high,
    ).length;
    expect(holding / trials).toBeGreaterThan(0.9);
  });

  test('tells memory that is flat from an object that is left over of each request', () => {
    const verdicts = (growth: number) =>
      Array.from({ length: 100 }, (_, seed) => verdict(slope(looks(growth, seed + 1)), '<=', 1 / 6));
    const [flat, leaking] = [verdicts(0), verdicts(3 / 6)];
    expect([flat.includes('MISSED'), leaking.includes('kept')]).toEqual([false, false]);
    expect(flat.filter((one) => one === 'kept').length).toBeGreaterThan(75);
    expect(leaking.filter((one) => one === 'MISSED').length).toBeGreaterThan(75);
  });
});

describe('a verdict', () => {
  const of = (low: number, high: number, count = 10): Estimate => ({ median: (low + high) / 2, low, high, count });

  test.each([
    [of(1.25, 1.4), '>=', 'kept'],
    [of(1.1, 1.24), '>=', 'MISSED'],
    [of(1.24, 1.4), '>=', 'open'],
    [of(1.1, 1.25), '>=', 'open'],
    [of(1.1, 1.25), '<=', 'kept'],
    [of(1.26, 1.4), '<=', 'MISSED'],
    [of(1.2, 1.4), '<=', 'open'],
    [of(2, 2.1, 9), '>=', 'open'],
    [of(1, 1, 9), '>=', 'open'],
  ] as const)('of %o, aim %s 1.25: %s', (measured, sign, expected) => {
    expect(verdict(measured, sign, 1.25)).toBe(expected);
  });

  test('of ten pairs of no difference is seldom that there is one', () => {
    const trials = 4000;
    const wrong = Array.from({ length: trials }, (_, seed) =>
      verdict(estimate(noisyRatios(10, seed + 1)), '>=', 1),
    ).filter((given) => given !== 'open').length;
    expect(wrong / trials).toBeLessThan(0.1);
  });
});
