import type { Misfit } from '../../base/row.ts';
import { isMisfit } from '../../base/row.ts';
import type { Shape } from '../../base/tensor-shape.ts';
import type { Scale } from '../../datasets/scale.ts';
import type { ConnectedLayer, ModelGraph } from '../build-model.ts';
import type { ParameterCount } from '../layer.ts';
import { layerRow } from '../layers.ts';
import { maskOrigins } from '../lost-masks.ts';
import type { SavedModel } from '../save-model.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { OnnxLayer, type OnnxValue, type SavedWeight } from './onnx-layer.ts';

/** Why a net has no ONNX graph. */
export interface OnnxMisfit {
  /** Index of the layer that has none. */
  readonly layer: number;
  /** The end of `cannot be exported, as`. */
  readonly reason: string;
}

type Checked = Pick<ConnectedLayer, 'type' | 'options' | 'inputs'> & { readonly parameters?: ParameterCount };

/** Bytes of weights that a file holds: protobuf has no more than 2^31 - 1, of which nodes and names take a little. */
const largest = 2 ** 31 - 2 ** 24;

/** The first layer that has no counterpart in ONNX; undefined: all have one. */
export function onnxMisfit(layers: readonly Checked[]): OnnxMisfit | undefined {
  const origins = maskOrigins(layers);
  let bytes = 0;
  for (const [layer, { type, options, parameters }] of layers.entries()) {
    const reason = layerRow(type).noOnnx?.(options);
    if (reason !== undefined) return { layer, reason };
    if (origins[layer]!.includes(layer)) return { layer, reason: 'it makes a mask, and ONNX knows none' };
    bytes += 4 * ((parameters?.trainable ?? 0) + (parameters?.nonTrainable ?? 0));
    if (bytes > largest)
      return { layer, reason: 'with its weights there are more than the 2 GB that an ONNX file holds' };
  }
  return undefined;
}

/** A trained model, as its graph in ONNX is made of it. */
export interface OnnxSource {
  readonly graph: ModelGraph;
  readonly saved: SavedModel;
  /** What is predicted, in the order of the graph's outputs. */
  readonly targets: readonly { readonly name: string }[];
  /** As saveModel was told; left out: none. */
  readonly scales?: readonly (readonly Scale[] | null)[];
}

/** What a graph takes or gives, [batch, ...shape]. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: Shape;
}

/** A net in ONNX. */
export interface OnnxNet {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly graph: Pick<OnnxGraph, 'nodes' | 'tensors'>;
}

/**
 * Names of a net's inputs and outputs in ONNX: those of inputs and targets, where an output that is called as an input
 * gets `_` at its end, as ONNX has one room for all names.
 */
export function onnxNames(
  inputs: readonly { readonly name: string }[],
  targets: readonly { readonly name: string }[],
): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
  const taken = new Set([...inputs, ...targets].map(({ name }) => name));
  const given = inputs.map(({ name }) => name);
  const outputs = targets.map(({ name }) => {
    let free = name;
    if (given.includes(name)) while (taken.has(free)) free += '_';
    taken.add(free);
    return free;
  });
  return { inputs: given, outputs };
}

/**
 * The net that computes what the saved model computes: inputs are scaled already, and outputs in their own unit.
 *
 * @throws Error where onnxMisfit names a layer
 */
export function onnxNet({ graph: net, saved, targets, scales = [] }: OnnxSource): OnnxNet {
  const misfit = onnxMisfit(net.layers);
  if (misfit !== undefined)
    throw new Error(`layer ${net.layers[misfit.layer]!.name} cannot be exported, as ${misfit.reason}`);
  const names = onnxNames(net.inputs, targets);
  const graph = new OnnxGraph([...names.inputs, ...names.outputs]);
  const weights = savedWeights(saved);
  const given = net.inputs.map(({ shape }, k): OnnxValue => ({ shape, names: { last: names.inputs[k]! } }));
  const values: OnnxValue[] = [];
  for (const { type, name, options, inputs: sources, shares } of net.layers) {
    const inputs = sources.map((from) => (from < 0 ? given[-1 - from]! : values[from]!));
    const shapes = inputs.map(({ shape }) => shape);
    const row = layerRow(type);
    const output = fitting(row.outputShape(shapes[0]!, options, shapes));
    const owner = shares === undefined ? name : net.layers[shares]!.name;
    values.push(row.onnx!(options, new OnnxLayer({ graph, name, inputs, output, owner, saved: weights })));
  }
  const outputs = net.outputs.map((index, k): OnnxPort => {
    const { shape } = values[index]!;
    const end = new OnnxLayer({
      graph,
      name: 'output',
      inputs: [values[index]!],
      output: shape,
      owner: '',
      saved: weights,
    });
    const name = names.outputs[k]!;
    graph.nodes.push({
      name: graph.name(`${name}/Identity`),
      op: 'Identity',
      inputs: [inOwnUnit(end, scales[k] ?? null)],
      outputs: [name],
      attributes: {},
    });
    return { name, shape };
  });
  return { inputs: net.inputs.map(({ shape }, k) => ({ name: names.inputs[k]!, shape })), outputs, graph };
}

/** Undoes what was done to numbers that a net has learnt, as the end of the saved model does. */
function inOwnUnit(end: OnnxLayer, scales: readonly Scale[] | null): string {
  if (scales === null) return end.last();
  const each = (values: readonly number[]) => end.floats(Float32Array.from(values), [values.length]);
  const multiplied = end.node('Mul', [end.last(), each(scales.map(({ deviation }) => deviation))]);
  return end.node('Add', [multiplied, each(scales.map(({ mean }) => mean))]);
}

function fitting(shape: Shape | Misfit): Shape {
  if (isMisfit(shape)) throw new Error(shape.problem);
  return shape;
}

/** The weights of a saved model, by the names that TensorFlow.js gave them: LAYER/WEIGHT. */
function savedWeights({ description, weights }: SavedModel): ReadonlyMap<string, SavedWeight> {
  const [{ weights: specs }] = description['weightsManifest'] as [{ weights: { name: string; shape: number[] }[] }];
  let at = 0;
  return new Map(
    specs.map(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      // A copy, as they may begin anywhere.
      const bytes = new Uint8Array(weights.subarray(at, (at += 4 * size)));
      return [name, { shape, values: new Float32Array(bytes.buffer) }] as const;
    }),
  );
}
