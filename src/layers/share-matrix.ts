import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';

type Save = (tensors: Tensor[]) => void;

/**
 * Computes `addends[step] + left @ matrix` step by step, with the gradient in the matrix as one product for all steps:
 * taken by itself, each step would add one of the size of the matrix.
 *
 * @param addends [steps, batch, columns] @param matrix [rows, columns]
 * @returns what gives [batch, columns] for a step and a left factor [batch, rows]; to be called once for each step
 */
export function shareMatrix(tf: Tf, addends: Tensor3D, matrix: Tensor2D): (step: number, left: Tensor2D) => Tensor {
  const [steps, batch, columns] = addends.shape;
  // Left factors that gradients have come by: those of all later steps, when that of the addends is due.
  const lefts: Tensor[] = [];
  const gradient = (dy: Tensor) => {
    const zeros = tf.zeros([batch, matrix.shape[0]]);
    return tf.matMul(
      tf.concat(Array.from({ length: steps }, (_, step) => lefts[step] ?? zeros)) as Tensor2D,
      tf.reshape(dy, [-1, columns]),
      true,
    );
  };
  const shared = tf.customGrad((added) => ({
    value: tf.clone(added as Tensor),
    gradFunc: (dy: Tensor<Rank>) => [dy, gradient(dy)],
  }));
  const slices = tf.unstack(shared(addends, matrix));
  return (step, left) => {
    const multiply = tf.customGrad((factor, save) => {
      (save as Save)([factor as Tensor, matrix]);
      return {
        value: tf.matMul(factor as Tensor2D, matrix),
        gradFunc: (dy: Tensor<Rank>, saved: Tensor[]) => {
          lefts[step] = saved[0]!;
          return [tf.matMul(dy as Tensor2D, saved[1] as Tensor2D, false, true)];
        },
      };
    });
    return tf.add(slices[step]!, multiply(left));
  };
}
