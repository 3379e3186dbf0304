import { createHash } from 'node:crypto';
import { type BatchSource, firstRows } from '../../src/datasets/batch-source.ts';
import { takeAll } from '../take-all.ts';

/** Values by their kind and bytes: to compare a million one by one takes long. */
const told = (values: ArrayBufferView) =>
  values.constructor.name +
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

/** The samples of a source, and all that is to be predicted of them: to compare two sources. */
export async function allOf(source: BatchSource, targets: number) {
  const rows = firstRows(source.count).toReversed();
  const batches = await takeAll(source.batches({ rows, size: 7 }));
  const labels = (some?: Uint32Array) => Array.from({ length: targets }, (_, k) => told(source.labels(k, some)));
  return {
    batches: batches.map(({ x, y, count }) => [count, ...[...x, ...y].map(told)]),
    labels: labels(),
    some: labels(Uint32Array.of(3, 1)),
  };
}
