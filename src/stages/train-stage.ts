import type { TrainInput } from './train-input.ts';
import { type TrainingState, trainingStateForm } from './training-state.ts';
import { afterTest, validationCount } from '../datasets/splits/split.ts';
import { type Checkpoints, CheckpointFolder } from '../checkpoints/checkpoint-folder.ts';
import { changesBetween } from '../cache/explain-changes.ts';
import { type Fingerprint, machinePart, section } from '../cache/fingerprints.ts';
import type { EntryFacts } from '../cache/stage-cache.ts';
import { sampleNoun } from '../datasets/findings/sample-noun.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { such } from '../base/json-form.ts';
import { type Pipeline, wantedValues } from '../language/pipeline.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import { judge } from '../training/early-stopping.ts';
import { scheduleRow } from '../training/schedules.ts';
import { startingFrom } from './continue-training.ts';
import { describeTargets } from './data-record.ts';
import { findSuspects, suspectWarnings } from './find-suspects.ts';
import { loadStage } from './load-stage.ts';
import { recordEvent } from './record-event.ts';
import { reviveModel } from './revive-model.ts';
import type { Beginning, Calibration, Stage, StageContext } from './stage.ts';
import { train } from './train.ts';
import {
  type TrainOutcome,
  describeTraining,
  outcomeOfTraining,
  recordModel,
  recordSuspects,
  trainOutcomeForm,
} from './train-outcome.ts';

/** Trains the model. */
export const trainStage: Stage<'train', TrainOutcome> = {
  name: 'train',
  dependsOn: {
    engine: machinePart('engine', 'its kernels add in an order of their own'),
    processor: machinePart('processor', 'kernels are chosen by what it can do'),
    threads: machinePart('threads', 'sums are divided among threads, and rounding goes with the division'),
    environment: machinePart('environment', 'TensorFlow reads it, and chooses kernels and threads by it'),
    model: section('model', 'what is trained'),
    step: {
      reason: 'op by op, sums are added in another order than in one graph',
      value: ({ step }) => step,
    },
    train: section('train', 'how it is trained', {
      withoutEffect: { checkpoint: 'how often a training is kept while it goes on' },
      withoutPace: ['epochs', 'schedule', 'earlyStopping', 'checkpoint'],
      overEpochs: ['schedule', 'earlyStopping', 'ema'],
    }),
  },
  needs: [loadStage],
  usesEngine: true,
  form: ({ pipeline, plan: { dataset } }) =>
    such(
      trainOutcomeForm,
      ({ history, scales }) => history.length <= pipeline.train.epochs && scales.length === dataset.targets.length,
    ),
  run: async (context, beginning) => {
    const checkpoints = checkpointsOf(context, beginning);
    const trained = await train({
      ...(await trainInput(context)),
      ...(context.untilEpoch === undefined ? {} : { untilEpoch: context.untilEpoch }),
      ...(checkpoints === undefined ? {} : { checkpoints }),
    });
    context.live.trained = trained;
    // A trial is over before anything can be told.
    const suspects = context.checkpoints === undefined ? [] : await findSuspects(trained, context);
    return outcomeOfTraining(await loadEngine(), trained, checkpoints, suspects);
  },
  summarize: (outcome, { plan }) => describeTraining(outcome, sampleNoun(plan.dataset)),
  record: (outcome, context, taken) => {
    const {
      checked: { pipeline, plan },
      run,
    } = context;
    const { history, epoch, weightsSha256, samplesPerSecond, step, end } = outcome;
    Object.assign(context.result, { metrics: { ...history[epoch - 1] }, weightsSha256, samplesPerSecond, step });
    if (taken) {
      recordEvent(run, { type: 'step-chosen', step });
      const { epochs } = pipeline.train;
      for (const finished of end?.state.progress.finished ?? [])
        recordEvent(run, { type: 'epoch-finished', epochs, ...finished });
    }
    const { best } = bestEpoch(pipeline, outcome);
    // MLflow shows the newest value of a metric, which is not the model's then.
    if (best !== undefined) run.tags({ best_epoch: String(best) });
    const { suspects = [] } = outcome;
    recordSuspects(run, suspects);
    for (const diagnostic of suspectWarnings(suspects, context.checked))
      context.emit({ type: 'diagnostic', diagnostic });
    recordModel(run, outcome.model, {
      pipeline: pipeline.name,
      seed: pipeline.seed,
      weightsSha256,
      step,
      ...context.outcomeOf(loadStage).preparation,
      targets: describeTargets(plan.dataset.targets, outcome.scales),
    });
  },
  estimate: (calibration, checked) =>
    calibration.seconds.prepare + checked.pipeline.train.epochs * epochSeconds(calibration, checked),
  revive: async (outcome, context) => {
    context.live.trained = reviveModel(outcome, await trainInput(context));
    return context.live.trained !== undefined;
  },
  free: (live) => {
    live.trained?.dispose();
    live.trained = undefined;
  },
  ranAs: ({ ranAs }) => ranAs,
  isWhole: ({ end }) => end !== undefined,
  beginning: ({ pipeline }, fingerprint, entries) => shorterTraining(pipeline, fingerprint, entries),
};

