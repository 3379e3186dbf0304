import { type UserError, failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import type { Chosen } from '../base/row.ts';
import type { History } from '../charts/chart.ts';
import { gatherBatches } from '../datasets/batches.ts';
import type { Engine } from '../engine/engine.ts';
import type { ConnectedLayer, Model } from '../layers/build-model.ts';
import type { Clipping } from '../training/clipping.ts';
import { type EarlyStopping, judge } from '../training/early-stopping.ts';
import type { Runner } from '../training/runner.ts';
import { findNonFinite, nonFiniteHint } from '../training/non-finite.ts';
import { evaluateRows } from './evaluate.ts';
import type { LoadedData } from './load.ts';
import { type Training, prepareTraining } from './prepare-training.ts';
import { trainEpoch } from './train-epoch.ts';

/** By class name; `balanced` makes every class count as much as any other. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

/** How a model is trained: the `train` section of a pipeline. */
export interface TrainOptions extends Clipping {
  readonly optimizer: Chosen;
  readonly loss: Chosen;
  readonly batchSize: number;
  readonly epochs: number;
  readonly step: 'auto' | 'compiled' | 'eager';
  readonly schedule?: Chosen;
  readonly classWeights?: ClassWeights;
  readonly ema?: { readonly decay: number };
  readonly earlyStopping?: EarlyStopping;
  /** Training ends with the epoch whose mean loss is no larger. */
  readonly endsAtLoss?: number;
}

/** What the train stage is told. */
export interface TrainInput extends TrainOptions {
  readonly engine: Engine;
  readonly data: LoadedData;
  readonly layers: readonly ConnectedLayer[];
  /** Whether evaluation will ask for the probabilities of all classes. */
  readonly probabilities: boolean;
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
  /** The epoch whose weights the model has, counted from 1. */
  readonly epoch: number;
  readonly weightsSha256: string;
  /** Over all training steps; validation is not counted. */
  readonly imagesPerSecond: number;
  /** Frees the model, the optimizer's state and the graph. */
  dispose(): void;
}

/**
 * Trains the model from its first weights.
 *
 * @throws UserError when the loss is no longer a number; the signal's reason when it is aborted
 */
export async function train(input: TrainInput): Promise<TrainOutput> {
  const training = prepareTraining(input);
  const { model, runner, dispose } = training;
  try {
    input.emit({ type: 'step-chosen', step: runner.step });
    const trained = await runEpochs(input, training);
    runner.pull();
    return { model, runner, ...trained, weightsSha256: model.weightsSha256(), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function runEpochs(input: TrainInput, training: Training): Promise<Pick<TrainOutput, 'history' | 'epoch' | 'imagesPerSecond'>> {
  const { data: { split }, epochs, schedule, earlyStopping, endsAtLoss = -Infinity, emit } = input;
  const history: Record<string, number>[] = [];
  let [trainingMs, best, stop] = [0, 0, false];
  for (let epoch = 1; epoch <= epochs && !stop; epoch++) {
    const start = performance.now();
    const rates = training.rates(history);
    const { loss, accuracy, ms } = await trainEpoch(input, training, { epoch, rates, before: trainingMs });
    trainingMs += ms;
    training.swapAverages();
    const lastStep = epoch * Math.ceil(split.train.length / input.batchSize) - 1;
    const metrics = { loss, accuracy, ...(await validate(input, training, epoch)), ...(schedule === undefined ? {} : { learning_rate: rates(lastStep) }) };
    history.push(metrics);
    emit({ type: 'epoch-finished', epoch, epochs, metrics, imagesPerSecond: (split.train.length * 1000) / ms, seconds: (performance.now() - start) / 1000 });
    if (earlyStopping !== undefined) {
      ({ best, stop } = judge(history, earlyStopping));
      if (best === epoch && earlyStopping.restoreBestWeights) keepBest(training);
    }
    if (loss <= endsAtLoss) stop = true;
    // The model ends with its averages.
    if (epoch < epochs && !stop) training.swapAverages();
  }
  const restored = earlyStopping?.restoreBestWeights === true && best > 0;
  if (restored) restoreBest(training);
  return { history, epoch: restored ? best : history.length, imagesPerSecond: (history.length * split.train.length * 1000) / trainingMs };
}

function keepBest({ runner, best }: Training): void {
  runner.pull();
  best.take();
}

function restoreBest({ runner, best }: Training): void {
  best.restore();
  runner.push();
}

async function validate(input: TrainInput, training: Training, epoch: number): Promise<Record<string, number>> {
  const { data: { dataset, split }, signal } = input;
  if (split.validation.length === 0) return {};
  const { loss, predicted } = await evaluateRows(training.runner, dataset.train, split.validation, signal);
  if (!Number.isFinite(loss)) throw notFinite(input, training, loss, epoch);
  const correct = predicted.reduce((sum, label, i) => sum + (label === dataset.train.labels[split.validation[i]!] ? 1 : 0), 0);
  return { val_loss: loss, val_accuracy: correct / predicted.length };
}

function notFinite({ data: { dataset, split } }: TrainInput, { runner, parts }: Training, loss: number, epoch: number): UserError {
  runner.pull();
  let where = '';
  for (const batch of gatherBatches(dataset.train, split.validation, runner.evaluationBatch)) {
    if (runner.evaluate(batch).loss.every(Number.isFinite)) continue;
    where = findNonFinite(parts, batch, dataset.spec.inputShape);
    break;
  }
  return failure('loss-not-finite', `the validation loss became ${loss} after epoch ${epoch}: training cannot go on; the first values that are not finite are ${where}`, nonFiniteHint);
}
