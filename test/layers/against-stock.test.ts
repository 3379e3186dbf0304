import type { Tensor, Tensor2D, layers as tfLayers } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { registerLayers } from '../../src/layers/custom-layers.ts';
import { isMisfit } from '../../src/base/row.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { chainOf, modelOf } from './layer-rig.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const random = (shape: number[], seed = 3) => engine.tf.randomNormal(shape, 0, 1, 'float32', seed);
const difference = (a: Tensor, b: Tensor) =>
  engine.tf.tidy(() => engine.tf.max(engine.tf.abs(engine.tf.sub(a, b))).dataSync()[0]!);

/** The output of a layer of TensorFlow.js with the weights of one of ours. */
function stock(layer: tfLayers.Layer, weights: Tensor[], inputs: Tensor | Tensor[]): Tensor {
  layer.apply(inputs);
  if (weights.length > 0) layer.setWeights(weights);
  return layer.apply(inputs) as Tensor;
}

const shapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]];

test.each(Object.keys(layers))('%s: TensorFlow.js loads a saved model of it, which computes the same', async (type) => {
  const { tf } = engine;
  registerLayers(tf);
  const row = layerRow(type);
  const { options } = exampleLayer(row);
  const inputs = row.merges ? [-1, -1] : [-1];
  const shape = shapes.find(
    (one) =>
      !isMisfit(
        row.outputShape(
          one,
          options,
          inputs.map(() => one),
        ),
      ),
  )!;
  const model = buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs }]), 1);
  const saved: Parameters<typeof tf.io.fromMemory>[0][] = [];
  await model.layersModel.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved.push(JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined })) as never);
      Object.assign(saved[0]!, { weightData: artifacts.weightData });
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved[0]!));
  const input = tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 4);
  expect(difference(loaded.predict(input) as Tensor, model.forward([input])[0]!)).toBeLessThan(1e-6);
  loaded.dispose();
  model.dispose();
});

test.each(Object.keys(layers))('%s: two of them in a row are computed alike by TensorFlow.js', (type) => {
  const { tf } = engine;
  const row = layerRow(type);
  const changed = 'returnSequences' in row.options.properties ? { returnSequences: true } : {};
  const { options } = exampleLayer(row, changed);
  const inputs = (from: number) => (row.merges ? [from, from] : [from]);
  const after = (shape: readonly number[]) =>
    row.outputShape(
      shape,
      options,
      inputs(0).map(() => shape),
    );
  const shape = shapes.find((one) => {
    const given = after(one);
    return !isMisfit(given) && !isMisfit(after(given));
  });
  // What makes another number of axes of them does not follow itself.
  if (shape === undefined) return;
  const chain = [0, 1].map((k) => ({ type, name: `layer${k}`, options, inputs: inputs(k - 1) }));
  const model = buildModel(engine, chainOf(shape, chain), 1);
  const input = tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 4);
  const predicted = model.layersModel.predict(input) as Tensor;
  expect(difference(predicted, model.forward([input])[0]!)).toBeLessThan(1e-6);
  model.dispose();
});

test.each([
  [[-1], [5, 6]],
  [
    [2, 1],
    [5, 6],
  ],
  [
    [-2, 3],
    [4, 3, 6],
  ],
])('layerNormalization along %j is that of TensorFlow.js', (axis, shape) => {
  const model = modelOf(
    engine,
    shape,
    JSON.stringify([
      { layerNormalization: { axis, betaInitializer: { randomNormal: {} }, gammaInitializer: { randomNormal: {} } } },
    ]),
  );
  const input = random([3, ...shape]);
  const sorted = axis.map((one) => (one < 0 ? shape.length + 1 + one : one)).sort((a, b) => a - b);
  const layer = engine.tf.layers.layerNormalization({ axis: sorted });
  expect(difference(stock(layer, model.layersModel.getWeights(), input), model.forward([input])[0]!)).toBeLessThan(
    1e-5,
  );
});

test('layerNormalization has its constraints, which the layer of TensorFlow.js forgets', () => {
  const model = modelOf(
    engine,
    [2],
    '[{ layerNormalization: { gammaInitializer: { constant: { value: -1 } }, gammaConstraint: nonNeg, ' +
      'betaConstraint: { unitNorm: { axis: 0 } } } }]',
  );
  model.trainable[1]!.assign(engine.tf.tensor1d([3, 4]));
  model.constrain();
  expect(model.trainable.map((variable) => [...variable.dataSync()])).toEqual([
    [0, 0],
    [expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)],
  ]);
});

test('timeDistributed computes all steps at once as TensorFlow.js does one by one', () => {
  const model = modelOf(engine, [4, 3], '["timeDistributed dense(5, tanh)"]');
  const input = random([2, 4, 3]);
  const layer = engine.tf.layers.timeDistributed({ layer: engine.tf.layers.dense({ units: 5, activation: 'tanh' }) });
  expect(difference(stock(layer, model.layersModel.getWeights(), input), model.forward([input])[0]!)).toBeLessThan(
    1e-6,
  );
});

