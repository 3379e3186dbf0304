import type { Diagnostic, Range } from '../base/diagnostics.ts';
import { isMisfit } from '../base/row.ts';
import { validationCount } from '../datasets/batches.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import type { ConnectedLayer } from '../layers/build-model.ts';
import { type ParameterCount, type Shape, formatShape, sizeOf } from '../layers/layer.ts';
import { layerRow } from '../layers/layers.ts';
import { lossRow } from '../training/losses.ts';
import { optimizerRow } from '../training/optimizers.ts';
import { connectLayers } from './connect-layers.ts';
import type { Pipeline } from './pipeline.ts';

/** A layer with all that is known of it before TensorFlow loads. */
export interface PlannedLayer extends ConnectedLayer {
  /** Of one sample. */
  readonly outputShape: Shape;
  readonly parameters: ParameterCount;
  /** Floating point operations of the forward pass for one sample. */
  readonly flops: number;
}

/** Bytes, estimated: what the process needs beyond TensorFlow itself. */
export interface MemoryEstimate {
  readonly data: number;
  /** Weights, their gradients and the optimizer's state. */
  readonly weights: number;
  /** Outputs of all layers for one batch, and as much again for their gradients. */
  readonly activations: number;
}

/** What a pipeline will do, worked out from the file alone. */
export interface Plan {
  readonly dataset: DatasetSpec;
  readonly layers: readonly PlannedLayer[];
  readonly parameters: ParameterCount;
  readonly flops: number;
  readonly memory: MemoryEstimate;
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly stepsPerEpoch: number;
}

/** Where a part of the pipeline is written. */
export type RangeOf = (path: readonly (string | number)[]) => Range;

/**
 * Works out every shape and checks what only shapes and the data set's facts can tell.
 *
 * @param folder the folder that paths in the file count from
 */
export function planPipeline(pipeline: Pipeline, folder: string, rangeOf: RangeOf): { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const { data, train } = pipeline;
  const dataset = datasetRow(data.source.type).describe(data.source.options as never, folder);
  if (isMisfit(dataset)) return { diagnostics: [mistake('unknown-data', dataset.problem, rangeOf(['data', 'source']), dataset.hint)] };
  const count = dataset.count ?? { train: 0, test: 0 };
  const validation = validationCount(data.split.validation, count.train);
  const diagnostics: Diagnostic[] = [];
  if (dataset.count !== undefined && validation >= count.train) {
    diagnostics.push(mistake('split-too-large', `validation takes ${validation} of ${count.train} training samples: none is left to train on`, rangeOf(['data', 'split', 'validation']), 'Use a smaller number, or a fraction such as 0.1.'));
  }
  const connected = connectLayers(pipeline.layers, rangeOf);
  diagnostics.push(...connected.diagnostics);
  if (connected.diagnostics.length > 0) return { diagnostics };
  const layers = planLayers(connected.layers, pipeline, dataset.inputShape, diagnostics);
  const last = layers?.at(-1);
  if (layers === undefined || last === undefined) return { diagnostics };
  const misfit = lossRow(train.loss.type).misfit({
    shape: last.outputShape,
    classes: dataset.labels.classes.length,
    probabilities: layerRow(last.type).probabilities?.(last.options) ?? false,
  });
  if (misfit !== undefined) {
    const related = [{ message: `the last layer gives ${formatShape(last.outputShape)}`, range: pipeline.layers.at(-1)!.range }];
    diagnostics.push({ ...mistake('loss-misfit', misfit.problem, rangeOf(['train', 'loss']), misfit.hint), related });
  }
  if (diagnostics.length > 0) return { diagnostics };
  const samples = { train: count.train - validation, validation, test: count.test };
  return { plan: total(pipeline, dataset, layers, samples), diagnostics };
}

function planLayers(layers: readonly ConnectedLayer[], pipeline: Pipeline, inputShape: Shape, diagnostics: Diagnostic[]): readonly PlannedLayer[] | undefined {
  const planned: PlannedLayer[] = [];
  for (const [index, layer] of layers.entries()) {
    const row = layerRow(layer.type);
    const inputs = layer.inputs.map((from) => (from === -1 ? inputShape : planned[from]!.outputShape));
    const outputShape = row.outputShape(inputs[0]!, layer.options, inputs);
    if (isMisfit(outputShape)) {
      const related = pathTo(index, layers).map((at) => ({ message: `${layers[at]!.name} gives ${formatShape(planned[at]!.outputShape)}`, range: pipeline.layers[at]!.range }));
      diagnostics.push({ ...mistake('shape-mismatch', outputShape.problem, pipeline.layers[index]!.range, outputShape.hint), related });
      return undefined;
    }
    planned.push({
      ...layer,
      outputShape,
      parameters: row.parameters?.(inputs[0]!, layer.options) ?? { trainable: 0, nonTrainable: 0 },
      flops: row.flops?.(inputs[0]!, outputShape, layer.options) ?? sizeOf(outputShape),
    });
  }
  return planned;
}

/** The layers that the values pass on their way to a layer, in order. */
function pathTo(index: number, layers: readonly ConnectedLayer[]): number[] {
  const path = new Set<number>();
  const visit = (at: number) => {
    for (const from of layers[at]!.inputs) {
      if (from === -1 || path.has(from)) continue;
      visit(from);
      path.add(from);
    }
  };
  visit(index);
  return [...path];
}

function total({ train }: Pipeline, dataset: DatasetSpec, layers: readonly PlannedLayer[], samples: Plan['samples']): Plan {
  const sum = (value: (layer: PlannedLayer) => number) => layers.reduce((all, layer) => all + value(layer), 0);
  const parameters = { trainable: sum((l) => l.parameters.trainable), nonTrainable: sum((l) => l.parameters.nonTrainable) };
  const copies = 2 + optimizerRow(train.optimizer.type).slotsPerWeight(train.optimizer.options);
  const float = 4;
  return {
    dataset,
    layers,
    parameters,
    flops: sum((layer) => layer.flops),
    memory: {
      data: (samples.train + samples.validation + samples.test) * sizeOf(dataset.inputShape),
      weights: float * (parameters.trainable * copies + parameters.nonTrainable),
      activations: 2 * float * train.batchSize * (sizeOf(dataset.inputShape) + sum((layer) => sizeOf(layer.outputShape))),
    },
    samples,
    stepsPerEpoch: Math.ceil(samples.train / train.batchSize),
  };
}

function mistake(code: string, message: string, range: Range, hint: string | undefined): Diagnostic {
  return { code, severity: 'error', message, range, ...(hint === undefined ? {} : { hint }) };
}
