import { sizeOf } from '../base/tensor-shape.ts';
import type { ReconstructionResult } from '../base/results.ts';
import type { Batch } from '../datasets/batches.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import type { OutputEvaluation } from '../training/evaluator.ts';
import type { NumberSums } from '../training/metric-row.ts';
import { SummedNumbers } from '../training/number-metrics.ts';

/** How far what a model says of its own input is from that. */
export interface JudgedReconstruction extends Pick<ReconstructionResult, 'errors' | 'rows' | 'predicted'> {
  readonly sums: NumberSums['sums'];
}

/** Samples of which all is kept that is said of them: a row of pictures. */
const shown = 8;

/** Follows what is said of inputs batch by batch, and keeps of each sample its error alone. */
export class ReconstructionJudge {
  readonly #size: number;
  readonly #errors: Float64Array;
  readonly #summed = new SummedNumbers();
  readonly #rows: readonly number[];
  readonly #predicted: Float32Array;

  /** @param rows samples that will come */
  constructor({ shape }: TargetSpec, rows: number) {
    this.#size = sizeOf(shape);
    this.#errors = new Float64Array(rows);
    const count = Math.min(shown, rows);
    // From all over the data, which may stand in the order of its classes.
    this.#rows = Array.from({ length: count }, (_, k) => Math.floor((k * rows) / count));
    this.#predicted = new Float32Array(count * this.#size);
  }

  /** @param done samples of the batches before */
  add({ predicted, there }: OutputEvaluation, actual: Batch['y'][number], done: number): void {
    const size = this.#size;
    const each = there === undefined ? 1 : predicted.length / there.length;
    for (let sample = 0; sample * size < predicted.length; sample++) {
      let [sum, counted] = [0, 0];
      for (let i = sample * size; i < (sample + 1) * size; i++) {
        if (there?.[Math.floor(i / each)] === 0) continue;
        this.#summed.add(predicted[i]!, actual[i]!);
        sum += (predicted[i]! - actual[i]!) ** 2;
        counted++;
      }
      this.#errors[done + sample] = sum / counted;
      const place = this.#rows.indexOf(done + sample);
      if (place >= 0) this.#predicted.set(predicted.subarray(sample * size, (sample + 1) * size), place * size);
    }
  }

  judged(): JudgedReconstruction {
    return { errors: this.#errors, rows: this.#rows, predicted: this.#predicted, sums: this.#summed.sums() };
  }
}
