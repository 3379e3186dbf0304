import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine/engine.ts';

/** A function of a tensor that counts as constant where gradients are taken; TensorFlow.js fails at comparisons on the way. */
export function withoutGradient(tf: Tf, input: Tensor, compute: (input: Tensor) => Tensor): Tensor {
  return tf.customGrad((x) => ({ value: compute(x as Tensor), gradFunc: () => [tf.zerosLike(input)] }))(input);
}

/** The one tensor of a call. */
export function single(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}
