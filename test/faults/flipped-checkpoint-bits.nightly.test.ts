import { expect, test } from 'vitest';
import { flippedCheckpointBits } from './flipped-checkpoint-bits.ts';

test('a flipped bit in a checkpoint is found, and the one before is used', async () => {
  expect(await flippedCheckpointBits.run(flippedCheckpointBits.tries.reduced, () => {})).toEqual([]);
}, 600_000);
