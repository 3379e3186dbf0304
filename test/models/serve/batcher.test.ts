import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Batcher } from '../../../src/models/serve/batcher.ts';

/** One that doubles numbers and notes its batches; a negative one is more than it can do. */
function doubling(queue = 100) {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>({
    compute: async (rows) => {
      batches.push([...rows]);
      await setTimeout(5);
      if (rows.some((row) => row < 0)) throw new Error('negative');
      return rows.map((row) => 2 * row);
    },
    batch: 4,
    queue,
    observe: () => undefined,
  });
  return { batcher, batches };
}

test('what arrives while a batch is computed makes up the next one, in its order', async () => {
  const { batcher, batches } = doubling();
  const first = batcher.ask([1]);
  await setTimeout(2);
  const others = Promise.all([2, 3, 4, 5, 6].map((row) => batcher.ask([row])));
  expect(await first).toEqual([2]);
  expect(await others).toEqual([[4], [6], [8], [10], [12]]);
  expect(batches).toEqual([[1], [2, 3, 4, 5], [6]]);
});

test('a request that is larger than a batch is computed in several, and lets others in behind it', async () => {
  const { batcher, batches } = doubling();
  const answers = await Promise.all([batcher.ask([1, 2, 3, 4, 5, 6]), batcher.ask([7, 8, 9]), batcher.ask([])]);
  expect(answers).toEqual([[2, 4, 6, 8, 10, 12], [14, 16, 18], []]);
  expect(batches).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
});

test('it is full when as many rows wait as it says, and no longer than that', async () => {
  const { batcher } = doubling(6);
  const asked = batcher.ask([1, 2, 3, 4, 5, 6, 7]);
  expect([batcher.rows, batcher.isFull]).toEqual([7, true]);
  await setTimeout(2);
  expect([batcher.rows, batcher.isFull]).toEqual([3, false]);
  await asked;
  expect(batcher.rows).toBe(0);
});

test('a failure is told to all who were computed together, and to nobody else', async () => {
  const { batcher } = doubling();
  const asked = [[1, -1], [2, 3, 4], [5]].map((rows) => batcher.ask(rows));
  const ends = await Promise.allSettled(asked);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(batcher.rows).toBe(0);
  expect(await batcher.ask([7])).toEqual([14]);
});
