import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import { applyFused } from './trace.ts';

/**
 * What every update needs: a weight, its gradient, and the learning rate as a tensor, so that it may change per step.
 */
export interface Update {
  readonly variable: Variable;
  readonly gradient: Tensor;
  readonly learningRate: Scalar;
}

/** Gradient descent: w -= rate * g, as tf.train.sgd. */
export function applyGradientDescent(tf: Tf, { variable, gradient, learningRate }: Update): void {
  applyFused({ op: 'ResourceApplyGradientDescent', variables: [variable], inputs: [learningRate, gradient] }, () => {
    variable.assign(tf.sub(variable, tf.mul(learningRate, gradient)));
  });
}

/** Momentum: a = m * a + g; w -= rate * a, or with Nesterov w -= rate * (g + m * a), as tf.train.momentum. */
export function applyMomentum(
  tf: Tf,
  update: Update & { readonly accumulation: Variable; readonly momentum: number; readonly nesterov: boolean },
): void {
  const { variable, gradient, learningRate, accumulation, momentum, nesterov } = update;
  const inputs = [learningRate, gradient, tf.scalar(momentum)];
  applyFused(
    {
      op: 'ResourceApplyMomentum',
      variables: [variable, accumulation],
      inputs,
      attributes: { use_nesterov: nesterov },
    },
    () => {
      accumulation.assign(tf.add(tf.mul(accumulation, momentum), gradient));
      const step = nesterov ? tf.add(gradient, tf.mul(accumulation, momentum)) : accumulation;
      variable.assign(tf.sub(variable, tf.mul(learningRate, step)));
    },
  );
}

