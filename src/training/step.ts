import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engine/engine.ts';
import type { Model } from '../layers/build-model.ts';
import type { LossRow } from './losses.ts';
import type { Optimizer } from './optimizer.ts';

/** Named tensors in, named tensors out: a form that can be run as it is or compiled. Changes variables on the way. */
export type TensorFunction = (inputs: Readonly<Record<string, Tensor>>) => Record<string, Tensor>;

/** What a step is made of. */
export interface StepParts {
  readonly engine: Engine;
  readonly model: Model;
  readonly loss: { readonly row: LossRow; readonly options: Readonly<Record<string, unknown>> };
  readonly optimizer: Optimizer;
  /** What raw data is multiplied with. */
  readonly scale: number;
  readonly classes: number;
}

/**
 * One step of training.
 *
 * In: `x` [batch, ...inputShape] raw values; `y` int32 [batch]; `learningRate` scalar; `step` int32 scalar.
 * Out: `loss` scalar, the batch's mean; `correct` int32 scalar, the samples whose class was predicted right.
 */
export function trainingStep({ engine: { tf, ops }, model, loss, optimizer, scale, classes }: StepParts): TensorFunction {
  return ({ x, y, learningRate, step }) => {
    let correct: Tensor | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        const output = model.forward(tf.mul(x!, scale), { step: step as Scalar }) as Tensor2D;
        correct = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(output, -1), y!), 'int32')));
        return tf.mean(loss.row.compute(tf, ops, output, tf.oneHot(y as Tensor1D, classes, 1, 0, 'float32') as Tensor2D, loss.options)) as Scalar;
      },
      [...model.trainable],
    );
    optimizer.apply(model.trainable.map((variable) => grads[variable.name]!), learningRate as Scalar);
    return { loss: value, correct: correct! };
  };
}

/**
 * The model at work without training.
 *
 * In: `x`, `y` as for trainingStep. Out, each [batch]: `loss`; `predicted` int32, the class; `confidence`, its probability.
 */
export function evaluationStep({ engine: { tf, ops }, model, loss, scale, classes }: StepParts): TensorFunction {
  return ({ x, y }) => {
    const output = model.forward(tf.mul(x!, scale)) as Tensor2D;
    const losses = loss.row.compute(tf, ops, output, tf.oneHot(y as Tensor1D, classes, 1, 0, 'float32') as Tensor2D, loss.options);
    return { loss: losses, predicted: tf.argMax(output, -1), confidence: tf.max(loss.row.probabilities(tf, output), -1) };
  };
}
