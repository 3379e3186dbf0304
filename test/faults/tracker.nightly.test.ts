import { expect, test } from 'vitest';
import { outages, tracker } from './tracker.ts';

test('whatever happens between a run and its server, the server has each value once', async () => {
  expect(await tracker.run(tracker.tries.reduced, () => {})).toEqual([]);
}, 3_600_000);

test('seconds of pages in the place of the server lose nothing', async () => {
  expect(await outages.run(outages.tries.reduced, () => {})).toEqual([]);
}, 3_600_000);
