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

/** A model with its first weights. */
export interface Model {
  readonly layersModel: TensorFlow.Sequential;
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

/** Makes the model of a pipeline; each layer draws its first weights from a seed of its own under the root seed. */
export function buildModel({ tf, ops }: Engine, inputShape: Shape, layers: readonly NamedLayer[], rootSeed: number): Model {
  let step: TensorFlow.Scalar | undefined;
  const built = layers.map(({ type, name, options }) => {
    const seed = (purpose: string) => seedFor(rootSeed, name, purpose);
    return layerRow(type).build(options, {
      tf, ops, name, seed,
      initializer: (chosen, purpose) => buildInitializer(tf, chosenFrom(initializers, chosen as Record<string, unknown>), seed(purpose)),
      step: () => step!,
    });
  });
  const layersModel = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [...inputShape], name: 'input' }), ...built] });
  const ordered = poolFirst(layers).map((index) => built[index]!);
  return {
    layersModel,
    trainable: layersModel.trainableWeights.map(variableOf),
    variables: layersModel.weights.map(variableOf),
    forward: (input, training) => {
      step = training?.step;
      return ordered.reduce((value, layer) => layer.apply(value, { training: training !== undefined }) as TensorFlow.Tensor, input);
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

/**
 * The order to compute the layers in: an increasing function of each value gives the same after max pooling as before
 * it, on a quarter of the values; gradients agree too, as relu's is 0 where a window has no positive value.
 */
function poolFirst(layers: readonly NamedLayer[]): number[] {
  const order = layers.map((_, index) => index);
  for (let i = 0; i + 1 < layers.length; i++) {
    const [here, next] = [layers[i]!, layers[i + 1]!];
    if (layerRow(here.type).increasing?.(here.options) && layerRow(next.type).takesMaximum) {
      order[i] = i + 1;
      order[i + 1] = i;
      i++;
    }
  }
  return order;
}

/** The variable behind a layer's weight, which the Layers API keeps protected but gradients need. */
function variableOf(weight: TensorFlow.Sequential['weights'][number]): TensorFlow.Variable {
  return (weight as unknown as { val: TensorFlow.Variable }).val;
}
