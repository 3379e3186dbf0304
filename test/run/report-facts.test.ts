import { expect, test } from 'vitest';
import { picturesIn } from '../../src/stages/pictures.ts';

const dataset = (shapes: readonly (readonly number[])[], inputs: readonly (Uint8Array | Float32Array)[]) => {
  const samples = { inputs, targets: [new Uint8Array(2)], count: 2 };
  return {
    name: 'x',
    spec: {
      inputs: shapes.map((shape, k) => ({ name: `i${k}`, shape, dtype: 'uint8' as const, scale: 1 })),
      targets: [],
    },
    train: samples,
    test: samples,
    files: [],
  };
};
const left = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const right = Uint8Array.from([11, 12, 13, 14, 15, 16, 17, 18]);

test('one input of images is the pictures, several stand side by side', () => {
  expect(picturesIn(dataset([[2, 2, 1]], [left]))).toEqual({ shape: [2, 2, 1], values: left });
  expect(
    picturesIn(
      dataset(
        [
          [2, 2, 1],
          [2, 2, 1],
        ],
        [left, right],
      ),
    ),
  ).toEqual({ shape: [2, 4, 1], values: Uint8Array.from([1, 2, 11, 12, 3, 4, 13, 14, 5, 6, 15, 16, 7, 8, 17, 18]) });
});

test('what is no picture is none', () => {
  expect(
    picturesIn(
      dataset(
        [
          [2, 2, 1],
          [4, 1, 1],
        ],
        [left, right],
      ),
    ),
  ).toBeUndefined();
  expect(
    picturesIn(
      dataset(
        [
          [2, 2, 1],
          [2, 2, 1],
        ],
        [left, new Float32Array(8)],
      ),
    ),
  ).toBeUndefined();
  expect(picturesIn(dataset([[2, 2]], [left]))).toBeUndefined();
});
