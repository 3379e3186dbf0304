import fc from 'fast-check';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { permutation, seedFor } from '../../src/base/seeds.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('a seed is never 0, which TensorFlow.js takes as no seed', () => {
  fc.assert(
    fc.property(seeds, fc.string(), (root, name) => {
      const seed = seedFor(root, name, 'kernel');
      return Number.isInteger(seed) && seed >= 1 && seed <= 2 ** 31 - 1;
    }),
  );
});

test('other names, purposes and roots give other seeds', () => {
  const all = [
    seedFor(0, 'a', 'kernel'),
    seedFor(0, 'a', 'bias'),
    seedFor(0, 'b', 'kernel'),
    seedFor(1, 'a', 'kernel'),
    seedFor(0, 'ak', 'ernel'),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test('a permutation holds every number once and depends on the seed alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), seeds, (count, seed) => {
      const order = permutation(count, seed);
      expect([...order].toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
      expect(permutation(count, seed)).toEqual(order);
    }),
  );
});

test('a permutation has no favourites', () => {
  const firsts = Array.from({ length: 4000 }, (_, seed) => permutation(4, seedFor(seed, 'x'))[0]!);
  for (const value of [0, 1, 2, 3]) {
    const share = firsts.filter((first) => first === value).length / firsts.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  }
});

// Of so many draws some are beyond the last whole multiple, and drawn again.
test.each([0, 1, 2, 3, 100, 400_000])('a permutation of %i is drawn as pure-rand draws', (count) => {
  for (const seed of [0, 1, 2 ** 31 - 1, 2 ** 32 - 1]) {
    const order = Uint32Array.from({ length: count }, (_, k) => k);
    const random = xoroshiro128plus(seed);
    for (let k = count - 1; k > 0; k--) {
      const other = uniformInt(random, 0, k);
      [order[k], order[other]] = [order[other]!, order[k]!];
    }
    expect(Buffer.compare(Buffer.from(permutation(count, seed).buffer), Buffer.from(order.buffer))).toBe(0);
  }
});
