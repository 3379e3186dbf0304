import { setTimeout } from 'node:timers/promises';
import { UserError, failure, misuse, warning } from '../base/diagnostics.ts';
import type { Emit, RunEvent, RunFinished, RunStatus } from '../base/events.ts';
import { explainOutOfMemory } from '../base/out-of-memory.ts';
import { explainWrongIndex } from '../base/wrong-indices.ts';
import { uiCommand } from '../base/ui-command.ts';
import type { DataHashes } from '../cache/fingerprints.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { sampleNoun } from '../datasets/findings/sample-noun.ts';
import { type Engine, nameEngine } from '../engine/tensorflow.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { hashData } from '../stages/load-stage.ts';
import { Paused } from '../stages/paused.ts';
import { recordEvent } from '../stages/record-event.ts';
import type { RunResult, Stage } from '../stages/stage.ts';
import { type StageName, stages as allStages } from '../stages/stages.ts';
import { trainStage } from '../stages/train-stage.ts';
import type { RunStart, TrackedRun, Tracker, Undelivered } from '../tracking/tracker.ts';
import { type Budget, checkForecast, watchBudget } from './budget.ts';
import { checkMemory } from '../plan/check-memory.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { type KeptOutcomes, findOutcomes, isForced, keepBefore, nothingKept } from './kept-outcomes.ts';
import type { SharedOutcomes } from './shared-outcomes.ts';
import { runStages } from './run-stages.ts';
import { type Trial, forTrial, nameTrial } from './trial.ts';
import { runTags } from './record-run.ts';
import { nameRun } from './name-run.ts';
import { type OpenedRun, openRun, openTrial } from './unfinished-runs.ts';
import { version } from '../base/version.ts';

/** A checked pipeline, and what its run talks to. */
export interface RunRequest {
  readonly checked: CheckedPipeline;
  /** Left out: a run in earnest. */
  readonly trial?: Trial;
  /**
   * The epoch, counted from 1, at whose end training pauses: the run is KILLED with a checkpoint, and goes on when it
   * is asked for again, with a later epoch or with none. Left out, or beyond the last epoch: the whole run.
   */
  readonly untilEpoch?: number;
  /** What the run is called; left out: by what was set. */
  readonly name?: string;
  /** The run that it belongs to; left out: it stands for itself. */
  readonly parentRunId?: string;
  /** A run that was made for it before, as `EXPERIMENT/RUN` in the local store; left out: a new one. */
  readonly into?: string;
  readonly tracker: Tracker;
  /** Whether to start over where a run of the same file was interrupted. */
  readonly fresh?: boolean;
  /** The folder of kept outcomes; left out: none are taken and none are kept. */
  readonly cache?: string;
  /** Where other machines keep theirs; whoever opened it closes it. */
  readonly shared?: SharedOutcomes;
  /** The stage from which on nothing is taken from there. */
  readonly force?: StageName;
  /** Whether each file of data is read and compared with what is known of it, though it seems not to have changed. */
  readonly verifyData?: boolean;
  readonly emit: Emit;
  /** Aborted when the user wants the run to end. */
  readonly signal: AbortSignal;
}

/** How a run ended, and where it is recorded. */
export interface RunOutcome extends RunFinished {
  /** The run's folder in the local store. */
  readonly directory: string;
  readonly artifactDirectory: string;
  /**
   * Where a run that was interrupted goes on when the file is run again; left out: its training had not begun, or was
   * kept from another.
   */
  readonly checkpoint?: { readonly epoch: number; readonly step: number };
  /** What ended it, where it did not finish. */
  readonly error?: unknown;
}

/**
 * Runs the stages of a checked pipeline, but for those whose outcome is kept, and records them; a run of the file that
 * was interrupted goes on. A failure or an abort ends the run's record as FAILED or KILLED before it is told.
 *
 * @param stages in their order
 * @throws UserError when the run cannot start: no engine, no place to record it
 */
export async function runPipeline(request: RunRequest, stages: readonly Stage[] = allStages): Promise<RunOutcome> {
  const { trial, untilEpoch, tracker, into, signal: stop } = request;
  if (untilEpoch !== undefined) expectEpoch(untilEpoch, trial);
  const checked = trial === undefined ? request.checked : forTrial(request.checked, trial);
  const dataFiles = trial === undefined ? await unlessAborted(hashData(checked, request.verifyData), stop) : undefined;
  const kept = await unlessAborted(keptFor(request, stages, checked, dataFiles), stop);
  // The engine, once started, hides what the environment said of threads.
  const machine = thisMachine(version, opThreadsOf(checked));
  const { signal, watch } = await limitsOf(request, checked, kept);
  const engine = await engineFor(stages, kept, checked, request.emit, signal);
  const start = startOf(request, checked, engine);
  const fresh = request.fresh === true || isForced(stages, trainStage.name, request.force);
  const opened = await unlessAborted(
    dataFiles === undefined
      ? openTrial(tracker, start)
      : openRun({ checked, dataFiles, tracker, into, start, machine, fresh, emit: request.emit }),
    signal,
  );
  // One that goes on may have begun below another.
  if (request.parentRunId !== undefined) opened.run.tags({ 'mlflow.parentRunId': request.parentRunId });
  const { emit, checkpoint } = listenersOf(opened.run, request.emit, watch);
  emit(startedEvent(opened.run, checked, trial));
  const result: RunResult = { metrics: {}, weightsSha256: null, samplesPerSecond: null, step: null };
  const work = runStages(
    {
      checked,
      trial,
      dataFiles,
      kept: opened.mixture.length === 0 ? kept : keepBefore(trainStage, stages, kept),
      run: opened.run,
      checkpoints: opened.checkpoints,
      untilEpoch,
      where: tracker.where,
      open: uiCommand(tracker.runsDirectory),
      emit,
      signal,
      result,
    },
    stages,
  );
  return { ...(await endOf(work, opened, { emit, result, stop })), ...checkpoint() };
}

