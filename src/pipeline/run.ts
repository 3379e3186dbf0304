import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Emit, RunFinished, RunStatus, StageName } from '../base/events.ts';
import type { Evaluation } from '../charts/chart.ts';
import { CheckpointFolder } from '../checkpoints/checkpoint-folder.ts';
import type { Engine } from '../engine/engine.ts';
import { ensureEngine } from '../engine/install.ts';
import { loadEngine } from '../engine/load.ts';
import { evaluate } from '../stages/evaluate.ts';
import { load } from '../stages/load.ts';
import { countTowers, threadsPerOp } from '../stages/towers.ts';
import { train } from '../stages/train.ts';
import type { TrainingState } from '../stages/training-progress.ts';
import { visualize } from '../stages/visualize.ts';
import type { RunStart, TrackedRun, Tracker, Undelivered } from '../tracking/tracker.ts';
import { metricRow } from '../training/metrics.ts';
import type { CheckedPipeline } from './check-pipeline.ts';
import { environmentOf } from './environment.ts';
import { reportFacts } from './report-facts.ts';
import { type Trial, forTrial, limitData, nameTrial, overfitFailure } from './trial.ts';
import { recordConfiguration, recordData, recordEvaluation, recordEvent, recordModel, recordSummary, runTags } from './record.ts';
import { openRun, openTrial } from './unfinished-runs.ts';

/** A checked pipeline, and what its run talks to. */
export interface RunRequest {
  readonly checked: CheckedPipeline;
  /** Left out: a run in earnest. */
  readonly trial?: Trial;
  readonly tracker: Tracker;
  /** Whether to start over where a run of the same file was interrupted. */
  readonly fresh?: boolean;
  readonly emit: Emit;
  /** Aborted when the user wants the run to end. */
  readonly signal: AbortSignal;
}

/** How a run ended, and where it is recorded. */
export interface RunOutcome extends RunFinished {
  /** The run's folder in the local store. */
  readonly directory: string;
  readonly artifactDirectory: string;
  /** Where a run that was interrupted goes on when the file is run again; left out: from the beginning. */
  readonly checkpoint?: { readonly epoch: number; readonly step: number };
  /** What ended it, where it did not finish. */
  readonly error?: unknown;
}

/**
 * Runs the stages of a checked pipeline and records them; a run of the file that was interrupted goes on. A failure or an abort ends the run's record as FAILED or
 * KILLED before it is told.
 *
 * @throws UserError when the run cannot start: no engine, no place to record it
 */
export async function runPipeline({ checked: whole, trial, tracker, fresh = false, emit: tell, signal }: RunRequest): Promise<RunOutcome> {
  const checked = trial === undefined ? whole : forTrial(whole, trial);
  const { pipeline, source } = checked;
  await unlessAborted(ensureEngine({ emit: tell }), signal);
  const engine = await loadEngine(threadsPerOp(countTowers({ ...pipeline.train, layers: checked.plan.layers })));
  const start: RunStart = {
    experiment: pipeline.tracking.experiment ?? pipeline.name,
    runName: `${pipeline.name}-${trial === undefined ? '' : `${nameTrial(trial)}-`}${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`,
    startTime: Date.now(),
    tags: { ...runTags(source.name, engine), ...(trial === undefined ? {} : { 'pipeline.trial': nameTrial(trial) }) },
  };
  const opening = trial === undefined ? openRun({ checked, tracker, start, environment: environmentOf(engine), fresh, emit: tell }) : openTrial(tracker, start);
  const { run, checkpoints, close } = await unlessAborted(opening, signal);
  let checkpoint: { readonly epoch: number; readonly step: number } | undefined;
  const emit: Emit = (event) => {
    recordEvent(run, event);
    if (event.type === 'checkpoint-written') checkpoint = event;
    tell(event);
  };
  const { runId, experimentId, directory, artifactDirectory } = run;
  emit({ type: 'run-started', name: pipeline.name, file: source.name, runId, experimentId });
  const result: Result = { metrics: {}, weightsSha256: null, imagesPerSecond: null, step: null };
  let status: RunStatus = 'FINISHED';
  let failed: { readonly error: unknown } | undefined;
  try {
    await runStages({ checked, trial, engine, run, checkpoints, where: tracker.where, emit, signal, result });
  } catch (error) {
    status = signal.aborted ? 'KILLED' : 'FAILED';
    failed = { error };
  }
  for (const message of await finish(run, status)) {
    emit({ type: 'diagnostic', diagnostic: { code: 'not-delivered', severity: 'warning', message } });
  }
  const finished = { type: 'run-finished', status, runId, experimentId, ...result } as const;
  emit(finished);
  close(status, failed?.error);
  return { ...finished, directory, artifactDirectory, ...(checkpoint === undefined ? {} : { checkpoint }), ...failed };
}

