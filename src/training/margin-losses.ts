import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';
import { defineLoss, noOptions, wrongSize } from './loss.ts';

/** 1 - y * output, where labels of 0 count as -1: what Keras' hinge losses make of labels of 0 and 1. */
const lacking = (tf: Tf, output: Tensor2D, labels: Tensor2D) =>
  tf.relu(tf.sub(1, tf.mul(tf.sub(tf.mul(labels, 2), 1), output)));

/** Losses that ask for a margin between right and wrong. */
export const marginLosses = {
  hinge: defineLoss({
    doc:
      'Mean of max(0, 1 - y * output), where y is 1 for the class and -1 for every other (labels of 0 become -1, ' +
      'as in Keras). For scores, with tanh or no activation at the end.',
    example: 'loss: hinge',
    options: noOptions,
    threshold: 0,
    takes: 'scores',
    misfit: (output) => wrongSize(output, true),
    compute: (tf, _, output, labels) => tf.mean(lacking(tf, output, labels), -1) as Tensor1D,
    probabilities: 'scores',
  }),
  squaredHinge: defineLoss({
    doc:
      'Mean of max(0, 1 - y * output)^2, where y is 1 for the class and -1 for every other ' +
      '(labels of 0 become -1, as in Keras).',
    example: 'loss: squaredHinge',
    options: noOptions,
    threshold: 0,
    takes: 'scores',
    misfit: (output) => wrongSize(output, true),
    compute: (tf, _, output, labels) => tf.mean(tf.square(lacking(tf, output, labels)), -1) as Tensor1D,
    probabilities: 'scores',
  }),
  categoricalHinge: defineLoss({
    doc: 'max(0, 1 + the largest output of the other classes - the output of the class).',
    example: 'loss: categoricalHinge',
    options: noOptions,
    takes: 'anything',
    misfit: (output) => wrongSize(output),
    compute: (tf, _, output, labels) => {
      const right = tf.sum(tf.mul(labels, output), -1);
      const wrong = tf.max(tf.mul(tf.sub(1, labels), output), -1);
      return tf.relu(tf.add(tf.sub(wrong, right), 1)) as Tensor1D;
    },
    probabilities: 'scores',
  }),
} as const;
