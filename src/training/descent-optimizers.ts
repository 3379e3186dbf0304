import { Type } from 'typebox';
import { applyGradientDescent, applyMomentum } from '../engine/graph/updates.ts';
import {
  type Optimizer,
  createSlots,
  decayOption,
  decayWeights,
  defineOptimizer,
  learningRateOption,
  rateText,
  weightDecayOption,
} from './optimizer.ts';

/** Optimizers that follow the gradient itself, its average, or the sign of that. */
export const descentOptimizers = {
  sgd: defineOptimizer({
    doc: 'Stochastic gradient descent: weight -= learningRate * gradient.',
    example: 'optimizer: { sgd: { learningRate: 0.01 } }',
    options: Type.Object({ learningRate: learningRateOption(0.01), weightDecay: weightDecayOption(0) }),
    text: rateText('sgd'),
    slotsPerWeight: () => 0,
    create: (tf, weights, { weightDecay }) => ({
      slots: [],
      apply: (gradients, learningRate) => {
        decayWeights(tf, weights, weightDecay, learningRate);
        weights.forEach((variable, i) => applyGradientDescent(tf, { variable, gradient: gradients[i]!, learningRate }));
      },
    }),
  }),
  momentum: defineOptimizer({
    doc:
      "Gradient descent with momentum (Polyak 1964), or with Nesterov's look-ahead: m = momentum * m + gradient; " +
      'weight -= learningRate * m.',
    example: 'optimizer: { momentum: { learningRate: 0.01, momentum: 0.9 } }',
    options: Type.Object({
      learningRate: learningRateOption(0.01),
      momentum: decayOption('the gradient', 0.9),
      useNesterov: Type.Boolean({ description: 'Take the gradient as if the step had been made.', default: false }),
      weightDecay: weightDecayOption(0),
    }),
    text: rateText('momentum'),
    slotsPerWeight: () => 1,
    create: (tf, weights, { momentum, useNesterov, weightDecay }) => {
      const slots = createSlots(tf, weights, 'momentum');
      const apply: Optimizer['apply'] = (gradients, learningRate) => {
        decayWeights(tf, weights, weightDecay, learningRate);
        weights.forEach((variable, i) =>
          applyMomentum(tf, {
            variable,
            gradient: gradients[i]!,
            learningRate,
            accumulation: slots[i]!,
            momentum,
            nesterov: useNesterov,
          }),
        );
      };
      return { slots, apply };
    },
  }),
  lion: defineOptimizer({
    doc:
      'Lion (Chen et al. 2023): steps of one size in the direction of the sign of an average of the gradient. ' +
      'Takes a learning rate some 3 to 10 times smaller than adam, and a weightDecay larger by as much.',
    example: 'optimizer: { lion: { learningRate: 0.0001 } }',
    options: Type.Object({
      learningRate: learningRateOption(0.001),
      beta1: decayOption('the gradient that gives the sign', 0.9),
      beta2: decayOption('the gradient that is kept', 0.99),
      weightDecay: weightDecayOption(0),
    }),
    text: rateText('lion'),
    slotsPerWeight: () => 1,
    create: (tf, weights, { beta1, beta2, weightDecay }) => {
      const moments = createSlots(tf, weights, 'm');
      const apply: Optimizer['apply'] = (gradients, learningRate) => {
        decayWeights(tf, weights, weightDecay, learningRate);
        weights.forEach((variable, i) => {
          const [moment, gradient] = [moments[i]!, gradients[i]!];
          const direction = tf.sign(tf.add(tf.mul(moment, beta1), tf.mul(gradient, 1 - beta1)));
          moment.assign(tf.add(tf.mul(moment, beta2), tf.mul(gradient, 1 - beta2)));
          applyGradientDescent(tf, { variable, gradient: direction, learningRate });
        });
      };
      return { slots: moments, apply };
    },
  }),
} as const;
