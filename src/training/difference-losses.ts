import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { type TObject, type Static, Type } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { epsilon } from './class-rule.ts';
import { type LossRow, defineLoss, noOptions, wrongSize } from './loss.ts';

/** A loss that is a mean over the units of something of output and label; classes count as 0 and 1. */
function defineDifference<O extends TObject>(
  row: Pick<LossRow<O>, 'doc' | 'example' | 'options' | 'aliases'> &
    Partial<Pick<LossRow<O>, 'takes' | 'ofDifferences'>> & {
      of(tf: Tf, output: Tensor2D, labels: Tensor2D, options: Static<O>): Tensor;
    },
): LossRow {
  const { of, ...rest } = row;
  return defineLoss<O>({
    takes: 'anything',
    ...rest,
    threshold: 0.5,
    takesNumbers: true,
    misfit: (output) => wrongSize(output, true),
    compute: (tf, _, output, labels, options) => tf.mean(of(tf, output, labels, options), -1) as Tensor1D,
    probabilities: 'shares',
  } as LossRow<O>);
}

/** Losses of how far outputs are from numbers, by Keras' formulas. */
export const differenceLosses = {
  meanSquaredError: defineDifference({
    doc: 'Mean of the squared differences; for numbers; classes count as 0 and 1 (one-hot).',
    example: 'loss: meanSquaredError',
    options: noOptions,
    ofDifferences: true,
    of: (tf, output, labels) => tf.squaredDifference(output, labels),
  }),
  meanAbsoluteError: defineDifference({
    doc: 'Mean of the absolute differences; for numbers; classes count as 0 and 1 (one-hot).',
    example: 'loss: meanAbsoluteError',
    options: noOptions,
    ofDifferences: true,
    of: (tf, output, labels) => tf.abs(tf.sub(output, labels)),
  }),
  meanAbsolutePercentageError: defineDifference({
    doc:
      'Mean of the absolute differences in percent of the label. ' +
      'A label of 0 counts as 1e-7, as in Keras, so classes (0 and 1) give losses of some 1e8.',
    example: 'loss: meanAbsolutePercentageError',
    options: noOptions,
    of: (tf, output, labels) =>
      tf.mul(100, tf.abs(tf.div(tf.sub(labels, output), tf.maximum(tf.abs(labels), epsilon)))),
  }),
  meanSquaredLogarithmicError: defineDifference({
    takes: 'amounts',
    doc: 'Mean of the squared differences of log(1 + x); what is below 0 counts as 0.',
    example: 'loss: meanSquaredLogarithmicError',
    options: noOptions,
    of: (tf, output, labels) =>
      tf.squaredDifference(
        tf.log(tf.add(tf.maximum(labels, epsilon), 1)),
        tf.log(tf.add(tf.maximum(output, epsilon), 1)),
      ),
  }),
  logcosh: defineDifference({
    doc: 'Mean of log(cosh(difference)): squared for small differences, absolute for large ones.',
    example: 'loss: logcosh',
    options: noOptions,
    ofDifferences: true,
    of: (tf, output, labels) => {
      const difference = tf.sub(output, labels);
      return tf.sub(tf.add(difference, tf.softplus(tf.mul(difference, -2))), Math.LN2);
    },
  }),
  huberLoss: defineDifference({
    doc: 'Half the squared difference up to delta, linear from there on (Huber 1964): outliers count less.',
    example: 'loss: { huberLoss: { delta: 1 } }',
    options: Type.Object({
      delta: realNumber({
        description:
          'Difference at which it becomes linear; of numbers that are standardized, in their standard deviations.',
        default: 1,
        exclusiveMinimum: 0,
      }),
    }),
    ofDifferences: true,
    of: (tf, output, labels, { delta }) => {
      const difference = tf.abs(tf.sub(output, labels));
      const near = tf.minimum(difference, delta);
      return tf.add(tf.mul(0.5, tf.square(near)), tf.mul(delta, tf.sub(difference, near)));
    },
  }),
  poisson: defineDifference({
    takes: 'positive',
    doc: 'Mean of output - y * log(output): for counts. Outputs must be above 0, so end with softplus or softmax.',
    example: 'loss: poisson',
    options: noOptions,
    of: (tf, output, labels) => tf.sub(output, tf.mul(labels, tf.log(tf.add(output, epsilon)))),
  }),
  cosineProximity: defineLoss({
    doc: 'The negative cosine of the angle between outputs and labels: -1 is the same direction.',
    example: 'loss: cosineProximity',
    options: noOptions,
    takesNumbers: true,
    takes: 'anything',
    misfit: (output) => wrongSize(output),
    compute: (tf, _, output, labels) => {
      const normalized = (values: Tensor2D) =>
        tf.div(values, tf.sqrt(tf.maximum(tf.sum(tf.square(values), -1, true), epsilon)));
      return tf.neg(tf.sum(tf.mul(normalized(labels), normalized(output)), -1)) as Tensor1D;
    },
    probabilities: 'shares',
  }),
} as const;
