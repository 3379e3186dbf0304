import { expect, test } from 'vitest';
import { crashPoints } from './crash-points.ts';

test('a process that dies between two lines leaves what the next run makes whole', async () => {
  expect(await crashPoints.run(crashPoints.tries.reduced, () => {})).toEqual([]);
}, 600_000);
