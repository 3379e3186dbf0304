import { sizeOf } from '../base/tensor-shape.ts';
import type { Glance } from '../datasets/glance.ts';
import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import { showBytes } from '../base/quantities.ts';
import { bytesToExamine } from '../datasets/findings/alike-samples.ts';
import { allowedMemory, arePacked } from '../datasets/files/data-memory.ts';
import { bytesOf, type DatasetSpec } from '../datasets/dataset.ts';
import { piecesOf, tableOf } from '../datasets/datasets.ts';
import type { ModelGraph } from '../layers/build-model.ts';
import type { ParameterCount } from '../layers/layer.ts';
import { evaluationBatchOf } from '../training/evaluation-batch.ts';
import { optimizerRow } from '../training/optimizers.ts';
import { checkShapes } from './check-shapes.ts';
import { checkTraining } from './check-training.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { RangeOf } from '../language/read-pipeline.ts';
import type { MemoryEstimate, Plan, PlannedLayer } from './planned-model.ts';

/** What the model of a plan is made of. */
export function graphOf({
  dataset,
  layers,
  outputs,
  asTheyAre,
}: Pick<Plan, 'dataset' | 'layers' | 'outputs' | 'asTheyAre'>): ModelGraph {
  return {
    inputs: dataset.inputs,
    layers,
    outputs,
    standardized: dataset.targets.map(({ kind }, k) => kind === 'number' && asTheyAre[k] === null),
  };
}

/**
 * Plans a pipeline: every shape, count and cost.
 *
 * @param folder the folder that paths in the file count from
 */
export function planPipeline(
  pipeline: Pipeline,
  folder: string,
  rangeOf: RangeOf,
  { glance = false }: Glance = {},
): { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const { data, layers: placed, train } = pipeline;
  const {
    dataset,
    targets,
    validation = 0,
    layers,
    outputs,
    asTheyAre,
    diagnostics,
  } = checkShapes(
    { ...data, seed: pipeline.seed, layers: placed, complete: true, outputs: train.outputs, allOutputs: true, glance },
    folder,
    rangeOf,
  );
  // Of how many samples there are, nothing is known before they are fetched.
  if (targets !== undefined && diagnostics.every(({ severity }) => severity === 'warning'))
    return {
      diagnostics: [
        ...diagnostics,
        ...checkTraining(
          pipeline,
          { targets, validation: Math.min(1, data.split.validation), stepsPerEpoch: Infinity },
          rangeOf,
        ),
      ],
    };
  if (
    diagnostics.some(({ severity }) => severity === 'error') ||
    dataset === undefined ||
    layers === undefined ||
    outputs === undefined ||
    asTheyAre === undefined
  )
    return { diagnostics };
  const count = dataset.count ?? { train: 0, test: 0 };
  const samples = { train: count.train - validation, validation, test: count.test };
  const misfits = [
    ...checkTraining(
      pipeline,
      {
        inputs: dataset.inputs,
        targets: dataset.targets,
        validation,
        stepsPerEpoch: Math.ceil(samples.train / train.batchSize),
      },
      rangeOf,
    ),
    ...checkPacking(data, dataset, rangeOf),
    ...checkFold(data, rangeOf),
  ];
  if (misfits.length > 0) return { diagnostics: [...diagnostics, ...misfits] };
  return { plan: total(pipeline, dataset, { layers, outputs, asTheyAre }, samples), diagnostics };
}

function checkFold({ fold, folds }: Pipeline['data'], rangeOf: RangeOf): readonly Diagnostic[] {
  if (fold === undefined || folds !== undefined) return [];
  const problem = '`fold` says which of several is held back, and there is no `folds`.';
  return [
    mistake('fold-without-folds', problem, rangeOf(['data', 'fold']), 'Say how many there are, or leave it out.'),
  ];
}

/** Of what could lie on the disk by its kind, but not as it is. */
function checkPacking(
  { memory, source }: Pipeline['data'],
  dataset: DatasetSpec,
  rangeOf: RangeOf,
): readonly Diagnostic[] {
  const bytes = bytesOf(dataset);
  const isTable = tableOf(source.type) !== undefined;
  const isOther = !isTable && piecesOf(source.type) === undefined;
  if (isOther || dataset.packs !== undefined || bytes <= allowedMemory(memory)) return [];
  const texts = dataset.targets.find((target) => target.kind === 'class' && target.tokens !== undefined);
  const [why, way] = isTable
    ? [`texts that are to be predicted, as \`${texts?.name}\` is, cannot be packed on the disk`, 'read fewer rows']
    : [
        "arrays in Fortran's order cannot be read sample by sample to be packed on the disk",
        'save them sample by sample: `numpy.ascontiguousarray(a)`',
      ];
  const problem = `The samples take ${showBytes(bytes)} in memory, and ${why}.`;
  return [mistake('data-not-packable', problem, rangeOf(['data', 'memory']), `Raise it, or ${way}.`)];
}