/** Seconds that an epoch will take, with its validation. */
export function epochSeconds(
  { seconds, samples }: Calibration,
  { pipeline: { data, train: options }, plan: { dataset } }: CheckedPipeline,
): number {
  const validation = dataset.count?.validation ?? validationCount(afterTest(data.split, dataset), samples.train);
  return Math.ceil((samples.train - validation) / options.batchSize) * seconds.step + validation * seconds.evaluation;
}

/** The epoch whose weights the model has, where early stopping chose it. */
export function bestEpoch(
  { train: { earlyStopping } }: Pipeline,
  { history, epoch }: TrainOutcome,
): { readonly best?: number } {
  return earlyStopping?.restoreBestWeights === true && judge(history, earlyStopping).best === epoch
    ? { best: epoch }
    : {};
}

async function trainInput({ checked: { pipeline, plan }, emit, signal, data }: StageContext): Promise<TrainInput> {
  return {
    engine: await loadEngine(),
    data: await data(),
    graph: graphOf(plan),
    ...pipeline.train,
    wanted: wantedValues(pipeline),
    seed: pipeline.seed,
    emit,
    signal,
  };
}

/** The checkpoints of the run; before its first, the end of a shorter training where one is kept. */
function checkpointsOf(
  { checked: { pipeline }, run, checkpoints: path, emit }: StageContext,
  shorter: TrainOutcome | undefined,
): Checkpoints<TrainingState> | undefined {
  if (path === undefined) return undefined;
  const folder = new CheckpointFolder<TrainingState>(
    path,
    pipeline.train.checkpoint,
    (diagnostic) => emit({ type: 'diagnostic', diagnostic }),
    trainingStateForm,
  );
  return startingFrom(shorter?.end, folder, run, emit);
}

/**
 * The longest kept training that the pipeline's begins with: nothing differs but the number of epochs, and nothing in
 * it looks ahead to that number.
 */
function shorterTraining(
  { train: { schedule, earlyStopping } }: Pipeline,
  { parts }: Fingerprint,
  entries: readonly EntryFacts[],
): Beginning | undefined {
  if (earlyStopping !== undefined) return undefined;
  if (schedule !== undefined && scheduleRow(schedule.type).dependsOnEpochs(schedule.options)) return undefined;
  const shorter = entries.filter(({ fingerprint }) => {
    const [change, ...others] = changesBetween(fingerprint.parts, parts);
    return change?.name === 'train.epochs' && others.length === 0 && Number(change.before) < Number(change.now);
  });
  const entry = shorter.toSorted((a, b) => epochsOf(b) - epochsOf(a))[0];
  return entry && { entry, epochs: epochsOf(entry) };
}

const epochsOf = ({ fingerprint }: EntryFacts) => Number(new Map(fingerprint.parts).get('train.epochs'));
