import { dirname } from 'node:path';
import { type Diagnostic, failure, UserError, warning } from '../base/diagnostics.ts';
import type { Emit, SampleNoun, StageName } from '../base/events.ts';
import { showMeasure, showPace } from '../base/quantities.ts';
import { changesBetween } from '../cache/explain-changes.ts';
import type { DataHashes } from '../cache/fingerprints.ts';
import type { Evaluation } from '../charts/chart.ts';
import { CheckpointFolder, type Checkpoints } from '../checkpoints/checkpoint-folder.ts';
import type { Checkpoint } from '../checkpoints/checkpoint-file.ts';
import { sampleNoun } from '../datasets/dataset.ts';
import { type Engine, nameEngine } from '../engine/tensorflow.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { saveModel } from '../layers/save-model.ts';
import { allMaskedInTest } from '../stages/all-masked.ts';
import { evaluate } from '../stages/evaluate.ts';
import { type LoadedData, load } from '../stages/load.ts';
import { type TrainInput, type TrainOutput, train } from '../stages/train.ts';
import { type TrainingState, trainingStateForm } from '../stages/training-progress.ts';
import { visualize, writeReport } from '../stages/visualize.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hashData } from './freshness.ts';
import type { KeptOutcomes } from './kept-outcomes.ts';
import type { Outcomes, TrainOutcome } from './outcomes.ts';
import {
  type DataRecord,
  describeData,
  describeTargets,
  recordBest,
  recordConfiguration,
  recordData,
  recordEvaluation,
  recordModel,
  recordSummary,
  recordTraining,
} from './record-run.ts';
import { warnOfLargeNumbers } from './large-numbers.ts';
import { metricsOf, wantedValues } from '../language/pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import { bestEpoch, picturesIn, reportFacts } from './report-facts.ts';
import { type Trial, limitData, overfitFailure } from './trial.ts';

/** What the stages of a run work with. */
export interface StagesInput {
  readonly checked: CheckedPipeline;
  readonly trial: Trial | undefined;
  /** What the data files were when the run began, under which outcomes are kept; undefined for a trial, of which none are. */
  readonly dataFiles: DataHashes | undefined;
  readonly kept: KeptOutcomes;
  readonly run: TrackedRun;
  /** The folder of its checkpoints. */
  readonly checkpoints: string;
  readonly where: string;
  /** The command that opens where it is recorded. */
  readonly open: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Filled as the stages come to know it. */
  readonly result: Result;
}

/** What the last event tells. */
export interface Result {
  metrics: Record<string, number>;
  weightsSha256: string | null;
  imagesPerSecond: number | null;
  step: string | null;
}

/** Runs the stages one after the other, or takes what is kept of them, and records what comes out. */
export async function runStages(given: StagesInput): Promise<void> {
  const { checked, trial, run, where, open, emit, signal } = given;
  const { pipeline } = checked;
  const startTime = Date.now();
  recordConfiguration(run, checked);
  const data = once(() => loadData(given));
  const record = await stage(
    given,
    'load',
    async () => describeData(await data()),
    ({ summary }) => summary,
  );
  recordData(run, record);

  const live = await revive(given, data);
  const input = live === undefined ? withoutUseless(given) : given;
  const { kept } = input;
  const { trained, evaluation } = await trainAndEvaluate(input, data, record, live);
  recordEvaluation(run, evaluation);

  const { figures, reference } = pipeline.visualize;
  const best = bestEpoch(pipeline, trained);
  const drawn = await stage(
    input,
    'visualize',
    async () => {
      const pictures = picturesIn((await data()).dataset);
      const chartInput = {
        history: trained.history,
        ...best,
        evaluation,
        seed: pipeline.seed,
        ...(pictures === undefined ? {} : { pictures }),
        ...(reference === undefined ? {} : { reference }),
      };
      return visualize({ chartInput, figures });
    },
    ({ figures: { length } }) => `${length} ${length === 1 ? 'figure' : 'figures'} and report.html`,
  );
  signal.throwIfAborted();
  for (const { name, needs } of figures === undefined ? [] : drawn.leftOut) {
    emit({
      type: 'diagnostic',
      diagnostic: warning('figure-left-out', `${name} is left out: it needs ${needs}`),
    });
  }
  writeReport(
    drawn,
    reportFacts({
      checked,
      trial,
      run,
      startTime,
      where,
      open,
      files: record.files,
      trained,
      evaluation,
      kept: kept.found,
    }),
    run.artifactDirectory,
    emit,
  );
  recordSummary(run, { evaluation, trained, trial, ...best, kept, samples: sampleNoun(checked.plan.dataset) });
  const missed =
    trial === undefined ? undefined : overfitFailure(trial, trained.history, (await data()).split.train.length);
  if (missed !== undefined) throw missed;
}

