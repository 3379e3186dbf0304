import { dirname } from 'node:path';
import { UserError, failure, misuse } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { hideSecrets } from '../base/secrets.ts';
import { intervalMetrics } from '../base/sample-intervals.ts';
import { type BatchSource, arraySource, subsetOf } from '../datasets/batch-source.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import { isReconstruction, targetingInput } from '../datasets/reconstruction.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { nameEngine } from '../engine/tensorflow.ts';
import { type Pipeline, metricsOf, wantedValues } from '../language/pipeline.ts';
import { readHeldOut } from '../models/held-out.ts';
import { type TrainedModel, loadTrainedModel } from '../models/load-trained-model.ts';
import { checkTraining } from '../plan/check-training.ts';
import { allMaskedInTest } from '../stages/all-masked.ts';
import { describePart } from '../stages/data-record.ts';
import { evaluate } from '../stages/evaluate.ts';
import { learntNothing } from '../stages/learnt-nothing.ts';
import { type LoadedData, load } from '../stages/load.ts';
import { picturesIn } from '../stages/pictures.ts';
import { recordEvaluation } from '../stages/record-evaluation.ts';
import { visualize, writeFigures } from '../stages/visualize.ts';
import type { DatasetInput, Tracker } from '../tracking/tracker.ts';
import { gatesOf, judge, pace } from '../training/gates.ts';
import { type Recorded, checkRecorded, otherData, readTrained, sourceOf, trialOf } from './check-recorded.ts';
import { runTags } from './record-run.ts';
import { limitData } from './trial.ts';

/** The parts that data is divided into. */
export const splits = ['test', 'validation', 'train'] as const;
export type SplitName = (typeof splits)[number];

/** What is evaluated, and where that is recorded. */
export interface EvaluationRequest {
  /** The folder of the model. */
  readonly folder: string;
  /** The run that trained it, or what lies beside the folder of a model that is none of a run's. */
  readonly recorded: Recorded & { readonly name: string; readonly runId?: string; readonly experiment?: string };
  /** Of the run's own data. */
  readonly split: SplitName;
  /** Other data than that: a file, or a folder. */
  readonly data?: string;
  /** As a file writes them: `accuracy, topK(5)`; left out: those of the run. */
  readonly metrics?: string;
  readonly tracker: Tracker;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Metrics as a setting over what a run recorded. */
export const metricsSetting = (metrics: string) => `evaluate.metrics=[${metrics}]`;

/** How an evaluation ended, and where it is recorded. */
export interface EvaluationOutcome {
  readonly runId: string;
  readonly artifactDirectory: string;
  readonly samples: number;
  /** `test_accuracy` and the like; of another split with that before it: `val_accuracy`, `train_accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What of `evaluate.require` it does not reach. */
  readonly failed?: UserError;
}

/** What is evaluated, in memory. */
interface Part {
  readonly name: string;
  readonly spec: DatasetSpec;
  readonly samples: BatchSource;
  readonly files: readonly DataFile[];
  /** Which of the samples of the files; left out: all, or those of the test. */
  readonly rows?: Uint32Array;
}

/**
 * Evaluates a trained model, and records that as a run of its own in the experiment of the one that trained it.
 *
 * @throws UserError where there is no such data, or the model is damaged: nothing is recorded then; the signal's reason
 */
export async function evaluateRun(request: EvaluationRequest): Promise<EvaluationOutcome> {
  const { folder, recorded, data, emit, metrics: chosen } = request;
  // Who measures something else asks for no gates.
  const settings = chosen === undefined ? [] : [metricsSetting(chosen), 'evaluate.require=null'];
  const own = data === undefined ? await ownData(request, settings) : undefined;
  const pipeline = own?.pipeline ?? readTrained(recorded, await sourceOf(recorded), settings).pipeline;
  const model = await loadTrainedModel(folder, emit, wantedValues(pipeline));
  try {
    if (data !== undefined) await proveMetrics(recorded, settings, model);
    const part = own === undefined ? await otherPart(pipeline, model, data!, request) : ownPart(own, model, request);
    return await evaluatePart(request, pipeline, model, part);
  } finally {
    model.dispose();
  }
}

interface OwnData {
  readonly pipeline: Pipeline;
  readonly loaded: LoadedData;
}

/** The data that the run names, as it divides it. */
async function ownData({ recorded, signal, split }: EvaluationRequest, settings: readonly string[]): Promise<OwnData> {
  const { pipeline, source } = await checkRecorded(recorded, settings);
  const whole = await load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source.name), signal });
  const [changed] = Object.keys(recorded.tags).length === 0 ? [] : otherData(recorded.tags, whole.dataset.files);
  if (changed !== undefined)
    throw failure(
      'other-data',
      `the run's data is no longer what it was trained on: ${changed}`,
      'Put the data back as it was; --data evaluates the model on other data.',
    );
  const trial = trialOf(recorded.tags['pipeline.trial']);
  const loaded =
    trial === undefined ? whole : limitData(whole, trial, { batchSize: pipeline.train.batchSize, seed: pipeline.seed });
  if (split === 'validation' && loaded.split.validation.length === 0)
    throw misuse('no-such-split', 'The run held back no samples for validation.', 'Evaluate --split test.');
  return { pipeline, loaded };
}

