import { UserError, failure } from '../base/diagnostics.ts';
import type { Emit, RunStatus } from '../base/events.ts';
import { showMeasure } from '../base/quantities.ts';
import {
  type Repetitions,
  describeRepetitions,
  foldPath,
  seedPath,
  summarizeRepetitions,
} from '../base/repetitions.ts';
import type { Distribution, SweepRecord, TrialRecord } from '../base/sweep-results.ts';
import { renderRepetitionsReport } from '../charts/repetitions-report.ts';
import { repetitionsTag } from '../models/find-run.ts';
import { type CheckedPipeline, checkAndFetch } from '../plan/check-pipeline.ts';
import { type RepetitionSpace, settingsOfEach } from '../run/repetition-points.ts';
import type { RunOutcome } from '../run/run-pipeline.ts';
import { keyOf } from '../run/run-key.ts';
import { userName } from '../tracking/store/local-store.ts';
import type { Tracker } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import { placeOf, readTrial } from './trial-runs.ts';

/** A pipeline that repeats itself, and what its runs talk to. */
export interface RepetitionsRequest {
  readonly checked: CheckedPipeline;
  readonly space: RepetitionSpace;
  readonly tracker: Tracker;
  /** What the parent run is called; left out: by what it is. */
  readonly name?: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Trains one of them. @param place which of them it is, in words */
  train(checked: CheckedPipeline, parentRunId: string, place: string): Promise<RunOutcome>;
}

/** How repetitions ended, and where they are recorded. */
export interface RepetitionsOutcome {
  readonly status: RunStatus;
  readonly record: SweepRecord;
  readonly summary: Repetitions;
  /** That of the parent run. */
  readonly runId: string;
  readonly serverRunId?: string;
  readonly artifactDirectory: string;
  /** What the first run that failed says. */
  readonly error?: unknown;
}

/**
 * Trains a pipeline with each seed and fold, one after the other, each as a run below a parent run. One that fails does
 * not end the others. What an earlier command did is kept, and a run that was interrupted goes on, as of any file.
 *
 * @throws UserError when the parent cannot be recorded, or a run not even start
 */
export async function runRepetitions(request: RepetitionsRequest): Promise<RepetitionsOutcome> {
  const { checked, space, tracker, emit, signal } = request;
  const { pipeline, source, settings, plan } = checked;
  const what = describeRepetitions({
    repeat: space.seeds.length,
    ...(space.folds.length > 0 && { folds: space.folds.length }),
  });
  const startTime = Date.now();
  const parent = await tracker.start({
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: request.name ?? `${pipeline.name} ${what}`,
    startTime,
    tags: {
      'mlflow.source.name': source.name,
      'mlflow.source.type': 'LOCAL',
      'mlflow.user': userName(),
      [repetitionsTag]: what,
    },
  });
  const trials: TrialRecord[] = [];
  const points = settingsOfEach(space);
  let [status, error]: [RunStatus, unknown] = ['FINISHED', undefined];
  const finish = async () => {
    for (const diagnostic of await parent.finish(status, Date.now(), signal)) emit({ type: 'diagnostic', diagnostic });
  };
  try {
    for (const [k, point] of points.entries()) {
      signal.throwIfAborted();
      const one = await checkAndFetch(source, [...settings, ...point], { emit });
      const start = performance.now();
      const outcome = await request.train(
        one,
        parent.runId,
        `${k + 1} of ${points.length}: ${point.slice(space.seeds.length > 1 ? 1 : 2).join(' ')}`,
      );
      const seconds = (performance.now() - start) / 1000;
      trials.push(trialOf(k + 1, { ...one, tracker, outcome, seconds }));
      if (outcome.status === 'KILLED') {
        status = 'KILLED';
        break;
      }
      if ('error' in outcome) [status, error] = ['FAILED', error ?? outcome.error];
    }
  } catch (reason) {
    status = signal.aborted ? 'KILLED' : 'FAILED';
    if (!signal.aborted) {
      await finish();
      throw reason;
    }
  }
  const record: SweepRecord = {
    name: pipeline.name,
    id: keyOf({ checked, tracker }).slice(0, 12),
    goal: { direction: 'minimize', metric: goalOf(plan.samples.validation) },
    search: 'grid',
    space: distributionsOf(space),
    trials,
    startTime,
    endTime: Date.now(),
  };
  const summary = summarizeRepetitions(record);
  const metrics = summaryMetrics(summary);
  const timestamp = Date.now();
  parent.metrics(Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp })));
  parent.tags({ 'mlflow.note.content': noteOf(summary) });
  writeArtifact(parent, 'report.html', renderRepetitionsReport(record));
  writeArtifact(parent, 'repetitions.json', JSON.stringify(record, null, 1));
  await finish();
  const { runId, serverRunId, artifactDirectory } = parent;
  return {
    status,
    record,
    summary,
    runId,
    ...(serverRunId === undefined ? {} : { serverRunId }),
    artifactDirectory,
    ...(error === undefined ? {} : { error }),
  };
}

