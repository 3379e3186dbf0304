import type { Pictures } from '../charts/chart.ts';
import type { Dataset } from '../datasets/dataset.ts';

/** The test samples as pictures: where all inputs are bytes of one shape, [height, width, 1 or 3]; several stand side by side. */
export function picturesIn({ spec: { inputs }, test }: Dataset): Pictures | undefined {
  const { shape } = inputs[0]!;
  const images = test.inputs.filter((values) => values instanceof Uint8Array);
  if (
    images.length < inputs.length ||
    shape.length !== 3 ||
    ![1, 3].includes(shape[2]!) ||
    inputs.some((input) => String(input.shape) !== String(shape))
  )
    return undefined;
  return images.length === 1 ? { shape, values: images[0]! } : sideBySide(images, shape);
}

function sideBySide(images: readonly Uint8Array[], [height, width, channels]: readonly number[]): Pictures {
  const row = width! * channels!;
  const values = new Uint8Array(images.length * images[0]!.length);
  images.forEach((image, k) => {
    for (let at = 0; at < image.length; at += row)
      values.set(image.subarray(at, at + row), at * images.length + k * row);
  });
  return { shape: [height!, width! * images.length, channels!], values };
}
