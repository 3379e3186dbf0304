import { sizeOf } from '../base/tensor-shape.ts';
import { type Evaluation, type OutputResult, evaluationForm } from '../base/results.ts';
import { intervalMetrics } from '../base/sample-intervals.ts';
import { object, such } from '../base/json-form.ts';
import { showMeasure } from '../base/quantities.ts';
import { section } from '../cache/fingerprints.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { metricsOf } from '../language/pipeline.ts';
import { layerRow } from '../layers/layers.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { allMaskedInTest } from './all-masked.ts';
import { evaluate } from './evaluate.ts';
import { type GoldenRows, goldenForm, goldenRows } from './golden-rows.ts';
import { learntNothing } from './learnt-nothing.ts';
import { loadStage } from './load-stage.ts';
import { recordEvaluation } from './record-evaluation.ts';
import type { Stage } from './stage.ts';
import { trainStage } from './train-stage.ts';

/** What is kept of an evaluation: also what proves that another program computes the same model. */
export interface EvaluateOutcome extends Evaluation {
  readonly golden: GoldenRows;
}

const withGolden = object({ golden: goldenForm });

/** Measures the model on the test split. */
export const evaluateStage: Stage<'evaluate', EvaluateOutcome> = {
  name: 'evaluate',
  dependsOn: {
    evaluate: section('evaluate', 'what is measured', { withoutEffect: { require: 'what a run must reach' } }),
  },
  needs: [loadStage, trainStage],
  usesEngine: true,
  form: (checked) => {
    const form = such(evaluationForm, isOf(checked));
    const golden = such(withGolden, isGoldenOf(checked));
    return (value) => form(value) ?? golden(value);
  },
  run: async ({ checked: { pipeline, plan }, live, data, signal, outcomeOf }) => {
    const { dataset } = await data();
    const { evaluator, model } = live.trained!;
    const evaluation = await evaluate({ evaluator, dataset, metrics: metricsOf(pipeline), signal });
    const { tf } = await loadEngine();
    const { scales } = outcomeOf(trainStage);
    const readsIndices = plan.layers.some(({ type, options }) => layerRow(type).readsIndices?.(options) !== undefined);
    const { seed } = pipeline;
    return {
      ...evaluation,
      golden: await goldenRows({ tf, model, scales, dataset, evaluation, readsIndices, seed }),
    };
  },
  summarize: ({ metrics }) =>
    Object.entries(metrics)
      .map(([name, value]) => `${name} ${showMeasure(value)}`)
      .join(', '),
  record: (evaluation, { run, emit, result, checkpoints }) => {
    // A trial is over before anything is learnt.
    const learnt = checkpoints === undefined ? [] : learntNothing(evaluation);
    for (const diagnostic of [...allMaskedInTest(evaluation), ...learnt]) emit({ type: 'diagnostic', diagnostic });
    Object.assign(result.metrics, evaluation.metrics, intervalMetrics(evaluation));
    recordEvaluation(run, evaluation);
  },
  estimate: ({ seconds, samples }) => samples.test * seconds.evaluation,
};

/** Whether golden rows are of a pipeline's inputs and targets. */
function isGoldenOf({ plan: { dataset } }: CheckedPipeline): (outcome: { readonly golden: GoldenRows }) => boolean {
  const namesOf = (parts: readonly { readonly name: string }[]) => JSON.stringify(parts.map(({ name }) => name));
  return ({ golden: { inputs, outputs, labels } }) =>
    namesOf(inputs) === namesOf(dataset.inputs) &&
    inputs.every(({ shape }, k) => String(shape.slice(1)) === String(dataset.inputs[k]!.shape)) &&
    [outputs, labels].every((parts) => namesOf(parts) === namesOf(dataset.targets));
}

/** Whether an evaluation is of a pipeline's targets and its test samples. */
function isOf({ plan: { dataset, samples } }: CheckedPipeline): (evaluation: Evaluation) => boolean {
  const { targets } = dataset;
  return ({ outputs }) =>
    outputs.length === targets.length &&
    outputs.every((output, k) => {
      const { name, shape } = targets[k]!;
      const kind = isReconstruction(targets[k]!) ? 'reconstruction' : targets[k]!.kind;
      const isOfTarget = output.kind === kind && output.name === name && String(output.shape) === String(shape);
      return (
        isOfTarget &&
        (output.kind === 'reconstruction'
          ? output.errors.length === samples.test
          : output.actual.length === samples.test * sizeOf(shape)) &&
        JSON.stringify(namesOf(output)) === JSON.stringify(namesOf(targets[k]!))
      );
    });
}

/** Classes, and the labels of which there may be several at once. */
function namesOf(of: OutputResult | TargetSpec): readonly unknown[] {
  if (of.kind !== 'class') return [];
  return [of.classes, of.several && 'labels' in of.several ? of.several.labels : of.several];
}