const goalOf = (validation: number) => (validation > 0 ? 'val_loss' : 'loss');

/** A run that missed a bound of `evaluate.require` has trained: to leave it out would flatter the mean. */
function trialOf(
  number: number,
  {
    pipeline,
    plan,
    tracker,
    outcome,
    seconds,
  }: Pick<CheckedPipeline, 'pipeline' | 'plan'> & {
    readonly tracker: Tracker;
    readonly outcome: RunOutcome;
    readonly seconds: number;
  },
): TrialRecord {
  const { status, metrics, runId, error } = outcome;
  const reason = error instanceof UserError ? error.diagnostics[0] : undefined;
  const { fold } = pipeline.data;
  const metric = goalOf(plan.samples.validation);
  const score = metrics[metric];
  const { curve, epochs } = readTrial(tracker.runsDirectory, placeOf(tracker, outcome.directory), {
    direction: 'minimize',
    metric,
  });
  return {
    number,
    values: { [seedPath]: pipeline.seed, ...(fold !== undefined && { [foldPath]: fold }) },
    state: stateOf(status, reason?.code === 'gate-failed'),
    ...(score !== undefined && { score }),
    metrics,
    curve,
    epochs,
    seconds,
    runId,
    ...(reason !== undefined && { reason: reason.message }),
  };
}

function stateOf(status: RunStatus, missedGate: boolean): TrialRecord['state'] {
  if (status === 'KILLED') return 'stopped';
  return status === 'FINISHED' || missedGate ? 'finished' : 'failed';
}

function distributionsOf({ seeds, folds }: RepetitionSpace): Readonly<Record<string, Distribution>> {
  return {
    ...(seeds.length > 1 && { [seedPath]: { kind: 'choice', choices: seeds } as const }),
    ...(folds.length > 0 && { [foldPath]: { kind: 'choice', choices: folds } as const }),
  };
}

/** What the parent run records: `test_accuracy_mean`, `_std`, `_ci_low`, `_ci_high`; only the mean of a single run. */
function summaryMetrics({ metrics }: Repetitions): Readonly<Record<string, number>> {
  return Object.fromEntries(
    metrics
      .flatMap(({ name, mean, deviation, low, high }): (readonly [string, number])[] => [
        [`${name}_mean`, mean],
        [`${name}_std`, deviation],
        [`${name}_ci_low`, low],
        [`${name}_ci_high`, high],
      ])
      .filter(([, value]) => Number.isFinite(value)),
  );
}

function noteOf(summary: Repetitions): string {
  const show = (value: number) => (Number.isFinite(value) ? showMeasure(value) : '–');
  return [
    `${describeRepetitions(summary)}, ${summary.finished} finished`,
    '',
    '| metric | mean | standard deviation | 95 % interval |',
    '|---|---|---|---|',
    ...summary.metrics.map(
      ({ name, mean, deviation, low, high }) =>
        `| ${name} | ${show(mean)} | ${show(deviation)} | ${show(low)} to ${show(high)} |`,
    ),
    '',
    'The whole report: `report.html` under Artifacts.',
  ].join('\n');
}

/** What ends a command whose repetitions did not all finish; undefined where all did. @param again how to go on */
export function unfinishedRepetitions(outcome: RepetitionsOutcome, count: number, again: string): unknown {
  const { status, summary, error } = outcome;
  if (status === 'FINISHED') return undefined;
  if (status === 'KILLED')
    return failure(
      'interrupted',
      `the trainings were interrupted: ${summary.finished} of ${count} are done, and kept`,
      `Go on with: ${again}`,
    );
  return error;
}
