import { showCount, showMeasure } from '../base/quantities.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import { countsAt, isWholeText } from '../datasets/texts/whole-texts.ts';
import type { PredictedRow } from './predictor.ts';

/** Counts what is predicted right, of the rows that say what is. */
export class Scores {
  private readonly targets: readonly TargetSpec[];
  private readonly sums: { score: number; counted: number }[];

  constructor(targets: readonly TargetSpec[]) {
    this.targets = targets;
    this.sums = targets.map(() => ({ score: 0, counted: 0 }));
  }

  add({ values, actual, prediction }: PredictedRow): void {
    for (const [k, { name }] of this.targets.entries()) {
      const error = prediction?.error?.[name];
      if (error === undefined) continue;
      this.sums[k]!.score += error;
      this.sums[k]!.counted++;
    }
    if (values === undefined || actual === undefined) return;
    for (const [k, target] of this.targets.entries()) {
      const [right, sum] = [actual[k], this.sums[k]!];
      const { predicted, there } = values[k]!;
      if (right === undefined) continue;
      for (let i = 0; i < right.length; i++) {
        if (there?.[Math.floor((i * there.length) / right.length)] === 0) continue;
        if (isWholeText(target) && !countsAt(right, i, right.length)) continue;
        sum.score += target.kind === 'class' ? Number(predicted[i] === right[i]) : Math.abs(predicted[i]! - right[i]!);
        sum.counted++;
      }
    }
  }

  /** `label: accuracy 0.9593 (9593 of 10000)`: a line for each target of which something is known. */
  lines(): readonly string[] {
    return this.targets.flatMap((target, k) => {
      const { kind, name } = target;
      const { score, counted } = this.sums[k]!;
      if (counted === 0) return [];
      const mean = showMeasure(score / counted);
      if (isReconstruction(target)) return [`${name}: mean squared error ${mean} (of ${showCount(counted)})`];
      return [
        kind === 'class'
          ? `${name}: accuracy ${mean} (${showCount(score)} of ${showCount(counted)})`
          : `${name}: mean absolute error ${mean} (of ${showCount(counted)})`,
      ];
    });
  }
}
