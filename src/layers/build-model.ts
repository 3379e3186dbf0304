import { createHash } from 'node:crypto';
import type * as TensorFlow from '@tensorflow/tfjs';
import { type Chosen, chosenFrom } from '../base/row.ts';
import { seedFor } from '../base/seeds.ts';
import type { Engine } from '../engine/engine.ts';
import { buildInitializer, initializers } from '../training/initializers.ts';
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
   * The model's output for a batch. In training, `step` numbers the step under way: masks depend on it.
   * @param input [batch, ...inputShape]
   */
  forward(input: TensorFlow.Tensor, training?: { readonly step: TensorFlow.Scalar }): TensorFlow.Tensor;
  /** SHA-256 over layer names, shapes and bytes of all weights, in the model's order. */
  weightsSha256(): string;
  dispose(): void;
}

/** Makes the model of a pipeline; each layer draws its first weights from a seed of its own under the root seed. The last layer is the output. */
export function buildModel({ tf, ops }: Engine, inputShape: Shape, layers: readonly ConnectedLayer[], rootSeed: number): Model {
  let step: TensorFlow.Scalar | undefined;
  const built = layers.map(({ type, name, options }) => {
    const seed = (purpose: string) => seedFor(rootSeed, name, purpose);
    return layerRow(type).build(options, {
      tf, ops, name, seed,
      initializer: (chosen, purpose) => buildInitializer(tf, chosenFrom(initializers, chosen as Record<string, unknown>), seed(purpose)),
      step: () => step!,
    });
  });
  const symbolicInput = tf.input({ shape: [...inputShape], name: 'input' });
  const layersModel = tf.model({ inputs: symbolicInput, outputs: applyAll(layers, built, symbolicInput, {}) });
  const order = poolFirst(layers).map((index) => built[index]!);
  return {
    layersModel,
    trainable: layersModel.trainableWeights.map(variableOf),
    variables: layersModel.weights.map(variableOf),
    forward: (input, training) => {
      step = training?.step;
      return applyAll(layers, order, input, { training: training !== undefined });
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

/** Applies layers to values, symbolic or real, in the places of a graph; gives the last one's. */
function applyAll<Value extends TensorFlow.Tensor | TensorFlow.SymbolicTensor>(graph: readonly ConnectedLayer[], layers: readonly TensorFlow.layers.Layer[], input: Value, options: object): Value {
  const values: Value[] = [];
  for (const [index, { inputs }] of graph.entries()) {
    const given = inputs.map((from) => (from === -1 ? input : values[from]!));
    values.push(layers[index]!.apply((given.length === 1 ? given[0] : given) as TensorFlow.Tensor, options) as Value);
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
