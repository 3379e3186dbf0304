import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { type Static, type TObject, Type } from 'typebox';
import type { Misfit, Row } from '../base/row.ts';
import type { Ops, Tf } from '../engine/tensorflow.ts';
import type { ClassRule } from './class-rule.ts';
import type { OutputFacts, Takes } from './output-values.ts';

/** A loss: everything the program knows of it. */
export interface LossRow<O extends TObject = TObject> extends Row<O>, ClassRule {
  /** What it takes outputs for. */
  takes: Takes;
  /** Says why the loss does not fit the shape of the output. */
  misfit(output: OutputFacts): Misfit | undefined;
  /**
   * @param output [batch, units]: a unit for each class, or one where `threshold` is there and the classes are two
   * @param labels one-hot, [batch, units]; with one unit: 1 for the second class, 0 for the first
   * @returns loss of each sample, [batch]
   */
  compute(tf: Tf, ops: Ops, output: Tensor2D, labels: Tensor2D, options: Static<O>): Tensor1D;
  /** It can learn numbers: labels are then the numbers themselves. Left out: classes alone. */
  takesNumbers?: true;
  /** It can learn numbers from 0 to 1, such as the values of a picture. Left out: as `takesNumbers` says. */
  takesShares?: true;
  /** It is of the differences of outputs and labels alone: numbers may be standardized for it. */
  ofDifferences?: true;
  /**
   * What samples are ranked by, class by class: increases with the probability, and is still told apart where that
   * rounds to 0 or 1. Left out: the output itself.
   */
  ranks?(tf: Tf, output: Tensor2D): Tensor2D;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineLoss<O extends TObject>(row: LossRow<O>): LossRow {
  return row;
}

/** Options of a loss that has none. */
export const noOptions = Type.Object({});

/** The misfit of a last layer with another number of units than the loss takes. */
export function wrongSize(
  { layer, shape, classes }: Pick<OutputFacts, 'layer' | 'shape' | 'classes'>,
  single = false,
): Misfit | undefined {
  const wanted = single && classes === 2 ? [1, classes] : [classes];
  if (shape.length === 1 && wanted.includes(shape[0]!)) return undefined;
  const given =
    shape.length === 1 ? `${shape[0]} ${shape[0] === 1 ? 'value' : 'values'}` : `values of shape ${shape.join(' x ')}`;
  const end = `\`dense ${wanted.join('` or `dense ')}\``;
  return {
    problem: `\`${layer}\` gives ${given} per sample, but the data has ${classes} classes`,
    hint: shape.length === 1 ? `End with ${end}.` : `End with \`flatten\` and ${end}.`,
  };
}

/** What the output of so many units should be for these classes, as `compute` takes it. */
export function targetsOf(tf: Tf, y: Tensor1D, classes: number, units: number): Tensor2D {
  return units === 1 && classes === 2
    ? (tf.expandDims(tf.cast(y, 'float32'), 1) as Tensor2D)
    : (tf.oneHot(y, classes, 1, 0, 'float32') as Tensor2D);
}

/** The same where classes have an order: 1 for each unit k whose class k a sample is beyond, [batch, units]. */
export function beyondOf(tf: Tf, y: Tensor1D, units: number): Tensor2D {
  const steps = tf.tensor1d(
    Array.from({ length: units }, (_, k) => k),
    'int32',
  );
  return tf.cast(tf.greater(tf.expandDims(y, 1), steps), 'float32') as Tensor2D;
}

/** What samples are ranked by for each class, [batch, classes], also where one unit stands for two. */
export function classRanks(tf: Tf, row: LossRow, output: Tensor2D): Tensor2D {
  const ranks = row.ranks?.(tf, output) ?? output;
  return output.shape[1] === 1 && row.threshold !== undefined ? tf.concat([tf.neg(ranks), ranks], 1) : ranks;
}

/**
 * log(p / (1 - p)) of the softmax of each row, where p may round to 1: x less the logarithm of the sum over the others
 * of e^x.
 */
export function logOdds(tf: Tf, logits: Tensor2D): Tensor2D {
  const below = tf.sub(logits, tf.max(logits, -1, true));
  const raised = tf.exp(below);
  const others = tf.sub(tf.sum(raised, -1, true), raised);
  const isFirst = tf.equal(below, 0);
  const rest = tf.where(isFirst, tf.fill(below.shape, -1e30), below);
  const second = tf.max(rest, -1, true);
  const sure = tf.neg(tf.add(second, tf.log(tf.sum(tf.exp(tf.sub(rest, second)), -1, true))));
  // Only the first, where no other comes near, has others of less than a half: the difference would have lost them.
  return tf.where(tf.less(others, 0.5), tf.add(tf.zerosLike(below), sure), tf.sub(below, tf.log(others)));
}

/** What evaluation can give of each sample and class, beside the class that is predicted. */
export type ClassValues = 'probabilities' | 'ranks';
