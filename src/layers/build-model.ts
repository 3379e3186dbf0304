import { createHash } from 'node:crypto';
import type * as TensorFlow from '@tensorflow/tfjs';
import type { Chosen } from '../base/row.ts';
import { seedFor } from '../base/seeds.ts';
import type { Engine } from '../engine/engine.ts';
import { type TrainingStep, createBuildContext } from './build-context.ts';
import type { Shape } from './layer.ts';
import { layerRow } from './layers.ts';

/** One layer of a checked pipeline. */
export interface NamedLayer extends Chosen {
  /** Unique in the model; names the layer's random numbers and weights. */
  readonly name: string;
}

/** A layer and where its inputs come from. */
export interface ConnectedLayer extends NamedLayer {
  /** Indices of earlier layers; -1 is the model's input. */
  readonly inputs: readonly number[];
}

/** A model with its first weights. */
export interface Model {
  readonly layersModel: TensorFlow.LayersModel;
  /** In the model's order; training changes these. */
  readonly trainable: readonly TensorFlow.Variable[];
  /** All variables, with those that no gradient reaches (moving averages). */
  readonly variables: readonly TensorFlow.Variable[];
  /**
   * The model's output for a batch, in training for a step's.
   * @param input [batch, ...inputShape]
   */
  forward(input: TensorFlow.Tensor, training?: TrainingStep): TensorFlow.Tensor;
  /** What the regularizers of its weights add to the loss: one scalar each, none where it has none. */
  penalties(): readonly TensorFlow.Scalar[];
  /** Brings the weights with a constraint back into it; after each update. */
  constrain(): void;
  /** SHA-256 over layer names, shapes and bytes of all weights, in the model's order. */
  weightsSha256(): string;
  dispose(): void;
}

/** Makes the model of a pipeline; each layer draws its first weights from a seed of its own under the root seed. The last layer is the output. */
export function buildModel({ tf, ops }: Engine, inputShape: Shape, layers: readonly ConnectedLayer[], rootSeed: number): Model {
  let step: TrainingStep | undefined;
  const built = layers.map(({ type, name, options }) => {
    const seed = (purpose: string) => seedFor(rootSeed, name, purpose);
    return layerRow(type).build(options, createBuildContext({ tf, ops, name, seed, step: () => step! }));
  });
  const symbolicInput = tf.input({ shape: [...inputShape], name: 'input' });
  const layersModel = tf.model({ inputs: symbolicInput, outputs: connectAll(layers, built, symbolicInput) });
  const order = poolFirst(layers).map((index) => built[index]!);
  const trainable = layersModel.trainableWeights.map(variableOf);
  const constrained = layersModel.trainableWeights.flatMap(({ constraint }, index) => (constraint === null ? [] : [{ constraint, variable: trainable[index]! }]));
  return {
    layersModel,
    trainable,
    variables: layersModel.weights.map(variableOf),
    penalties: () => built.flatMap((layer) => layer.calculateLosses()),
    constrain: () => {
      for (const { constraint, variable } of constrained) tf.tidy(() => variable.assign(constraint.apply(variable)));
    },
    forward: (input, training) => {
      step = training;
      return computeAll(layers, order, input, training !== undefined);
    },
    weightsSha256: () => {
      const hash = createHash('sha256');
      for (const layer of built) {
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

/** Joins layers into a graph of TensorFlow.js; gives the last one's output. */
function connectAll(graph: readonly ConnectedLayer[], layers: readonly TensorFlow.layers.Layer[], input: TensorFlow.SymbolicTensor): TensorFlow.SymbolicTensor {
  const values: TensorFlow.SymbolicTensor[] = [];
  for (const [index, { inputs }] of graph.entries()) {
    const given = inputs.map((from) => (from === -1 ? input : values[from]!));
    values.push(layers[index]!.apply(given.length === 1 ? given[0]! : given) as TensorFlow.SymbolicTensor);
  }
  return values.at(-1)!;
}

/** Computes layers in the places of a graph; gives the last one's output. Masks go along with values through layers that know them. */
function computeAll(graph: readonly ConnectedLayer[], layers: readonly TensorFlow.layers.Layer[], input: TensorFlow.Tensor, training: boolean): TensorFlow.Tensor {
  const values: TensorFlow.Tensor[] = [];
  const masks: (TensorFlow.Tensor | null)[] = [];
  for (const [index, { inputs }] of graph.entries()) {
    const given = inputs.map((from) => (from === -1 ? input : values[from]!));
    const masked = inputs.map((from) => masks[from] ?? null);
    const layer = layers[index]!;
    const [argument, mask] = given.length === 1 ? [given[0]!, masked[0]!] : [given, masked.some((one) => one !== null) ? masked : null];
    values.push(layer.apply(argument, { training, ...(masked[0] == null ? {} : { mask: masked[0] }) }) as TensorFlow.Tensor);
    masks.push(layer.supportsMasking ? (layer.computeMask(argument, mask as TensorFlow.Tensor) as TensorFlow.Tensor | null) : null);
  }
  return values.at(-1)!;
}

/**
 * Which layer to compute in each place: an increasing function of each value gives the same after max pooling as before
 * it, on a quarter of the values, so the two change places. Gradients agree too, as relu's is 0 where a window has no
 * positive value.
 */
function poolFirst(layers: readonly ConnectedLayer[]): number[] {
  const order = layers.map((_, index) => index);
  for (const [index, layer] of layers.entries()) {
    if (!layerRow(layer.type).increasing?.(layer.options)) continue;
    const users = layers.flatMap(({ inputs }, user) => (inputs.includes(index) ? [user] : []));
    const [user] = users;
    if (user === undefined || users.length > 1 || !layerRow(layers[user]!.type).takesMaximum) continue;
    order[index] = user;
    order[user] = index;
  }
  return order;
}

/** The variable behind a layer's weight, which the Layers API keeps protected but gradients need. */
function variableOf(weight: TensorFlow.LayersModel['weights'][number]): TensorFlow.Variable {
  return (weight as unknown as { val: TensorFlow.Variable }).val;
}
