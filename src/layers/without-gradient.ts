import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';

/** What counts as constant where gradients are taken; TensorFlow.js fails at comparisons on the way. */
export function withoutGradient(tf: Tf, compute: () => Tensor): Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}

/** The one tensor of a call. */
export function single(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}