function ownPart({ loaded }: OwnData, { signature, preparation }: TrainedModel, { split }: EvaluationRequest): Part {
  const { dataset } = loaded;
  if (JSON.stringify([dataset.spec.inputs, dataset.preparation]) !== JSON.stringify([signature.inputs, preparation]))
    throw failure(
      'other-data',
      "the data that the model's pipeline names is not prepared as the model was trained on it",
      'Put the data back as it was; --data evaluates the model on other data.',
    );
  const { name, spec, files } = dataset;
  if (split === 'test') return { name, spec, files, samples: dataset.test };
  const rows = loaded.split[split];
  return { name, spec, files, rows, samples: subsetOf(dataset.train, rows) };
}

async function otherPart(
  pipeline: Pipeline,
  { signature, preparation, beside }: TrainedModel,
  data: string,
  { emit, signal }: Pick<EvaluationRequest, 'emit' | 'signal'>,
): Promise<Part> {
  const prepared = { ...signature, ...(preparation && { preparation }), ...(beside && { beside }) };
  const { samples, files, warnings } = await readHeldOut(pipeline.data.source, data, prepared, signal);
  for (const diagnostic of warnings) emit({ type: 'diagnostic', diagnostic });
  const source = arraySource(samples);
  const learnt = signature.targets.some(isReconstruction) ? targetingInput(source, signature) : source;
  return { name: pipeline.data.source.type, spec: signature, files, samples: learnt };
}

/** What was asked for must measure something of the model, as the check of its own data would say. */
async function proveMetrics(
  recorded: Recorded,
  settings: readonly string[],
  { signature: { targets } }: TrainedModel,
): Promise<void> {
  const { pipeline, rangeOf } = readTrained(recorded, await sourceOf(recorded), settings);
  const wrong = checkTraining(pipeline, { targets, validation: 1, stepsPerEpoch: 1 }, rangeOf);
  if (wrong.length > 0) throw new UserError(wrong, 2);
}

const contexts = { test: 'test', validation: 'validation', train: 'training' } as const satisfies Record<
  SplitName,
  DatasetInput['context']
>;

const prefixes: Readonly<Record<SplitName, string>> = { test: 'test_', validation: 'val_', train: 'train_' };

async function evaluatePart(
  { recorded, folder, split, data, tracker, emit, signal }: EvaluationRequest,
  pipeline: Pipeline,
  model: TrainedModel,
  part: Part,
): Promise<EvaluationOutcome> {
  const { runId: of = folder, name } = recorded;
  const { name: file } = await sourceOf(recorded);
  const what = data === undefined ? split : hideSecrets(data);
  const run = await tracker.start({
    experiment: recorded.experiment ?? pipeline.tracking.experiment ?? pipeline.name,
    runName: `${name} on ${what}`.slice(0, 250),
    startTime: Date.now(),
    tags: {
      ...runTags(file, nameEngine(await loadEngine())),
      'pipeline.evaluates': of,
      'pipeline.evaluated': what,
      // MLflow's UI shows it below that one.
      ...(recorded.runId === undefined ? {} : { 'mlflow.parentRunId': recorded.runId }),
    },
  });
  const finish = async (status: 'FINISHED' | 'FAILED' | 'KILLED') => {
    for (const diagnostic of await run.finish(status, Date.now(), signal)) emit({ type: 'diagnostic', diagnostic });
  };
  try {
    const { name: dataset, spec, files, samples, rows } = part;
    run.inputs([
      describePart(
        { name: dataset, spec, files },
        { context: contexts[split], count: samples.count, ...(rows && { rows }) },
      ),
    ]);
    const measured = await evaluate({
      evaluator: model.evaluator,
      dataset: { spec, test: samples },
      metrics: metricsOf(pipeline),
      signal,
    });
    const renamed = Object.entries(measured.metrics).map(
      ([key, value]) => [key.replace(/^test_/, prefixes[split]), value] as const,
    );
    const evaluation = { ...measured, metrics: Object.fromEntries(renamed) };
    for (const diagnostic of [...allMaskedInTest(evaluation), ...learntNothing(evaluation)])
      emit({ type: 'diagnostic', diagnostic });
    recordEvaluation(run, evaluation);
    const pictures = picturesIn({ spec, test: samples });
    const drawn = await visualize({
      chartInput: { history: [], evaluation, seed: pipeline.seed, ...(pictures === undefined ? {} : { pictures }) },
      figures: pipeline.visualize.figures,
    });
    writeFigures(drawn, run.artifactDirectory, (event) => {
      if (event.type === 'artifact') run.artifact(event.path);
    });
    const gates = split === 'test' ? gatesOf(pipeline.evaluate.require) : [];
    const { tags, failed } = judge(gates, { ...evaluation.metrics, [pace]: evaluation.msPerSample });
    run.tags({ ...tags, ...(failed === undefined ? {} : { 'pipeline.error': failed.message }) });
    await finish(failed === undefined ? 'FINISHED' : 'FAILED');
    return {
      runId: run.serverRunId ?? run.runId,
      artifactDirectory: run.artifactDirectory,
      samples: samples.count,
      metrics: { ...evaluation.metrics, ...intervalMetrics(evaluation) },
      ...(failed === undefined ? {} : { failed }),
    };
  } catch (error) {
    await finish(signal.aborted ? 'KILLED' : 'FAILED');
    throw error;
  }
}
