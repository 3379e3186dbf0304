import type { Rank, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { fuseBatchNormalization } from './batch-normalization.ts';
import type { NodeBackend, OpAttribute } from './node-backend.ts';
import type { Ops, Tf } from './tensorflow.ts';
import { repairPointwiseGradient } from './pointwise-gradient.ts';
import { repairUnstackGradient } from './unstack-gradient.ts';

/**
 * The computations that TensorFlow does better in one op of its own than TensorFlow.js does in several, and, where
 * TensorFlow.js itself calls the slow form, the override of it. Each computes the same function as the stock form.
 */
export function createOps(tf: Tf): Ops {
  const backend = tf.backend() as NodeBackend;
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const type = (name: string, value: number): OpAttribute => ({ name, type: TF_ATTR_TYPE, value });

  const setGradient = (kernelName: string, compute: (dy: Tensor, y: Tensor) => Tensor) => {
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => compute(dy as Tensor, y!) }),
    });
  };
  const oneOp = (name: string, ...inputs: Tensor[]) => backend.executeSingleOutput(name, [type('T', TF_FLOAT)], inputs);
  // The stock gradient is dy * step(x); `step` alone takes 7 ms where ReluGrad takes 0.6 (conv1 of the reference net).
  setGradient('Relu', (dy, y) => oneOp('ReluGrad', dy, y));
  // The stock ones are three ops each, most of the nodes of a recurrent net.
  setGradient('Sigmoid', (dy, y) => oneOp('SigmoidGrad', y, dy));
  setGradient('Tanh', (dy, y) => oneOp('TanhGrad', y, dy));

  fuseBatchNormalization(tf);
  repairUnstackGradient(tf);
  repairPointwiseGradient(tf);

  const crossEntropy = tf.customGrad((logits, labels, save) => {
    const [losses, gradient] = backend.executeMultipleOutputs(
      'SoftmaxCrossEntropyWithLogits',
      [type('T', TF_FLOAT)],
      [logits as Tensor, labels as Tensor],
      2,
    );
    (save as (tensors: Tensor[]) => void)([gradient!]);
    return {
      value: losses!,
      gradFunc: (dy: Tensor<Rank>, saved: Tensor[]) => [
        tf.mul(tf.expandDims(dy, 1), saved[0]!),
        tf.zerosLike(saved[0]!),
      ],
    };
  });

  return {
    softmaxCrossEntropy: (logits: Tensor2D, labels: Tensor2D) => crossEntropy(logits, labels) as Tensor1D,
    statelessUniform: (shape, seed) =>
      backend.executeSingleOutput(
        'StatelessRandomUniform',
        [type('dtype', TF_FLOAT), type('T', TF_INT32), type('Tseed', TF_INT32)],
        [tf.tensor1d(shape, 'int32'), seed],
      ),
  };
}
