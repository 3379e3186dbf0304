import { type BatchSource, firstRows } from '../src/datasets/batch-source.ts';
import type { Batch } from '../src/datasets/batches.ts';

/** All that an asynchronous iterable gives, in its order. */
export async function takeAll<T>(from: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

/** Some rows of a source, or all of them, in one batch. */
export async function takeRows(source: BatchSource, rows: Uint32Array = firstRows(source.count)): Promise<Batch> {
  const [batch] = await takeAll(source.batches({ rows, size: rows.length }));
  return batch!;
}
