import { type Shape, formatShape } from '../base/tensor-shape.ts';
import type { Misfit } from '../base/row.ts';
import { wrongRank } from './layer.ts';
import { type Padding, type Rank, type Sizes, spread } from './options.ts';

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