/** Runs a stage and keeps what comes out, or takes what is kept. */
async function stage<Name extends StageName>(
  { kept, run, emit, signal }: StagesInput,
  name: Name,
  work: () => Promise<Outcomes[Name]>,
  summarize: (outcome: Outcomes[Name]) => string,
): Promise<Outcomes[Name]> {
  signal.throwIfAborted();
  const entry = kept.found[name];
  if (entry !== undefined) {
    emit({ type: 'stage-skipped', stage: name, runId: entry.runId, summary: summarize(entry.outcome) });
    return entry.outcome;
  }
  emit({ type: 'stage-started', stage: name });
  const start = performance.now();
  const outcome = await work();
  emit({
    type: 'stage-finished',
    stage: name,
    seconds: (performance.now() - start) / 1000,
    summary: summarize(outcome),
  });
  kept.keep(name, run.runId, outcome);
  return outcome;
}

async function loadData({ checked, trial, dataFiles, emit, signal }: StagesInput): Promise<LoadedData> {
  const {
    pipeline: {
      data,
      seed,
      train: { batchSize },
    },
    source,
  } = checked;
  const loaded = await load({ ...data, seed, folder: dirname(source.name), signal });
  if (dataFiles !== undefined) {
    const changed = changesBetween(Object.entries(dataFiles), Object.entries(await hashData(checked))).map(
      ({ name }) => name,
    );
    if (changed.length > 0)
      throw failure(
        'data-changed-meanwhile',
        `${changed.slice(0, 3).join(', ')} changed while the run began: what was read is not what its outcome would be kept for`,
        'Run the file again when nothing writes there any more.',
      );
  }
  // What reading the data for the check has told is told.
  const warnings = [...loaded.warnings, ...warnOfLargeNumbers(checked.plan, loaded.fitted)];
  for (const { code, problem, hint } of warnings.filter(
    (one) => !checked.warnings.some((told) => told.code === one.code),
  )) {
    emit({
      type: 'diagnostic',
      diagnostic: warning(code, `${problem}.`, hint),
    });
  }
  return trial === undefined ? loaded : limitData(loaded, trial, { batchSize, seed });
}

/** TensorFlow is at work in here alone. */
async function trainAndEvaluate(
  input: StagesInput,
  data: () => Promise<LoadedData>,
  { preparation }: DataRecord,
  revived: TrainOutput | undefined,
): Promise<{ readonly trained: TrainOutcome; readonly evaluation: Evaluation }> {
  const {
    checked: { pipeline, plan },
    kept,
    run,
    signal,
    result,
  } = input;
  let live = revived;
  try {
    const trained = await stage(
      input,
      'train',
      async () => {
        const checkpoints = checkpointsOf(input);
        live = await train({
          ...(await trainInput(input, data)),
          ...(checkpoints === undefined ? {} : { checkpoints }),
        });
        return outcomeOf(await loadEngine(), live, checkpoints);
      },
      (outcome) => describeTraining(outcome, sampleNoun(plan.dataset)),
    );
    const { history, epoch, weightsSha256, imagesPerSecond, step } = trained;
    Object.assign(result, { metrics: { ...history[epoch - 1] }, weightsSha256, imagesPerSecond, step });
    if (kept.found.train !== undefined) recordTraining(run, trained, pipeline.train.epochs);
    recordBest(run, bestEpoch(pipeline, trained).best);
    recordModel(run, trained.model, {
      pipeline: pipeline.name,
      seed: pipeline.seed,
      weightsSha256,
      ...preparation,
      targets: describeTargets(plan.dataset.targets, trained.scales),
    });
    const evaluation = await stage(
      input,
      'evaluate',
      async () => {
        return evaluate({
          runner: live!.runner,
          dataset: (await data()).dataset,
          metrics: metricsOf(pipeline),
          signal,
        });
      },
      ({ metrics }) =>
        Object.entries(metrics)
          .map(([name, value]) => `${name} ${showMeasure(value)}`)
          .join(', '),
    );
    for (const diagnostic of allMaskedInTest(evaluation)) input.emit({ type: 'diagnostic', diagnostic });
    Object.assign(result.metrics, evaluation.metrics);
    return { trained, evaluation };
  } finally {
    live?.dispose();
  }
}

