/** `confusion[actual][predicted]`: number of samples, or of places in them. */
export type Confusion = readonly (readonly number[])[];

/** The sums of a confusion matrix, class by class: of many classes they alone are kept. */
export interface ClassCounts {
  /** Samples, or places in them, of each class. */
  readonly support: ArrayLike<number>;
  /** Those that are predicted as it. */
  readonly predicted: ArrayLike<number>;
  /** Those that are both. */
  readonly hits: ArrayLike<number>;
}

/** Precision, recall and F1 of one class; 0 where there is nothing to divide by, as scikit-learn does. */
export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples, or places in them, of the class. */
  readonly support: number;
}

/** The sum of some numbers. */
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The mean of some numbers. */
export const mean = (values: readonly number[]) => sum(values) / values.length;

/** Whether a class is there at all, in the truth or in the predictions: without, it has no scores. */
export function occurs(confusion: Confusion, k: number): boolean {
  return sum(confusion[k]!) + sum(confusion.map((row) => row[k]!)) > 0;
}

/** What a confusion matrix sums up to. */
export function countsOf(confusion: Confusion | ClassCounts): ClassCounts {
  if ('hits' in confusion) return confusion;
  return {
    support: confusion.map(sum),
    predicted: confusion.map((_, k) => sum(confusion.map((row) => row[k]!))),
    hits: confusion.map((row, k) => row[k]!),
  };
}

/** The share of samples, or places in them, whose class is predicted right. */
export function accuracyOf(confusion: Confusion | ClassCounts): number {
  const { hits, support } = countsOf(confusion);
  return sum(Array.from(hits)) / sum(Array.from(support));
}

/** Which classes a score is of. */
export interface Averaging {
  /** One class. */
  readonly of?: string | undefined;
  /** All that occur; `weighted`: by their samples; `micro`: all samples together, the accuracy. */
  readonly mean?: 'macro' | 'weighted' | 'micro' | undefined;
}

/**
 * A score of one class, or its mean over those that occur, as scikit-learn averages them. Left open, it is that of the
 * second of two classes (average='binary', pos_label=1), and the macro mean of more.
 */
export function averageScore(
  score: 'precision' | 'recall' | 'f1',
  { confusion, classes }: { readonly confusion: Confusion | ClassCounts; readonly classes: readonly string[] },
  { of, mean: kind }: Averaging,
): number {
  if (kind === 'micro') return accuracyOf(confusion);
  const counts = countsOf(confusion);
  const all = classScores(counts);
  const one = of ?? (kind === undefined && classes.length === 2 ? classes[1]! : undefined);
  if (one !== undefined) return all[classes.indexOf(one)]![score];
  const counted = all.filter(({ support }, k) => support + counts.predicted[k]! > 0);
  const weights = counted.map(({ support }) => (kind === 'weighted' ? support : 1));
  return sum(counted.map((scores, i) => scores[score] * weights[i]!)) / sum(weights);
}

/** The scores of each class. */
export function classScores(confusion: Confusion | ClassCounts): readonly Scores[] {
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const counts = countsOf(confusion);
  return Array.from(counts.support, (support, k) => {
    const [predicted, hits] = [counts.predicted[k]!, counts.hits[k]!];
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, predicted + support),
      support,
    };
  });
}

/** The mean, over samples of classes in order, of something of how many classes above the right one is predicted. */
export function meanDistance(confusion: Confusion, of: (classes: number) => number): number {
  const apart = confusion.flatMap((row, actual) => row.map((count, predicted) => count * of(predicted - actual)));
  return sum(apart) / sum(confusion.flat());
}
