import { setTimeout } from 'node:timers/promises';
import { failure, UserError, warning } from '../base/diagnostics.ts';
import type { Emit, RunEvent, RunFinished, RunStatus, StageName } from '../base/events.ts';
import { explainOutOfMemory } from '../base/out-of-memory.ts';
import { explainWrongIndex } from '../base/wrong-indices.ts';
import { uiCommand } from '../base/ui-command.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { sampleNoun } from '../datasets/dataset.ts';
import { type Engine, nameEngine } from '../engine/tensorflow.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import type { RunStart, TrackedRun, Tracker, Undelivered } from '../tracking/tracker.ts';
import { type Budget, checkForecast, watchBudget } from './budget.ts';
import { checkMemory } from '../plan/check-memory.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hashData } from './freshness.ts';
import { type KeptOutcomes, findOutcomes, isForced, nothingKept } from './kept-outcomes.ts';
import { type Result, runStages } from './run-stages.ts';
import { type Trial, forTrial, nameTrial } from './trial.ts';
import { recordEvent, runTags } from './record-run.ts';
import { nameRun } from './name-run.ts';
import { openRun, openTrial } from './unfinished-runs.ts';
import { version } from '../base/version.ts';

/** A checked pipeline, and what its run talks to. */
export interface RunRequest {
  readonly checked: CheckedPipeline;
  /** Left out: a run in earnest. */
  readonly trial?: Trial;
  /** What the run is called; left out: by what was set. */
  readonly name?: string;
  readonly tracker: Tracker;
  /** Whether to start over where a run of the same file was interrupted. */
  readonly fresh?: boolean;
  /** The folder of kept outcomes; left out: none are taken and none are kept. */
  readonly cache?: string;
  /** The stage from which on nothing is taken from there. */
  readonly force?: StageName;
  readonly emit: Emit;
  /** Aborted when the user wants the run to end. */
  readonly signal: AbortSignal;
}

/** How a run ended, and where it is recorded. */
export interface RunOutcome extends RunFinished {
  /** The run's folder in the local store. */
  readonly directory: string;
  readonly artifactDirectory: string;
  /** Where a run that was interrupted goes on when the file is run again; left out: its training had not begun, or was kept from another. */
  readonly checkpoint?: { readonly epoch: number; readonly step: number };
  /** What ended it, where it did not finish. */
  readonly error?: unknown;
}

/**
 * Runs the stages of a checked pipeline, but for those whose outcome is kept, and records them; a run of the file that was
 * interrupted goes on. A failure or an abort ends the run's record as FAILED or KILLED before it is told.
 *
 * @throws UserError when the run cannot start: no engine, no place to record it
 */