function total(
  { data, train }: Pipeline,
  dataset: DatasetSpec,
  { layers, outputs, asTheyAre }: Pick<Plan, 'layers' | 'outputs' | 'asTheyAre'>,
  samples: Plan['samples'],
): Plan {
  const sum = (value: (layer: PlannedLayer) => number) => layers.reduce((all, layer) => all + value(layer), 0);
  const parameters = {
    trainable: sum((l) => l.parameters.trainable),
    nonTrainable: sum((l) => l.parameters.nonTrainable),
  };
  const float = 4;
  const inputs = dataset.inputs.reduce((all, { shape }) => all + float * sizeOf(shape), 0);
  const activations = inputs + sum((layer) => layer.activations);
  const predicted = lossCopies * outputs.reduce((all, index) => all + float * sizeOf(layers[index]!.outputShape), 0);
  const training =
    Math.min(train.batchSize, samples.train || Infinity) * ((train.step === 'eager' ? 4 : 2) * activations + predicted);
  const evaluated = evaluationBatchOf(train.batchSize, sum(({ outputShape }) => float * sizeOf(outputShape)) + inputs);
  const evaluation = Math.min(evaluated, Math.max(samples.validation, samples.test)) * (activations + predicted);
  const isPacked = arePacked(dataset, data.memory);
  return {
    dataset,
    layers,
    outputs,
    asTheyAre,
    parameters,
    flops: sum((layer) => layer.flops),
    activations,
    memory: {
      runtime,
      data: isPacked ? Math.min(allowedMemory(data.memory), heldOfPacked(dataset, train.batchSize)) : bytesOf(dataset),
      reading:
        (isPacked && dataset.packs !== 'cells' ? packing : (dataset.reading ?? 0)) +
        bytesToExamine * (samples.train + samples.validation + samples.test),
      activations: Math.max(training, evaluation),
      ...weightsMemory(train, parameters),
    },
    samples,
    stepsPerEpoch: Math.ceil(samples.train / train.batchSize),
  };
}

/**
 * Measured: `pipeline run` of nets without weights to speak of takes 590 MB, with pictures in its figures 640;
 * elsewhere 480. Some 415 MB are pages of TensorFlow's libraries, of which not all systems map as many at a time.
 */
const runtime = 620e6;

/** What decoding some pictures at a time leaves for a while, and sharp beside it: an estimate. */
const packing = 200e6;

/** What packed samples take: what is known of each, and batches that are read ahead, twice while they are proven. */
function heldOfPacked(dataset: DatasetSpec, batchSize: number): number {
  const { train, test } = dataset.count!;
  const one = bytesOf({ ...dataset, count: { train: 1, test: 0 } });
  return bytesOfPacked[dataset.packs ?? 'files'] * (train + test) + 6 * batchSize * one;
}

/** A sample's names, hashes and labels: an estimate. */
const bytesOfPacked = { files: 900, rows: 200, cells: 120 };

/**
 * What losses and metrics make of the outputs before it is freed: measured with a class for each of 16,384 places and
 * of 40 steps, where it is the most there is.
 */
const lossCopies = 12;

/**
 * Measured with nets of 12 to 50 million weights; within a tenth for stochastic gradient descent, Adam, averages and
 * best weights.
 */
function weightsMemory(
  { optimizer, ema, earlyStopping, step }: Pipeline['train'],
  { trainable, nonTrainable }: ParameterCount,
): Pick<MemoryEstimate, 'weights' | 'checkpoints'> {
  const float = 4;
  const model = float * (trainable + nonTrainable);
  const state =
    model +
    float * trainable * (optimizerRow(optimizer.type).slotsPerWeight(optimizer.options) + (ema === undefined ? 0 : 1));
  const best = earlyStopping?.restoreBestWeights === true ? model : 0;
  return {
    // The state outside of the graph, as it was when the epoch began, and in the graph; drawing first weights, and the
    // gradients of each half of a batch, take five times the weights.
    weights: (step === 'eager' ? 2 : 3) * state + best + 5 * model,
    // The newest checkpoint, read back to be kept, beside the model's files and what is being written.
    checkpoints: state + best + 2 * model,
  };
}
