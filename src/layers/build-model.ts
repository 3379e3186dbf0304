import { createHash } from 'node:crypto';
import type * as TensorFlow from '@tensorflow/tfjs';
import type { Shape } from '../base/tensor-shape.ts';
import type { Chosen } from '../base/row.ts';
import { seedFor } from '../base/seeds.ts';
import type { Engine } from '../engine/tensorflow.ts';
import { type LayerStep, type TrainingStep, createBuildContext } from './build-context.ts';
import { layerRow } from './layers.ts';
import type { Masks } from './padding-masks.ts';

/** One layer of a checked pipeline. */
export interface NamedLayer extends Chosen {
  /** Unique in the model; names the layer's random numbers and weights. */
  readonly name: string;
}

/** A layer and where its inputs come from. */
export interface ConnectedLayer extends NamedLayer {
  /** Indices of earlier layers; -1 is the model's first input, -2 its second, and so on. */
  readonly inputs: readonly number[];
  /** Index of the earlier layer whose weights it takes: both are one layer, used twice. */
  readonly shares?: number;
}

/** What a model is made of. */
export interface ModelGraph {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly layers: readonly ConnectedLayer[];
  /** For each output, the index of the layer that gives it. */
  readonly outputs: readonly number[];
  /** Which outputs give standardized numbers; left out: none. */
  readonly standardized?: readonly boolean[];
}

/** What a model says of a batch by one of its outputs. */
export interface Answer {
  /** [batch, ...shape] */
  readonly values: TensorFlow.Tensor;
  /** Which of its first axes' places are there; null where all are. */
  readonly mask: TensorFlow.Tensor | null;
}

/** A model, at first with the weights that it was built with. */
export interface Model {
  readonly layersModel: TensorFlow.LayersModel;
  /** What it was made of. */
  readonly graph: ModelGraph;
  /** In the model's order; training changes these. */
  readonly trainable: readonly TensorFlow.Variable[];
  /** All variables, with those that no gradient reaches (moving averages). */
  readonly variables: readonly TensorFlow.Variable[];
  /**
   * The model's outputs for a batch, in training for a step's.
   * @param inputs each [batch, ...shape]
   */
  answer(inputs: readonly TensorFlow.Tensor[], training?: TrainingStep): readonly Answer[];
  /** The values of these alone. */
  forward(inputs: readonly TensorFlow.Tensor[], training?: TrainingStep): readonly TensorFlow.Tensor[];
  /** What the regularizers of its weights add to the loss: one scalar each, none where it has none. */
  penalties(): readonly TensorFlow.Scalar[];
  /** Brings the weights with a constraint back into it; after each update. */
  constrain(): void;
  /** SHA-256 over layer names, shapes and bytes of all weights, in the model's order. */
  weightsSha256(): string;
  dispose(): void;
}

/**
 * Makes the model of a pipeline.
 *
 * @param rootSeed each layer draws its first weights from a seed of its own under it; left out: they are 0 until they
 *   are put there, and it is not to be trained
 */
export function buildModel({ tf, ops }: Engine, graph: ModelGraph, rootSeed?: number): Model {
  let step: LayerStep | undefined;
  const built: TensorFlow.layers.Layer[] = [];
  for (const { type, name, options, shares } of graph.layers) {
    const seed = rootSeed === undefined ? undefined : (purpose: string) => seedFor(rootSeed, name, purpose);
    const row = layerRow(type);
    built.push(
      shares === undefined
        ? Object.assign(row.build(options, createBuildContext({ tf, ops, name, seed, step: () => step! })), {
            supportsMasking: row.mask !== undefined,
          })
        : built[shares]!,
    );
  }
  const own = [...new Set(built)];
  const symbolic = graph.inputs.map(({ name, shape }) => tf.input({ shape: [...shape], name }));
  const layersModel = tf.model({ inputs: symbolic, outputs: connectAll(graph, built, symbolic) });
  const order = poolFirst(graph).map((index) => built[index]!);
  const uses = order.map((layer, index) => order.slice(0, index).filter((other) => other === layer).length);
  const trainable = layersModel.trainableWeights.map(variableOf);
  const constrained = layersModel.trainableWeights.flatMap(({ constraint }, index) =>
    constraint === null ? [] : [{ constraint, variable: trainable[index]! }],
  );
  const answer: Model['answer'] = (inputs, training) =>
    computeAll(graph, order, inputs, (place, given, mask) => {
      step = training && { ...training, use: uses[place]! };
      return order[place]!.apply(given, {
        training: training !== undefined,
        ...(mask === null ? {} : { mask }),
      }) as TensorFlow.Tensor;
    });
  return {
    layersModel,
    graph,
    trainable,
    variables: layersModel.weights.map(variableOf),
    penalties: () => own.flatMap((layer) => layer.calculateLosses()),
    constrain: () => {
      for (const { constraint, variable } of constrained) tf.tidy(() => variable.assign(constraint.apply(variable)));
    },
    answer,
    forward: (inputs, training) => answer(inputs, training).map(({ values }) => values),
    weightsSha256: () => {
      const hash = createHash('sha256');
      for (const layer of own) {
        for (const weight of layer.weights) {
          const tensor = weight.read();
          hash.update(JSON.stringify([layer.name, tensor.shape]));
          hash.update(new Uint8Array((tensor.dataSync() as Float32Array).slice().buffer));
        }
      }
      return hash.digest('hex');
    },
    dispose: () => layersModel.dispose(),
  };
}

