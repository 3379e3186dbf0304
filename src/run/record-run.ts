import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { DataFile } from '../datasets/data-file.ts';
import type { Evaluation, OutputResult } from '../base/results.ts';
import type { RunEvent, SampleNoun } from '../base/events.ts';
import { writeFileAtomic } from '../base/files.ts';
import { anything, type Form, list, object, record, such, text, whole } from '../base/json-form.ts';
import { showMeasure } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { type SavedModel, modelFiles, writeModel } from '../layers/save-model.ts';
import type { LoadedData } from '../stages/load.ts';
import { userName } from '../tracking/store/local-store.ts';
import { input as datasetInput } from '../tracking/server/journal-lines.ts';
import type { DatasetInput, TrackedRun } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hideInFile } from '../language/syntax/hide-in-file.ts';
import type { KeptOutcomes } from './kept-outcomes.ts';
import type { TrainOutcome } from './outcomes.ts';
import { paramsOf } from './written-params.ts';
import { readGitHead } from './read-git-head.ts';
import { type Trial, describeTrial } from './trial.ts';
import { version } from '../base/version.ts';

/** What a run is tagged with from its first moment, by MLflow's names where it has one. @param engine see nameEngine */
export function runTags(file: string, engine: string): Record<string, string> {
  return {
    'mlflow.source.name': file,
    'mlflow.source.type': 'LOCAL',
    'mlflow.user': userName(),
    ...gitTags(dirname(file)),
    'pipeline.layerline': version,
    'pipeline.engine': engine,
    'pipeline.node': process.version,
    'pipeline.platform': `${process.platform} ${process.arch}`,
  };
}

function gitTags(folder: string): Record<string, string> {
  const head = readGitHead(folder);
  return head === undefined ? {} : { 'mlflow.source.git.commit': head.commit, 'mlflow.source.git.branch': head.branch };
}

/** The file as written, what was set over it, the file as resolved, and what was set of it as params. */
export function recordConfiguration(run: TrackedRun, checked: CheckedPipeline): void {
  const { source, settings, resolved } = checked;
  writeArtifact(run, 'config/pipeline.yaml', hideInFile(source.text));
  writeArtifact(run, 'config/resolved.yaml', stringify(hideSecretsIn(resolved)));
  if (settings.length > 0) run.tags({ 'pipeline.set': settings.join('\n') });
  run.params(paramsOf(checked));
}

/** The data that was read, with what proves which it was. */
export interface DataRecord {
  readonly summary: string;
  readonly files: readonly DataFile[];
  readonly inputs: readonly DatasetInput[];
  /** What the model's inputs are made from, for who uses it. */
  readonly preparation: Readonly<Record<string, unknown>>;
}

/** What a record of data has to say. */
export const dataRecordForm: Form<DataRecord> = object({
  summary: text(),
  files: list(object({ name: text(), sha256: text(/^[0-9a-f]{64}$/), bytes: whole })),
  inputs: list(such(datasetInput, ({ digest }) => /^[0-9a-f]{36}$/.test(digest))),
  preparation: record(anything),
});

/** What is recorded of data. */
export function describeData({ dataset, split }: LoadedData): DataRecord {
  const files = hideSecretsIn(dataset.files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })));
  const { inputs, targets } = hideSecretsIn({ inputs: dataset.spec.inputs, targets: dataset.spec.targets });
  const part = (context: DatasetInput['context'], count: number, rows: Uint32Array | undefined): DatasetInput => ({
    name: dataset.name,
    // MLflow takes 36 characters at most; the rows are part of what was trained on.
    digest: createHash('sha256')
      .update(JSON.stringify(files))
      .update(context)
      .update(rows ?? new Uint32Array())
      .digest('hex')
      .slice(0, 36),
    sourceType: 'local',
    source: JSON.stringify({ files }),
    schema: JSON.stringify({ inputs, targets }),
    profile: JSON.stringify({ samples: count }),
    context,
  });
  return {
    summary: `${dataset.name}: ${split.train.length} training, ${split.validation.length} validation, ${dataset.test.count} test samples`,
    files,
    preparation: {
      inputs: dataset.spec.inputs,
      targets: dataset.spec.targets,
      // Evaluation comes in batches that go by these.
      samples: { train: split.train.length, validation: split.validation.length, test: dataset.test.count },
      ...(dataset.preparation === undefined ? {} : { preparation: dataset.preparation }),
    },
    inputs: [
      part('training', split.train.length, split.train),
      ...(split.validation.length === 0 ? [] : [part('validation', split.validation.length, split.validation)]),
      part('test', dataset.test.count, undefined),
    ],
  };
}

/** What a model predicts, with what its numbers were standardized by for training: in the model that is saved they are in their own unit. */
export function describeTargets(targets: readonly TargetSpec[], scales: TrainOutcome['scales']): readonly object[] {
  return targets.map((target, k) => (scales[k] ? { ...target, standardized: scales[k] } : target));
}

