import { createHash } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import type { TrainInput } from './train-input.ts';
import { type Progress, type TrainingState, newEpoch } from './training-state.ts';
import { type Diagnostic, type UserError, failure, warning } from '../base/diagnostics.ts';
import type { ArrayValues, Checkpoint, NamedArray } from '../checkpoints/checkpoint-file.ts';
import type { StepKind } from '../engine/install/engine-site.ts';
import type { LoadedData } from './load.ts';
import type { Training } from './prepare-training.ts';

/** Steps that were taken so far. */
export function stepsOf({ data: { split }, batchSize }: TrainInput, { finished, now }: Progress): number {
  return finished.length * Math.ceil(split.train.length / batchSize) + now.batch;
}

/** Training samples per second so far; validation is not counted. */
export function paceOf({ data: { split } }: TrainInput, { finished, trainingMs, now }: Progress): number {
  return ((finished.length * split.train.length + now.tally.seen) * 1000) / (trainingMs + now.ms);
}

/**
 * Seconds to the end of the last epoch, validation counted as long as it took so far.
 *
 * @param validated samples of the validation under way, and the milliseconds that these took
 */
export function secondsLeft(input: TrainInput, progress: Progress, validated = { done: 0, ms: 0 }): number {
  const {
    data: { split },
    epochs,
  } = input;
  const { finished, trainingMs, now } = progress;
  const pace = paceOf(input, progress);
  const before = finished.reduce((sum, { seconds }) => sum + seconds, 0) - trainingMs / 1000;
  const count = split.validation.length;
  const [measured, took] = [finished.length * count + validated.done, before + validated.ms / 1000];
  // Until one was measured: forward alone is about a third of the work of a step.
  const each = measured === 0 ? 1 / (3 * pace) : Math.max(0, took) / measured;
  const training = ((epochs - finished.length) * split.train.length - now.tally.seen) / pace;
  return training + ((epochs - finished.length) * count - validated.done) * each;
}

/**
 * Writes a checkpoint of a training between two steps, with its weights in the model and their averages in the
 * optimizer.
 *
 * @returns whether it was written
 */
export function keepProgress(input: TrainInput, training: Training, progress: Progress, isBest = false): boolean {
  const { checkpoints, emit } = input;
  if (checkpoints === undefined) return false;
  const steps = stepsOf(input, progress);
  const start = performance.now();
  const written = checkpoints.write(
    steps,
    () => {
      training.trainer.pull();
      const named = (kind: string, tensors: readonly Tensor[]): NamedArray[] =>
        tensors.map((tensor, i) => ({
          name: `${kind}/${i}`,
          shape: tensor.shape,
          dtype: tensor.dtype === 'bool' ? 'uint8' : (tensor.dtype as 'float32' | 'int32'),
          // A copy, which lasts as long as it takes to write it.
          get values() {
            return tensor.dataSync() as ArrayValues;
          },
        }));
      return {
        state: { progress, data: digestOf(input.data, training) },
        arrays: [
          ...named('variables', training.variables),
          ...named('best', training.best.values),
          ...gathered(training),
        ],
      };
    },
    isBest,
  );
  if (written)
    emit({
      type: 'checkpoint-written',
      epoch: progress.finished.length + 1,
      batch: progress.now.batch,
      step: steps,
      seconds: (performance.now() - start) / 1000,
    });
  return written;
}

/** What was gathered of the labels of each sample. */
function gathered({ margins }: Training): NamedArray[] {
  return margins.flatMap((sums, k) =>
    sums === undefined ? [] : [{ name: `margins/${k}`, shape: [sums.length], values: sums }],
  );
}

/**
 * Takes up a training where its newest checkpoint left it, or begins it.
 *
 * @throws UserError when the checkpoint belongs to other data or another model
 */
export function resumeProgress(input: TrainInput, training: Training): Progress {
  const checkpoint = input.checkpoints?.newest((found) => misfitOf(input, training, found));
  const { kind } = training.trainer;
  if (checkpoint === undefined) return { finished: [], trainingMs: 0, ranAs: [kind], now: newEpoch() };
  const { ranAs = [kind], ...progress } = withNaN(checkpoint.state.progress);
  restoreVariables(input, training, checkpoint);
  const { epochs, emit } = input;
  const resumed = { ...progress, ranAs: [...new Set([...ranAs, kind])] };
  if (!ranAs.includes(kind)) emit({ type: 'diagnostic', diagnostic: otherStep(ranAs, training.trainer.step) });
  emit({
    type: 'training-resumed',
    epoch: progress.finished.length + 1,
    batch: progress.now.batch,
    step: stepsOf(input, resumed),
  });
  // What was not recorded any more when the run was killed is; the tracker knows what it has.
  for (const epoch of progress.finished) emit({ type: 'epoch-finished', epochs, ...epoch });
  return resumed;
}

