import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../src/base/numbers.ts';

test('a fraction of a count is what its decimal digits make of it, rounded down', () => {
  const digits = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(
      digits.chain((places) => fc.tuple(fc.constant(places), fc.integer({ min: 0, max: 10 ** places - 1 }))),
      fc.integer({ min: 1, max: 10_000_000 }),
      ([places, numerator], count) => {
        const fraction = Number(`0.${String(numerator).padStart(places, '0')}`);
        expect(shareOf(fraction, count)).toBe(Number((BigInt(numerator) * BigInt(count)) / 10n ** BigInt(places)));
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [0.29, 100, 29],
  [0.57, 100, 57],
  [0.1, 30, 3],
  [0.15, 10, 1],
  [0.3, 0, 0],
  [0.999, 1000, 999],
  [1 / 3, 3, 1],
])('%d of %d are %d', (fraction, count, share) => {
  expect(shareOf(fraction, count)).toBe(share);
});
