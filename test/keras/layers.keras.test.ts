import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { loadEngine } from '../../src/engine/load.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { stateDifference } from '../contract/training.ts';
import { numbers, valuesOf } from '../engine/graph/rig.ts';
import { type Answer, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLayer, sameName } from './keras-layers.ts';
import { knownDifferences } from './known-differences.ts';
import { type LayerCase, casesOf, chains, connected, inputOf, isRandom } from './layer-cases.ts';
import { chainOf } from '../layers/layer-rig.ts';

const engine = await loadEngine();
const { tf } = engine;
const BATCH = 3;

/** What Keras says of a layer; all weights in the model's order, those that training does not change last. */
interface LayerAnswer {
  readonly parameters: number;
  readonly inference: WireArray;
  /** In training, and from there the gradients of the output, weighted by a probe, and the penalties: by the input first, then by the weights. */
  readonly output: WireArray;
  readonly gradients: readonly WireArray[];
  /** The weights that training does not change, after the step. */
  readonly moved: readonly WireArray[];
  /** The others, brought back into their constraints. */
  readonly constrained: readonly WireArray[];
}

/** The same of our rows, and the case as Keras gets it. */
function compute(given: LayerCase, keras = given.layers.map(kerasLayer)) {
  const model = buildModel(engine, chainOf(given.shape, connected(given)), 1);
  for (const [index, variable] of model.variables.entries()) {
    const centre = /gamma|moving_variance/i.test(model.layersModel.weights[index]!.originalName) ? 1 : 0;
    tf.tidy(() => variable.assign(tf.add(tf.mul(tf.tensor(numbers(variable.size, index + 1), variable.shape), 0.3), centre)));
  }
  const weights = model.variables.map((variable) => toWire(Float32Array.from(variable.dataSync()), variable.shape));
  const values = inputOf(given, BATCH);
  const training = !given.layers.some(({ options }) => isRandom(options));
  const step = tf.scalar(1, 'int32');
  const input = tf.variable(tf.tensor(values, [BATCH, ...given.shape]));
  const inference = tf.tidy(() => Float32Array.from(model.forward([input])[0]!.dataSync()));
  const by = given.layers.some(({ type, options }) => layerRow(type).readsIndices?.(options)) ? model.trainable : [input, ...model.trainable];
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
    return [input, ...model.trainable].map((variable) => Float32Array.from(((grads as NamedTensorMap)[variable.name] ?? tf.zerosLike(variable)).dataSync()));
  });
  const moved = valuesOf(model.variables.slice(model.trainable.length));
  model.constrain();
  const ours = { parameters: model.layersModel.countParams(), inference, output: Float32Array.from(output!.dataSync()), gradients, moved, constrained: valuesOf(model.trainable) };
  const asked = { kind: 'layer', inputs: given.inputs, layers: keras, x: toWire(values, [BATCH, ...given.shape]), weights, probe: toWire(Float32Array.from(probe!.dataSync()), probe!.shape), training };
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

const differenceOf = (actual: readonly Float32Array[], expected: readonly WireArray[]): number => {
  expect(expected.map(({ data }) => fromWire({ shape: [], data }).length)).toEqual(actual.map(({ length }) => length));
  return stateDifference(actual, expected.map(fromWire));
};

const cases = [...Object.keys(layers).map((type) => ({ type, cases: casesOf(type) })), { type: 'several layers', cases: chains }];

describe.skipIf(inject('kerasMissing') !== '')('layers as Keras has them', () => {
  const computed = new Map<LayerCase, { readonly ours: ReturnType<typeof compute> | { readonly error: Error }; readonly theirs: Answer<LayerAnswer> }>();
  beforeAll(async () => {
    const all = cases.flatMap((one) => one.cases);
    const ours = all.map((given) => attempt(() => compute(given)));
    const answers = await judge<LayerAnswer>(ours.map((one) => ('asked' in one ? one.asked : {})));
    all.forEach((given, index) => computed.set(given, { ours: ours[index]!, theirs: answers[index]! }));
  });

  test.each(knownDifferences)('$example.type differs: $reason', async ({ example: { type, options, shape } }) => {
    const { ours, asked } = compute({ title: type, shape, inputs: [[1, 0]], layers: [{ type, options }] }, [sameName(type, options)]);
    const [theirs] = await judge<LayerAnswer>([asked]);
    expect(differenceOf([ours.inference], [answered(theirs).inference])).toBeGreaterThan(0.01);
  });

  describe.each(cases)('$type', ({ cases: own }) => {
    test.each(own)('$title', (given) => {
      const { ours: attempted, theirs } = computed.get(given)!;
      if ('error' in attempted) throw attempted.error;
      const { ours } = attempted;
      const keras = answered(theirs);
      expect(ours.parameters).toBe(keras.parameters);
      expect(differenceOf([ours.inference, ours.output], [keras.inference, keras.output])).toBeLessThan(1e-5);
      expect(differenceOf(ours.moved, keras.moved)).toBeLessThan(1e-5);
      expect(differenceOf(ours.gradients, keras.gradients)).toBeLessThan(1e-4);
      expect(differenceOf(ours.constrained, keras.constrained)).toBeLessThan(1e-5);
    });
  });
});
