import type { Variable } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import type { Tf } from '../engine/tensorflow.ts';
import { applyAdaMax, applyAdam, applyNadam } from '../engine/graph/updates.ts';
import {
  type Optimizer,
  createScalarSlot,
  createSlots,
  decayOption,
  decayWeights,
  defineOptimizer,
  epsilonOption,
  learningRateOption,
  rateText,
  weightDecayOption,
} from './optimizer.ts';

const options = {
  learningRate: learningRateOption(0.001),
  beta1: decayOption('the gradient', 0.9),
  beta2: decayOption('the squared gradient', 0.999),
  epsilon: epsilonOption,
};

/** Adam, with decoupled weight decay where it is not 0. */
function createAdam(
  tf: Tf,
  weights: readonly Variable[],
  {
    beta1,
    beta2,
    epsilon,
    weightDecay,
  }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly weightDecay: number },
): Optimizer {
  const first = createSlots(tf, weights, 'm');
  const second = createSlots(tf, weights, 'v');
  // The powers are multiplied up step by step and kept: recomputing them on resume would round otherwise.
  const beta1Power = createScalarSlot(tf, 'beta1Power', beta1);
  const beta2Power = createScalarSlot(tf, 'beta2Power', beta2);
  const apply: Optimizer['apply'] = (gradients, learningRate) => {
    decayWeights(tf, weights, weightDecay, learningRate);
    weights.forEach((variable, i) => {
      const moments = { firstMoment: first[i]!, secondMoment: second[i]!, beta1Power, beta2Power };
      applyAdam(tf, { variable, gradient: gradients[i]!, learningRate, ...moments, beta1, beta2, epsilon });
    });
    beta1Power.assign(tf.mul(beta1Power, beta1));
    beta2Power.assign(tf.mul(beta2Power, beta2));
  };
  return { slots: [...first, ...second, beta1Power, beta2Power], apply };
}

/**
 * Keras' decay of Nadam's momentum schedule, 0.96 per step (Dozat 2016, section 2.2, with its psi of 0.004 times 250).
 */
const scheduleDecay = 0.96;

/** Adam and what came of it. */
export const adamOptimizers = {
  adam: defineOptimizer({
    doc: 'Adam (Kingma and Ba 2015): steps from moving averages of the gradient and its square, with bias correction.',
    example: 'optimizer: { adam: { learningRate: 0.001 } }',
    options: Type.Object(options),
    text: rateText('adam'),
    slotsPerWeight: () => 2,
    create: (tf, weights, settings) => createAdam(tf, weights, { ...settings, weightDecay: 0 }),
  }),
  adamW: defineOptimizer({
    doc: 'Adam with decoupled weight decay (Loshchilov and Hutter 2019).',
    example: 'optimizer: { adamW: { learningRate: 0.001, weightDecay: 0.004 } }',
    options: Type.Object({ ...options, weightDecay: weightDecayOption(0.004) }),
    text: rateText('adamW'),
    slotsPerWeight: () => 2,
    create: createAdam,
  }),
  adamax: defineOptimizer({
    doc: 'Adam with the largest past gradient in place of the root mean square (Kingma and Ba 2015, section 7.1).',
    example: 'optimizer: { adamax: { learningRate: 0.002 } }',
    options: Type.Object({ ...options, beta2: decayOption('the largest gradient', 0.999) }),
    text: rateText('adamax'),
    slotsPerWeight: () => 2,
    create: (tf, weights, { beta1, beta2, epsilon }) => {
      const first = createSlots(tf, weights, 'm');
      const largest = createSlots(tf, weights, 'u');
      const beta1Power = createScalarSlot(tf, 'beta1Power', beta1);
      const apply: Optimizer['apply'] = (gradients, learningRate) => {
        weights.forEach((variable, i) =>
          applyAdaMax(tf, {
            variable,
            gradient: gradients[i]!,
            learningRate,
            firstMoment: first[i]!,
            largest: largest[i]!,
            beta1Power,
            beta1,
            beta2,
            epsilon,
          }),
        );
        beta1Power.assign(tf.mul(beta1Power, beta1));
      };
      return { slots: [...first, ...largest, beta1Power], apply };
    },
  }),
  nadam: defineOptimizer({
    doc:
      "Adam with Nesterov's look-ahead (Dozat 2016), its momentum rising as in Keras: " +
      'beta1 * (1 - 0.5 * 0.96^step).',
    example: 'optimizer: { nadam: { learningRate: 0.001 } }',
    options: Type.Object({ ...options, weightDecay: weightDecayOption(0) }),
    text: rateText('nadam'),
    slotsPerWeight: () => 2,
    create: (tf, weights, { beta1, beta2, epsilon, weightDecay }) => {
      const first = createSlots(tf, weights, 'm');
      const second = createSlots(tf, weights, 'v');
      const beta2Power = createScalarSlot(tf, 'beta2Power', beta2);
      const schedulePower = createScalarSlot(tf, 'schedulePower', scheduleDecay);
      const product = createScalarSlot(tf, 'momentumProduct', 1);
      const momentum = (power: ReturnType<Tf['mul']>) => tf.mul(beta1, tf.sub(1, tf.mul(0.5, power)));
      const apply: Optimizer['apply'] = (gradients, learningRate) => {
        decayWeights(tf, weights, weightDecay, learningRate);
        const nextPower = tf.mul(schedulePower, scheduleDecay);
        const [now, next] = [momentum(schedulePower), momentum(nextPower)];
        const productNow = tf.mul(product, now);
        const shared = {
          momentum: now,
          nextMomentum: next,
          product: productNow,
          nextProduct: tf.mul(productNow, next),
          beta2Power,
          beta1,
          beta2,
          epsilon,
        };
        weights.forEach((variable, i) =>
          applyNadam(tf, {
            ...shared,
            variable,
            gradient: gradients[i]!,
            learningRate,
            firstMoment: first[i]!,
            secondMoment: second[i]!,
          }),
        );
        beta2Power.assign(tf.mul(beta2Power, beta2));
        schedulePower.assign(nextPower);
        product.assign(productNow);
      };
      return { slots: [...first, ...second, beta2Power, schedulePower, product], apply };
    },
  }),
} as const;