test.each([
  [1, false],
  [2, false],
  [-1, true],
])('dot along %j, normalized %j, is that of TensorFlow.js', (axes, normalize) => {
  const model = modelOf(
    engine,
    [3, 3],
    JSON.stringify([
      { activation: { activation: 'linear' }, name: 'a' },
      { tanh: null, name: 'b', from: 'a' },
      { dot: { axes, normalize }, from: ['a', 'b'] },
    ]),
  );
  const input = random([2, 3, 3]);
  const layer = engine.tf.layers.dot({ axes, normalize });
  expect(difference(stock(layer, [], [input, engine.tf.tanh(input)]), model.forward([input])[0]!)).toBeLessThan(1e-5);
});

test.each([
  ['causal', true],
  ['not causal', false],
])('multiHeadAttention, %s, is what its formula says, head by head', (_, causal) => {
  const { tf } = engine;
  const [steps, features, heads, keyDim, valueDim] = [4, 6, 2, 3, 5];
  const model = modelOf(
    engine,
    [steps, features],
    JSON.stringify([
      { multiHeadAttention: { numHeads: heads, keyDim, valueDim, causal, biasInitializer: { randomNormal: {} } } },
    ]),
  );
  const input = random([2, steps, features]);
  const weight = Object.fromEntries(
    model.layersModel.layers[1]!.weights.map((one) => [one.originalName.replace(/^.*\//, ''), one.read()]),
  );
  const project = (x: Tensor2D, part: string, head: number, size: number) =>
    tf.add(
      tf.matMul(x, tf.slice(weight[`${part}_kernel`]!, [0, head * size], [-1, size]) as Tensor2D),
      tf.slice(weight[`${part}_bias`]!, [head * size], [size]),
    ) as Tensor2D;
  const samples = tf.unstack(input).map((sample) => {
    const x = sample as Tensor2D;
    const results = Array.from({ length: heads }, (__, head) => {
      const scores = tf
        .matMul(project(x, 'query', head, keyDim), project(x, 'key', head, keyDim), false, true)
        .arraySync() as number[][];
      const shares = scores.map((row, step) => {
        const seen = row.map((score, other) => (causal && other > step ? 0 : Math.exp(score / Math.sqrt(keyDim))));
        return seen.map((share) => share / seen.reduce((sum, one) => sum + one, 0));
      });
      return tf.matMul(tf.tensor2d(shares), project(x, 'value', head, valueDim));
    });
    return tf.add(tf.matMul(tf.concat(results, 1), weight['output_kernel'] as Tensor2D), weight['output_bias']!);
  });
  expect(difference(tf.stack(samples), model.forward([input])[0]!)).toBeLessThan(1e-5);
});

test('positionEmbedding adds to each step what stands for its place', () => {
  const { tf } = engine;
  const model = modelOf(engine, [4, 3], '[positionEmbedding]');
  const given = random([2, 4, 3]);
  const added = tf.unstack(tf.sub(model.forward([given])[0]!, given));
  for (const one of added) expect(difference(one, model.trainable[0]!)).toBeLessThan(1e-6);
});

test('groupNormalization brings each group to mean 0 and variance 1', () => {
  const { tf } = engine;
  const model = modelOf(engine, [5, 5, 6], '[{ groupNormalization: { groups: 2, epsilon: 1.0e-9 } }]');
  const groups = tf.reshape(model.forward([tf.add(random([3, 5, 5, 6]), 4)])[0]!, [3, 25, 2, 3]);
  const { mean, variance } = tf.moments(groups, [1, 3]);
  expect(difference(mean, tf.zerosLike(mean))).toBeLessThan(1e-5);
  expect(difference(variance, tf.onesLike(variance))).toBeLessThan(1e-5);
});

test('conv3dTranspose has the gradient that differences say', () => {
  const { tf } = engine;
  const model = modelOf(
    engine,
    [2, 3, 2, 2],
    '[{ conv3dTranspose: { filters: 3, kernelSize: [2, 3, 2], strides: [1, 2, 1], padding: same, activation: tanh } }]',
  );
  const input = random([2, 2, 3, 2, 2]);
  const loss = () => tf.sum(tf.square(tf.sub(model.forward([input])[0]!, 0.3))) as never;
  const { grads } = tf.variableGrads(loss, [...model.trainable]);
  for (const variable of model.trainable) {
    const direction = random(variable.shape, 11);
    const along = (distance: number) => {
      const start = variable.clone();
      variable.assign(tf.add(start, tf.mul(direction, distance)));
      const value = (loss() as Tensor).dataSync()[0]!;
      variable.assign(start);
      return value;
    };
    const expected = (along(1e-2) - along(-1e-2)) / 2e-2;
    expect(tf.sum(tf.mul(grads[variable.name]!, direction)).dataSync()[0]! / expected).toBeCloseTo(1, 1);
  }
});