/** The data, as MLflow's dataset inputs have it, and the hash of each file. */
export function recordData(run: TrackedRun, { files, inputs }: DataRecord): void {
  run.inputs(inputs);
  run.tags(Object.fromEntries(files.map(({ name, sha256 }) => [`data.sha256.${name}`, sha256])));
}

/** The metrics of a training that was kept, as if they came now. */
export function recordTraining(run: TrackedRun, { step, end }: TrainOutcome, epochs: number): void {
  recordEvent(run, { type: 'step-chosen', step });
  for (const epoch of end?.state.progress.finished ?? [])
    recordEvent(run, { type: 'epoch-finished', epochs, ...epoch });
}

/** What the tracker keeps of the events; the rest is for whoever looks on. */
export function recordEvent(run: TrackedRun, event: RunEvent): void {
  const timestamp = Date.now();
  const metrics = (values: Readonly<Record<string, number>>, step: number) =>
    run.metrics(Object.entries(values).map(([key, value]) => ({ key, value, step, timestamp })));
  // Under `system/`, which MLflow shows in a tab of its own: what a run costs would stand before what it learns.
  switch (event.type) {
    case 'epoch-finished':
      metrics({ ...event.metrics, 'system/samples_per_second': event.samplesPerSecond }, event.epoch);
      break;
    case 'stage-finished':
      metrics({ [`system/seconds_${event.stage}`]: event.seconds }, 0);
      break;
    case 'stage-skipped':
      run.tags({ [`pipeline.cached.${event.stage}`]: event.runId });
      break;
    case 'step-chosen':
      run.tags({ 'pipeline.step': event.step });
      break;
    case 'training-resumed':
      run.tags({ 'pipeline.error': '' });
      break;
    case 'artifact':
      run.artifact(event.path);
      break;
    default:
  }
}

/** The epoch whose weights the model has, where that is the best: MLflow shows the newest value of a metric, which is not the model's then. */
export function recordBest(run: TrackedRun, best: number | undefined): void {
  if (best !== undefined) run.tags({ best_epoch: String(best) });
}

/** The trained model. */
export function recordModel(run: TrackedRun, model: SavedModel, metadata: Readonly<Record<string, unknown>>): void {
  writeModel(join(run.artifactDirectory, 'model'), model, hideSecretsIn(metadata));
  for (const file of modelFiles) run.artifact(`model/${file}`);
  run.tags({ 'pipeline.weights_sha256': String(metadata['weightsSha256']) });
}

/** What evaluation found. */
export function recordEvaluation(run: TrackedRun, { metrics, outputs }: Evaluation): void {
  const timestamp = Date.now();
  run.metrics(Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp })));
  writeArtifact(
    run,
    'evaluation/evaluation.json',
    JSON.stringify(hideSecretsIn({ metrics, outputs: outputs.map(summaryOf) }), null, 1),
  );
}

/** A table for the run's page in the MLflow UI. */
export function recordSummary(
  run: TrackedRun,
  {
    evaluation,
    trained: { history, epoch, samplesPerSecond },
    trial,
    best,
    kept,
    samples,
  }: {
    evaluation: Evaluation;
    trained: TrainOutcome;
    trial: Trial | undefined;
    best?: number;
    kept: KeptOutcomes;
    samples: SampleNoun;
  },
): void {
  const rows = Object.entries({
    ...history[epoch - 1],
    ...evaluation.metrics,
    [`${samples}/s`]: Math.round(samplesPerSecond),
  });
  const table = rows.map(([name, value]) => `| ${name} | ${Number.isInteger(value) ? value : showMeasure(value)} |`);
  const tried = trial === undefined ? [] : [`a trial with ${describeTrial(trial)}`];
  const chosen = best === undefined ? [] : [`weights and values of epoch ${best} of ${history.length}, the best`];
  const taken = Object.entries(kept.found).map(([stage, { runId }]) => `${stage}: kept from run \`${runId}\``);
  run.tags({
    'mlflow.note.content': [
      '| metric | value |',
      '|---|---|',
      ...table,
      '',
      ...[...tried, ...chosen, ...taken].map((line) => `- ${line}`),
      '',
      'The whole report: `report.html` under Artifacts.',
    ].join('\n'),
  });
}

function writeArtifact(run: TrackedRun, path: string, text: string): void {
  writeFileAtomic(join(run.artifactDirectory, path), text);
  run.artifact(path);
}

/** An output's result without what it says of each sample. */
function summaryOf(result: OutputResult): object {
  const { kind, name, shape } = result;
  return result.kind === 'number'
    ? { kind, name, shape }
    : { kind, name, shape, classes: result.classes, confusion: result.confusion, perClass: result.perClass };
}
