import { setImmediate } from 'node:timers/promises';
import { roomForIndices } from '../base/class-indices.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Batch } from '../datasets/batches.ts';
import type { TargetSpec, TargetValues } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import type { OutputScore } from '../training/epoch-metrics.ts';
import type { ClassValues } from '../training/loss.ts';
import type { Evaluator, OutputEvaluation } from '../training/evaluator.ts';
import { type JudgedReconstruction, ReconstructionJudge } from './judge-reconstruction.ts';

/** What the model says of some rows. */
export interface Judged {
  /**
   * Mean over the rows, of all outputs together; of those with a mask, over all places that are there, whatever batches
   * they came in.
   */
  readonly loss: number;
  readonly outputs: readonly JudgedOutput[];
}

/** What one output says of some rows, row by row and place by place. */
export interface JudgedOutput extends OutputScore {
  /** Indices of classes, or numbers. */
  readonly predicted: TargetValues;
  /** What is right. */
  readonly actual: TargetValues;
  /** Under a mask: 1 for each of these that counts, 0 for those that are left out. */
  readonly there?: Uint8Array;
  /** Of classes: probability of the one that is predicted. */
  readonly confidence: Float32Array;
  /** Of classes, where the evaluator gives them: probabilities of all, [places, classes]. */
  readonly probabilities: Float32Array;
  /** The same of what samples are ranked by. */
  readonly ranks: Float32Array;
  /** Of a target that is the input: all that is kept of it, as `predicted` and `actual` are empty then. */
  readonly reconstruction?: JudgedReconstruction;
}

/** What is evaluated: some samples of a source, and its targets. */
export interface EvaluatedRows {
  readonly targets: readonly TargetSpec[];
  readonly source: BatchSource;
  readonly rows: Uint32Array;
}

/**
 * Lets the model say what it makes of these rows.
 *
 * @param tell told after each batch how many are done
 * @throws the signal's reason when it is aborted
 */
export async function evaluateRows(
  evaluator: Evaluator,
  { targets, source, rows }: EvaluatedRows,
  signal: AbortSignal,
  tell?: (done: number) => void,
): Promise<Judged> {
  const collectors = targets.map((target) => new Collector(target, rows.length));
  let [loss, done] = [0, 0];
  for await (const batch of source.batches({ rows, size: evaluator.evaluationBatch })) {
    const result = evaluator.evaluate(batch);
    loss += sum(result.loss);
    collectors.forEach((collector, k) =>
      collector.add({ loss: result.loss, ...result.outputs[k]! }, { actual: batch.y[k]!, done, count: batch.count }),
    );
    done += batch.count;
    tell?.(done);
    await setImmediate();
    signal.throwIfAborted();
  }
  const outputs = collectors.map((collector) => collector.judged());
  const masked = outputs.map(({ there, loss: own }, k) => (there === undefined ? 0 : evaluator.lossWeights[k]! * own));
  return { loss: masked.reduce((all, own) => all + own, loss / rows.length), outputs };
}

/** The rows of a batch, for one target. */
interface CollectedRows {
  readonly actual: Batch['y'][number];
  readonly count: number;
  /** Rows of the batches before. */
  readonly done: number;
}

/** Gathers what one output says of batch after batch. */
class Collector {
  private readonly target: TargetSpec;
  private readonly rows: number;
  private readonly actual: TargetValues;
  private readonly predicted: TargetValues;
  private readonly confidence: Float32Array;
  private readonly ofClasses: Record<ClassValues, Float32Array> = {
    probabilities: new Float32Array(),
    ranks: new Float32Array(),
  };
  private readonly judge: ReconstructionJudge | undefined;
  private there: Uint8Array | undefined;
  /** Places that the loss is of. */
  private places = 0;
  private loss = 0;

  constructor(target: TargetSpec, rows: number) {
    this.judge = isReconstruction(target) ? new ReconstructionJudge(target, rows) : undefined;
    const places = this.judge === undefined ? rows * sizeOf(target.shape) : 0;
    const room = () =>
      target.kind === 'class' ? roomForIndices(target.classes.length, places) : new Float64Array(places);
    [this.target, this.rows, this.actual, this.predicted] = [target, rows, room(), room()];
    this.confidence = new Float32Array(target.kind === 'class' ? places : 0);
  }

  add(output: OutputEvaluation, { actual, done, count }: CollectedRows): void {
    const { loss, there, predicted, confidence, ...given } = output;
    const size = sizeOf(this.target.shape);
    this.loss += sum(loss!);
    this.places += there === undefined ? count : there.reduce((all, one) => all + one, 0);
    if (this.judge !== undefined) {
      this.judge.add(output, actual, done);
      return;
    }
    if (there !== undefined) {
      this.there ??= new Uint8Array(this.actual.length);
      // A place may have several numbers.
      const each = predicted.length / there.length;
      for (let i = 0; i < predicted.length; i++) this.there[done * size + i] = there[Math.floor(i / each)]!;
    }
    this.actual.set(actual, done * size);
    this.predicted.set(predicted, done * size);
    if (confidence !== undefined) this.confidence.set(confidence, done * size);
    for (const name of ['probabilities', 'ranks'] as const) {
      const values = given[name];
      if (values === undefined) continue;
      const each = values.length / count;
      if (done === 0) this.ofClasses[name] = new Float32Array(this.rows * each);
      this.ofClasses[name].set(values, done * each);
    }
  }

  judged(): JudgedOutput {
    const { target, actual, predicted, confidence, there, ofClasses } = this;
    const apart =
      target.kind === 'class'
        ? (i: number) => Number(predicted[i] === actual[i])
        : (i: number) => Math.abs(predicted[i]! - actual[i]!);
    let [score, counted] = [0, 0];
    for (let i = 0; i < actual.length; i++) {
      if (there?.[i] === 0) continue;
      score += apart(i);
      counted++;
    }
    const reconstruction = this.judge?.judged();
    if (reconstruction !== undefined) [score, counted] = [reconstruction.sums.absolute, reconstruction.sums.count];
    // Where nothing is there, nothing is lost, as in Keras.
    return {
      target,
      loss: this.loss / Math.max(1, this.places),
      score: score / counted,
      ...(reconstruction && { reconstruction }),
      actual,
      predicted,
      confidence,
      ...(there && { there }),
      ...ofClasses,
    };
  }
}

function sum(values: Float32Array): number {
  return values.reduce((all, value) => all + value, 0);
}
