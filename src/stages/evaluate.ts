import type { Predictions } from '../training/metric-row.ts';
import { type Evaluation, type OutputResult, whereThere } from '../base/results.ts';
import { type ClassIndices, fewClasses } from '../base/class-indices.ts';
import type { Chosen } from '../base/row.ts';
import { type BatchSource, firstRows } from '../datasets/batch-source.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import { type ClassCounts, type Confusion, classScores } from '../base/class-scores.ts';
import { labelScores } from '../base/label-scores.ts';
import { epochMetrics } from '../training/epoch-metrics.ts';
import { measure } from '../training/metrics.ts';
import type { Evaluator } from '../training/evaluator.ts';
import { type JudgedOutput, evaluateRows } from './evaluate-rows.ts';

/** What the evaluate stage is told. */
export interface EvaluateInput {
  readonly evaluator: Evaluator;
  readonly dataset: Pick<Dataset<BatchSource>, 'spec' | 'test'>;
  /** Each measures the outputs that it fits. */
  readonly metrics: readonly Chosen[];
  readonly signal: AbortSignal;
}

/** Measures the model on the test split. */
export async function evaluate({ evaluator, dataset, metrics, signal }: EvaluateInput): Promise<Evaluation> {
  const { spec, test } = dataset;
  const rows = firstRows(test.count);
  const start = performance.now();
  const judged = await evaluateRows(evaluator, { targets: spec.targets, source: test, rows }, signal);
  const msPerSample = (performance.now() - start) / rows.length;
  const results = judged.outputs.map(resultOf);
  const naive = (test.baselines ?? []).flatMap(({ name, values: forecast }) =>
    judged.outputs.flatMap(({ target, actual }, k) =>
      metrics.flatMap((metric) => {
        if (target.kind !== 'number' || isReconstruction(target)) return [];
        const outcome = { kind: 'number', actual: actual as Float64Array, predicted: forecast(k) } as const;
        return Object.entries(measure(metric, outcome)).map(
          ([key, value]) => [`${judged.outputs.length > 1 ? `${target.name}_` : ''}${key}_${name}`, value] as const,
        );
      }),
    ),
  );
  const losses = Object.entries(epochMetrics(judged)).filter(([name]) => name.endsWith('loss'));
  const several = results.length > 1;
  const values = judged.outputs.flatMap((output, k) => {
    const outcome = outcomeOf(output, results[k]!);
    return metrics.flatMap((metric) =>
      Object.entries(measure(metric, outcome)).map(
        ([name, value]) => [`${several ? `${output.target.name}_` : ''}${name}`, value] as const,
      ),
    );
  });
  return {
    metrics: Object.fromEntries([...losses, ...values, ...naive].map(([name, value]) => [`test_${name}`, value])),
    outputs: results,
    msPerSample,
  };
}

function resultOf({ target, actual, predicted, confidence, there, reconstruction }: JudgedOutput): OutputResult {
  const { name, shape } = target;
  if (reconstruction !== undefined) {
    const { sums: _, ...kept } = reconstruction;
    return { kind: 'reconstruction', name, shape, ...kept };
  }
  if (target.kind === 'number')
    return {
      kind: 'number',
      name,
      shape,
      actual: actual as Float64Array,
      predicted: predicted as Float64Array,
      ...(there && { there }),
    };
  const { classes, several, tokens } = target;
  const labels = { actual: actual as ClassIndices, predicted: predicted as ClassIndices };
  const counted = {
    actual: whereThere(labels.actual, there),
    predicted: whereThere(labels.predicted, there),
  };
  const confusion = confusionOf(classes.length, counted);
  const names = several?.labels ?? classes;
  const scored = several === undefined ? classScores(confusion) : labelScores({ labels: several.labels, ...counted });
  const perClass = scored.map((scores, k) => ({ name: names[k]!, ...scores }));
  return {
    kind: 'class',
    name,
    shape,
    classes,
    ...(several && { several: several.labels }),
    ...(tokens && { tokens }),
    ...('hits' in confusion ? {} : { confusion }),
    perClass,
    ...labels,
    confidence,
    ...(there && { there }),
  };
}

/** How often each class is taken for each; of more than 256, whose pairs would be millions, what that sums up to. */
function confusionOf(
  classes: number,
  { actual, predicted }: { readonly actual: ClassIndices; readonly predicted: ClassIndices },
): Confusion | ClassCounts {
  if (classes <= fewClasses) {
    const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
    predicted.forEach((label: number, i: number) => confusion[actual[i]!]![label]!++);
    return confusion;
  }
  const counts = {
    support: new Float64Array(classes),
    predicted: new Float64Array(classes),
    hits: new Float64Array(classes),
  };
  predicted.forEach((label: number, i: number) => {
    counts.support[actual[i]!]!++;
    counts.predicted[label]!++;
    if (actual[i] === label) counts.hits[label]!++;
  });
  return counts;
}

/** What metrics are computed from. */
export function outcomeOfOutput(output: JudgedOutput): Predictions {
  return outcomeOf(output, resultOf(output));
}

function outcomeOf({ target, probabilities, ranks, reconstruction }: JudgedOutput, result: OutputResult): Predictions {
  if (result.kind === 'reconstruction') return { kind: 'number', sums: reconstruction!.sums };
  const counted = <V extends ClassIndices | Float32Array | Float64Array>(values: V) => whereThere(values, result.there);
  if (result.kind === 'number')
    return { kind: 'number', actual: counted(result.actual), predicted: counted(result.predicted) };
  return {
    kind: 'class',
    classes: result.classes,
    confusion:
      result.confusion ??
      confusionOf(result.classes.length, { actual: counted(result.actual), predicted: counted(result.predicted) }),
    labels: counted(result.actual),
    probabilities: counted(probabilities),
    ranks: counted(ranks),
    ...(target.kind === 'class' && target.ordinal && { ordinal: true }),
    ...(result.several && {
      several: { labels: result.several, actual: counted(result.actual), predicted: counted(result.predicted) },
    }),
  };
}
