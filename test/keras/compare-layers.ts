import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { lostMasks } from '../../src/layers/lost-masks.ts';
import { stateDifference } from '../contract/training.ts';
import { numbers, valuesOf } from '../engine/graph/rig.ts';
import { chainOf } from '../layers/layer-rig.ts';
import { type Answer, type KerasLayer, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLayer } from './keras-layers.ts';
import { type LayerCase, connected, inputOf, isRandom } from './layer-cases.ts';

const engine = await loadEngine();
const { tf } = engine;
const BATCH = 3;

/** What Keras says of a layer; all weights in the model's order, those that training does not change last. */
export interface LayerAnswer {
  /** How many layers say that they destroy a mask. */
  readonly lost: number;
  readonly parameters: number;
  /** What of the output counts for a loss; null where all does. */
  readonly mask: WireArray | null;
  readonly inference: WireArray;
  /**
   * In training, and from there the gradients of the output, weighted by a probe, and the penalties: by the input
   * first, then by the weights.
   */
  readonly output: WireArray;
  readonly gradients: readonly WireArray[];
  /** The weights that training does not change, after the step. */
  readonly moved: readonly WireArray[];
  /** The others, brought back into their constraints. */
  readonly constrained: readonly WireArray[];
}

/** A case's layers for Keras. */
function kerasLayersOf({ layers }: LayerCase, translate = kerasLayer): readonly KerasLayer[] {
  return layers.map((layer) => ({ ...translate(layer), ...(layer.from && { from: layer.from }) }));
}

/** The same of our rows, and the case as Keras gets it. */
export function compute(given: LayerCase, keras: readonly KerasLayer[] = kerasLayersOf(given)) {
  const graph = connected(given);
  const model = buildModel(engine, chainOf(given.shape, graph), 1);
  for (const [index, variable] of model.variables.entries()) {
    const centre = /gamma|moving_variance/i.test(model.layersModel.weights[index]!.originalName) ? 1 : 0;
    tf.tidy(() =>
      variable.assign(tf.add(tf.mul(tf.tensor(numbers(variable.size, index + 1), variable.shape), 0.3), centre)),
    );
  }
  const weights = model.variables.map((variable) => toWire(Float32Array.from(variable.dataSync()), variable.shape));
  const values = inputOf(given, BATCH);
  const training = !given.layers.some(({ options }) => isRandom(options));
  const step = tf.scalar(1, 'int32');
  const input = tf.variable(tf.tensor(values, [BATCH, ...given.shape]));
  let mask = null as { readonly shape: readonly number[]; readonly values: readonly number[] } | null;
  const inference = tf.tidy(() => {
    const [said] = model.answer([input]);
    mask = said!.mask && { shape: said!.mask.shape, values: [...said!.mask.dataSync()].map(Number) };
    return Float32Array.from(said!.values.dataSync());
  });
  const by = given.layers.some(({ type, options }) => layerRow(type).readsIndices?.(options))
    ? model.trainable
    : [input, ...model.trainable];
  let output: Tensor | undefined;
  let probe: Tensor | undefined;
  const loss = (): Scalar => {
    output = tf.keep(tf.clone(model.forward([input], training ? { step } : undefined)[0]!));
    probe = tf.keep(tf.tensor(numbers(output.size, 23), output.shape));
    const sum = tf.sum(tf.mul(output, probe));
    return model.penalties().reduce<Tensor>((all, penalty) => tf.add(all, penalty), sum) as Scalar;
  };
  const gradients = tf.tidy(() => {
    const { grads } = by.length === 0 ? (loss(), { grads: {} }) : tf.variableGrads(loss, [...by]);
    return [input, ...model.trainable].map((variable) =>
      Float32Array.from(((grads as NamedTensorMap)[variable.name] ?? tf.zerosLike(variable)).dataSync()),
    );
  });
  const moved = valuesOf(model.variables.slice(model.trainable.length));
  model.constrain();
  const ours = {
    lost: lostMasks(graph).length,
    parameters: model.layersModel.countParams(),
    mask,
    inference,
    output: Float32Array.from(output!.dataSync()),
    gradients,
    moved,
    constrained: valuesOf(model.trainable),
  };
  const asked = {
    kind: 'layer',
    inputs: given.inputs,
    layers: keras,
    x: toWire(values, [BATCH, ...given.shape]),
    weights,
    probe: toWire(Float32Array.from(probe!.dataSync()), probe!.shape),
    training,
  };
  tf.dispose([output!, probe!, step, input]);
  model.dispose();
  return { ours, asked };
}

/** So that one that fails leaves the others their test. */
function attempt<T>(work: () => T): T | { readonly error: Error } {
  try {
    return work();
  } catch (error) {
    return { error: error as Error };
  }
}

/** The largest difference of values, in shares of the largest value. */
export const differenceOf = (actual: readonly Float32Array[], expected: readonly WireArray[]): number => {
  expect(expected.map(({ data }) => fromWire({ shape: [], data }).length)).toEqual(actual.map(({ length }) => length));
  return stateDifference(actual, expected.map(fromWire));
};

/** What both make of a case. */
export interface Compared {
  readonly ours: ReturnType<typeof compute> | { readonly error: Error };
  readonly theirs: Answer<LayerAnswer>;
}

/** Computes all cases here and, in one process, there. */
export async function compareAll(
  cases: readonly LayerCase[],
  translate = kerasLayer,
): Promise<ReadonlyMap<LayerCase, Compared>> {
  const ours = cases.map((given) => attempt(() => compute(given, kerasLayersOf(given, translate))));
  const answers = await judge<LayerAnswer>(ours.map((one) => ('asked' in one ? one.asked : {})));
  return new Map(cases.map((given, index) => [given, { ours: ours[index]!, theirs: answers[index]! }]));
}

/**
 * A mask of as many axes: of steps within steps Keras keeps all, which fits no loss; what is there in part is there.
 */
function presentIn(
  { shape, ...mask }: WireArray,
  rank = shape.length,
): { readonly shape: readonly number[]; readonly values: readonly number[] } {
  const values = [...fromWire({ shape, ...mask })];
  const kept = shape.slice(0, rank);
  const each = values.length / kept.reduce((product, size) => product * size, 1);
  return {
    shape: kept,
    values: Array.from({ length: values.length / each }, (_, i) => Math.max(...values.slice(i * each, (i + 1) * each))),
  };
}

/** Values, gradients, moved and constrained weights are Keras'. */
export function expectAlike({ ours: attempted, theirs }: Compared): void {
  if ('error' in attempted) throw attempted.error;
  const { ours } = attempted;
  const keras = answered(theirs);
  expect(ours.lost).toBe(keras.lost);
  expect(ours.parameters).toBe(keras.parameters);
  expect(ours.mask).toEqual(keras.mask && presentIn(keras.mask, ours.mask?.shape.length));
  expect(differenceOf([ours.inference], [keras.inference])).toBeLessThan(1e-5);
  // In training, the variance of a batch is a difference of sums, which each processor rounds in its own way.
  expect(differenceOf([ours.output], [keras.output])).toBeLessThan(5e-5);
  expect(differenceOf(ours.moved, keras.moved)).toBeLessThan(1e-5);
  expect(differenceOf(ours.gradients, keras.gradients)).toBeLessThan(1e-4);
  expect(differenceOf(ours.constrained, keras.constrained)).toBeLessThan(1e-5);
}
