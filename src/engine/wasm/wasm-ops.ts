import type { Rank, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Ops, Tf } from '../tensorflow.ts';
import { repairUnstackGradient } from '../unstack-gradient.ts';
import { statelessUniform } from './stateless-uniform.ts';

/** The engine's own computations where there is no TensorFlow: the same functions, made of TensorFlow.js' ops. */
export function createWasmOps(tf: Tf): Ops {
  repairUnstackGradient(tf);
  const crossEntropy = tf.customGrad((logits, labels, save) => {
    const shifted = tf.sub(logits as Tensor, tf.max(logits as Tensor, -1, true));
    const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
    (save as (tensors: Tensor[]) => void)([tf.sub(tf.exp(logProbabilities), labels as Tensor)]);
    return {
      value: tf.neg(tf.sum(tf.mul(labels as Tensor, logProbabilities), -1)),
      gradFunc: (dy: Tensor<Rank>, saved: Tensor[]) => [
        tf.mul(tf.expandDims(dy, 1), saved[0]!),
        tf.zerosLike(saved[0]!),
      ],
    };
  });

  return {
    softmaxCrossEntropy: (logits: Tensor2D, labels: Tensor2D) => crossEntropy(logits, labels) as Tensor1D,
    statelessUniform: (shape, seed) => {
      const [a, b] = seed.dataSync();
      return tf.tensor(statelessUniform(tf.util.sizeFromShape(shape), a!, b!), shape);
    },
  };
}
