import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engine/engine.ts';
import type { Rows } from '../layers/build-context.ts';
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
  /** Parts of a batch that are computed side by side, where their samples do not depend on each other. Left out: one. */
  readonly towers?: number;
  /** Whether evaluation gives the probabilities of all classes. */
  readonly probabilities?: boolean;
}

/**
 * One step of training.
 *
 * In: `x` [batch, ...inputShape] raw values; `y` int32 [batch]; `learningRate` scalar; `step` int32 scalar.
 * Out: `loss` scalar, the batch's mean with the penalties of regularizers, as in Keras; `correct` int32 scalar, the samples whose class was predicted right.
 */
export function trainingStep({ engine: { tf, ops }, model, loss, optimizer, scale, classes, classWeights, towers = 1 }: StepParts): TensorFunction {
  return ({ x, y, learningRate, step }) => {
    const correct: Tensor[] = [];
    const lossSum = ({ x: input, y: labels, rows }: Part) => {
      const output = model.forward(tf.mul(input, scale), { step: step as Scalar, rows }) as Tensor2D;
      correct.push(tf.keep(tf.sum(tf.cast(tf.equal(predictedClasses(tf, loss.row, output), labels), 'int32'))));
      const losses = loss.row.compute(tf, ops, output, targetsOf(tf, labels, classes, output.shape[1]), loss.options);
      return tf.sum(classWeights === undefined ? losses : tf.mul(losses, tf.gather(tf.tensor1d([...classWeights]), labels)));
    };
    // Sums, as the mean of all would have each part wait for the others before its gradients.
    const { value, grads } = tf.variableGrads(
      () => penalized(tf, tf.div(tf.addN(split(tf, x!, y!, towers).map(lossSum)), x!.shape[0]!), model) as Scalar,
      [...model.trainable],
    );
    optimizer.apply(model.trainable.map((variable) => grads[variable.name]!), learningRate as Scalar);
    model.constrain();
    const allCorrect = tf.addN(correct);
    tf.dispose(correct);
    return { loss: value, correct: allCorrect };
  };
}

/** Some samples of a batch. */
interface Part {
  readonly x: Tensor;
  readonly y: Tensor1D;
  readonly rows: Rows;
}

/** A batch in equal parts, but for one sample more in the first ones: one for each core, as one op in each of two threads takes less time than two threads in each op. */
function split(tf: Engine['tf'], x: Tensor, y: Tensor, towers: number): Part[] {
  const total = x.shape[0]!;
  if (towers === 1) return [{ x, y: y as Tensor1D, rows: { first: 0, count: total, total } }];
  return Array.from({ length: Math.min(towers, total) }, (_, tower, first = Math.ceil((total * tower) / towers)) => {
    const count = Math.ceil((total * (tower + 1)) / towers) - first;
    return { x: tf.slice(x, [first], [count]), y: tf.slice(y as Tensor1D, [first], [count]), rows: { first, count, total } };
  });
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
export function evaluationStep({ engine: { tf, ops }, model, loss, scale, classes, towers = 1, probabilities: wanted = false }: StepParts): TensorFunction {
  const evaluate = ({ x, y }: Part) => {
    const output = model.forward(tf.mul(x, scale)) as Tensor2D;
    const losses = penalized(tf, loss.row.compute(tf, ops, output, targetsOf(tf, y, classes, output.shape[1]), loss.options), model);
    const probabilities = classProbabilities(tf, loss.row, output);
    return { loss: losses, predicted: predictedClasses(tf, loss.row, output), confidence: tf.max(probabilities, -1), ...(wanted ? { probabilities } : {}) };
  };
  return ({ x, y }) => {
    const parts: Record<string, Tensor>[] = split(tf, x!, y!, towers).map(evaluate);
    return Object.fromEntries(Object.keys(parts[0]!).map((name) => [name, tf.concat(parts.map((part) => part[name]!))]));
  };
}
