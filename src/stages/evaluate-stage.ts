import { sizeOf } from '../base/tensor-shape.ts';
import { type Evaluation, evaluationForm } from '../base/results.ts';
import { object, such } from '../base/json-form.ts';
import { showMeasure } from '../base/quantities.ts';
import { section } from '../cache/fingerprints.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { metricsOf } from '../language/pipeline.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { allMaskedInTest } from './all-masked.ts';
import { evaluate } from './evaluate.ts';
import { type GoldenRows, goldenForm, goldenRows } from './golden-rows.ts';
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
  dependsOn: { evaluate: section('evaluate', 'what is measured') },
  needs: [loadStage, trainStage],
  usesEngine: true,
  form: (checked) => {
    const form = such(evaluationForm, isOf(checked));
    return (value) => form(value) ?? withGolden(value);
  },
  run: async ({ checked: { pipeline }, live, data, signal, outcomeOf }) => {
    const { dataset } = await data();
    const { evaluator, model } = live.trained!;
    const evaluation = await evaluate({ evaluator, dataset, metrics: metricsOf(pipeline), signal });
    const { tf } = await loadEngine();
    const { scales } = outcomeOf(trainStage);
    return {
      ...evaluation,
      golden: await goldenRows({ tf, model, scales, dataset, evaluation, seed: pipeline.seed }),
    };
  },
  summarize: ({ metrics }) =>
    Object.entries(metrics)
      .map(([name, value]) => `${name} ${showMeasure(value)}`)
      .join(', '),
  record: (evaluation, { run, emit, result }) => {
    for (const diagnostic of allMaskedInTest(evaluation)) emit({ type: 'diagnostic', diagnostic });
    Object.assign(result.metrics, evaluation.metrics);
    recordEvaluation(run, evaluation);
  },
  estimate: ({ seconds, samples }) => samples.test * seconds.evaluation,
};

/** Whether an evaluation is of a pipeline's targets and its test samples. */
function isOf({ plan: { dataset, samples } }: CheckedPipeline): (evaluation: Evaluation) => boolean {
  const { targets } = dataset;
  return ({ outputs }) =>
    outputs.length === targets.length &&
    outputs.every((output, k) => {
      const { kind, name, shape } = targets[k]!;
      const isOfTarget = output.kind === kind && output.name === name && String(output.shape) === String(shape);
      return (
        isOfTarget &&
        output.actual.length === samples.test * sizeOf(shape) &&
        classesOf(output) === classesOf(targets[k]!)
      );
    });
}

const classesOf = (of: object) => ('classes' in of ? JSON.stringify(of.classes) : '');
