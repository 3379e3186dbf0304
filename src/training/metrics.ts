import { Type } from 'typebox';
import type { Row } from '../base/row.ts';

/** A metric of the evaluate stage, computed over the whole split. */
export interface MetricRow extends Row {
  /** @param confusion `confusion[actual][predicted]`: number of samples */
  fromConfusion(confusion: Confusion): number;
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

/** The scores of each class. */
export function classScores(confusion: Confusion): readonly Scores[] {
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return confusion.map((row, k) => {
    const support = row.reduce((sum, n) => sum + n, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[k]!, 0);
    const hits = row[k]!;
    return { precision: ratio(hits, predicted), recall: ratio(hits, support), f1: ratio(2 * hits, predicted + support), support };
  });
}

const none = Type.Object({});
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All metrics. */
export const metrics = {
  accuracy: {
    doc: 'Share of the samples whose class is predicted right.',
    example: 'metrics: [accuracy]',
    options: none,
    fromConfusion: (confusion) => confusion.reduce((sum, row, k) => sum + row[k]!, 0) / confusion.flat().reduce((sum, n) => sum + n, 0),
  },
  precision: { doc: 'Mean over the classes of: right among those predicted as the class.', example: 'metrics: [precision]', options: none, fromConfusion: (confusion) => mean(classScores(confusion).map((s) => s.precision)) },
  recall: { doc: 'Mean over the classes of: right among those of the class.', example: 'metrics: [recall]', options: none, fromConfusion: (confusion) => mean(classScores(confusion).map((s) => s.recall)) },
  f1: { doc: 'Mean over the classes of the harmonic mean of precision and recall.', example: 'metrics: [f1]', options: none, fromConfusion: (confusion) => mean(classScores(confusion).map((s) => s.f1)) },
} as const satisfies Record<string, MetricRow>;

/** The row of a metric that the check has let through. */
export function metricRow(type: string): MetricRow {
  return metrics[type as keyof typeof metrics];
}
