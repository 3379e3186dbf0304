import type { Variable } from '@tensorflow/tfjs';
import { realNumber } from '../base/numbers.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { type Optimizer, createScalarSlot, createSlots } from './optimizer.ts';

/** Options of the moving average of weights. */
export const emaOptions = {
  decay: realNumber({
    description: 'Weight of the past in the average; an average over some 1 / (1 - decay) steps.',
    examples: [0.99],
    default: 0.99,
    minimum: 0,
    exclusiveMaximum: 1,
  }),
};

/** An optimizer that keeps a moving average of the weights that it changes. */
export interface AveragingOptimizer extends Optimizer {
  /** Lets weights and averages change places. */
  swap(): void;
}

/**
 * Averages the weights after each step: average = decay * average + (1 - decay) * weight; after the first step it is
 * the weight itself (Polyak and Juditsky 1992; keras.optimizers.Optimizer(use_ema)).
 */
export function withAverages(
  tf: Tf,
  optimizer: Optimizer,
  weights: readonly Variable[],
  decay: number,
): AveragingOptimizer {
  const averages = createSlots(tf, weights, 'average');
  const past = createScalarSlot(tf, 'averageDecay', 0);
  return {
    slots: [...optimizer.slots, ...averages, past],
    apply: (gradients, learningRate) => {
      optimizer.apply(gradients, learningRate);
      const present = tf.sub(1, past);
      weights.forEach((weight, i) => averages[i]!.assign(tf.add(tf.mul(averages[i]!, past), tf.mul(weight, present))));
      past.assign(tf.scalar(decay));
    },
    swap: () =>
      weights.forEach((weight, i) => {
        const held = tf.clone(weight as ReturnType<Tf['clone']>);
        weight.assign(averages[i]! as typeof held);
        averages[i]!.assign(held);
        held.dispose();
      }),
  };
}
