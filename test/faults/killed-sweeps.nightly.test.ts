import { expect, test } from 'vitest';
import { killedSweeps } from './killed-sweeps.ts';

test('sweeps whose drivers are killed in all ways lose no trial and double none', async () => {
  expect(await killedSweeps.run(killedSweeps.tries.reduced, () => {})).toEqual([]);
}, 1_200_000);
