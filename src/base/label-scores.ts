import type { ClassIndices } from './class-indices.ts';
import { type Averaging, type Confusion, type Scores, classScores, mean, sum } from './class-scores.ts';

/** What is right and what is predicted of several labels at once: a 0 or 1 for each label of each sample. */
export interface LabelMarks {
  readonly labels: readonly string[];
  /** [samples, labels] */
  readonly actual: ClassIndices;
  /** [samples, labels] */
  readonly predicted: ClassIndices;
}

/** For each label, samples without and with it, as `confusion[actual][predicted]`. */
function labelConfusions({ labels, actual, predicted }: LabelMarks): readonly Confusion[] {
  const all = labels.map(() => [
    [0, 0],
    [0, 0],
  ]);
  actual.forEach((mark, i) => all[i % labels.length]![mark]![predicted[i]!]!++);
  return all;
}

/** The scores of each label, as a class of two; all 0 where none has it and none is said to. */
export function labelScores(marks: LabelMarks): readonly Scores[] {
  return labelConfusions(marks).map((confusion) => classScores(confusion)[1]!);
}

/**
 * A score of one label, or its mean over all, as scikit-learn averages them with `zero_division=0`; `micro`: of all
 * labels together. Left open, it is the macro mean.
 */
export function averageLabelScore(
  score: 'precision' | 'recall' | 'f1',
  marks: LabelMarks,
  { of, mean: kind }: Averaging,
): number {
  if (kind === 'micro') {
    const added = labelConfusions(marks).reduce((all, one) => all.map((row, k) => row.map((n, j) => n + one[k]![j]!)));
    return classScores(added)[1]![score];
  }
  const all = labelScores(marks);
  if (of !== undefined) return all[marks.labels.indexOf(of)]![score];
  if (kind !== 'weighted') return mean(all.map((scores) => scores[score]));
  const samples = sum(all.map(({ support }) => support));
  return samples === 0 ? 0 : sum(all.map((scores) => scores[score] * scores.support)) / samples;
}

/** The share of the samples of which every label is predicted right. */
export function subsetAccuracy({ labels: { length }, actual, predicted }: LabelMarks): number {
  const samples = actual.length / length;
  let right = 0;
  for (let row = 0; row < samples; row++) {
    const own = predicted.subarray(row * length, (row + 1) * length);
    if (own.every((mark, k) => mark === actual[row * length + k])) right++;
  }
  return right / samples;
}
