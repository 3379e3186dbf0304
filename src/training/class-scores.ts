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

/** The sum of some numbers. */
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The mean of some numbers. */
export const mean = (values: readonly number[]) => sum(values) / values.length;

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
