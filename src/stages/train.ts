import { type Progress, newEpoch } from './training-state.ts';
import type { History } from '../base/results.ts';
import { type UserError, failure } from '../base/diagnostics.ts';
import type { Scale } from '../datasets/scale.ts';
import type { Model } from '../layers/build-model.ts';
import { judge } from '../training/early-stopping.ts';
import type { Evaluator } from '../training/evaluator.ts';
import { measure } from '../training/metrics.ts';
import { monitoredMetrics } from '../training/monitor.ts';
import { findNonFinite, nonFiniteHint } from '../training/non-finite.ts';
import { epochMetrics, tallied } from '../training/epoch-metrics.ts';
import { allMaskedIn } from './all-masked.ts';
import { outcomeOfOutput } from './evaluate.ts';
import { evaluateRows } from './evaluate-rows.ts';
import { nanMonitors } from './nan-monitors.ts';
import { type Training, prepareTraining } from './prepare-training.ts';
import type { TrainInput } from './train-input.ts';
import { pause, trainEpoch } from './train-epoch.ts';
import { Paused } from './paused.ts';
import { keepProgress, resumeProgress, secondsLeft, stepsOf } from './training-progress.ts';

/** A trained model, and how it came to be. */
export interface TrainOutput {
  readonly model: Model;
  /** Evaluates with the weights as trained. */
  readonly evaluator: Evaluator;
  /** `compiled`, or `eager (why)`. */
  readonly step: string;
  readonly history: History;
  /** The epoch whose weights the model has, counted from 1. */
  readonly epoch: number;
  readonly weightsSha256: string;
  /** For each target of the data, those of its components; null where it is not standardized. */
  readonly scales: readonly (readonly Scale[] | null)[];
  /** Over all training steps; validation is not counted. */
  readonly samplesPerSecond: number;
  /** How its steps ran: `compiled`, `eager`, or both where it went on the other way. */
  readonly ranAs: string;
  /**
   * Of each output, the sums of the margins of its labels over the epochs, by the row of the sample in the source; of a
   * row that was not trained on 0; undefined where none were gathered.
   */
  readonly margins: readonly (Float32Array | undefined)[];
  /** Frees the model, the optimizer's state and the graph. */
  dispose(): void;
}

/**
 * Trains the model from its first weights, or from its newest checkpoint: the outcome is the same to the bit.
 *
 * @throws UserError when the loss is no longer a number; the signal's reason when it is aborted; Paused, with a
 *   checkpoint, at the end of the epoch that it pauses at
 */
