import { setImmediate } from 'node:timers/promises';
import { type UserError, failure } from '../base/diagnostics.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { gatherBatches } from '../datasets/batches.ts';
import { findNonFinite, nonFiniteHint } from '../training/non-finite.ts';
import type { Rates } from '../training/schedules.ts';
import type { Training } from './prepare-training.ts';
import type { TrainInput } from './train.ts';

/** One epoch to train. */
export interface Epoch {
  /** Counted from 1. */
  readonly epoch: number;
  readonly rates: Rates;
  /** Milliseconds that the epochs before took. */
  readonly before: number;
}

/** Milliseconds between two looks at the world outside: Ctrl-C, the display, the tracker's sender. */
const pause = 100;

/**
 * Trains one epoch, in an order of its own.
 *
 * @returns means over the samples, and how long it took
 * @throws UserError when the loss is no longer a number; the signal's reason when it is aborted
 */
export async function trainEpoch(input: TrainInput, training: Training, { epoch, rates, before }: Epoch): Promise<{ readonly loss: number; readonly accuracy: number; readonly ms: number }> {
  const { data: { dataset, split }, batchSize, epochs, emit } = input;
  const { runner, epochStart } = training;
  runner.pull();
  epochStart.take();
  const batches = Math.ceil(split.train.length / batchSize);
  let [number, lossSum, correct, seen, batch] = [(epoch - 1) * batches, 0, 0, 0, 0];
  const start = performance.now();
  let paused = start;
  for (const samples of gatherBatches(dataset.train, orderOf(input, epoch), batchSize)) {
    const result = runner.train(samples, rates(number), number++);
    batch++;
    seen += samples.count;
    lossSum += result.loss * samples.count;
    correct += result.correct;
    if (!Number.isFinite(result.loss)) throw notFinite(input, training, { epoch, rates, before }, result.loss, batch);
    const now = performance.now();
    if (now - paused < pause && batch < batches) continue;
    const done = (epoch - 1) * split.train.length + seen;
    const imagesPerSecond = (done * 1000) / (before + now - start);
    emit({ type: 'progress', epoch, epochs, batch, batches, loss: lossSum / seen, imagesPerSecond, etaSeconds: (epochs * split.train.length - done) / imagesPerSecond });
    await setImmediate();
    input.signal.throwIfAborted();
    paused = performance.now();
  }
  epochStart.dispose();
  return { loss: lossSum / seen, accuracy: correct / seen, ms: performance.now() - start };
}

function orderOf({ data: { split }, seed }: TrainInput, epoch: number): Uint32Array {
  return permutation(split.train.length, seedFor(seed, 'data', 'order', epoch)).map((i) => split.train[i]!);
}

/** Goes back to where the epoch began, which the step that failed has overwritten, and repeats it up to that step. */
function notFinite(input: TrainInput, { runner, epochStart, parts }: Training, { epoch, rates }: Epoch, loss: number, failed: number): UserError {
  const { data: { dataset, split }, batchSize } = input;
  const first = (epoch - 1) * Math.ceil(split.train.length / batchSize);
  epochStart.restore();
  runner.push();
  let [where, batch] = ['', 0];
  for (const samples of gatherBatches(dataset.train, orderOf(input, epoch), batchSize)) {
    const number = first + batch;
    if (++batch < failed) {
      runner.train(samples, rates(number), number);
      continue;
    }
    runner.pull();
    where = findNonFinite(parts, samples, dataset.spec.inputShape, number);
    break;
  }
  const message = `the loss became ${loss} in epoch ${epoch}, batch ${failed} (step ${first + failed}): training cannot go on; the first values that are not finite are ${where}`;
  return failure('loss-not-finite', message, nonFiniteHint);
}
