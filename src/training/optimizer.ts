import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Static, TObject } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import type { CompactText, Row } from '../base/row.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { applyGradientDescent } from '../engine/graph/updates.ts';

/** An optimizer at work on one model: its update rule and its own state. */
export interface Optimizer {
  /** The state that a resumed run needs besides the weights, in a fixed order. */
  readonly slots: readonly Variable[];
  /**
   * Changes the weights (and slots) by one step. Call within tf.tidy.
   * @param gradients one per weight, in the weights' order
   * @param learningRate a tensor, so that a compiled step takes it as input
   */
  apply(gradients: readonly Tensor[], learningRate: Scalar): void;
}

/** An optimizer: everything the program knows of it. */
export interface OptimizerRow<O extends TObject = TObject> extends Row<O> {
  /** Values of state that each weight costs. */
  slotsPerWeight(options: Static<O>): number;
  create(tf: Tf, weights: readonly Variable[], options: Static<O>): Optimizer;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineOptimizer<O extends TObject>(row: OptimizerRow<O>): OptimizerRow {
  return row;
}

/** The option of every optimizer; a schedule changes it from step to step. */
export function learningRateOption(fallback: number) {
  return realNumber({ description: 'Size of a step.', default: fallback, exclusiveMinimum: 0 });
}

/** Small number in a divisor. */
export const epsilonOption = realNumber({
  description: 'Added to the divisor against division by zero.',
  default: 1e-7,
  exclusiveMinimum: 0,
});

/** The decay of a moving average. */
export function decayOption(what: string, fallback: number) {
  return realNumber({
    description: `Weight of the past in the moving average of ${what}.`,
    default: fallback,
    minimum: 0,
    exclusiveMaximum: 1,
  });
}

/** Decoupled weight decay. */
export function weightDecayOption(fallback: number) {
  return realNumber({
    description: 'Decoupled weight decay: each step first takes learningRate * weightDecay of every weight away.',
    default: fallback,
    minimum: 0,
    maximum: 1,
  });
}

/** The compact form of every optimizer: its learning rate in parentheses. */
export function rateText(name: string): CompactText {
  return {
    usage: `${name}(LEARNINGRATE)`,
    word: (word, position) =>
      position === 0 && word !== '' && Number.isFinite(Number(word)) ? { learningRate: Number(word) } : undefined,
  };
}

/** Variable names are global in TensorFlow.js; several models may live in one process. */
let slotNumber = 0;

/** One slot for each weight, all of its values alike. */
export function createSlots(tf: Tf, weights: readonly Variable[], slot: string, value = 0): Variable[] {
  return weights.map((weight) =>
    tf.tidy(() => tf.variable(tf.fill(weight.shape, value), false, `${weight.name}/${slot}/${slotNumber++}`)),
  );
}

/** A slot of one number, such as the power of a decay. */
export function createScalarSlot(tf: Tf, slot: string, value: number): Variable {
  return tf.tidy(() => tf.variable(tf.scalar(value), false, `optimizer/${slot}/${slotNumber++}`));
}

/**
 * Takes a share of every weight away before the step itself: w -= learningRate * weightDecay * w (Loshchilov and
 * Hutter 2019, as keras.optimizers.Optimizer(weight_decay) has it), so that the decay passes through no average.
 */
export function decayWeights(tf: Tf, weights: readonly Variable[], weightDecay: number, learningRate: Scalar): void {
  if (weightDecay === 0) return;
  const share = tf.mul(learningRate, weightDecay) as Scalar;
  for (const variable of weights) applyGradientDescent(tf, { variable, gradient: variable, learningRate: share });
}
