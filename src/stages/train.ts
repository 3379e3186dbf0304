import { setImmediate } from 'node:timers/promises';
import { failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import type { Chosen } from '../base/row.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import type { History } from '../charts/chart.ts';
import { batchSizesOf, gatherBatches } from '../datasets/batches.ts';
import type { Engine } from '../engine/engine.ts';
import { type ConnectedLayer, type Model, buildModel } from '../layers/build-model.ts';
import { lossRow } from '../training/losses.ts';
import { optimizerRow } from '../training/optimizers.ts';
import { type Runner, createRunner } from '../training/runner.ts';
import type { LoadedData } from './load.ts';
import { evaluateRows, evaluationBatch } from './evaluate.ts';

/** What the train stage is told. */
export interface TrainInput {
  readonly engine: Engine;
  readonly data: LoadedData;
  readonly layers: readonly ConnectedLayer[];
  readonly optimizer: Chosen;
  readonly loss: Chosen;
  readonly batchSize: number;
  readonly epochs: number;
  readonly step: 'auto' | 'compiled' | 'eager';
  readonly seed: number;
  readonly emit: Emit;
  /** Aborted when the user wants the run to end. */
  readonly signal: AbortSignal;
}

/** A trained model, and how it came to be. */
export interface TrainOutput {
  readonly model: Model;
  /** Evaluates with the weights as trained. */
  readonly runner: Runner;
  readonly history: History;
  readonly weightsSha256: string;
  /** Over all training steps; validation is not counted. */
  readonly imagesPerSecond: number;
  /** Frees the model, the optimizer's state and the graph. */
  dispose(): void;
}

/** Milliseconds between two looks at the world outside: Ctrl-C, the display, the tracker's sender. */
const pause = 100;

/**
 * Trains the model from its first weights.
 *
 * @throws UserError when the loss is no longer a number; the signal's reason when it is aborted
 */
export async function train(input: TrainInput): Promise<TrainOutput> {
  const training = prepare(input);
  const { model, runner, dispose } = training;
  try {
    input.emit({ type: 'step-chosen', step: runner.step });
    const { history, imagesPerSecond } = await runEpochs(input, training);
    runner.pull();
    return { model, runner, history, weightsSha256: model.weightsSha256(), imagesPerSecond, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

type Training = ReturnType<typeof prepare>;

async function runEpochs(input: TrainInput, { runner, learningRate }: Training): Promise<Pick<TrainOutput, 'history' | 'imagesPerSecond'>> {
  const { data: { dataset, split }, batchSize, epochs, seed, emit } = input;
  const history: Record<string, number>[] = [];
  const batches = Math.ceil(split.train.length / batchSize);
  let number = 0;
  let trainingMs = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(split.train.length, seedFor(seed, 'data', 'order', epoch)).map((i) => split.train[i]!);
    let [lossSum, correct, seen, batch] = [0, 0, 0, 0];
    const epochStart = performance.now();
    let paused = epochStart;
    for (const samples of gatherBatches(dataset.train, order, batchSize)) {
      const result = runner.train(samples, learningRate, number++);
      batch++;
      seen += samples.count;
      lossSum += result.loss * samples.count;
      correct += result.correct;
      if (!Number.isFinite(result.loss)) throw notFinite(result.loss, epoch, batch);
      const now = performance.now();
      if (now - paused < pause && batch < batches) continue;
      const done = (epoch - 1) * split.train.length + seen;
      const imagesPerSecond = (done * 1000) / (trainingMs + now - epochStart);
      emit({ type: 'progress', epoch, epochs, batch, batches, loss: lossSum / seen, imagesPerSecond, etaSeconds: (epochs * split.train.length - done) / imagesPerSecond });
      await setImmediate();
      input.signal.throwIfAborted();
      paused = performance.now();
    }
    const elapsed = performance.now() - epochStart;
    trainingMs += elapsed;
    const metrics = { loss: lossSum / seen, accuracy: correct / seen, ...(await validate(input, runner)) };
    history.push(metrics);
    emit({ type: 'epoch-finished', epoch, epochs, metrics, imagesPerSecond: (seen * 1000) / elapsed, seconds: (performance.now() - epochStart) / 1000 });
  }
  return { history, imagesPerSecond: (epochs * split.train.length * 1000) / trainingMs };
}

function prepare({ engine, data: { dataset, split }, layers, optimizer, loss, batchSize, step, seed }: TrainInput) {
  const { inputShape, labels } = dataset.spec;
  const model = buildModel(engine, inputShape, layers, seed);
  const optimizing = optimizerRow(optimizer.type).create(engine.tf, model.trainable, optimizer.options);
  const parts = {
    engine,
    model,
    loss: { row: lossRow(loss.type), options: loss.options },
    optimizer: optimizing,
    scale: dataset.scale,
    classes: labels.classes.length,
  };
  const sizes = {
    train: batchSizesOf(split.train.length, batchSize),
    evaluate: [...new Set([split.validation.length, dataset.test.count].flatMap((rows) => batchSizesOf(rows, evaluationBatch)))],
  };
  const runner = createRunner(parts, inputShape, sizes, step);
  const dispose = () => {
    runner.dispose();
    for (const slot of optimizing.slots) slot.dispose();
    model.dispose();
  };
  return { model, runner, learningRate: optimizer.options['learningRate'] as number, dispose };
}

async function validate({ data: { dataset, split }, signal }: TrainInput, runner: Runner): Promise<Record<string, number>> {
  if (split.validation.length === 0) return {};
  const { loss, predicted } = await evaluateRows(runner, dataset.train, split.validation, signal);
  const correct = predicted.reduce((sum, label, i) => sum + (label === dataset.train.labels[split.validation[i]!] ? 1 : 0), 0);
  return { val_loss: loss, val_accuracy: correct / predicted.length };
}

function notFinite(loss: number, epoch: number, batch: number) {
  return failure('loss-not-finite', `the loss became ${loss} in epoch ${epoch}, batch ${batch}: training cannot go on`, 'Try a smaller learningRate, or smaller first weights.');
}
