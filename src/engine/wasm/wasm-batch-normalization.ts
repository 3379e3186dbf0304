import type { Rank, Tensor } from '@tensorflow/tfjs';
import type { Normalize } from '../batch-normalization.ts';
import { centre } from '../standardize.ts';
import type { Tf } from '../tensorflow.ts';

/** Batch normalization with its gradient written out (Ioffe and Szegedy 2015, section 3). */
export function createWasmNormalize(tf: Tf): Normalize {
  const batch = [0, 1, 2];
  return (input, gamma, beta, epsilon) => {
    const { values, mean, variance } = centre(tf, input, batch);
    const apply = tf.customGrad((_, scale, offset, save) => {
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const standard = tf.mul(values, inverse);
      (save as (tensors: Tensor[]) => void)([standard, tf.mul(inverse, scale as Tensor)]);
      return {
        value: tf.add(tf.mul(standard, scale as Tensor), offset as Tensor),
        gradFunc: (dy: Tensor<Rank>, [unit, slope]: Tensor[]) => {
          const count = dy.size / dy.shape[3]!;
          const offsetGradient = tf.sum(dy, batch);
          const scaleGradient = tf.sum(tf.mul(dy, unit!), batch);
          const centered = tf.sub(dy, tf.div(tf.add(offsetGradient, tf.mul(unit!, scaleGradient)), count));
          return [tf.mul(centered, slope!), scaleGradient, offsetGradient];
        },
      };
    });
    return { output: apply(input, gamma, beta), mean: tf.reshape(mean, [-1]), variance: tf.reshape(variance, [-1]) };
  };
}
