import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';
import { epsilon } from './class-rule.ts';
import type { LossRow } from './loss.ts';
import type { Output } from './output.ts';

/** Whether the labels of an output are watched: each sample has one class, of its own alone, and it no order. */
export function isWatched({ target }: Output, mixed = false): boolean {
  return target.kind === 'class' && target.shape.length === 0 && target.ordinal !== true && !mixed;
}

/**
 * The margin of each sample, [batch]: the logit of its label less the largest of the others. Where the output is of
 * probabilities, their logarithms stand for logits, which differ from them by what all classes share. Averaged over the
 * epochs it is the area under the margin (Pleiss, Zhang, Elenberg, Weinberger: Identifying Mislabeled Data using the
 * Area Under the Margin Ranking, 2020): what samples alike to a mislabelled one teach works against its label.
 *
 * @param output [batch, units], as the loss takes it @param y classes, int32 [batch]
 */
export function labelMargins(
  tf: Tf,
  { probabilities, threshold = 0 }: LossRow,
  output: Tensor2D,
  y: Tensor1D,
  classes: number,
): Tensor1D {
  const areShares = probabilities === 'output' || probabilities === 'shares';
  if (output.shape[1] === 1) {
    const single = tf.squeeze(output, [1]);
    const odds = areShares ? logOfOdds(tf, single) : tf.sub(single, threshold);
    return tf.mul(odds, tf.sub(tf.mul(tf.cast(y, 'float32'), 2), 1));
  }
  const logits = areShares ? tf.log(tf.clipByValue(output, epsilon, 1)) : output;
  const own = tf.oneHot(y, classes, 1, 0, 'float32');
  const others = tf.max(tf.sub(logits, tf.mul(own, 1e30)), -1);
  return tf.sub(tf.sum(tf.mul(logits, own), -1), others);
}

function logOfOdds(tf: Tf, share: Tensor): Tensor {
  const inside = tf.clipByValue(share, epsilon, 1 - epsilon);
  return tf.sub(tf.log(inside), tf.log(tf.sub(1, inside)));
}

/** What one margin counts at most: a net that runs away for a step does not outweigh all others. */
const largest = 1e4;

/**
 * Adds the margins of a batch to the sums of its samples.
 *
 * @param sums of each output by row; undefined where it is not watched
 * @param rows of the batch, in its order
 */
export function addMargins(
  sums: readonly (Float32Array | undefined)[],
  margins: readonly (ArrayLike<number> | undefined)[],
  rows: Uint32Array,
): void {
  for (const [k, sum] of sums.entries()) {
    const told = margins[k];
    if (sum === undefined || told === undefined) continue;
    for (let i = 0; i < rows.length; i++) sum[rows[i]!]! += Math.max(-largest, Math.min(largest, told[i]!));
  }
}

/** Labels by how likely they are wrong. */
export interface RankedLabels {
  /** How many of the first are suspect. */
  readonly suspects: number;
  /** All that were trained on, the most suspect first. */
  readonly rows: Uint32Array;
}

/** Epochs that it takes to tell a wrong label from one that is not learnt yet. */
const fewestEpochs = 3;
/** Samples of a class that it takes to tell what is usual in it. */
const fewestSamples = 20;
/**
 * How far a suspect is below the usual margin, of all and of its class, in standard deviations; and how far those are
 * that have to be there before anything is told, and how many: two, and one of 500, as some of any data are merely
 * hard. Chosen so that nothing is told of clean MNIST, digits and penguins.
 */
const [far, veryFar, share] = [4, 5, 500];

/**
 * Ranks the labels of samples by the sums of their margins: suspect ones first, which are negative and far below those
 * of all and those of their class, as a rare class may be learnt late as a whole.
 *
 * @param sums of the margins of all samples @param labels theirs @param trained the rows that were trained on
 */
export function rankLabels(
  sums: Float32Array,
  labels: ArrayLike<number>,
  trained: Uint32Array,
  epochs: number,
): RankedLabels {
  const rows = trained.toSorted((a, b) => sums[a]! - sums[b]! || a - b);
  if (epochs < fewestEpochs || rows.length < fewestSamples) return { suspects: 0, rows };
  const usual = usualOf(sums, rows);
  const usualIn = new Map<number, Usual>();
  for (const label of new Set(rows.map((row) => labels[row]!))) {
    const members = rows.filter((row) => labels[row] === label);
    if (members.length >= fewestSamples) usualIn.set(label, usualOf(sums, members));
  }
  const isBelow = (row: number, deviations: number) => {
    const own = usualIn.get(labels[row]!);
    return (
      own !== undefined &&
      sums[row]! < 0 &&
      [usual, own].every(({ median, deviation }) => sums[row]! < median - deviations * deviation)
    );
  };
  if (rows.filter((row) => isBelow(row, veryFar)).length < Math.max(2, rows.length / share))
    return { suspects: 0, rows };
  const suspects = rows.filter((row) => isBelow(row, far));
  return {
    suspects: suspects.length,
    rows: Uint32Array.from([...suspects, ...rows.filter((row) => !isBelow(row, far))]),
  };
}

/** What margins usually are. */
interface Usual {
  readonly median: number;
  /** The standard deviation of a normal distribution of the same median absolute deviation. */
  readonly deviation: number;
}

/** @param rows by their sums, the smallest first */
function usualOf(sums: Float32Array, rows: Uint32Array): Usual {
  const median = sums[rows[rows.length >> 1]!]!;
  const apart = Float64Array.from(rows, (row) => Math.abs(sums[row]! - median)).toSorted();
  return { median, deviation: 1.4826 * apart[apart.length >> 1]! };
}
