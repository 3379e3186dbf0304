import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { Evaluation } from '../base/results.ts';
import type { SampleNoun } from '../base/events.ts';
import { showMeasure } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { ReportInput } from '../charts/report.ts';
import type { TrainOutcome } from '../stages/train-outcome.ts';
import { userName } from '../tracking/store/local-store.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hideInFile } from '../language/syntax/hide-in-file.ts';
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
    best: number | undefined;
    kept: ReportInput['run']['kept'];
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
  const taken = kept.map(({ stage, runId }) => `${stage}: kept from run \`${runId}\``);
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
