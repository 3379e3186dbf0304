import type { Static, TObject } from 'typebox';
import type { ClassIndices } from '../base/class-indices.ts';
import type { ClassCounts, Confusion } from '../base/class-scores.ts';
import type { LabelMarks } from '../base/label-scores.ts';
import type { Misfit, Row } from '../base/row.ts';
import type { ClassValues } from './loss.ts';

/** What the model says of every sample of a split, and of every place in it, where classes stand at places. */
export interface ClassPredictions {
  readonly kind: 'class';
  readonly classes: readonly string[];
  /** Of more than 256 classes the counts of each alone. */
  readonly confusion: Confusion | ClassCounts;
  /** Class of each sample or place. */
  readonly labels: ClassIndices;
  /** [samples, classes], class by class; empty unless a metric needs it. */
  readonly probabilities: Float32Array;
  /** The same of what samples are ranked by, which does not round to 0 or 1 as probabilities do. */
  readonly ranks: Float32Array;
  /** The classes have an order: see ClassTarget. */
  readonly ordinal?: true | undefined;
  /** Of several labels at once, each of which is a place of two classes. */
  readonly several?: LabelMarks;
}

/** Numbers, as they are and as the model says. */
export interface NumberPredictions {
  readonly kind: 'number';
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

/** How far predictions are from numbers, where these are too many to be held: sums over all of them. */
export interface NumberSums {
  readonly kind: 'number';
  readonly sums: {
    readonly count: number;
    /** Of the differences from the numbers: their absolute values, squares, and absolute values in percent. */
    readonly absolute: number;
    readonly squared: number;
    readonly percent: number;
    /** Sum of the squared differences of the numbers from their mean. */
    readonly apart: number;
  };
}

/** What the model says of one target. */
export type Predictions = ClassPredictions | NumberPredictions | NumberSums;

interface MetricBase<O extends TObject> extends Row<O> {
  /** What its value is recorded as, after `test_`. Left out: its name. */
  label?(options: Static<O>): string;
  /** It counts what is wrong, not what is right. */
  lessIsBetter?: true;
}

/** A metric of classes, computed over the whole split: never a mean over batches. */
export interface ClassMetricRow<O extends TObject = TObject> extends MetricBase<O> {
  readonly of: 'class';
  /** Whether it measures several labels at once too, or them only. Left out: it needs one class of each place. */
  readonly several?: 'too' | 'only';
  compute(outcome: ClassPredictions, options: Static<O>): number;
  /** The confusion matrix is not enough. */
  needs?: ClassValues;
  /** Says why it cannot be measured for so many classes. */
  misfit?(classes: readonly string[], options: Static<O>): Misfit | undefined;
}

/** A metric of numbers, computed over the whole split. */
export interface NumberMetricRow<O extends TObject = TObject> extends MetricBase<O> {
  readonly of: 'number';
  compute(outcome: NumberPredictions | NumberSums, options: Static<O>): number;
  /** The same of classes in order, which are 1 apart from their neighbours. Left out: it does not measure them. */
  ofOrdered?(confusion: Confusion): number;
}

/** A metric of the evaluate stage. */
export type MetricRow<O extends TObject = TObject> = ClassMetricRow<O> | NumberMetricRow<O>;