function otherStep(before: readonly StepKind[], now: string): Diagnostic {
  const message =
    `the steps so far ran ${before.join(' and ')}, those from here on run ${now}: ` +
    'the outcome may differ in its last bits from that of a run without interruption';
  return warning('other-step', message);
}

const startOver = 'Use `pipeline run --fresh` to start over.';

function withNaN(progress: TrainingState['progress']): TrainingState['progress'] {
  const told = (values: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? Number.NaN]));
  return { ...progress, finished: progress.finished.map((epoch) => ({ ...epoch, metrics: told(epoch.metrics) })) };
}

/** Why a training cannot go on from a checkpoint; undefined where it can. */
function misfitOf(
  input: TrainInput,
  training: Training,
  { state, arrays }: Checkpoint<TrainingState>,
): UserError | undefined {
  const { variables, model } = training;
  if (state.data !== digestOf(input.data, training))
    return failure(
      'data-changed',
      'the data is no longer what the interrupted run was trained on: it cannot go on',
      startOver,
    );
  const {
    finished,
    now: { batch, tally },
  } = state.progress;
  const outputs = batch === 0 ? 0 : input.outputs.length;
  const isOnTheWay =
    finished.length <= input.epochs && batch <= Math.ceil(input.data.split.train.length / input.batchSize);
  const isTallied =
    [tally.losses, tally.scores].every(({ length }) => length === outputs) &&
    tally.seen === Math.min(batch * input.batchSize, input.data.split.train.length);
  const [values, best] = [arraysOf('variables', arrays), arraysOf('best', arrays)];
  const fits = (kept: readonly NamedArray[], expected: readonly Tensor[]) =>
    kept.length === expected.length && kept.every((array, i) => isOf(array, expected[i]!));
  const sums = arraysOf('margins', arrays);
  // Versions before this one gathered none: a training of theirs goes on without.
  const isGathered = sums.every((one) =>
    gathered(training).some(({ name, shape }) => name === one.name && String(shape) === String(one.shape)),
  );
  if (
    isOnTheWay &&
    isTallied &&
    isGathered &&
    fits(values, variables) &&
    (best.length === 0 || fits(best, model.variables))
  )
    return undefined;
  return failure('checkpoint-misfit', 'the checkpoint is of another model or optimizer', startOver);
}

function isOf({ shape, values }: NamedArray, { shape: expected, dtype }: Tensor): boolean {
  const whole = dtype === 'bool' ? Uint8Array : Int32Array;
  const kind = dtype === 'float32' ? Float32Array : whole;
  return String(shape) === String(expected) && values instanceof kind;
}

function arraysOf(kind: 'variables' | 'best' | 'margins', arrays: readonly NamedArray[]): readonly NamedArray[] {
  return arrays.filter(({ name }) => name.startsWith(`${kind}/`));
}

function restoreVariables(
  { engine: { tf } }: TrainInput,
  { variables, best, model, trainer, margins }: Training,
  { arrays }: Checkpoint<TrainingState>,
): void {
  const [values, bestValues] = [arraysOf('variables', arrays), arraysOf('best', arrays)];
  const toTensor = (array: NamedArray, { dtype }: Tensor) => tf.tensor(array.values, [...array.shape], dtype);
  values.forEach((array, i) => {
    const tensor = toTensor(array, variables[i]!);
    variables[i]!.assign(tensor);
    tensor.dispose();
  });
  if (bestValues.length > 0) best.put(bestValues.map((array, i) => toTensor(array, model.variables[i]!)));
  for (const k of margins.keys()) {
    const kept = arrays.find(({ name }) => name === `margins/${k}`)?.values;
    margins[k] = kept === undefined ? undefined : Float32Array.from(kept);
  }
  trainer.push();
}

function digestOf({ dataset, split }: LoadedData, { parts: { outputs } }: Training): string {
  const hash = createHash('sha256').update(JSON.stringify(dataset.files.map(({ sha256 }) => sha256)));
  // Versions before did not standardize: from their weights no training of standardized numbers goes on.
  for (const { scales } of outputs) if (scales !== undefined) hash.update(JSON.stringify(scales));
  return hash.update(split.train).update('|').update(split.validation).digest('hex');
}
