import type { NamedAttrMap } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import { replaceKernel } from './replace-kernel.ts';

type Shape4D = [number, number, number, number];

/** The part of a window that lies within an image. */
interface Window {
  /** Indices of its cells in the input, at channel 0 of the first image. */
  readonly cells: readonly number[];
  /** Index of its result in the output, likewise. */
  readonly result: number;
}

/** Passes the gradient of one result on to a window. @param first index of the image's first value at this channel */
type Spread = (cells: readonly number[], gradient: number, first: number, dx: Float32Array, x: Float32Array) => void;

/**
 * The gradients of pooling, in plain loops. Stock max pooling passes nothing on to a maximum below 0, and takes longer;
 * stock average pooling divides by the whole window where the border cuts it.
 */
export function registerPoolingGradients(tf: Tf): void {
  for (const [name, spread] of [
    ['MaxPoolGrad', spreadToMaximum],
    ['AvgPoolGrad', spreadEvenly],
  ] as const) {
    replaceKernel(tf, name, ({ dy, input }, attributes, backend) => {
      const shape = input!.shape as Shape4D;
      const output = backend.makeOutput(shape, 'float32');
      const [dx, gradients, x] = [output, dy!, input!].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      dx.fill(0);
      const windows = windowsOf(tf, shape, attributes);
      const [batch, height, width, channels] = shape;
      for (let sample = 0; sample < batch; sample++) {
        const [first, firstResult] = [sample * height * width * channels, sample * windows.length * channels];
        for (const { cells, result } of windows) {
          for (let channel = 0; channel < channels; channel++)
            spread(cells, gradients[firstResult + result + channel]!, first + channel, dx, x);
        }
      }
      return output;
    });
  }
}

const spreadToMaximum: Spread = (cells, gradient, first, dx, x) => {
  let largest = first + cells[0]!;
  for (let k = 1; k < cells.length; k++) {
    const cell = first + cells[k]!;
    if (x[cell]! > x[largest]!) largest = cell;
  }
  dx[largest]! += gradient;
};

const spreadEvenly: Spread = (cells, gradient, first, dx) => {
  for (const cell of cells) dx[first + cell]! += gradient / cells.length;
};

/** The windows of one image, row by row. */
function windowsOf(tf: Tf, shape: Shape4D, attributes: NamedAttrMap): Window[] {
  const { filterSize, strides, pad } = attributes as {
    filterSize: number | [number, number];
    strides: number | [number, number];
    pad: 'valid' | 'same';
  };
  const pooling = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
  const [, height, width, channels] = shape;
  const rowsOf = windowsOfAxis(
    height,
    pooling.outHeight,
    pooling.filterHeight,
    pooling.strideHeight,
    pooling.padInfo.top,
  );
  const columnsOf = windowsOfAxis(
    width,
    pooling.outWidth,
    pooling.filterWidth,
    pooling.strideWidth,
    pooling.padInfo.left,
  );
  const windows = rowsOf.flatMap((rows) =>
    columnsOf.map((columns) => rows.flatMap((row) => columns.map((column) => (row * width + column) * channels))),
  );
  return windows.map((cells, k) => ({ cells, result: k * channels }));
}

/** The indices of an axis that each window along it covers. */
function windowsOfAxis(size: number, windows: number, window: number, stride: number, before: number): number[][] {
  const covered = (start: number) =>
    Array.from({ length: window }, (_, k) => start + k).filter((index) => index >= 0 && index < size);
  return Array.from({ length: windows }, (_, k) => covered(k * stride - before));
}
