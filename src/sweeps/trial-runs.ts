import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Goal, TrialValues } from '../base/sweep-results.ts';
import { nameRun } from '../run/name-run.ts';
import { runFolderAt } from '../tracking/store/run-folder.ts';
import { LocalRuns } from '../tracking/store/local-runs.ts';
import { stateOf } from '../tracking/store/local-run.ts';
import { userName } from '../tracking/store/local-store.ts';
import { readMeta } from '../tracking/store/meta-yaml.ts';
import { newestOf, readRun } from '../tracking/store/read-run.ts';
import type { RunState } from '../tracking/recorded-runs.ts';
import { stateWith, sweepTags } from '../tracking/sweep-tags.ts';
import type { Metric, TrackedRun, Tracker } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { EndedEpoch } from './last-epoch.ts';

/** What the runs of a sweep are made with. */
export interface TrialPlace {
  readonly tracker: Tracker;
  readonly base: CheckedPipeline;
  /** What the sweep is called, and its identity. */
  readonly name: string;
  readonly id: string;
  /** The sweep file, and its text. */
  readonly file: string;
  readonly text: string;
}

/** The runs that an earlier driver made and may not have noted, by what their tag says. */
export async function foundRuns({ tracker, id }: TrialPlace): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const run of new LocalRuns(tracker.runsDirectory).newestFirst()) {
    if (run.tag(sweepTags.sweep) !== id) continue;
    found.set(run.tag(sweepTags.trial) ?? 'parent', `${run.experimentId}/${run.runId}`);
  }
  return found;
}

/** Makes the run that those of all trials are below. @throws UserError where it cannot be recorded */
export async function startParent({ tracker, base, name, id, file }: TrialPlace): Promise<TrackedRun> {
  const { pipeline } = base;
  return tracker.start({
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: name,
    startTime: Date.now(),
    tags: {
      [sweepTags.sweep]: id,
      'mlflow.source.name': file,
      'mlflow.source.type': 'LOCAL',
      'mlflow.user': userName(),
    },
  });
}

/**
 * Makes the run of a trial, for its job to take up.
 *
 * @returns its place, `EXPERIMENT/RUN`
 * @throws UserError where it cannot be recorded
 */
export async function createTrialRun(
  { tracker, base, name, id }: TrialPlace,
  parent: TrackedRun,
  { number, settings, values }: { number: number; settings: readonly string[]; values: TrialValues },
): Promise<string> {
  const { pipeline, source } = base;
  const run = await tracker.start({
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: nameRun({ pipeline: { ...pipeline, name: `${name}-${number}` }, settings }, undefined, new Date()),
    startTime: Date.now(),
    tags: {
      [sweepTags.trial]: String(number),
      [sweepTags.sweep]: id,
      'mlflow.parentRunId': parent.runId,
      'mlflow.source.name': source.name,
      'mlflow.source.type': 'LOCAL',
      'mlflow.user': userName(),
    },
  });
  run.params(Object.fromEntries(Object.entries(values).map(([path, value]) => [keyFor(path), textOf(value)])));
  // Its job goes on with it: until then no process has it.
  await run.finish('KILLED', Date.now());
  return placeOf(tracker, run.directory);
}

/** Closes the run of a trial that failed, where its process did not. @param place `EXPERIMENT/RUN` */
export async function closeFailed({ tracker }: TrialPlace, place: string, reason: string): Promise<void> {
  const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, place));
  run?.tags({ 'pipeline.error': reason });
  await run?.finish('FAILED', Date.now());
}

/** The place of a run, `EXPERIMENT/RUN`. */
export function placeOf({ runsDirectory }: Pick<Tracker, 'runsDirectory'>, directory: string): string {
  return relative(runsDirectory, directory);
}

/** The key of a param for a path: MLflow takes no brackets. */
export function keyFor(path: string): string {
  return path.replaceAll(/\[(\d+)\]/g, '.$1');
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the run of a trial says of it. */
export interface TrialFacts {
  readonly runId: string;
  readonly status: RunState;
  /** Of the weights that it keeps; of the last epoch while it goes on. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The goal's metric at the end of each epoch, from the first. */
  readonly curve: readonly number[];
  readonly epochs: number;
  /** Whether it was trained and evaluated, and missed no more than what `evaluate.require` says. */
  readonly missedGate: boolean;
  /** Whether a sweep that ended left it behind at a rung. */
  readonly isPruned: boolean;
  readonly error?: string;
}

/**
 * Reads the run of a trial.
 *
 * @param place `EXPERIMENT/RUN`
 * @throws UserError where it leads out of the store; the file system's own error
 */
export function readTrial(runsDirectory: string, place: string, { metric }: Goal): TrialFacts {
  const directory = runFolderAt(runsDirectory, place);
  const recorded = readRun(directory);
  const texts = recorded.tags;
  const perEpoch = new Map<number, Record<string, number>>();
  const single: Record<string, number> = {};
  for (const { key, value, step } of ownMetrics(recorded.metrics)) {
    if (step < 1) single[key] = value;
    else perEpoch.set(step, { ...perEpoch.get(step), [key]: value });
  }
  let epochs = 0;
  while (perEpoch.has(epochs + 1)) epochs++;
  const kept = Number(texts['best_epoch'] ?? epochs);
  const error = texts['pipeline.error'];
  return {
    runId: basename(directory),
    status: stateWith(stateOf(readMeta(join(directory, 'meta.yaml'))?.['status']), texts[sweepTags.pruned]),
    metrics: { ...perEpoch.get(kept), ...single },
    curve: Array.from({ length: epochs }, (_, epoch) => perEpoch.get(epoch + 1)?.[metric] ?? Number.NaN),
    epochs,
    missedGate: texts['pipeline.gates'] === 'failed',
    isPruned: (texts[sweepTags.pruned] ?? '') !== '',
    ...(error === undefined || error === '' ? {} : { error }),
  };
}

/**
 * The last epoch that the run of a trial has a value of the goal's metric of.
 *
 * @param place `EXPERIMENT/RUN`
 * @returns undefined where it has none yet
 * @throws as readTrial
 */
export function lastEpochIn(runsDirectory: string, place: string, { metric }: Goal): EndedEpoch | undefined {
  const metrics = join(runFolderAt(runsDirectory, place), 'metrics');
  if (!existsSync(join(metrics, metric))) return undefined;
  const newest = newestOf(metrics, metric);
  return newest === undefined ? undefined : { epoch: newest.step, score: newest.value };
}

const ownMetrics = (metrics: readonly Metric[]) => metrics.filter(({ key }) => !key.startsWith('system/'));