/** The state and settings of Adam (Kingma and Ba 2015, algorithm 1). */
export interface AdamUpdate extends Update {
  readonly firstMoment: Variable;
  readonly secondMoment: Variable;
  /**
   * beta1^t and beta2^t of this step t, counted from 1: the caller multiplies them by beta after all weights are
   * updated.
   */
  readonly beta1Power: Variable;
  readonly beta2Power: Variable;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam with epsilon added to the square root of the corrected second moment, as tf.train.adam. */
export function applyAdam(tf: Tf, update: AdamUpdate): void {
  const { variable, gradient, learningRate, firstMoment, secondMoment, beta1Power, beta2Power, beta1, beta2, epsilon } =
    update;
  const correction2 = tf.sub(1, beta2Power);
  // TensorFlow adds its epsilon before the correction of the second moment is divided out.
  const epsilonOfOp = tf.mul(epsilon, tf.sqrt(correction2));
  const inputs = [beta1Power, beta2Power, learningRate, tf.scalar(beta1), tf.scalar(beta2), epsilonOfOp, gradient];
  applyFused({ op: 'ResourceApplyAdam', variables: [variable, firstMoment, secondMoment], inputs }, () => {
    average(tf, firstMoment, gradient, beta1);
    average(tf, secondMoment, tf.square(gradient), beta2);
    const first = tf.div(firstMoment, tf.sub(1, beta1Power));
    const second = tf.div(secondMoment, correction2);
    variable.assign(tf.sub(variable, tf.mul(learningRate, tf.div(first, tf.add(tf.sqrt(second), epsilon)))));
  });
}

/**
 * The state and settings of RMSProp (Tieleman and Hinton 2012); with `meanGradient` the centered form (Graves 2013).
 */
export interface RmsPropUpdate extends Update {
  readonly meanSquare: Variable;
  readonly meanGradient?: Variable;
  readonly accumulation: Variable;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * RMSProp, epsilon inside the square root, as tf.train.rmsprop; centered as TensorFlow's op has it. The centered form
 * of tf.train.rmsprop subtracts epsilon where it should add it, and gives NaN from the first small gradient on.
 */
export function applyRmsProp(tf: Tf, update: RmsPropUpdate): void {
  const { variable, gradient, learningRate, meanSquare, meanGradient, accumulation, decay, momentum, epsilon } = update;
  const inputs = [learningRate, tf.scalar(decay), tf.scalar(momentum), tf.scalar(epsilon), gradient];
  const op = meanGradient === undefined ? 'ResourceApplyRMSProp' : 'ResourceApplyCenteredRMSProp';
  const variables = [variable, ...(meanGradient === undefined ? [] : [meanGradient]), meanSquare, accumulation];
  applyFused({ op, variables, inputs }, () => {
    average(tf, meanSquare, tf.square(gradient), decay);
    if (meanGradient !== undefined) average(tf, meanGradient, gradient, decay);
    const variance = meanGradient === undefined ? meanSquare : tf.sub(meanSquare, tf.square(meanGradient));
    const step = tf.div(tf.mul(learningRate, gradient), tf.sqrt(tf.add(variance, epsilon)));
    accumulation.assign(tf.add(tf.mul(accumulation, momentum), step));
    variable.assign(tf.sub(variable, accumulation));
  });
}

/** Adagrad (Duchi et al. 2011): a += g^2; w -= rate * g / sqrt(a); an epsilon is what the caller begins `a` with. */
export function applyAdagrad(
  tf: Tf,
  { variable, gradient, learningRate, accumulation }: Update & { readonly accumulation: Variable },
): void {
  applyFused(
    {
      op: 'ResourceApplyAdagradV2',
      variables: [variable, accumulation],
      inputs: [learningRate, tf.scalar(0), gradient],
    },
    () => {
      accumulation.assign(tf.add(accumulation, tf.square(gradient)));
      variable.assign(tf.sub(variable, tf.mul(learningRate, tf.div(gradient, tf.sqrt(accumulation)))));
    },
  );
}

/**
 * Adadelta (Zeiler 2012, algorithm 1) times a learning rate, epsilon inside both roots, as keras.optimizers.Adadelta.
 * tf.train.adadelta divides by the average as it was before this step's gradient, so its first step is far too long.
 */
export function applyAdadelta(
  tf: Tf,
  update: Update & {
    readonly meanSquare: Variable;
    readonly meanStep: Variable;
    readonly rho: number;
    readonly epsilon: number;
  },
): void {
  const { variable, gradient, learningRate, meanSquare, meanStep, rho, epsilon } = update;
  const inputs = [learningRate, tf.scalar(rho), tf.scalar(epsilon), gradient];
  applyFused({ op: 'ResourceApplyAdadelta', variables: [variable, meanSquare, meanStep], inputs }, () => {
    average(tf, meanSquare, tf.square(gradient), rho);
    const step = tf.mul(gradient, tf.sqrt(tf.div(tf.add(meanStep, epsilon), tf.add(meanSquare, epsilon))));
    average(tf, meanStep, tf.square(step), rho);
    variable.assign(tf.sub(variable, tf.mul(learningRate, step)));
  });
}

/** AdaMax (Kingma and Ba 2015, algorithm 2) with epsilon added to the largest gradient, as tf.train.adamax. */
export function applyAdaMax(
  tf: Tf,
  update: Omit<AdamUpdate, 'secondMoment' | 'beta2Power'> & { readonly largest: Variable },
): void {
  const { variable, gradient, learningRate, firstMoment, largest, beta1Power, beta1, beta2, epsilon } = update;
  const inputs = [beta1Power, learningRate, tf.scalar(beta1), tf.scalar(beta2), tf.scalar(epsilon), gradient];
  applyFused({ op: 'ResourceApplyAdaMax', variables: [variable, firstMoment, largest], inputs }, () => {
    average(tf, firstMoment, gradient, beta1);
    largest.assign(tf.maximum(tf.mul(largest, beta2), tf.abs(gradient)));
    const rate = tf.div(learningRate, tf.sub(1, beta1Power));
    variable.assign(tf.sub(variable, tf.mul(rate, tf.div(firstMoment, tf.add(largest, epsilon)))));
  });
}

/** The state of Nadam (Dozat 2016) in one step t: momentum mu_t and mu_t+1, and their products up to t and t+1. */
export interface NadamUpdate extends Omit<AdamUpdate, 'beta1Power'> {
  readonly momentum: Tensor;
  readonly nextMomentum: Tensor;
  readonly product: Tensor;
  readonly nextProduct: Tensor;
}

/** Nadam as keras.optimizers.Nadam has it; TensorFlow has no op for it. */
export function applyNadam(tf: Tf, update: NadamUpdate): void {
  const {
    variable,
    gradient,
    learningRate,
    firstMoment,
    secondMoment,
    momentum,
    nextMomentum,
    product,
    nextProduct,
    beta2Power,
    beta1,
    beta2,
    epsilon,
  } = update;
  average(tf, firstMoment, gradient, beta1);
  average(tf, secondMoment, tf.square(gradient), beta2);
  const ahead = tf.mul(firstMoment, tf.div(nextMomentum, tf.sub(1, nextProduct)));
  const first = tf.add(ahead, tf.mul(gradient, tf.div(tf.sub(1, momentum), tf.sub(1, product))));
  const second = tf.div(secondMoment, tf.sub(1, beta2Power));
  // The fused descent, so that a weight decay before it, fused as well, is not lost.
  applyGradientDescent(tf, { variable, gradient: tf.div(first, tf.add(tf.sqrt(second), epsilon)), learningRate });
}

/**
 * Moves a running average. TensorFlow subtracts the decay from 1 after rounding it to float32, TensorFlow.js before:
 * for 0.999 they differ by 1.3e-5 of the result, and only the former fits the powers of beta in Adam's correction.
 */
function average(tf: Tf, slot: Variable, value: Tensor, decay: number): void {
  slot.assign(tf.add(tf.mul(slot, decay), tf.mul(value, 1 - Math.fround(decay))));
}