/** Milliseconds that a killed run may still take to deliver: Ctrl-C is answered within a second. */
const grace = 600;

async function finish(run: TrackedRun, status: RunStatus): Promise<Undelivered> {
  const delivered = run.finish(status, Date.now());
  if (status !== 'KILLED') return delivered;
  return Promise.race([delivered, setTimeout(grace, ['the server did not take everything in time; the local store has all of it'], { ref: false })]);
}

/** Waits for something that cannot be stopped itself. @throws the signal's reason when that comes first */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  return Promise.race([work, aborted]);
}

interface StagesInput {
  readonly checked: CheckedPipeline;
  readonly trial: Trial | undefined;
  readonly engine: Engine;
  readonly run: TrackedRun;
  /** The folder of its checkpoints. */
  readonly checkpoints: string;
  readonly where: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Filled as the stages come to know it. */
  readonly result: Result;
}

/** What the last event tells. */
interface Result {
  metrics: Record<string, number>;
  weightsSha256: string | null;
  imagesPerSecond: number | null;
  step: string | null;
}

async function runStages({ checked, trial, engine, run, checkpoints: folder, where, emit, signal, result }: StagesInput): Promise<void> {
  const { pipeline, source } = checked;
  const { seed } = pipeline;
  const stage = async <Output>(name: StageName, work: () => Promise<Output>, summarize: (output: Output) => string): Promise<Output> => {
    signal.throwIfAborted();
    emit({ type: 'stage-started', stage: name });
    const start = performance.now();
    const output = await work();
    emit({ type: 'stage-finished', stage: name, seconds: (performance.now() - start) / 1000, summary: summarize(output) });
    return output;
  };
  const startTime = Date.now();
  recordConfiguration(run, checked);

  const data = await stage('load', async () => {
    const loaded = await load({ ...pipeline.data, seed, folder: dirname(source.name) });
    return trial === undefined ? loaded : limitData(loaded, trial, { batchSize: pipeline.train.batchSize, seed });
  }, ({ dataset, split }) =>
    `${dataset.name}: ${split.train.length} training, ${split.validation.length} validation, ${dataset.test.count} test samples`);
  recordData(run, data);

  const probabilities = pipeline.evaluate.metrics.some(({ type }) => metricRow(type).needsProbabilities);
  const checkpoints = trial === undefined ? { checkpoints: new CheckpointFolder<TrainingState>(folder, pipeline.train.checkpoint, (diagnostic) => emit({ type: 'diagnostic', diagnostic })) } : {};
  const trained = await stage('train', () => train({ engine, data, layers: checked.plan.layers, ...pipeline.train, ...checkpoints, probabilities, seed, emit, signal }), ({ runner, history, epoch, imagesPerSecond }) =>
    `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'}${epoch < history.length ? ` (best: ${epoch})` : ''}, ${runner.step}, loss ${history[epoch - 1]!['loss']!.toPrecision(4)}, ${Math.round(imagesPerSecond)} images/s`);
  const { model, runner, history, epoch, weightsSha256, imagesPerSecond } = trained;
  Object.assign(result, { metrics: { ...history[epoch - 1] }, weightsSha256, imagesPerSecond, step: runner.step });
  const useModel = async (): Promise<Evaluation> => {
    signal.throwIfAborted();
    await recordModel(run, engine.tf, model, { pipeline: pipeline.name, seed, weightsSha256 });
    return stage('evaluate', () => evaluate({ runner, dataset: data.dataset, metrics: pipeline.evaluate.metrics, signal }), ({ metrics }) =>
      Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`).join(', '));
  };
  const evaluation = await useModel().finally(trained.dispose);
  Object.assign(result.metrics, evaluation.metrics);
  recordEvaluation(run, evaluation);

  const report = reportFacts({ checked, engine, run, startTime, where, data, trained, evaluation });
  const { figures, reference } = pipeline.visualize;
  const chartInput = { history, evaluation, test: data.dataset.test, inputShape: data.dataset.spec.inputShape, seed, ...(reference === undefined ? {} : { reference }) };
  await stage('visualize', () => visualize({ chartInput, figures, report, artifactDirectory: run.artifactDirectory, emit }), (drawn) => `${drawn.length} figures and report.html`);
  signal.throwIfAborted();
  recordSummary(run, { evaluation, trained });
  const missed = trial === undefined ? undefined : overfitFailure(trial, history, data.split.train.length);
  if (missed !== undefined) throw missed;
}
