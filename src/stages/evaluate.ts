import { setImmediate } from 'node:timers/promises';
import type { Chosen } from '../base/row.ts';
import type { Evaluation } from '../charts/chart.ts';
import { gatherBatches } from '../datasets/batches.ts';
import type { Dataset, Samples } from '../datasets/dataset.ts';
import { classScores, metricRow } from '../training/metrics.ts';
import type { Runner } from '../training/runner.ts';

/** What the evaluate stage is told. */
export interface EvaluateInput {
  readonly runner: Runner;
  readonly dataset: Dataset;
  readonly metrics: readonly Chosen[];
  readonly signal: AbortSignal;
}

/** Measures the model on the test split. */
export async function evaluate({ runner, dataset, metrics, signal }: EvaluateInput): Promise<Evaluation> {
  const { test, spec } = dataset;
  const rows = Uint32Array.from({ length: test.count }, (_, i) => i);
  const { loss, predicted, confidence, probabilities } = await evaluateRows(runner, test, rows, signal);
  const { classes } = spec.labels;
  const confusion = classes.map(() => classes.map(() => 0));
  predicted.forEach((label, i) => confusion[test.labels[i]!]![label]!++);
  const values = Object.fromEntries(metrics.map(({ type, options }) => {
    const row = metricRow(type);
    return [`test_${row.label?.(options) ?? type}`, row.compute({ confusion, labels: test.labels, probabilities }, options)];
  }));
  return {
    metrics: { test_loss: loss, ...values },
    classes,
    confusion,
    perClass: classScores(confusion).map((scores, k) => ({ name: classes[k]!, ...scores })),
    predicted,
    confidence,
  };
}

/** What the model says of these rows; `loss` is the mean. `probabilities` are those of all classes, where the runner gives them. */
export async function evaluateRows(runner: Runner, samples: Samples, rows: Uint32Array, signal: AbortSignal) {
  const predicted = new Uint8Array(rows.length);
  const confidence = new Float32Array(rows.length);
  let probabilities = new Float32Array();
  let [lossSum, done] = [0, 0];
  for (const batch of gatherBatches(samples, rows, runner.evaluationBatch)) {
    const result = runner.evaluate(batch);
    predicted.set(result.predicted, done);
    confidence.set(result.confidence, done);
    if (result.probabilities !== undefined) {
      const classes = result.probabilities.length / batch.count;
      if (done === 0) probabilities = new Float32Array(rows.length * classes);
      probabilities.set(result.probabilities, done * classes);
    }
    lossSum += result.loss.reduce((sum, value) => sum + value, 0);
    done += batch.count;
    await setImmediate();
    signal.throwIfAborted();
  }
  return { loss: lossSum / rows.length, predicted, confidence, probabilities };
}