/** Joins layers into a graph of TensorFlow.js; gives its outputs. */
function connectAll(
  { layers: graph, outputs }: ModelGraph,
  layers: readonly TensorFlow.layers.Layer[],
  given: readonly TensorFlow.SymbolicTensor[],
): TensorFlow.SymbolicTensor[] {
  const values: TensorFlow.SymbolicTensor[] = [];
  for (const [index, { inputs }] of graph.entries()) {
    const taken = inputs.map((from) => (from < 0 ? given[-1 - from]! : values[from]!));
    values.push(layers[index]!.apply(taken.length === 1 ? taken[0]! : taken) as TensorFlow.SymbolicTensor);
  }
  return outputs.map((index) => values[index]!);
}

/** What the layer in one of the graph's places makes of its inputs. */
type Apply = (
  place: number,
  given: TensorFlow.Tensor | TensorFlow.Tensor[],
  mask: TensorFlow.Tensor | Masks | null,
) => TensorFlow.Tensor;

/**
 * Computes layers in the places of a graph; gives its outputs. Masks go along with values through layers that know
 * them.
 */
function computeAll(
  { layers: graph, outputs }: ModelGraph,
  layers: readonly TensorFlow.layers.Layer[],
  given: readonly TensorFlow.Tensor[],
  apply: Apply,
): readonly Answer[] {
  const values: TensorFlow.Tensor[] = [];
  const masks: (TensorFlow.Tensor | null)[] = [];
  for (const [index, { inputs }] of graph.entries()) {
    const taken = inputs.map((from) => (from < 0 ? given[-1 - from]! : values[from]!));
    const masked = inputs.map((from) => masks[from] ?? null);
    const layer = layers[index]!;
    const [argument, mask] =
      taken.length === 1 ? [taken[0]!, masked[0]!] : [taken, masked.some((one) => one !== null) ? masked : null];
    values.push(apply(index, argument, mask));
    masks.push(
      layer.supportsMasking
        ? (layer.computeMask(argument, mask as TensorFlow.Tensor) as TensorFlow.Tensor | null)
        : null,
    );
  }
  return outputs.map((index) => ({ values: values[index]!, mask: masks[index] ?? null }));
}

/**
 * Which layer to compute in each place: an increasing function of each value gives the same after max pooling as before
 * it, on a quarter of the values, so the two change places. Gradients agree too, as relu's is 0 where a window has no
 * positive value.
 */
function poolFirst({ layers, outputs }: ModelGraph): number[] {
  const order = layers.map((_, index) => index);
  for (const [index, layer] of layers.entries()) {
    if (!layerRow(layer.type).increasing?.(layer.options)) continue;
    const users = layers.flatMap(({ inputs }, user) => (inputs.includes(index) ? [user] : []));
    const [user] = users;
    if (user === undefined || users.length > 1 || outputs.includes(index) || !layerRow(layers[user]!.type).takesMaximum)
      continue;
    order[index] = user;
    order[user] = index;
  }
  return order;
}

/** The variable behind a layer's weight, which the Layers API keeps protected but gradients need. */
function variableOf(weight: TensorFlow.LayersModel['weights'][number]): TensorFlow.Variable {
  return weight.read() as TensorFlow.Variable;
}
