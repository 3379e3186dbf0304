import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { modelFiles, saveModel, writeModel } from '../../src/layers/save-model.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { registerLayers } from '../../src/layers/custom-layers.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { planPipeline } from '../../src/plan/plan-pipeline.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { chainOf, modelOf } from './layer-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-model-'));
let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The connected layers of a list of layers in compact or full form. */
function layersOf(text: string) {
  const source = {
    name: 'test.yaml',
    text:
      `{ name: t, data: { source: mnist }, model: { layers: ${text} }, train: { optimizer: sgd, ` +
      'loss: softmaxCrossEntropy, epochs: 1 } }',
  };
  const { pipeline, rangeOf, diagnostics } = readPipeline(source);
  expect(diagnostics).toEqual([]);
  return planPipeline(pipeline!, '.', rangeOf).plan!.layers;
}

test('a saved model is the same model to TensorFlow.js', async () => {
  const { tf } = engine;
  const layers = layersOf(
    '[{ conv: { filters: 4, kernelSize: 3, padding: same }, name: a }, batchnorm, relu, maxpool 2x2, ' +
      '{ conv: { filters: 4, kernelSize: 3, padding: same }, name: b }, { add: {}, from: [b, maxPooling2d_1] }, ' +
      'dropout 0.5, flatten, dense 10]',
  );
  const model = buildModel(engine, chainOf([28, 28, 1], layers), 3);
  writeModel(folder, await saveModel(tf, model), { pipeline: 't', seed: 3 });
  expect(modelFiles.map((file) => readFileSync(join(folder, file)).length > 100)).toEqual([true, true]);
  const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
  const input = tf.randomUniform([5, 28, 28, 1], 0, 1, 'float32', 1);
  expect((loaded.predict(input) as typeof input).dataSync()).toEqual(model.forward([input])[0]!.dataSync());
  expect(loaded.getUserDefinedMetadata()).toEqual({ pipeline: 't', seed: 3 });
  loaded.dispose();
  model.dispose();
});

test('a batch normalization along another axis is saved along the last, in each of its uses', async () => {
  const { tf } = engine;
  const normalization = exampleLayer(layerRow('batchNormalization'), { axis: 1 });
  const layers = [
    { ...normalization, name: 'first', inputs: [-1] },
    { ...normalization, name: 'second', inputs: [0], shares: 0 },
    { type: 'add', name: 'add', options: {}, inputs: [0, 1] },
  ];
  const model = buildModel(engine, { ...chainOf([2, 3, 4], layers), outputs: [2, 1] }, 3);
  for (const [k, weight] of model.variables.entries())
    weight.assign(tf.randomUniform(weight.shape, 0.5, 1, 'float32', k + 1));
  const saved = await saveModel(tf, model);
  writeModel(folder, saved, {});
  expect(JSON.stringify(saved.description).match(/"axis":-?\d+/g)).toEqual(['"axis":-1']);
  const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
  const input = tf.randomUniform([5, 2, 3, 4], 0, 1, 'float32', 1);
  const expected = model.forward([input]).map((output) => [...output.dataSync()]);
  expect((loaded.predict(input) as (typeof input)[]).map((output) => [...output.dataSync()])).toEqual(
    expected.map((values) => values.map((value) => expect.closeTo(value, 5) as number)),
  );
  loaded.dispose();
  model.dispose();
});

// Every row, and what stands below it, is in contract/masks-elsewhere.long.
test.each([
  ['the mean of steps', '[EMBEDDING, globalAveragePooling1d, dense 2]'],
  ['a product', '[EMBEDDING, { dense: 3, name: d }, { multiply: {}, from: [d, e] }, lstm 2]'],
  ['the largest', '[EMBEDDING, { dense: 3, name: d }, { maximum: {}, from: [d, e] }, globalAveragePooling1d]'],
  ['a sum', '[EMBEDDING, { dense: 3, name: d }, { add: {}, from: [d, e] }, globalAveragePooling1d]'],
  ['side by side', '[EMBEDDING, { dense: 3, name: d }, { concatenate: {}, from: [d, e] }, gru 2]'],
  ['what lost its mask', '[EMBEDDING, conv1d 2x3 same, lstm 2]'],
  [
    'both ways',
    '[EMBEDDING, { bidirectional: { layer: { lstm: { units: 2, returnSequences: true } } } }, globalAveragePooling1d]',
  ],
])('%s below a mask is the same elsewhere, where our layers are registered', async (_, text) => {
  const { tf } = engine;
  const embedding = '{ embedding: { inputDim: 9, outputDim: 3, maskZero: true }, name: e }';
  const model = modelOf(engine, [5], text.replace('EMBEDDING', embedding));
  writeModel(folder, await saveModel(tf, model), {});
  registerLayers(tf);
  const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
  const input = tf.tensor2d([
    [1, 2, 3, 0, 0],
    [4, 0, 0, 0, 0],
    [5, 6, 7, 8, 1],
    [0, 0, 0, 0, 0],
  ]);
  const expected = [...model.forward([input])[0]!.dataSync()];
  expect([...(loaded.predict(input) as typeof input).dataSync()]).toEqual(
    expected.map((value) => expect.closeTo(value, 6) as number),
  );
  loaded.dispose();
  model.dispose();
});

test('a net that TensorFlow.js computes otherwise is loaded by none, which says why', async () => {
  const { tf } = engine;
  const model = modelOf(
    engine,
    [4, 3, 2],
    '[masking, { timeDistributed: { layer: lstm(2) } }, globalAveragePooling1d]',
  );
  writeModel(folder, await saveModel(tf, model), {});
  registerLayers(tf);
  await expect(tf.loadLayersModel(`file://${folder}/model.json`)).rejects.toThrow(
    'it cannot compute the layer timeDistributed_1: (timeDistributed) TensorFlow.js hands the mask',
  );
  model.dispose();
});

test('pooling before relu changes neither values nor gradients', () => {
  const { tf } = engine;
  const model = buildModel(engine, chainOf([6, 6, 2], layersIn('relu')), 1);
  const straight = buildModel(engine, chainOf([6, 6, 2], layersIn('activation')), 1);
  // Coarse values, so that windows have ties and many have no positive value.
  const input = tf.round(tf.randomUniform([20, 6, 6, 2], -3, 2, 'float32', 5));
  const value = (chosen: typeof model) =>
    tf.valueAndGrad((x) => tf.sum(tf.square(tf.sub(chosen.forward([x])[0]!, 0.5))))(input);
  const [swapped, plain] = [value(model), value(straight)];
  expect(swapped.value.dataSync()).toEqual(plain.value.dataSync());
  // Adding 0 makes 0 of -0, which is as good.
  const gradient = ({ grad }: typeof plain) => Array.from(grad.dataSync(), (v) => v + 0);
  expect(gradient(swapped)).toEqual(gradient(plain));
  expect(gradient(plain).filter((v) => v !== 0).length).toBeGreaterThan(100);
  model.dispose();
  straight.dispose();
});

/** relu and max pooling: as declared for the swap, or with a linear layer in between, which keeps the order. */
function layersIn(kind: 'relu' | 'activation') {
  const pool = { type: 'maxPooling2d', name: 'pool', options: { poolSize: 2, strides: 2, padding: 'same' } };
  const relu = { type: 'reLU', name: 'relu', options: { maxValue: null }, inputs: [-1] };
  if (kind === 'relu') return [relu, { ...pool, inputs: [0] }];
  return [
    relu,
    { type: 'activation', name: 'linear', options: { activation: 'linear' }, inputs: [0] },
    { ...pool, inputs: [1] },
  ];
}
