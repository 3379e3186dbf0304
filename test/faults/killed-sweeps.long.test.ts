import { expect, test } from 'vitest';
import { killedSweeps } from './killed-sweeps.ts';

test('sweeps whose drivers are killed lose no trial and double none', async () => {
  expect(await killedSweeps.run(3, () => {})).toEqual([]);
}, 600_000);