export async function train(input: TrainInput): Promise<TrainOutput> {
  const training = prepareTraining(input);
  const { model, trainer, dispose } = training;
  try {
    input.emit({ type: 'step-chosen', step: trainer.step });
    const trained = await runEpochs(input, training);
    trainer.pull();
    return {
      model,
      evaluator: trainer.evaluator,
      step: trainer.step,
      ...trained,
      weightsSha256: model.weightsSha256(),
      scales: training.parts.outputs.map(({ scales }) => scales ?? null),
      margins: training.margins,
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function runEpochs(
  input: TrainInput,
  training: Training,
): Promise<Pick<TrainOutput, 'history' | 'epoch' | 'samplesPerSecond' | 'ranAs'>> {
  const {
    data: { split },
    epochs,
    earlyStopping,
    signal,
    untilEpoch = epochs,
  } = input;
  const progress = resumeProgress(input, training);
  try {
    while (progress.finished.length < epochs && !hasEnded(input, historyOf(progress))) {
      if (progress.finished.length >= untilEpoch) pauseHere(input, training, progress);
      await runEpoch(input, training, progress);
    }
  } catch (error) {
    // All that throws because of the signal does so between two steps.
    if (signal.aborted) keepProgress(input, training, progress);
    throw error;
  }
  // The model ends with its averages.
  training.swapAverages();
  const history = historyOf(progress);
  const best = earlyStopping?.restoreBestWeights === true ? judge(history, earlyStopping).best : 0;
  if (best > 0) restoreBest(training);
  const samplesPerSecond = (history.length * split.train.length * 1000) / progress.trainingMs;
  return { history, epoch: best > 0 ? best : history.length, samplesPerSecond, ranAs: progress.ranAs.join(' and ') };
}

/** @throws Paused; UserError where no checkpoint can be written, without which it could not go on */
function pauseHere(input: TrainInput, training: Training, progress: Progress): never {
  const { epoch, metrics } = progress.finished.at(-1)!;
  if (!keepProgress(input, training, progress, isBest(input, historyOf(progress))))
    throw failure(
      'run-not-written',
      `the run cannot pause after epoch ${epoch}: no checkpoint can be written`,
      'Make room there, and run the file again.',
    );
  throw new Paused(epoch, metrics);
}

const historyOf = ({ finished }: Progress): History => finished.map(({ metrics }) => metrics);

function hasEnded({ earlyStopping, endsAtLoss = -Infinity }: TrainInput, history: History): boolean {
  return (
    (earlyStopping !== undefined && judge(history, earlyStopping).stop) ||
    (history.at(-1)?.['loss'] ?? Infinity) <= endsAtLoss
  );
}

async function runEpoch(input: TrainInput, training: Training, progress: Progress): Promise<void> {
  const {
    data: { split },
    epochs,
    schedule,
    batchSize,
    earlyStopping,
    emit,
  } = input;
  const start = performance.now() - progress.now.ms;
  const epoch = progress.finished.length + 1;
  const rates = training.rates(historyOf(progress));
  await trainEpoch(input, training, progress, rates);
  const { tally, ms } = progress.now;
  training.swapAverages();
  try {
    const measured = await validate(input, training, progress);
    const lastStep = epoch * Math.ceil(split.train.length / batchSize) - 1;
    const metrics = {
      ...tallied(
        tally,
        training.parts.outputs.map(({ target }) => target),
      ),
      ...measured,
      ...(schedule === undefined ? {} : { learning_rate: rates(lastStep) }),
    };
    progress.finished.push({
      epoch,
      metrics,
      samplesPerSecond: (split.train.length * 1000) / ms,
      seconds: (performance.now() - start) / 1000,
    });
    progress.trainingMs += ms;
    progress.now = newEpoch();
    if (earlyStopping?.restoreBestWeights === true && judge(historyOf(progress), earlyStopping).best === epoch)
      keepBest(training);
  } finally {
    training.swapAverages();
  }
  emit({ type: 'epoch-finished', epochs, ...progress.finished.at(-1)! });
  const history = historyOf(progress);
  for (const diagnostic of [...allMaskedIn(history, input.data.dataset.spec.targets), ...nanMonitors(input, history)])
    emit({ type: 'diagnostic', diagnostic });
  keepEpoch(input, training, progress, performance.now() - start);
}

/**
 * Writes a checkpoint at the end of an epoch: when one is due, for the best epoch so far where that costs next to
 * nothing, and after the last.
 */
function keepEpoch(input: TrainInput, training: Training, progress: Progress, ms: number): void {
  const { checkpoints, epochs, untilEpoch = epochs } = input;
  if (checkpoints === undefined) return;
  const history = historyOf(progress);
  const best = isBest(input, history);
  const isLast = history.length === epochs || hasEnded(input, history);
  // Where it pauses, it is kept then.
  if (!isLast && history.length >= untilEpoch) return;
  if (isLast || checkpoints.isDue(stepsOf(input, progress)) || (best && checkpoints.affordsOneIn(ms)))
    keepProgress(input, training, progress, best);
}

/** Whether the last epoch so far is the best. */
function isBest({ data: { split }, earlyStopping }: TrainInput, history: History): boolean {
  const monitor =
    earlyStopping ??
    ({
      monitor: split.validation.length > 0 ? 'val_loss' : 'loss',
      mode: 'min',
      minDelta: 0,
      patience: 0,
      restoreBestWeights: false,
    } as const);
  return judge(history, monitor).best === history.length;
}

function keepBest({ trainer, best }: Training): void {
  trainer.pull();
  best.take();
}

function restoreBest({ trainer, best }: Training): void {
  best.restore();
  trainer.push();
}

async function validate(input: TrainInput, training: Training, progress: Progress): Promise<Record<string, number>> {
  const {
    data: { dataset, split },
    epochs,
    emit,
    signal,
  } = input;
  const count = split.validation.length;
  if (count === 0) return {};
  const epoch = progress.finished.length + 1;
  const start = performance.now();
  let told = start;
  const tell = (done: number): void => {
    const now = performance.now();
    if (now - told < pause) return;
    told = now;
    emit({
      type: 'validation-progress',
      epoch,
      epochs,
      done,
      count,
      etaSeconds: secondsLeft(input, progress, { done, ms: now - start }),
    });
  };
  const judged = await evaluateRows(
    training.trainer.evaluator,
    { targets: dataset.spec.targets, source: dataset.train, rows: split.validation },
    signal,
    tell,
  );
  if (!Number.isFinite(judged.loss)) throw await notFinite(input, training, judged.loss, epoch);
  const waitedFor = monitoredMetrics(input, dataset.spec.targets).flatMap(({ metric, output }) => {
    const judgedOutput = judged.outputs.find(({ target }) => output === undefined || target.name === output)!;
    return Object.entries(measure(metric, outcomeOfOutput(judgedOutput))).map(
      ([name, value]) => [`${output === undefined ? '' : `${output}_`}${name}`, value] as const,
    );
  });
  return Object.fromEntries(
    [...Object.entries(epochMetrics(judged)), ...waitedFor].map(([name, value]) => [`val_${name}`, value]),
  );
}

async function notFinite(
  { data: { dataset, split } }: TrainInput,
  { trainer, parts }: Training,
  loss: number,
  epoch: number,
): Promise<UserError> {
  trainer.pull();
  let where = '';
  const wanted = { rows: split.validation, size: trainer.evaluator.evaluationBatch };
  for await (const batch of dataset.train.batches(wanted)) {
    const { loss, outputs } = trainer.evaluator.evaluate(batch);
    if ([loss, ...outputs.flatMap((output) => output.loss ?? [])].every((values) => values.every(Number.isFinite)))
      continue;
    where = findNonFinite(parts, batch);
    break;
  }
  return failure(
    'loss-not-finite',
    `the validation loss became ${loss} after epoch ${epoch}: training cannot go on; ` +
      `the first values that are not finite are ${where}`,
    nonFiniteHint,
  );
}
