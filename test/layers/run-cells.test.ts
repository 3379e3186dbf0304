import type { Tensor, Variable, layers as tfLayers } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { seedFor } from '../../src/base/seeds.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type BuildContext, createBuildContext } from '../../src/layers/build-context.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { keepMask } from '../../src/layers/noise.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { layersOf } from './layer-rig.ts';

let engine: Engine;
let context: BuildContext;
beforeAll(async () => {
  engine = await loadEngine();
  const { tf, ops } = engine;
  const step = tf.scalar(3, 'int32');
  context = createBuildContext({
    tf,
    ops,
    name: 'tested',
    seed: (purpose) => seedFor(1, 'tested', purpose),
    step: () => ({ step, use: 0 }),
  });
});

const [batch, steps, features] = [5, 6, 3];

/** Steps at the beginning, in the middle and at the end that are not there; a sequence with none. */
const gaps = [
  [1, 1, 1, 1, 1, 1],
  [0, 0, 1, 1, 1, 1],
  [1, 0, 1, 0, 1, 1],
  [1, 1, 1, 1, 0, 0],
  [0, 0, 0, 0, 0, 0],
];

const variable = (weight: tfLayers.Layer['weights'][number]) => weight.read() as Variable;

/** Output of a layer and gradients in its input and weights, in training. */
function resultsOf(layer: tfLayers.Layer, masked: boolean): Float32Array[] {
  const { tf } = engine;
  return tf.tidy(() => {
    const input = tf.variable(tf.randomNormal([batch, steps, features], 0, 1, 'float32', 3));
    const mask = masked ? { mask: tf.tensor2d(gaps, undefined, 'bool') } : {};
    let output: Tensor | undefined;
    const { grads } = tf.variableGrads(() => {
      output = tf.keep(layer.call(input, { training: true, ...mask }) as Tensor);
      const weights = tf.randomNormal(output.shape, 0, 1, 'float32', 4);
      return tf.sum(tf.mul(tf.square(output), weights));
    }, [input, ...layer.weights.map(variable)]);
    const results = [output!, grads[input.name]!, ...layer.weights.map((weight) => grads[variable(weight).name]!)].map(
      (one) => one.dataSync() as Float32Array,
    );
    tf.dispose([output!, input]);
    return results;
  });
}

/** Ours is that of TensorFlow.js with the same weights, forward and backward, and leaves no tensor behind. */
function expectStock(text: string, stock: tfLayers.Layer, masked: boolean): void {
  const { tf } = engine;
  const [{ type, options }] = layersOf(`[${text}]`) as [ReturnType<typeof layersOf>[number]];
  const layer = layerRow(type).build(options, context);
  for (const one of [layer, stock]) one.build([null, steps, features]);
  stock.setWeights(layer.weights.map((weight) => tf.randomUniform(weight.read().shape, -1, 1, 'float32', 5)));
  layer.setWeights(stock.weights.map((weight) => weight.read()));
  resultsOf(layer, masked);
  const { numTensors } = tf.memory();
  const results = resultsOf(layer, masked);
  expect(tf.memory().numTensors).toBe(numTensors);
  const expected = resultsOf(stock, masked);
  expect(results.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  expect(relativeDifference(results, expected)).toBeLessThan(1e-5);
}

const kinds = ['simpleRNN', 'gru', 'lstm'] as const;
const variants = [
  {},
  { returnSequences: true },
  { goBackwards: true, returnSequences: true },
  { activation: 'relu', useBias: false },
  { activation: 'softmax', recurrentActivation: 'softmax' },
  { recurrentActivation: 'sigmoid', activation: 'elu', goBackwards: true },
  { dropout: 0.4, recurrentDropout: 0.3 },
] as const;

test.each(
  kinds.flatMap((kind) =>
    variants.flatMap((options) => [false, true].map((masked) => [kind, options, masked] as const)),
  ),
)('%s %j, masked: %j, is that of TensorFlow.js', (kind, given, masked) => {
  const { tf } = engine;
  const { recurrentActivation: _, ...others } = given as { recurrentActivation?: string };
  const options = { units: 4, ...(kind === 'simpleRNN' ? others : given) };
  const stock = tf.layers[kind]({ ...options } as never) as tfLayers.Layer;
  (stock as unknown as { cell: { dropoutFunc: unknown } }).cell.dropoutFunc = (ones: Tensor, rate: number) =>
    tf.div(keepMask(context, ones.shape, rate, `cell 0 ${ones.shape[1] === features ? 'input' : 'state'}`), 1 - rate);
  expectStock(JSON.stringify({ [kind]: options }), stock, masked);
});

test.each([false, true])('rnn with stacked cells, masked: %j, is that of TensorFlow.js', (masked) => {
  const { tf } = engine;
  const cell = [
    tf.layers.lstmCell({ units: 4 }),
    tf.layers.gruCell({ units: 3, activation: 'relu' }),
    tf.layers.simpleRNNCell({ units: 5 }),
  ];
  const text =
    '{ rnn: { cells: [lstmCell 4, { gruCell: { units: 3, activation: relu } }, simpleRNNCell 5], ' +
    'returnSequences: true, goBackwards: true } }';
  expectStock(text, tf.layers.rnn({ cell, returnSequences: true, goBackwards: true }) as tfLayers.Layer, masked);
});

test.each([false, true])('bidirectional lstm, all steps: %j, is that of TensorFlow.js', (returnSequences) => {
  const { tf } = engine;
  const stock = tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 4, returnSequences }), mergeMode: 'concat' });
  expectStock(
    `{ bidirectional: { layer: { lstm: { units: 4, returnSequences: ${returnSequences} } } } }`,
    stock,
    false,
  );
});
