import { expect, test } from 'vitest';
import { flippedCacheBits } from './flipped-cache-bits.ts';

test('a flipped bit in what is kept of a stage is told of, and the stage made again', async () => {
  expect(await flippedCacheBits.run(flippedCacheBits.tries.reduced, () => {})).toEqual([]);
}, 600_000);
