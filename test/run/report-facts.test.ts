import { expect, test } from 'vitest';
import { arraySource } from '../../src/datasets/batch-source.ts';
import { picturesIn } from '../../src/stages/pictures.ts';

type Kind = 'uint8' | 'float32';

const dataset = (
  shapes: readonly (readonly number[])[],
  inputs: readonly (Uint8Array | Float32Array)[],
  kinds: readonly Kind[] = shapes.map(() => 'uint8'),
) => ({
  spec: {
    inputs: shapes.map((shape, k) => ({ name: `i${k}`, shape, dtype: kinds[k]!, scale: 1 })),
    targets: [],
  },
  test: arraySource({ inputs, targets: [new Uint8Array(2)], count: 2 }),
});
const read = async (...given: Parameters<typeof dataset>) => {
  const pictures = picturesIn(dataset(...given))!;
  return { shape: pictures.shape, values: [await pictures.read(0), await pictures.read(1)] };
};
const left = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const right = Uint8Array.from([11, 12, 13, 14, 15, 16, 17, 18]);

test('one input of images is the pictures, several stand side by side', async () => {
  expect(await read([[2, 2, 1]], [left])).toEqual({
    shape: [2, 2, 1],
    values: [left.subarray(0, 4), left.subarray(4)],
  });
  const both = [
    [2, 2, 1],
    [2, 2, 1],
  ];
  expect(await read(both, [left, right])).toEqual({
    shape: [2, 4, 1],
    values: [Uint8Array.of(1, 2, 11, 12, 3, 4, 13, 14), Uint8Array.of(5, 6, 15, 16, 7, 8, 17, 18)],
  });
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
        ['uint8', 'float32'],
      ),
    ),
  ).toBeUndefined();
  expect(picturesIn(dataset([[2, 2]], [left]))).toBeUndefined();
});

test.each([
  ['drawings, a heavy one among them', [0, 0, 0, 9, 0, 8, 7, 6], true],
  ['photographs, a dark one among them', [0, 0, 0, 9, 5, 8, 7, 6], false],
  ['photographs', [1, 2, 3, 4, 5, 6, 7, 8], false],
])('%s: all pictures are shown one way', async (_, values, drawings) => {
  expect(await picturesIn(dataset([[2, 2, 1]], [Uint8Array.from(values)]))!.areDrawings()).toBe(drawings);
});
