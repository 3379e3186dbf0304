import { sizeOf } from '../base/tensor-shape.ts';
import type { TrainInput } from './train-input.ts';
import type { History } from '../base/results.ts';
import { batchSizesOf } from '../datasets/batches.ts';
import { mixesLabels } from '../datasets/augment/augmentations.ts';
import type { ClassTarget } from '../datasets/dataset.ts';
import { type Model, buildModel } from '../layers/build-model.ts';
import { withClipping } from '../training/clipping.ts';
import { modelOutputs, optionsOf } from '../training/model-outputs.ts';
import { withAverages } from '../training/moving-average.ts';
import { isWatched } from '../training/label-margins.ts';
import { optimizerRow } from '../training/optimizers.ts';
import { type BatchSizes, createTrainer } from '../training/trainer.ts';
import { type Rates, scheduleRow } from '../training/schedules.ts';
import { createSnapshot } from '../training/snapshot.ts';
import type { StepParts } from '../training/step.ts';
import type { Output } from '../training/output.ts';
import type { LoadedData } from './load.ts';
import { evaluationSizes } from '../training/evaluator.ts';
import { countTowers } from '../training/split-batch.ts';
import type { ClassWeights } from '../training/training-options.ts';

/** Everything that a training works with. */
export type Training = ReturnType<typeof prepareTraining>;

/** Builds the model, its optimizer and what runs their steps. */
export function prepareTraining(input: TrainInput) {
  const { engine, data, graph, optimizer, ema, seed } = input;
  const { tf } = engine;
  const { inputs } = data.dataset.spec;
  const model = buildModel(engine, graph, seed);
  const plain = withClipping(tf, optimizerRow(optimizer.type).create(tf, model.trainable, optimizer.options), input);
  const averaging = ema === undefined ? undefined : withAverages(tf, plain, model.trainable, ema.decay);
  const optimizing = averaging ?? plain;
  const parts: StepParts = {
    engine,
    model,
    inputs,
    outputs: outputsOf(input),
    optimizer: optimizing,
    wanted: input.wanted,
    towers: countTowers(input),
    mixed: mixesLabels(input.augment),
  };
  const trainer = createTrainer(parts, batchSizes(input, model), input.step);
  const variables = [...model.variables, ...optimizing.slots];
  const state = createSnapshot(tf, variables);
  const best = createSnapshot(tf, model.variables);
  return {
    parts,
    model,
    trainer,
    best,
    /** All that steps change: the model's, then the optimizer's. */
    variables,
    /** Of each output, the sum of the margins of each sample so far, by its row; undefined where none are gathered. */
    margins: parts.outputs.map((output) =>
      isWatched(output, parts.mixed) && input.sampling === undefined
        ? new Float32Array(data.dataset.train.count)
        : undefined,
    ),
    /** Model and optimizer as they were when this process began the epoch. */
    epochStart: state,
    rates: (history: History) => ratesOf(input, history),
    /** Lets the model and its averages change places, where there are averages. */
    swapAverages: () => {
      if (averaging === undefined) return;
      trainer.pull();
      averaging.swap();
      trainer.push();
    },
    dispose: () => {
      trainer.dispose();
      for (const held of [state, best, ...optimizing.slots, model]) held.dispose();
    },
  };
}

function batchSizes({ data: { dataset, split }, batchSize }: TrainInput, model: Model): BatchSizes {
  return {
    ...evaluationSizes(model, batchSize, [split.validation.length, dataset.test.count]),
    train: batchSizesOf(split.train.length, batchSize),
  };
}

function ratesOf({ optimizer, schedule, epochs, batchSize, data }: TrainInput, history: History): Rates {
  const learningRate = optimizer.options['learningRate'] as number;
  if (schedule === undefined) return () => learningRate;
  return scheduleRow(schedule.type).rates(
    schedule.options,
    { learningRate, epochs, stepsPerEpoch: Math.ceil(data.split.train.length / batchSize) },
    history,
  );
}

/** The outputs in the order of the data's targets. */
export function outputsOf({
  outputs: given,
  data,
  graph: { standardized = [] },
}: Pick<TrainInput, 'outputs' | 'data' | 'graph'>): readonly Output[] {
  const { targets } = data.dataset.spec;
  const scales = targets.map((_, k) =>
    standardized[k] === true ? data.fitted[k]!.map(({ scale }) => scale) : undefined,
  );
  return modelOutputs(targets, given, scales).map((output, k) => {
    const { target } = output;
    const { classWeights } = optionsOf(target, given);
    return classWeights === undefined || target.kind === 'number'
      ? output
      : { ...output, classWeights: weightsOf(classWeights, target, data, k) };
  });
}

/**
 * The weight of each class; `balanced` gives classes that occur equal sums, as sklearn.utils.class_weight has it:
 * samples / (classes * samples of the class).
 */
function weightsOf(
  given: ClassWeights,
  { classes, shape }: ClassTarget,
  { dataset, split }: LoadedData,
  index: number,
): readonly number[] {
  if (given !== 'balanced') return classes.map((name) => given[name] ?? 1);
  const counts = classes.map(() => 0);
  const size = sizeOf(shape);
  // Masks may be more than memory holds.
  for (let first = 0; first < split.train.length; first += 1024)
    for (const label of dataset.train.labels(index, split.train.subarray(first, first + 1024))) counts[label]!++;
  const occurring = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : (split.train.length * size) / (occurring * count)));
}