function expectEpoch(untilEpoch: number, trial: Trial | undefined): void {
  if (trial !== undefined) throw misuse('until-epoch', 'a trial is over soon, and cannot pause');
  if (Number.isInteger(untilEpoch) && untilEpoch >= 1) return;
  throw misuse('until-epoch', `a run pauses at the end of an epoch, counted from 1, not of ${untilEpoch}`);
}

/** What a run can take of earlier ones. */
async function keptFor(
  { cache, shared, force, emit }: RunRequest,
  stages: readonly Stage[],
  checked: CheckedPipeline,
  dataFiles: DataHashes | undefined,
): Promise<KeptOutcomes> {
  if (cache === undefined || dataFiles === undefined) return nothingKept;
  return findOutcomes({ stages, checked, dataFiles, folder: cache, force, ...(shared && { shared }), emit });
}

const opThreadsOf = ({ pipeline: { train }, plan }: CheckedPipeline) =>
  threadsPerOp(countTowers({ ...train, graph: plan }));

/** The name of the engine that a run has what it has from, which is started where a stage that has to run needs it. */
async function engineFor(
  stages: readonly Stage[],
  kept: KeptOutcomes,
  checked: CheckedPipeline,
  emit: Emit,
  signal: AbortSignal,
): Promise<string> {
  const trained = kept.found(trainStage);
  const isAsked = stages.some((stage) => stage.usesEngine && kept.found(stage) === undefined);
  if (trained !== undefined && !isAsked) return trained.outcome.engine;
  return nameEngine(await unlessAborted(startEngine(opThreadsOf(checked), emit), signal));
}

function startOf({ trial, name }: RunRequest, checked: CheckedPipeline, engine: string): RunStart {
  const { pipeline, source } = checked;
  return {
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: name ?? nameRun(checked, trial, new Date()),
    startTime: Date.now(),
    tags: { ...runTags(source.name, engine), ...(trial === undefined ? {} : { 'pipeline.trial': nameTrial(trial) }) },
  };
}

function startedEvent(
  { runId, experimentId }: TrackedRun,
  { pipeline, source, plan }: CheckedPipeline,
  trial: Trial | undefined,
): RunEvent {
  return {
    type: 'run-started',
    name: pipeline.name,
    file: source.name,
    runId,
    experimentId,
    samples: sampleNoun(plan.dataset),
    ...(trial === undefined ? {} : { trial: nameTrial(trial) }),
  };
}

/**
 * What an event of the stages goes through: the record, the user's view, the budget; and the newest checkpoint that
 * they told of.
 */
function listenersOf(
  run: TrackedRun,
  tell: Emit,
  watch: Emit,
): { readonly emit: Emit; readonly checkpoint: () => Pick<RunOutcome, 'checkpoint'> } {
  let checkpoint: RunOutcome['checkpoint'];
  return {
    emit: (event) => {
      recordEvent(run, event);
      if (event.type === 'checkpoint-written' || event.type === 'training-resumed') checkpoint = event;
      tell(event);
      watch(event);
    },
    checkpoint: () => (checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** Waits for the stages, and ends the run's record by how they ended. */
async function endOf(
  work: Promise<void>,
  { run, close }: OpenedRun,
  { emit, result, stop }: { readonly emit: Emit; readonly result: RunResult; readonly stop: AbortSignal },
): Promise<RunOutcome> {
  const { runId, experimentId, directory, artifactDirectory } = run;
  let status: RunStatus = 'FINISHED';
  let failed: { readonly error: unknown } | undefined;
  let paused: Paused | undefined;
  try {
    await work;
    run.ensureOurs();
  } catch (error) {
    if (error instanceof Paused) paused = error;
    else failed = { error: explain(error, directory) };
    status = stop.aborted || paused !== undefined ? 'KILLED' : 'FAILED';
    if (failed?.error instanceof UserError && !isTakenOver(failed.error))
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
    ...(paused === undefined ? {} : { metrics: paused.metrics, pausedAfter: paused.epoch }),
  } as const;
  emit(finished);
  if (!isTakenOver(failed?.error)) close(status, failed?.error);
  return { ...finished, directory, artifactDirectory, ...failed };
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

/** Lets a training start if it is within its limits. @returns what watches them while it goes on, see signalOf */
async function limitsOf(
  { trial, emit, signal: stop }: RunRequest,
  checked: CheckedPipeline,
  kept: KeptOutcomes,
): Promise<ReturnType<typeof signalOf>> {
  if (kept.found(trainStage) !== undefined) return signalOf(stop, undefined);
  const budget = trial === undefined ? checked.pipeline.budget : undefined;
  if (budget !== undefined) await unlessAborted(checkForecast(budget, { checked, emit, signal: stop }), stop);
  checkMemory(checked.plan.memory, emit);
  return signalOf(stop, budget);
}

/** What ends the stages: the user, or a run that breaks its budget. */
function signalOf(
  stop: AbortSignal,
  budget: Budget | undefined,
): { readonly signal: AbortSignal; readonly watch: Emit } {
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
  if (status !== 'KILLED' || !stop.aborted) return run.finish(status, Date.now(), stop);
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
