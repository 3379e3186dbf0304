import { type Static, type TObject, Type } from 'typebox';
import type { Misfit, Row } from '../base/row.ts';
import { noOptions } from './loss.ts';
import { areaUnderCurve, logLoss, topK } from './probability-metrics.ts';

/** What the model says of every sample of a split. */
export interface Outcome {
  readonly confusion: Confusion;
  /** Class of each sample. */
  readonly labels: Uint8Array;
  /** [samples, classes], class by class; empty unless a metric needs it. */
  readonly probabilities: Float32Array;
}

/** A metric of the evaluate stage, computed over the whole split: never a mean over batches. */
export interface MetricRow<O extends TObject = TObject> extends Row<O> {
  compute(outcome: Outcome, options: Static<O>): number;
  /** The confusion matrix is not enough. */
  needsProbabilities?: true;
  /** What its value is recorded as, after `test_`. Left out: its name. */
  label?(options: Static<O>): string;
  /** Says why it cannot be measured for so many classes. */
  misfit?(classes: number, options: Static<O>): Misfit | undefined;
}

/** `confusion[actual][predicted]`: number of samples. */
export type Confusion = readonly (readonly number[])[];

/** Precision, recall and F1 of one class; 0 where there is nothing to divide by, as scikit-learn does. */
export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples of the class. */
  readonly support: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** The scores of each class. */
export function classScores(confusion: Confusion): readonly Scores[] {
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return confusion.map((row, k) => {
    const support = sum(row);
    const predicted = sum(confusion.map((other) => other[k]!));
    const hits = row[k]!;
    return { precision: ratio(hits, predicted), recall: ratio(hits, support), f1: ratio(2 * hits, predicted + support), support };
  });
}

function accuracyOf(confusion: Confusion): number {
  return sum(confusion.map((row, k) => row[k]!)) / sum(confusion.flat());
}

/** Cohen (1960): agreement above what the sizes of the classes alone would give; 0 where they leave nothing to gain. */
function cohenKappa(confusion: Confusion): number {
  const total = sum(confusion.flat());
  const chance = sum(confusion.map((row, k) => (sum(row) / total) * (sum(confusion.map((other) => other[k]!)) / total)));
  return chance === 1 ? 0 : (accuracyOf(confusion) - chance) / (1 - chance);
}

function defineMetric<O extends TObject>(row: MetricRow<O>): MetricRow {
  return row;
}

/** All metrics. */
export const metrics = {
  accuracy: defineMetric({
    doc: 'Share of the samples whose class is predicted right.',
    example: 'metrics: [accuracy]',
    options: noOptions,
    compute: ({ confusion }) => accuracyOf(confusion),
  }),
  balancedAccuracy: defineMetric({
    doc: 'Mean of the recall of the classes that occur: a small class counts as much as a large one.',
    example: 'metrics: [balancedAccuracy]',
    options: noOptions,
    compute: ({ confusion }) => mean(classScores(confusion).flatMap(({ recall, support }) => (support === 0 ? [] : [recall]))),
  }),
  precision: defineMetric({
    doc: 'Mean over the classes of: right among those predicted as the class.',
    example: 'metrics: [precision]',
    options: noOptions,
    compute: ({ confusion }) => mean(classScores(confusion).map((scores) => scores.precision)),
  }),
  recall: defineMetric({
    doc: 'Mean over the classes of: right among those of the class.',
    example: 'metrics: [recall]',
    options: noOptions,
    compute: ({ confusion }) => mean(classScores(confusion).map((scores) => scores.recall)),
  }),
  f1: defineMetric({
    doc: 'Mean over the classes of the harmonic mean of precision and recall.',
    example: 'metrics: [f1]',
    options: noOptions,
    compute: ({ confusion }) => mean(classScores(confusion).map((scores) => scores.f1)),
  }),
  cohenKappa: defineMetric({
    doc: 'Agreement with the labels above what chance would give, 1 at most (Cohen 1960).',
    example: 'metrics: [cohenKappa]',
    options: noOptions,
    compute: ({ confusion }) => cohenKappa(confusion),
  }),
  topK: defineMetric({
    doc: 'Share of the samples whose class is among the k most probable ones.',
    example: 'metrics: [topK(5)]',
    options: Type.Object({ k: Type.Integer({ description: 'How many guesses count.', default: 5, minimum: 1 }) }),
    text: { usage: 'topK(K)', word: (word, position) => (position === 0 && /^\d+$/.test(word) ? { k: Number(word) } : undefined) },
    needsProbabilities: true,
    label: ({ k }) => `top${k}`,
    misfit: (classes, { k }) => (k < classes ? undefined : { problem: `topK(${k}) is always 1 with ${classes} classes`, hint: `Use a k below ${classes}.` }),
    compute: (outcome, { k }) => topK(outcome, k),
  }),
  auc: defineMetric({
    doc: 'Area under the receiver operating characteristic, each class against the rest, mean over the classes that occur: how surely a sample of the class ranks above another.',
    example: 'metrics: [auc]',
    options: noOptions,
    needsProbabilities: true,
    compute: areaUnderCurve,
  }),
  logLoss: defineMetric({
    doc: 'Mean of -log(probability of the class), whatever the loss of training is.',
    example: 'metrics: [logLoss]',
    options: noOptions,
    needsProbabilities: true,
    compute: logLoss,
  }),
} as const satisfies Record<string, MetricRow>;

/** The row of a metric that the check has let through. */
export function metricRow(type: string): MetricRow {
  return metrics[type as keyof typeof metrics];
}
