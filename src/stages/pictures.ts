import type { Pictures } from '../charts/chart.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Dataset, InputSpec, Values } from '../datasets/dataset.ts';
import { rangeOf } from '../datasets/findings/study-column.ts';

/**
 * The test samples as pictures: where all inputs are bytes of one shape, [height, width, 1 or 3], of which several
 * stand side by side; or where they are spectrograms.
 */
export function picturesIn({
  spec: { inputs, isSpectrogram },
  test,
}: Pick<Dataset<BatchSource>, 'spec' | 'test'>): Pictures | undefined {
  if (isSpectrogram === true) return spectrogramsIn(inputs[0]!, test);
  const { shape } = inputs[0]!;
  if (
    shape.length !== 3 ||
    ![1, 3].includes(shape[2]!) ||
    inputs.some((input) => input.dtype !== 'uint8' || String(input.shape) !== String(shape))
  )
    return undefined;
  const [height, width, channels] = shape as readonly [number, number, number];
  let drawings: Promise<boolean> | undefined;
  return {
    noun: inputs.length === 1 ? 'image' : 'sample',
    areDrawings: () => (drawings ??= haveEmptyGround(test)),
    shape: [height, width * inputs.length, channels],
    read: async (sample) => {
      const images: Values[] = [];
      for await (const { x } of test.batches({ rows: Uint32Array.of(sample), size: 1 })) images.push(...x);
      return sideBySide(images, width * channels);
    },
  };
}

/** Spectrograms [frames, mels, 1] as one draws them: time runs to the right, low frequencies are at the bottom. */
function spectrogramsIn({ shape: [frames, mels] }: Pick<InputSpec, 'shape'>, test: BatchSource): Pictures {
  const [width, height] = [frames!, mels!];
  return {
    noun: 'recording',
    areDrawings: async () => false,
    shape: [height, width, 1],
    read: async (sample) => {
      const picture = new Uint8Array(height * width);
      for await (const { x } of test.batches({ rows: Uint32Array.of(sample), size: 1 })) {
        const [decibels] = x as [Values];
        const { smallest: low, largest: high } = rangeOf(decibels);
        // Silence has one value alone.
        const unit = high > low ? 255 / (high - low) : 0;
        for (let at = 0; at < picture.length; at++) {
          const [row, frame] = [Math.floor(at / width), at % width];
          picture[at] = Math.round((decibels[frame * height + (height - 1 - row)]! - low) * unit);
        }
      }
      return picture;
    },
  };
}

/** Pictures that are looked at for their ground, and the share of black pixels that makes it an empty one. */
const [looked, emptyShare] = [32, 0.4];

/** Whether so much of some pictures is black that all of them are drawings: MNIST has 0.8, photographs next to none. */
async function haveEmptyGround(test: BatchSource): Promise<boolean> {
  const size = Math.min(looked, test.count);
  const rows = Uint32Array.from({ length: size }, (_, k) => Math.floor((k * test.count) / size));
  let [black, all] = [0, 0];
  for await (const { x } of test.batches({ rows, size: Math.max(1, size) }))
    for (const values of x)
      for (const value of values) {
        all++;
        if (value === 0) black++;
      }
  return black > emptyShare * all;
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
