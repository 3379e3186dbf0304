import { expect, test } from 'vitest';
import { flippedDataBits } from './flipped-data-bits.ts';

test('a flipped bit in data is noticed: nothing that is kept is taken, and no run goes on with it', async () => {
  expect(await flippedDataBits.run(flippedDataBits.tries.reduced, () => {})).toEqual([]);
}, 600_000);
