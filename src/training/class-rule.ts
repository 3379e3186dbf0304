import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
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
}

/** The class that the output stands for, int32 [batch]. */
export function predictedClasses(tf: Tf, { threshold }: ClassRule, output: Tensor2D): Tensor {
  return output.shape[1] === 1 && threshold !== undefined
    ? tf.cast(tf.greater(tf.squeeze(output, [1]), threshold), 'int32')
    : tf.argMax(output, -1);
}

/** Probabilities of all classes, [batch, classes], also where one unit stands for two. */
export function classProbabilities(tf: Tf, { probabilities: by, threshold }: ClassRule, output: Tensor2D): Tensor2D {
  const probabilities = probabilitiesBy[by](tf, output);
  return output.shape[1] === 1 && threshold !== undefined
    ? tf.concat([tf.sub(1, probabilities) as Tensor2D, probabilities], 1)
    : probabilities;
}
