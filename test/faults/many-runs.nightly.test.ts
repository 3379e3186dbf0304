import { expect, test } from 'vitest';
import { manyRuns } from './many-runs.ts';

test('many runs in a store change no outcome and cost next to no time', async () => {
  expect(await manyRuns.run(manyRuns.tries.reduced, () => {})).toEqual([]);
}, 600_000);
