import { createHash } from 'node:crypto';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/**
 * A seed for one purpose, out of the tree under the file's one seed: root -> layer name -> purpose -> epoch and step.
 * Two different paths share nothing, so editing one layer leaves every other layer's random numbers as they were.
 *
 * @returns an integer in 1..2^31-1. Never 0: TensorFlow.js takes seed 0 as "no seed" in its normal distributions.
 */
export function seedFor(root: number, ...path: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([root, ...path]))
    .digest();
  return (digest.readUInt32LE(0) % 0x7fff_ffff) + 1;
}

/** The numbers 0..count-1 in an order that depends on the seed alone (Fisher-Yates). */
export function permutation(count: number, seed: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const random = xoroshiro128plus(seed);
  for (let i = count - 1; i > 0; i--) {
    const j = drawBelow(random, i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}

/** What `uniformInt` draws from 0 on, below less than 2^32, without its division of doubles, which takes long. */
function drawBelow(random: ReturnType<typeof xoroshiro128plus>, below: number): number {
  const whole = below >>> 0;
  const most = Math.floor(2 ** 32 / whole) * whole;
  let drawn = (random.next() ^ 0x80_00_00_00) >>> 0;
  while (drawn >= most) drawn = (random.next() ^ 0x80_00_00_00) >>> 0;
  return drawn % whole;
}

/** Whole numbers from 0 to below the one asked for, which depend on the seed alone. */
export function randomIntegers(seed: number): (below: number) => number {
  const random = xoroshiro128plus(seed);
  return (below) => uniformInt(random, 0, below - 1);
}
