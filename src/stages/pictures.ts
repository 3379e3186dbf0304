import type { Pictures } from '../charts/chart.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Dataset, Values } from '../datasets/dataset.ts';

/**
 * The test samples as pictures: where all inputs are bytes of one shape, [height, width, 1 or 3]; several stand side by
 * side.
 */
export function picturesIn({
  spec: { inputs },
  test,
}: Pick<Dataset<BatchSource>, 'spec' | 'test'>): Pictures | undefined {
  const { shape } = inputs[0]!;
  if (
    shape.length !== 3 ||
    ![1, 3].includes(shape[2]!) ||
    inputs.some((input) => input.dtype !== 'uint8' || String(input.shape) !== String(shape))
  )
    return undefined;
  const [height, width, channels] = shape as readonly [number, number, number];
  return {
    shape: [height, width * inputs.length, channels],
    read: async (sample) => {
      const images: Values[] = [];
      for await (const { x } of test.batches({ rows: Uint32Array.of(sample), size: 1 })) images.push(...x);
      return sideBySide(images, width * channels);
    },
  };
}

/** @param row values of a row of each */
function sideBySide(images: readonly Values[], row: number): Uint8Array {
  const picture = new Uint8Array(images.length * images[0]!.length);
  images.forEach((image, k) => {
    for (let at = 0; at < image.length; at += row)
      picture.set(image.subarray(at, at + row), at * images.length + k * row);
  });
  return picture;
}
