import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import { type Static, type TObject, Type } from 'typebox';
import type { CompactText, Row } from '../base/row.ts';
import type { Tf } from '../engine/engine.ts';
import { applyAdam, applyGradientDescent, applyMomentum, applyRmsProp } from '../engine/graph/updates.ts';

/** An optimizer at work on one model: its update rule and its own state. */
export interface Optimizer {
  /** The state that a resumed run needs besides the weights, in a fixed order. */
  readonly slots: readonly Variable[];
  /**
   * Changes the weights (and slots) by one step. Call within tf.tidy.
   * @param gradients one per weight, in the weights' order @param learningRate a tensor, so that a compiled step takes it as input
   */
  apply(gradients: readonly Tensor[], learningRate: Scalar): void;
}

/** An optimizer: everything the program knows of it. */
export interface OptimizerRow<O extends TObject = TObject> extends Row<O> {
  /** Values of state that each weight costs. */
  slotsPerWeight(options: Static<O>): number;
  create(tf: Tf, weights: readonly Variable[], options: Static<O>): Optimizer;
}

function defineOptimizer<O extends TObject>(row: OptimizerRow<O>): OptimizerRow {
  return row as unknown as OptimizerRow;
}

const learningRate = (fallback: number) => Type.Number({ description: 'Size of a step.', default: fallback, exclusiveMinimum: 0 });
const epsilon = Type.Number({ description: 'Added to the divisor against division by zero.', default: 1e-7, exclusiveMinimum: 0 });
const decay = (what: string, fallback: number) => Type.Number({ description: `Weight of the past in the moving average of ${what}.`, default: fallback, minimum: 0, exclusiveMaximum: 1 });

const rateText = (name: string): CompactText => ({
  usage: `${name}(LEARNINGRATE)`,
  word: (word, position) => (position === 0 && word !== '' && Number.isFinite(Number(word)) ? { learningRate: Number(word) } : undefined),
});

/** One slot of zeros for each weight. */
const zeros = (tf: Tf, weights: readonly Variable[], slot: string): Variable[] =>
  weights.map((weight) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false, `${weight.name}/${slot}/${slotNumber++}`)));

/** Variable names are global in TensorFlow.js; several models may live in one process. */
let slotNumber = 0;

/** All optimizers. */
export const optimizers = {
  sgd: defineOptimizer({
    doc: 'Stochastic gradient descent: weight -= learningRate * gradient.',
    example: 'optimizer: { sgd: { learningRate: 0.01 } }',
    options: Type.Object({ learningRate: learningRate(0.01) }),
    text: rateText('sgd'),
    slotsPerWeight: () => 0,
    create: (tf, weights) => ({
      slots: [],
      apply: (gradients, rate) => weights.forEach((variable, i) => applyGradientDescent(tf, { variable, gradient: gradients[i]!, learningRate: rate })),
    }),
  }),
  momentum: defineOptimizer({
    doc: 'Gradient descent with momentum (Polyak 1964), or with Nesterov\'s look-ahead: m = momentum * m + gradient; weight -= learningRate * m.',
    example: 'optimizer: { momentum: { learningRate: 0.01, momentum: 0.9 } }',
    options: Type.Object({
      learningRate: learningRate(0.01),
      momentum: decay('the gradient', 0.9),
      useNesterov: Type.Boolean({ description: 'Take the gradient as if the step had been made.', default: false }),
    }),
    text: rateText('momentum'),
    slotsPerWeight: () => 1,
    create: (tf, weights, { momentum, useNesterov }) => {
      const slots = zeros(tf, weights, 'momentum');
      const apply: Optimizer['apply'] = (gradients, rate) =>
        weights.forEach((variable, i) => applyMomentum(tf, { variable, gradient: gradients[i]!, learningRate: rate, accumulation: slots[i]!, momentum, nesterov: useNesterov }));
      return { slots, apply };
    },
  }),
  rmsprop: defineOptimizer({
    doc: 'Divides each step by a moving root mean square of the gradients (Tieleman and Hinton 2012).',
    example: 'optimizer: { rmsprop: { learningRate: 0.001 } }',
    options: Type.Object({
      learningRate: learningRate(0.001),
      decay: decay('the squared gradient', 0.9),
      momentum: decay('the step', 0),
      epsilon,
      centered: Type.Boolean({ description: 'Divide by the standard deviation instead of the root mean square.', default: false }),
    }),
    text: rateText('rmsprop'),
    slotsPerWeight: ({ centered }) => (centered ? 3 : 2),
    create: (tf, weights, { decay: past, momentum, epsilon: small, centered }) => {
      const squares = zeros(tf, weights, 'meanSquare');
      const means = centered ? zeros(tf, weights, 'meanGradient') : [];
      const moments = zeros(tf, weights, 'moment');
      const apply: Optimizer['apply'] = (gradients, rate) =>
        weights.forEach((variable, i) => {
          const slots = { meanSquare: squares[i]!, accumulation: moments[i]!, ...(means[i] === undefined ? {} : { meanGradient: means[i] }) };
          applyRmsProp(tf, { variable, gradient: gradients[i]!, learningRate: rate, ...slots, decay: past, momentum, epsilon: small });
        });
      return { slots: [...squares, ...means, ...moments], apply };
    },
  }),
  adam: defineOptimizer({
    doc: 'Adam (Kingma and Ba 2015): steps from moving averages of the gradient and its square, with bias correction.',
    example: 'optimizer: { adam: { learningRate: 0.001 } }',
    options: Type.Object({ learningRate: learningRate(0.001), beta1: decay('the gradient', 0.9), beta2: decay('the squared gradient', 0.999), epsilon }),
    text: rateText('adam'),
    slotsPerWeight: () => 2,
    create: (tf, weights, { beta1, beta2, epsilon: small }) => {
      const first = zeros(tf, weights, 'm');
      const second = zeros(tf, weights, 'v');
      // The powers are multiplied up step by step and kept: recomputing them on resume would round otherwise.
      const beta1Power = tf.variable(tf.scalar(beta1), false, `adam/beta1Power/${slotNumber++}`);
      const beta2Power = tf.variable(tf.scalar(beta2), false, `adam/beta2Power/${slotNumber++}`);
      const apply: Optimizer['apply'] = (gradients, rate) => {
        weights.forEach((variable, i) => {
          const moments = { firstMoment: first[i]!, secondMoment: second[i]!, beta1Power, beta2Power };
          applyAdam(tf, { variable, gradient: gradients[i]!, learningRate: rate, ...moments, beta1, beta2, epsilon: small });
        });
        beta1Power.assign(tf.mul(beta1Power, beta1));
        beta2Power.assign(tf.mul(beta2Power, beta2));
      };
      return { slots: [...first, ...second, beta1Power, beta2Power], apply };
    },
  }),
} as const satisfies Record<string, OptimizerRow>;

/** The row of an optimizer that the check has let through. */
export function optimizerRow(type: string): OptimizerRow {
  return optimizers[type as keyof typeof optimizers];
}
