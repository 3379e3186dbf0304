import type { Rank, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/** Values less their mean along axes, and how they vary there. */
interface Centred {
  readonly values: Tensor;
  readonly mean: Tensor;
  /** Biased. */
  readonly variance: Tensor;
}

/**
 * A mean, with as few additions one after the other as can be: each rounds a sum that is far above what is added, so
 * that one of 30,000 equal numbers in float32 misses by a thousandth (Higham 1993). All axes stay, as one.
 */
export function meanAlong(tf: Tf, input: Tensor, axes: readonly number[]): Tensor {
  return axes.reduceRight((mean, axis) => tf.mean(mean, axis, true), input);
}

/**
 * Takes the mean away, and what then is the mean of the rest: the first misses by up to a millionth of itself, and a
 * small deviation is nothing beside that. Of equal values something would be left, and be divided by next to nothing.
 */
export function centre(tf: Tf, input: Tensor, axes: readonly number[]): Centred {
  const mean = meanAlong(tf, input, axes);
  const near = tf.sub(input, mean);
  const rest = meanAlong(tf, near, axes);
  const values = tf.sub(near, rest);
  return { values, mean: tf.add(mean, rest), variance: meanAlong(tf, tf.square(values), axes) };
}

/**
 * Brings values to mean 0 and variance 1 along axes, each of which stays as one. Its gradient is written out (Ioffe and
 * Szegedy 2015, section 3): a third of the ops that those of the parts would be.
 */
export function standardize(tf: Tf, input: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const apply = tf.customGrad((x, save) => {
    const { values, variance } = centre(tf, x as Tensor, axes);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const standard = tf.mul(values, inverse);
    (save as (tensors: Tensor[]) => void)([standard, inverse]);
    return {
      value: standard,
      gradFunc: (dy: Tensor<Rank>, [unit, slope]: Tensor[]) => {
        const mean = meanAlong(tf, dy, axes);
        const along = meanAlong(tf, tf.mul(dy, unit!), axes);
        return tf.mul(tf.sub(tf.sub(dy, mean), tf.mul(unit!, along)), slope!);
      },
    };
  });
  return apply(input);
}
