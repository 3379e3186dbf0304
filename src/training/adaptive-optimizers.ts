import { Type } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import { applyAdadelta, applyAdagrad, applyRmsProp } from '../engine/graph/updates.ts';
import {
  type Optimizer,
  createSlots,
  decayOption,
  defineOptimizer,
  epsilonOption,
  learningRateOption,
  rateText,
} from './optimizer.ts';

/** Optimizers that divide each weight's step by the size of its past gradients. */
export const adaptiveOptimizers = {
  rmsprop: defineOptimizer({
    doc: 'Divides each step by a moving root mean square of the gradients (Tieleman and Hinton 2012).',
    example: 'optimizer: { rmsprop: { learningRate: 0.001 } }',
    options: Type.Object({
      learningRate: learningRateOption(0.001),
      decay: decayOption('the squared gradient', 0.9),
      momentum: decayOption('the step', 0),
      epsilon: epsilonOption,
      centered: Type.Boolean({
        description: 'Divide by the standard deviation instead of the root mean square.',
        default: false,
      }),
    }),
    text: rateText('rmsprop'),
    slotsPerWeight: ({ centered }) => (centered ? 3 : 2),
    create: (tf, weights, { centered, ...settings }) => {
      const squares = createSlots(tf, weights, 'meanSquare');
      const means = centered ? createSlots(tf, weights, 'meanGradient') : [];
      const moments = createSlots(tf, weights, 'moment');
      const apply: Optimizer['apply'] = (gradients, learningRate) =>
        weights.forEach((variable, i) => {
          const slots = {
            meanSquare: squares[i]!,
            accumulation: moments[i]!,
            ...(means[i] === undefined ? {} : { meanGradient: means[i] }),
          };
          applyRmsProp(tf, { ...settings, ...slots, variable, gradient: gradients[i]!, learningRate });
        });
      return { slots: [...squares, ...means, ...moments], apply };
    },
  }),
  adagrad: defineOptimizer({
    doc:
      'Divides each step by the root of the sum of all past squared gradients (Duchi et al. 2011): ' +
      'for sparse features.',
    example: 'optimizer: { adagrad: { learningRate: 0.01 } }',
    options: Type.Object({
      learningRate: learningRateOption(0.001),
      initialAccumulatorValue: realNumber({
        description: 'What the sum of squared gradients begins with.',
        default: 0.1,
        minimum: 0,
      }),
      epsilon: epsilonOption,
    }),
    text: rateText('adagrad'),
    slotsPerWeight: () => 1,
    create: (tf, weights, { initialAccumulatorValue, epsilon }) => {
      // Keras and TensorFlow.js add epsilon to the sum under the root at each step; a sum that begins with it is the
      // same.
      const sums = createSlots(tf, weights, 'accumulator', initialAccumulatorValue + epsilon);
      const apply: Optimizer['apply'] = (gradients, learningRate) =>
        weights.forEach((variable, i) =>
          applyAdagrad(tf, { variable, gradient: gradients[i]!, learningRate, accumulation: sums[i]! }),
        );
      return { slots: sums, apply };
    },
  }),
  adadelta: defineOptimizer({
    doc:
      'Steps as large as the moving root mean square of past steps, over that of the gradients (Zeiler 2012). ' +
      'The paper has learningRate 1.',
    example: 'optimizer: { adadelta: { learningRate: 1 } }',
    options: Type.Object({
      learningRate: learningRateOption(0.001),
      rho: decayOption('squared gradients and squared steps', 0.95),
      epsilon: epsilonOption,
    }),
    text: rateText('adadelta'),
    slotsPerWeight: () => 2,
    create: (tf, weights, { rho, epsilon }) => {
      const squares = createSlots(tf, weights, 'accumulatedGradient');
      const steps = createSlots(tf, weights, 'accumulatedUpdate');
      const apply: Optimizer['apply'] = (gradients, learningRate) =>
        weights.forEach((variable, i) =>
          applyAdadelta(tf, {
            variable,
            gradient: gradients[i]!,
            learningRate,
            meanSquare: squares[i]!,
            meanStep: steps[i]!,
            rho,
            epsilon,
          }),
        );
      return { slots: [...squares, ...steps], apply };
    },
  }),
} as const;
