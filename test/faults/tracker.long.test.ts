import { expect, test } from 'vitest';
import { tracker } from './tracker.ts';

test('whatever happens between a run and its server, the server has each value once', async () => {
  expect(await tracker.run(tracker.tries.reduced, () => {})).toEqual([]);
}, 3_600_000);
