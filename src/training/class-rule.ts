import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { ClassTarget } from '../datasets/dataset.ts';
import type { Tf } from '../engine/tensorflow.ts';

/** Keras' epsilon: what probabilities are clipped to before a logarithm. */
export const epsilon = 1e-7;

/** Outputs as shares that add up to 1: negative ones count as 0, and all alike where none is positive. */
function sharesOf(tf: Tf, output: Tensor2D): Tensor2D {
  if (output.shape[1] === 1) return tf.clipByValue(output, 0, 1);
  const positive = tf.add(tf.relu(output), epsilon);
  return tf.div(positive, tf.sum(positive, -1, true));
}

/** Class probabilities from the model's output, [batch, units]; of the second class where there is one unit. */
const probabilitiesBy = {
  softmax: (tf, output) => tf.softmax(output),
  output: (_, output) => output,
  sigmoid: (tf, output) => sharesOf(tf, tf.sigmoid(output)),
  shares: sharesOf,
  /** Scores are no probabilities; their softmax orders the classes the same, a single one against its negative. */
  scores: (tf, output) => (output.shape[1] === 1 ? tf.sigmoid(tf.mul(output, 2)) : tf.softmax(output)),
} as const satisfies Readonly<Record<string, (tf: Tf, output: Tensor2D) => Tensor2D>>;

/** How an output stands for classes, as its loss has taught it. It needs nothing but TensorFlow.js, nor of Node. */
export interface ClassRule {
  /** How it says their probabilities. */
  readonly probabilities: keyof typeof probabilitiesBy;
  /**
   * The output above which a single unit means the second of two classes. Left out: the loss takes one unit per class.
   */
  readonly threshold?: number;
  /**
   * The classes have an order, and unit k says whether a sample is beyond class k (Frank and Hall: A Simple Approach to
   * Ordinal Classification, 2001). Left out: they have none.
   */
  readonly ordinal?: true;
}

/** How the output for a target stands for its classes. @param row of the loss that has taught it */
export function classRuleOf({ ordinal }: ClassTarget, { probabilities, threshold }: ClassRule): ClassRule {
  return { probabilities, ...(threshold === undefined ? {} : { threshold }), ...(ordinal && { ordinal }) };
}

/** The class that the output stands for, int32 [batch]; of classes in order the number of units above the threshold. */
export function predictedClasses(tf: Tf, { threshold, ordinal }: ClassRule, output: Tensor2D): Tensor {
  if (ordinal === true) return tf.sum(tf.cast(tf.greater(output, threshold!), 'int32'), -1);
  return output.shape[1] === 1 && threshold !== undefined
    ? tf.cast(tf.greater(tf.squeeze(output, [1]), threshold), 'int32')
    : tf.argMax(output, -1);
}

/**
 * Probabilities of all classes, [batch, classes], also where one unit stands for two. Of classes in order they are the
 * differences of those of being beyond each, from the surest on, as nothing keeps a unit from being above the one
 * before it: so the class that is predicted is the median of what they say.
 */
export function classProbabilities(tf: Tf, rule: ClassRule, output: Tensor2D): Tensor2D {
  const { probabilities: by, threshold, ordinal } = rule;
  if (ordinal === true) {
    const [batch, units] = output.shape;
    // Each unit by itself: units of one row are no shares of each other.
    const single = probabilitiesBy[by](tf, tf.reshape(output, [batch * units, 1]));
    const beyond = tf.topk(tf.reshape(single, [batch, units]), units).values as Tensor2D;
    const reached = tf.concat([tf.ones([batch, 1]) as Tensor2D, beyond], 1);
    return tf.sub(reached, tf.concat([beyond, tf.zeros([batch, 1]) as Tensor2D], 1));
  }
  const probabilities = probabilitiesBy[by](tf, output);
  return output.shape[1] === 1 && threshold !== undefined
    ? tf.concat([tf.sub(1, probabilities) as Tensor2D, probabilities], 1)
    : probabilities;
}

/**
 * The probability of the class that is predicted, [batch].
 *
 * @param said what predictedClasses and classProbabilities gave
 */
export function confidenceOf(
  tf: Tf,
  { ordinal }: ClassRule,
  { predicted, probabilities }: { readonly predicted: Tensor; readonly probabilities: Tensor2D },
): Tensor {
  if (ordinal !== true) return tf.max(probabilities, -1);
  // In order, the class in the middle is predicted, which need not be the most probable one. Marked by whole numbers,
  // as packages compute it on WebAssembly too, whose own kernel writes float32 as if they were such.
  const marks = tf.cast(tf.oneHot(predicted, probabilities.shape[1]), 'float32');
  return tf.sum(tf.mul(probabilities, marks), -1);
}
