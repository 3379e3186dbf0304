import { expect, test } from 'vitest';
import { fillBatch, sizesToCompile } from '../../src/training/fill-batch.ts';

test.each([
  [[500], [500]],
  [
    [500, 24],
    [500, 24],
  ],
  [[300, 500, 250, 251], [500]],
  [
    [7, 100, 49, 24],
    [100, 49, 24, 7],
  ],
  [[], []],
])('of %j, %j are compiled: none is filled up to more than twice its size', (counts, compiled) => {
  expect(sizesToCompile(counts)).toEqual(compiled);
});

test('a batch is filled up with zeros after its own samples', () => {
  const batch = { x: [Uint8Array.of(1, 2, 3, 4)], y: [Int32Array.of(5, 6), Float64Array.of(0.5, 1)], count: 2 };
  expect(fillBatch(batch, 3)).toEqual({
    x: [Uint8Array.of(1, 2, 3, 4, 0, 0)],
    y: [Int32Array.of(5, 6, 0), Float64Array.of(0.5, 1, 0)],
    count: 3,
  });
  expect(fillBatch(batch, 2).x).toBe(batch.x);
});
