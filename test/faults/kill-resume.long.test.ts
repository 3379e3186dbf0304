import { expect, test } from 'vitest';
import { killResume } from './kill-resume.ts';

test('processes killed at random moments go on to the same weights, and lose nothing', async () => {
  expect(await killResume.run(killResume.tries.reduced, () => {})).toEqual([]);
}, 1_200_000);
