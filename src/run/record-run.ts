import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Evaluation, OutputResult } from '../base/results.ts';
import type { RunEvent, SampleNoun } from '../base/events.ts';
import { writeFileAtomic } from '../base/files.ts';
import { showMeasure } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { type SavedModel, modelFiles, writeModel } from '../layers/save-model.ts';
import { userName } from '../tracking/store/local-store.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
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
