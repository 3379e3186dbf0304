import { expect, test } from 'vitest';
import { store } from './store.ts';

test('trouble with the store is said clearly and leaves nothing half-trusted', async () => {
  expect(await store.run(store.tries.reduced, () => {})).toEqual([]);
}, 900_000);
