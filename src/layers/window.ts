import type { Tensor, layers } from '@tensorflow/tfjs';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import type { Misfit } from '../base/row.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { wrongRank } from './layer.ts';
import { type Padding, type Rank, type Sizes, spread } from './options.ts';
import { single } from './without-gradient.ts';

/** A window that moves over the places of an input: a convolution's kernel, a pool. */
export interface Window {
  readonly size: Sizes;
  readonly strides: Sizes;
  readonly padding: Padding;
}

/** Inputs that windows move over, by the number of axes they move along. */
export const inputForms = {
  1: '[steps, channels]',
  2: '[height, width, channels]',
  3: '[depth, height, width, channels]',
} as const;

/**
 * The places of a window moved over an input: ceil(n / stride) with `same`, floor((n - size) / stride) + 1
 * with `valid` (TensorFlow's rule).
 *
 * @param layer the layer's name for messages
 * @param input [...places, channels]
 */
export function slideWindow(layer: string, rank: Rank, input: Shape, window: Window): Shape | Misfit {
  if (input.length !== rank + 1) return wrongRank(layer, inputForms[rank], input);
  const size = spread(window.size, rank);
  const strides = spread(window.strides, rank);
  const output = size.map((length, axis) => {
    const n = input[axis]!;
    return window.padding === 'valid' ? Math.floor((n - length) / strides[axis]!) + 1 : Math.ceil(n / strides[axis]!);
  });
  if (output.every((n) => n >= 1)) return output;
  return {
    problem: `${layer} has a window of ${formatShape(size)}, which does not fit into ${formatShape(input)}`,
    hint: 'Use `padding: same`, a smaller window, or less pooling above.',
  };
}

/** [depth, height, width] of what windows reach of a volume, from the first place on. @param places of the volume */
function reachedPlaces(places: Shape, { size, strides, padding }: Window): Shape {
  const [window, steps] = [spread(size, 3), spread(strides, 3)];
  return places.map((length, axis) => {
    const step = steps[axis]!;
    return padding === 'same' ? Math.min((Math.ceil(length / step) - 1) * step + window[axis]!, length) : length;
  });
}

/** Values of what windows reach of a sample, where they do not reach all of it and it is apart; else 0. */
export function reachedValues(input: Shape, window: Window): number {
  const places = input.slice(0, -1);
  const taken = reachedPlaces(places, window);
  return String(taken) === String(places) ? 0 : sizeOf(taken) * input.at(-1)!;
}

/**
 * What windows reach of volumes, from the first place on. Where strides leave places out with `same`, TensorFlow's
 * padding is 0 as it is written, and its kernels differ: oneDNN's begins at the first place, Eigen's in the middle of
 * what is left out, so that machines gave different results.
 */
export function reached(tf: Tf, input: Tensor, window: Window): Tensor {
  const places = input.shape.slice(1, -1);
  const taken = reachedPlaces(places, window);
  return String(taken) === String(places)
    ? input
    : tf.slice(input, 0, [input.shape[0]!, ...taken, input.shape.at(-1)!]);
}

/** A layer whose windows move over volumes, on the places that they reach alone. */
export function beginAtFirst(tf: Tf, layer: layers.Layer, window: Window): layers.Layer {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => tf.tidy(() => call(reached(tf, single(inputs), window), kwargs));
  return layer;
}