export async function runPipeline({
  checked: whole,
  trial,
  name,
  tracker,
  fresh = false,
  cache,
  force,
  emit: tell,
  signal: stop,
}: RunRequest): Promise<RunOutcome> {
  const checked = trial === undefined ? whole : forTrial(whole, trial);
  const { pipeline, source } = checked;
  const dataFiles = trial === undefined ? await unlessAborted(hashData(checked), stop) : undefined;
  const kept =
    cache === undefined || dataFiles === undefined
      ? nothingKept
      : findOutcomes({ checked, dataFiles, folder: cache, force, emit: tell });
  const opThreads = threadsPerOp(countTowers({ ...pipeline.train, graph: checked.plan }));
  // The engine, once started, hides what the environment said of threads.
  const machine = thisMachine(version, opThreads);
  const { train, evaluate } = kept.found;
  const budget = trial === undefined && train === undefined ? pipeline.budget : undefined;
  if (budget !== undefined) await unlessAborted(checkForecast(budget, { checked, emit: tell, signal: stop }), stop);
  if (train === undefined) checkMemory(checked.plan.memory, tell);
  const { signal, watch } = signalOf(stop, budget);
  const engine =
    train !== undefined && evaluate !== undefined
      ? train.outcome.engine
      : nameEngine(await unlessAborted(startEngine(opThreads, tell), signal));
  const start: RunStart = {
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: name ?? nameRun(checked, trial, new Date()),
    startTime: Date.now(),
    tags: { ...runTags(source.name, engine), ...(trial === undefined ? {} : { 'pipeline.trial': nameTrial(trial) }) },
  };
  const opening =
    dataFiles !== undefined
      ? openRun({ checked, dataFiles, tracker, start, machine, fresh: fresh || isForced('train', force), emit: tell })
      : openTrial(tracker, start);
  const { run, checkpoints, mixture, close } = await unlessAborted(opening, signal);
  let checkpoint: { readonly epoch: number; readonly step: number } | undefined;
  const emit: Emit = (event) => {
    recordEvent(run, event);
    if (event.type === 'checkpoint-written' || event.type === 'training-resumed') checkpoint = event;
    tell(event);
    watch(event);
  };
  const { runId, experimentId, directory, artifactDirectory } = run;
  emit({
    type: 'run-started',
    name: pipeline.name,
    file: source.name,
    runId,
    experimentId,
    samples: sampleNoun(checked.plan.dataset),
    ...(trial === undefined ? {} : { trial: nameTrial(trial) }),
  });
  const result: Result = { metrics: {}, weightsSha256: null, imagesPerSecond: null, step: null };
  let status: RunStatus = 'FINISHED';
  let failed: { readonly error: unknown } | undefined;
  try {
    await runStages({
      checked,
      trial,
      dataFiles,
      kept: mixture.length === 0 ? kept : keepData(kept),
      run,
      checkpoints,
      where: tracker.where,
      open: uiCommand(tracker.runsDirectory),
      emit,
      signal,
      result,
    });
    run.ensureOurs();
  } catch (error) {
    status = stop.aborted ? 'KILLED' : 'FAILED';
    failed = { error: explain(error, directory) };
    if (failed.error instanceof UserError && !isTakenOver(failed.error))
      run.tags({ 'pipeline.error': failed.error.message });
  }
  for (const diagnostic of await finish(run, status, stop)) emit({ type: 'diagnostic', diagnostic });
  const { serverRunId = runId } = run;
  const finished = {
    type: 'run-finished',
    status,
    runId,
    ...(serverRunId === runId ? {} : { serverRunId }),
    experimentId,
    ...result,
  } as const;
  emit(finished);
  if (!isTakenOver(failed?.error)) close(status, failed?.error);
  return { ...finished, directory, artifactDirectory, ...(checkpoint === undefined ? {} : { checkpoint }), ...failed };
}

/** For a training that more than one machine did: what comes of it would be taken for that of one. */
function keepData({ keep, ...kept }: KeptOutcomes): KeptOutcomes {
  return {
    ...kept,
    keep: (stage, ...what) => {
      if (stage === 'load') keep(stage, ...what);
    },
  };
}

/** Whether another process goes on with the run: then nothing of it is this one's to write or to remove. */
function isTakenOver(error: unknown): boolean {
  return error instanceof UserError && error.diagnostics[0]?.code === 'run-taken-over';
}

/** Says of an error of the file system or of memory what it means for the run; anything else is returned as it is. */
function explain(error: unknown, directory: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return explainWrongIndex(explainOutOfMemory(error));
  return failure(
    'run-not-written',
    `the run cannot be written to ${directory}: ${error.message}`,
    'Make it writable and make room there, then run the file again: it goes on with what is done.',
    error,
  );
}

async function startEngine(opThreads: number, emit: Emit): Promise<Engine> {
  await ensureEngine({ emit });
  return loadEngine(opThreads);
}

/** What ends the stages: the user, or a run that breaks its budget. */
function signalOf(
  stop: AbortSignal,
  budget: Budget | undefined,
): { readonly signal: AbortSignal; readonly watch: (event: RunEvent) => void } {
  if (budget === undefined) return { signal: stop, watch: () => undefined };
  const broken = new AbortController();
  const watch = watchBudget(budget, performance.now());
  return {
    signal: AbortSignal.any([stop, broken.signal]),
    watch: (event) => {
      const problem = watch(event);
      if (problem !== undefined) broken.abort(problem);
    },
  };
}

/** Milliseconds that a killed run may still take to deliver: Ctrl-C is answered within a second. */
const grace = 600;

async function finish(run: TrackedRun, status: RunStatus, stop: AbortSignal): Promise<Undelivered> {
  // Who stops a run that has ended stops its delivery.
  if (status !== 'KILLED') return run.finish(status, Date.now(), stop);
  const delivered = run.finish(status, Date.now());
  const late = warning(
    'not-delivered',
    'the server did not take everything in time',
    'nothing is lost: `pipeline sync` says how it gets there, and the next `pipeline run` delivers it',
  );
  return Promise.race([delivered, setTimeout(grace, [late], { ref: false })]);
}

/** Waits for something that cannot be stopped itself. @throws the signal's reason when that comes first */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, aborted]);
}
