import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { type Static, type TObject, Type } from 'typebox';
import type { Misfit, Row } from '../base/row.ts';
import type { Ops, Tf } from '../engine/engine.ts';

/** What the model's output is, as far as a loss cares. */
export interface OutputFacts {
  /** Shape of one sample's output. */
  readonly shape: readonly number[];
  /** Number of classes of the labels. */
  readonly classes: number;
  /** The last layer gives probabilities. */
  readonly probabilities: boolean;
}

/** A loss: everything the program knows of it. */
export interface LossRow<O extends TObject = TObject> extends Row<O> {
  /** Says why the loss does not fit the last layer. */
  misfit(output: OutputFacts): Misfit | undefined;
  /** @param output [batch, classes] @param labels one-hot, [batch, classes] @returns loss of each sample, [batch] */
  compute(tf: Tf, ops: Ops, output: Tensor2D, labels: Tensor2D, options: Static<O>): Tensor1D;
  /** Class probabilities from the model's output, [batch, classes]. */
  probabilities(tf: Tf, output: Tensor2D): Tensor2D;
}

function defineLoss<O extends TObject>(row: LossRow<O>): LossRow {
  return row as unknown as LossRow;
}

function wrongSize({ shape, classes }: OutputFacts): Misfit | undefined {
  if (shape.length === 1 && shape[0] === classes) return undefined;
  const given = shape.length === 1 ? `${shape[0]} values` : `values of shape ${shape.join(' x ')}`;
  const hint = shape.length === 1 ? `End with \`dense ${classes}\`.` : `End with \`flatten\` and \`dense ${classes}\`.`;
  return { problem: `the last layer gives ${given} per sample, but the data has ${classes} classes`, hint };
}

const none = Type.Object({});

/** Keras' clip of probabilities before a logarithm. */
const clip = 1e-7;

/** All losses. */
export const losses = {
  softmaxCrossEntropy: defineLoss({
    doc: 'Cross-entropy of the softmax of the outputs (logits): for classes, with no activation at the end.',
    example: 'loss: softmaxCrossEntropy',
    options: none,
    misfit: (output) =>
      output.probabilities
        ? { problem: 'softmaxCrossEntropy takes logits, but the last layer applies softmax already', hint: 'Remove the softmax, or use `loss: categoricalCrossentropy`.' }
        : wrongSize(output),
    compute: (_, ops, output, labels) => ops.softmaxCrossEntropy(output, labels),
    probabilities: (tf, output) => tf.softmax(output),
  }),
  categoricalCrossentropy: defineLoss({
    doc: 'Cross-entropy of probabilities: for classes, with softmax at the end. softmaxCrossEntropy on logits is faster and more exact.',
    example: 'loss: categoricalCrossentropy',
    options: none,
    misfit: (output) =>
      output.probabilities
        ? wrongSize(output)
        : { problem: 'categoricalCrossentropy takes probabilities, but the last layer does not end in softmax', hint: 'Use `loss: softmaxCrossEntropy`, or add `softmax` as the last layer.' },
    compute: (tf, _, output, labels) => tf.neg(tf.sum(tf.mul(labels, tf.log(tf.clipByValue(output, clip, 1 - clip))), -1)) as Tensor1D,
    probabilities: (_, output) => output,
  }),
  meanSquaredError: defineLoss({
    doc: 'Mean of the squared differences; classes count as 0 and 1 (one-hot).',
    example: 'loss: meanSquaredError',
    options: none,
    misfit: wrongSize,
    compute: (tf, _, output, labels) => tf.mean(tf.squaredDifference(output, labels), -1) as Tensor1D,
    probabilities: (tf, output) => {
      const positive: Tensor = tf.relu(output);
      return tf.div(positive, tf.add(tf.sum(positive, -1, true), clip)) as Tensor2D;
    },
  }),
} as const satisfies Record<string, LossRow>;

/** The row of a loss that the check has let through. */
export function lossRow(type: string): LossRow {
  return losses[type as keyof typeof losses];
}
