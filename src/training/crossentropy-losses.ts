import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { epsilon } from './class-rule.ts';
import { defineLoss, logOdds, noOptions, wrongSize } from './loss.ts';

const labelSmoothing = realNumber({
  description:
    'Share of each label that is spread evenly over all classes (Szegedy et al. 2016): against too sure a model.',
  default: 0,
  minimum: 0,
  exclusiveMaximum: 1,
});
const smoothed = Type.Object({ labelSmoothing });

/**
 * Labels with a share spread over the classes, or half to yes and half to no, where each class is a question of its
 * own.
 */
function smooth(tf: Tf, labels: Tensor2D, share: number, answers = labels.shape[1]): Tensor2D {
  return share > 0 ? tf.add(tf.mul(labels, 1 - share), share / answers) : labels;
}

const logOf = (tf: Tf, output: Tensor) => tf.log(tf.clipByValue(output, epsilon, 1 - epsilon));
const negativeSum = (tf: Tf, values: Tensor) => tf.neg(tf.sum(values, -1)) as Tensor1D;

/** Losses of class probabilities. */
export const crossentropyLosses = {
  softmaxCrossEntropy: defineLoss({
    doc: 'Cross-entropy of the softmax of the outputs (logits): for classes, with no activation at the end.',
    example: 'loss: softmaxCrossEntropy',
    options: smoothed,
    takes: 'softmaxLogits',
    misfit: (output) => wrongSize(output),
    compute: (tf, ops, output, labels, options) =>
      ops.softmaxCrossEntropy(output, smooth(tf, labels, options.labelSmoothing)),
    probabilities: 'softmax',
    ranks: logOdds,
  }),
  categoricalCrossentropy: defineLoss({
    doc:
      'Cross-entropy of probabilities: for classes, with softmax at the end. ' +
      'softmaxCrossEntropy on logits is faster and more exact. ' +
      'Labels are classes, so sparseCategoricalCrossentropy is the same.',
    example: 'loss: categoricalCrossentropy',
    options: smoothed,
    aliases: { sparseCategoricalCrossentropy: {} },
    takes: 'distribution',
    misfit: (output) => wrongSize(output),
    compute: (tf, _, output, labels, options) =>
      negativeSum(tf, tf.mul(smooth(tf, labels, options.labelSmoothing), logOf(tf, output))),
    probabilities: 'output',
  }),
  focalLoss: defineLoss({
    doc:
      'Cross-entropy of the softmax of the outputs (logits), ' +
      'less for samples that are predicted right already (Lin et al. 2017): -alpha * (1 - p)^gamma * log(p). ' +
      'For classes of very different sizes.',
    example: 'loss: { focalLoss: { gamma: 2 } }',
    options: Type.Object({
      gamma: realNumber({
        description: 'How much less well predicted samples count; 0 is plain cross-entropy.',
        default: 2,
        minimum: 0,
      }),
      alpha: realNumber({ description: 'Factor of the whole loss.', default: 0.25, exclusiveMinimum: 0, maximum: 1 }),
      labelSmoothing,
    }),
    takes: 'softmaxLogits',
    misfit: (output) => wrongSize(output),
    compute: (tf, _, output, labels, { gamma, alpha, labelSmoothing: share }) => {
      const probabilities = tf.clipByValue(tf.softmax(output), epsilon, 1 - epsilon);
      const weight = tf.mul(alpha, tf.pow(tf.sub(1, probabilities), gamma));
      return negativeSum(tf, tf.mul(tf.mul(smooth(tf, labels, share), weight), tf.log(probabilities)));
    },
    probabilities: 'softmax',
    ranks: logOdds,
  }),
  sigmoidCrossEntropy: defineLoss({
    doc:
      'Mean cross-entropy of the sigmoid of each output (logit), with no activation at the end: ' +
      'for two classes with one output, or a yes or no for each class.',
    example: 'loss: sigmoidCrossEntropy',
    options: smoothed,
    threshold: 0,
    takes: 'logits',
    misfit: (output) => wrongSize(output, true),
    // max(x, 0) - x z + log(1 + exp(-|x|)), as tf.nn.sigmoid_cross_entropy_with_logits has it.
    compute: (tf, _, output, labels, options) => {
      const targets = smooth(tf, labels, options.labelSmoothing, 2);
      return tf.mean(
        tf.add(tf.sub(tf.relu(output), tf.mul(output, targets)), tf.softplus(tf.neg(tf.abs(output)))),
        -1,
      ) as Tensor1D;
    },
    probabilities: 'sigmoid',
  }),
  binaryCrossentropy: defineLoss({
    doc:
      'Mean cross-entropy of each output as a probability, with sigmoid at the end: ' +
      'for two classes with one output, or a yes or no for each class. ' +
      'sigmoidCrossEntropy on logits is more exact.',
    example: 'loss: binaryCrossentropy',
    options: smoothed,
    threshold: 0.5,
    takesShares: true,
    takes: 'probabilities',
    misfit: (output) => wrongSize(output, true),
    compute: (tf, _, output, labels, options) => {
      const targets = smooth(tf, labels, options.labelSmoothing, 2);
      const yes = tf.mul(targets, logOf(tf, output));
      const no = tf.mul(tf.sub(1, targets), logOf(tf, tf.sub(1, output)));
      return tf.neg(tf.mean(tf.add(yes, no), -1)) as Tensor1D;
    },
    probabilities: 'shares',
  }),
  kullbackLeiblerDivergence: defineLoss({
    doc:
      'Sum of y * log(y / p) over the classes: how much the predicted distribution differs from the labels; ' +
      'with softmax at the end.',
    example: 'loss: kullbackLeiblerDivergence',
    options: noOptions,
    takes: 'distribution',
    misfit: (output) => wrongSize(output),
    compute: (tf, _, output, labels) => {
      const [y, p] = [tf.clipByValue(labels, epsilon, 1), tf.clipByValue(output, epsilon, 1)];
      return tf.sum(tf.mul(y, tf.log(tf.div(y, p))), -1) as Tensor1D;
    },
    probabilities: 'output',
  }),
} as const;
