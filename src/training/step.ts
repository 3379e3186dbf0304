import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engine/engine.ts';
import type { Model } from '../layers/build-model.ts';
import { type LossRow, classProbabilities, predictedClasses, targetsOf } from './loss.ts';
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
  /** What the loss of a training sample is multiplied with, by class; validation and test count all alike, as in Keras. */
  readonly classWeights?: readonly number[];
  /** Whether evaluation gives the probabilities of all classes. */
  readonly probabilities?: boolean;
}

/**
 * One step of training.
 *
 * In: `x` [batch, ...inputShape] raw values; `y` int32 [batch]; `learningRate` scalar; `step` int32 scalar.
 * Out: `loss` scalar, the batch's mean with the penalties of regularizers, as in Keras; `correct` int32 scalar, the samples whose class was predicted right.
 */
export function trainingStep({ engine: { tf, ops }, model, loss, optimizer, scale, classes, classWeights }: StepParts): TensorFunction {
  return ({ x, y, learningRate, step }) => {
    let correct: Tensor | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        const output = model.forward(tf.mul(x!, scale), { step: step as Scalar }) as Tensor2D;
        correct = tf.keep(tf.sum(tf.cast(tf.equal(predictedClasses(tf, loss.row, output), y!), 'int32')));
        const losses = loss.row.compute(tf, ops, output, targetsOf(tf, y as Tensor1D, classes, output.shape[1]), loss.options);
        const mean = tf.mean(classWeights === undefined ? losses : tf.mul(losses, tf.gather(tf.tensor1d([...classWeights]), y as Tensor1D)));
        return penalized(tf, mean, model) as Scalar;
      },
      [...model.trainable],
    );
    optimizer.apply(model.trainable.map((variable) => grads[variable.name]!), learningRate as Scalar);
    model.constrain();
    return { loss: value, correct: correct! };
  };
}

/** A loss with what the regularizers of the weights add to it. */
function penalized(tf: Engine['tf'], loss: Tensor, model: Model): Tensor {
  return model.penalties().reduce((sum, penalty) => tf.add(sum, penalty), loss);
}

/**
 * The model at work without training.
 *
 * In: `x`, `y` as for trainingStep. Out, each [batch]: `loss`, with the penalties of regularizers; `predicted` int32, the class; `confidence`, its probability;
 * where they are wanted also `probabilities` [batch, classes].
 */
export function evaluationStep({ engine: { tf, ops }, model, loss, scale, classes, probabilities: wanted = false }: StepParts): TensorFunction {
  return ({ x, y }) => {
    const output = model.forward(tf.mul(x!, scale)) as Tensor2D;
    const losses = penalized(tf, loss.row.compute(tf, ops, output, targetsOf(tf, y as Tensor1D, classes, output.shape[1]), loss.options), model);
    const probabilities = classProbabilities(tf, loss.row, output);
    return { loss: losses, predicted: predictedClasses(tf, loss.row, output), confidence: tf.max(probabilities, -1), ...(wanted ? { probabilities } : {}) };
  };
}
