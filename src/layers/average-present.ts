import type { OwnLayer } from './custom-layer.ts';
import type { Tf } from '../engine/tensorflow.ts';
import type { Tensor } from '@tensorflow/tfjs';
import { presenceIn } from './padding-masks.ts';

/**
 * The mean of the steps that are there; 0 where none is, of which Keras makes no number.
 *
 * @param input [batch, steps, channels] @param mask [batch, steps] @returns [batch, channels]
 */
export function averagePresent(tf: Tf, input: Tensor, mask: Tensor): Tensor {
  const there = presenceIn(tf, mask, input);
  return tf.div(tf.sum(tf.mul(input, there), 1), tf.maximum(tf.sum(there, 1), 1));
}

/** What saved models hold of `globalAveragePooling1d` where there are masks: TensorFlow.js' own passes over them. */
export const averageOfPresent: OwnLayer<Record<string, never>> = {
  className: 'LayerlineAveragePresent',
  outputShape: ([steps]) => steps!.slice(-1),
  compute: ({ tf, inputs: [input], masks: [mask] }) =>
    mask == null ? tf.mean(input!, 1) : averagePresent(tf, input!, mask),
};
