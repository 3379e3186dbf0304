import { setImmediate } from 'node:timers/promises';
import type { TrainInput } from './train-input.ts';
import type { Progress } from './training-state.ts';
import { type UserError, failure } from '../base/diagnostics.ts';
import { addStep, tallied } from '../training/epoch-metrics.ts';
import { addMargins } from '../training/label-margins.ts';
import { findNonFinite, nonFiniteHint } from '../training/non-finite.ts';
import type { Rates } from '../training/schedules.ts';
import type { Training } from './prepare-training.ts';
import { epochOrder } from './epoch-order.ts';
import { trainingBatches } from './training-batches.ts';
import { keepProgress, paceOf, secondsLeft, stepsOf } from './training-progress.ts';

/** Milliseconds between two looks at the world outside: Ctrl-C, the display, the tracker's sender. */
export const pause = 100;

/**
 * Trains the epoch under way to its end, in an order of its own.
 *
 * @param progress kept up to date after each step
 * @throws UserError when the loss is no longer a number; the signal's reason when it is aborted
 */
export async function trainEpoch(
  input: TrainInput,
  training: Training,
  progress: Progress,
  rates: Rates,
): Promise<void> {
  const {
    data: { split },
    batchSize,
    epochs,
    emit,
    checkpoints,
  } = input;
  const {
    trainer,
    epochStart,
    margins,
    parts: { outputs },
  } = training;
  const targets = outputs.map(({ target }) => target);
  const { now } = progress;
  const first = now.batch;
  trainer.pull();
  epochStart.take();
  const batches = Math.ceil(split.train.length / batchSize);
  const epoch = progress.finished.length + 1;
  const rows = epochOrder(input, epoch);
  let paused = performance.now();
  const start = paused - now.ms;
  for await (const samples of trainingBatches(input, epoch, first, rows)) {
    const step = stepsOf(input, progress);
    const result = trainer.train(samples, rates(step), step);
    if (!Number.isFinite(result.loss))
      throw await notFinite(input, training, { epoch, first, failed: now.batch, rates }, result.loss);
    addMargins(margins, result.margins, rows.subarray(now.batch * batchSize).subarray(0, samples.count));
    now.batch++;
    addStep(now.tally, result, samples.count);
    now.ms = performance.now() - start;
    // At the end of the epoch, what validation finds is kept too.
    if (now.batch < batches && checkpoints?.isDue(step + 1) === true) keepProgress(input, training, progress);
    if (performance.now() - paused < pause && now.batch < batches) continue;
    const samplesPerSecond = paceOf(input, progress);
    emit({
      type: 'progress',
      epoch,
      epochs,
      batch: now.batch,
      batches,
      loss: tallied(now.tally, targets)['loss']!,
      samplesPerSecond,
      etaSeconds: secondsLeft(input, progress),
    });
    await setImmediate();
    input.signal.throwIfAborted();
    paused = performance.now();
  }
  epochStart.dispose();
}

/** A step that failed, and the one that this process began the epoch with: batches counted from 0 within the epoch. */
interface FailedStep {
  readonly epoch: number;
  readonly first: number;
  readonly failed: number;
  readonly rates: Rates;
}

/** Goes back to where the epoch began, which the step that failed has overwritten, and repeats it up to that step. */
async function notFinite(
  input: TrainInput,
  { trainer, epochStart, parts }: Training,
  { epoch, first, failed, rates }: FailedStep,
  loss: number,
): Promise<UserError> {
  const {
    data: { split },
    batchSize,
  } = input;
  const before = (epoch - 1) * Math.ceil(split.train.length / batchSize);
  epochStart.restore();
  trainer.push();
  let [where, batch] = ['', first];
  for await (const samples of trainingBatches(input, epoch, first)) {
    if (batch === failed) {
      trainer.pull();
      where = findNonFinite(parts, samples, before + batch);
      break;
    }
    trainer.train(samples, rates(before + batch), before + batch);
    batch++;
  }
  const message =
    `the loss became ${loss} in epoch ${epoch}, batch ${failed + 1} (step ${before + failed + 1}): ` +
    `training cannot go on; the first values that are not finite are ${where}`;
  return failure('loss-not-finite', message, nonFiniteHint);
}