async function trainInput(
  { checked: { pipeline, plan }, emit, signal }: StagesInput,
  data: () => Promise<LoadedData>,
): Promise<TrainInput> {
  const wanted = wantedValues(pipeline);
  return {
    engine: await loadEngine(),
    data: await data(),
    graph: graphOf(plan),
    ...pipeline.train,
    wanted,
    seed: pipeline.seed,
    emit,
    signal,
  };
}

/** The checkpoints of the run; before its first, the end of a shorter training where one is kept. None for a trial, which is over soon. */
function checkpointsOf({
  checked: { pipeline },
  trial,
  kept: { shorter },
  run,
  checkpoints: path,
  emit,
}: StagesInput): Checkpoints<TrainingState> | undefined {
  if (trial !== undefined) return undefined;
  const folder = new CheckpointFolder<TrainingState>(
    path,
    pipeline.train.checkpoint,
    (diagnostic) => emit({ type: 'diagnostic', diagnostic }),
    trainingStateForm,
  );
  return startingFrom(shorter?.outcome.end, folder, run, emit);
}

/**
 * A training that goes on from the end of another.
 *
 * @param own where it keeps its own checkpoints; left out: nowhere
 * @param run whose they are
 * @param emit told where that end cannot be gone on from, and the training begins anew; left out: it is thrown
 */
function startingFrom(
  end: Checkpoint<TrainingState> | undefined,
  own?: Checkpoints<TrainingState>,
  run?: TrackedRun,
  emit?: Emit,
): Checkpoints<TrainingState> {
  return {
    newest: (misfit) => {
      const newest = own?.newest(misfit);
      const why = newest !== undefined || end === undefined ? undefined : misfit?.(end);
      if (why === undefined) return newest ?? end;
      if (emit === undefined) throw why;
      emit({
        type: 'diagnostic',
        diagnostic: cannotBeUsed('it does not fit what is trained', 'The training begins anew.'),
      });
      return undefined;
    },
    isDue: (steps) => own?.isDue(steps) ?? false,
    affordsOneIn: (ms) => own?.affordsOneIn(ms) ?? false,
    write: (steps, take, isBest) => {
      run?.ensureOurs();
      return own?.write(steps, take, isBest) ?? false;
    },
  };
}

/**
 * The model of a kept training, at work again: what is kept of it has to give the weights that it says, or it is of no use.
 *
 * @returns undefined where none is kept, nothing asks for it, or it cannot be used, which is warned of
 */
async function revive(input: StagesInput, data: () => Promise<LoadedData>): Promise<TrainOutput | undefined> {
  const {
    kept: {
      found: { train: entry, evaluate: evaluated },
    },
    emit,
    signal,
  } = input;
  if (entry === undefined || evaluated !== undefined) return undefined;
  const { end, weightsSha256 } = entry.outcome;
  let live: TrainOutput | undefined;
  try {
    live = end && (await train({ ...(await trainInput(input, data)), checkpoints: startingFrom(end), emit: () => {} }));
    if (live?.weightsSha256 === weightsSha256) return live;
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
  }
  live?.dispose();
  emit({
    type: 'diagnostic',
    diagnostic: cannotBeUsed('it does not give the weights that it says', 'The stage runs again and replaces it.'),
  });
  return undefined;
}

/** Without a kept training that evaluation asks for in vain. */
function withoutUseless(input: StagesInput): StagesInput {
  const { train: _, ...found } = input.kept.found;
  return input.kept.found.evaluate === undefined ? { ...input, kept: { ...input.kept, found } } : input;
}

function cannotBeUsed(why: string, hint: string): Diagnostic {
  return warning('cache-damaged', `the kept outcome of train cannot be used: ${why}`, hint);
}

async function outcomeOf(
  engine: Engine,
  { model, runner, history, epoch, weightsSha256, scales, imagesPerSecond, ranAs }: TrainOutput,
  checkpoints: Checkpoints<TrainingState> | undefined,
): Promise<TrainOutcome> {
  const newest = checkpoints?.newest();
  // Where the disk was full, it is an earlier one.
  const end = newest?.state.progress.finished.length === history.length ? { end: newest } : {};
  return {
    history,
    epoch,
    weightsSha256,
    scales,
    imagesPerSecond,
    ranAs,
    step: runner.step,
    engine: nameEngine(engine),
    model: await saveModel(engine.tf, model, scales),
    ...end,
  };
}

function describeTraining({ history, epoch, step, imagesPerSecond }: TrainOutcome, samples: SampleNoun): string {
  const epochs = `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'}${epoch < history.length ? ` (best: ${epoch})` : ''}`;
  return `${epochs}, ${step}, loss ${showMeasure(history[epoch - 1]!['loss']!)}, ${showPace(imagesPerSecond, samples)}`;
}

/** Does the work when it is first asked for, and never again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}
