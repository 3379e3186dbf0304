import type { Emit } from '../base/events.ts';
import type { DataHashes } from '../cache/fingerprints.ts';
import { sampleNoun } from '../datasets/findings/sample-noun.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { evaluateStage } from '../stages/evaluate-stage.ts';
import { loadData, loadStage } from '../stages/load-stage.ts';
import type { RunResult, Stage, StageContext } from '../stages/stage.ts';
import { bestEpoch, trainStage } from '../stages/train-stage.ts';
import { writeReport } from '../stages/visualize.ts';
import { visualizeStage } from '../stages/visualize-stage.ts';
import { recordModelFormats } from '../models/record-model.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { gatesOf, judge, pace } from '../training/gates.ts';
import type { KeptOutcomes } from './kept-outcomes.ts';
import { recordConfiguration, recordSummary } from './record-run.ts';
import { reportFacts } from './report-facts.ts';
import { type Trial, limitData, overfitFailure } from './trial.ts';

/** What the stages of a run work with. */
export interface StagesInput {
  readonly checked: CheckedPipeline;
  readonly trial: Trial | undefined;
  /** See StageContext. */
  readonly dataFiles: DataHashes | undefined;
  readonly kept: KeptOutcomes;
  readonly run: TrackedRun;
  /** The folder of its checkpoints. */
  readonly checkpoints: string;
  /** See StageContext. */
  readonly untilEpoch: number | undefined;
  readonly where: string;
  /** The command that opens where it is recorded. */
  readonly open: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Filled as the stages come to know it. */
  readonly result: RunResult;
}

/** What came out of the stages that are done, and of which runs those are that were not run. */
interface Done {
  readonly outcomes: Map<Stage, unknown>;
  readonly taken: Map<Stage, string>;
}

/** Runs the stages one after the other, or takes what is kept of them, and records what comes out. */
export async function runStages(input: StagesInput, stages: readonly Stage[]): Promise<void> {
  const startTime = Date.now();
  recordConfiguration(input.run, input.checked);
  const done: Done = { outcomes: new Map(), taken: new Map() };
  const context = contextOf(input, done);
  try {
    for (const [i, stage] of stages.entries()) {
      await runStage(stage, stages.slice(i + 1), input.kept, context, done);
      const needed = new Set(stages.slice(i + 1).flatMap(({ needs }) => needs));
      for (const past of stages.filter((one) => !needed.has(one))) past.free?.(context.live);
    }
  } finally {
    for (const stage of stages) stage.free?.(context.live);
  }
  input.signal.throwIfAborted();
  await report(input, context, startTime, done.taken);
}

/** Runs a stage and keeps what comes out, or takes what is kept, and records it. */
async function runStage<Outcome>(
  stage: Stage<string, Outcome>,
  later: readonly Stage[],
  kept: KeptOutcomes,
  context: StageContext,
  { outcomes, taken }: Done,
): Promise<void> {
  const { checked, run, emit, signal } = context;
  const { name } = stage;
  signal.throwIfAborted();
  const entry = kept.found(stage);
  const isNeeded = later.some((one) => one.needs.includes(stage as Stage) && kept.found(one) === undefined);
  const isTaken = entry !== undefined && (!isNeeded || (await stage.revive?.(entry.outcome, context)) === true);
  let outcome: Outcome;
  if (isTaken) {
    ({ outcome } = entry);
    taken.set(stage as Stage, entry.runId);
    const from = kept.cameFrom(stage as Stage);
    const summary = stage.summarize(outcome, checked);
    emit({ type: 'stage-skipped', stage: name, runId: entry.runId, summary, ...(from !== undefined && { from }) });
  } else {
    emit({ type: 'stage-started', stage: name });
    const start = performance.now();
    outcome = await stage.run(context, kept.beginning(stage)?.outcome);
    const seconds = (performance.now() - start) / 1000;
    emit({ type: 'stage-finished', stage: name, seconds, summary: stage.summarize(outcome, checked) });
    kept.keep(stage, run.runId, outcome);
  }
  outcomes.set(stage as Stage, outcome);
  stage.record(outcome, context, isTaken);
}

function contextOf(
  { checked, trial, dataFiles, run, checkpoints, untilEpoch, emit, signal, result }: StagesInput,
  { outcomes }: Done,
): StageContext {
  const {
    pipeline: {
      seed,
      train: { batchSize },
    },
  } = checked;
  const context: StageContext = {
    checked,
    run,
    checkpoints: trial === undefined ? checkpoints : undefined,
    untilEpoch,
    dataFiles,
    emit,
    signal,
    limit: (data) => (trial === undefined ? data : limitData(data, trial, { batchSize, seed })),
    data: once(() => loadData(context)),
    live: {},
    result,
    outcomeOf: <Outcome>(stage: Stage<string, Outcome>) => outcomes.get(stage as Stage) as Outcome,
  };
  return context;
}

/**
 * The report and the summary of a run whose stages are done.
 *
 * @throws UserError where a gate, or what a trial was for, is missed
 */
async function report(
  { checked, trial, run, where, open, emit }: StagesInput,
  { data, outcomeOf }: StageContext,
  startTime: number,
  taken: Done['taken'],
): Promise<void> {
  const [trained, evaluation] = [outcomeOf(trainStage), outcomeOf(evaluateStage)];
  const kept = [...taken].map(([{ name }, runId]) => ({ stage: name, runId }));
  const { files, preparation } = outcomeOf(loadStage);
  await recordModelFormats(run, { checked, trained, golden: evaluation.golden, files, preparation });
  writeReport(
    outcomeOf(visualizeStage),
    reportFacts({ checked, trial, run, startTime, where, open, files, trained, evaluation, kept }),
    run.artifactDirectory,
    emit,
  );
  const { best } = bestEpoch(checked.pipeline, trained);
  recordSummary(run, { evaluation, trained, trial, best, kept, samples: sampleNoun(checked.plan.dataset) });
  if (trial === undefined) {
    const gates = gatesOf(checked.pipeline.evaluate.require);
    const { tags, failed } = judge(gates, { ...evaluation.metrics, [pace]: evaluation.msPerSample });
    run.tags(tags);
    if (failed !== undefined) throw failed;
    return;
  }
  const missed = overfitFailure(trial, trained.history, (await data()).split.train.length);
  if (missed !== undefined) throw missed;
}

/** Does the work when it is first asked for, and never again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}
