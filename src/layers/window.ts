import type { Misfit } from '../base/row.ts';
import { type Pair, both } from './options.ts';
import { type Shape, formatShape, wrongRank } from './layer.ts';

/** A window that moves over height and width: a convolution's kernel, a pool. */
export interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

/**
 * Height and width after a window moved over an image: ceil(n / stride) with `same`, floor((n - size) / stride) + 1
 * with `valid` (TensorFlow's rule).
 *
 * @param layer the layer's name for messages
 * @param input [height, width, channels]
 */
export function slideWindow(layer: string, input: Shape, window: Window): readonly [number, number] | Misfit {
  if (input.length !== 3) return wrongRank(layer, '[height, width, channels]', input);
  const size = both(window.size);
  const strides = both(window.strides);
  const output = [0, 1].map((axis) => {
    const n = input[axis]!;
    return window.padding === 'same' ? Math.ceil(n / strides[axis]!) : Math.floor((n - size[axis]!) / strides[axis]!) + 1;
  });
  if (output.every((n) => n >= 1)) return [output[0]!, output[1]!];
  return {
    problem: `${layer} has a window of ${formatShape(size)}, which does not fit into ${formatShape(input)}`,
    hint: 'Use `padding: same`, a smaller window, or less pooling above.',
  };
}
