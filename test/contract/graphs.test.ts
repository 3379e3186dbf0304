import type { Variable } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type ModelGraph, buildModel } from '../../src/layers/build-model.ts';
import type { Batch } from '../../src/datasets/batches.ts';
import { layers as rows } from '../../src/layers/layers.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import type { Output } from '../../src/training/output.ts';
import { createTrainer } from '../../src/training/trainer.ts';
import { numbers, relativeDifference, valuesOf } from '../engine/graph/rig.ts';
import { exampleLayer, exampleTraining } from './row-examples.ts';
import { stateDifference } from './training.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const dense = (name: string, units: number, inputs: readonly number[], more: object = {}) => ({
  type: 'dense',
  name,
  inputs,
  options: { ...exampleLayer(rows.dense).options, units, activation: 'tanh' },
  ...more,
});

/** Two inputs through one shared layer, joined; classes at each of four places, and a number. */
const graph: ModelGraph = {
  inputs: [
    { name: 'left', shape: [4, 3] },
    { name: 'right', shape: [4, 3] },
  ],
  layers: [
    dense('tower', 5, [-1]),
    dense('again', 5, [-2], { shares: 0 }),
    { type: 'add', name: 'both', inputs: [0, 1], options: {} },
    dense('places', 3, [2]),
    { type: 'flatten', name: 'flat', inputs: [2], options: {} },
    dense('number', 1, [4]),
  ],
  outputs: [3, 5],
};

const classes: Output = {
  target: { kind: 'class', name: 'place', classes: ['a', 'b', 'c'], shape: [4] },
  loss: { row: losses.softmaxCrossEntropy, options: { labelSmoothing: 0 } },
  weight: 1,
  classWeights: [1, 2, 0.5],
};
const value: Output = {
  target: { kind: 'number', name: 'size', shape: [1] },
  loss: { row: losses.meanSquaredError, options: {} },
  weight: 0.5,
};

function batch(count: number, seed: number): Batch {
  const bytes = (own: number) => Uint8Array.from(numbers(count * 12, own), (one) => Math.floor((one + 1) * 100));
  return {
    x: [bytes(seed), Float32Array.from(numbers(count * 12, seed + 50))],
    y: [
      Int32Array.from(numbers(count * 4, seed + 100), (one) => Math.floor(((one + 1) / 2) * 3)),
      Float64Array.from(numbers(count, seed + 150)),
    ],
    count,
  };
}

const batches = [batch(8, 1), batch(8, 2), batch(5, 3)];

function trainBy(step: 'auto' | 'eager', outputs: readonly Output[] = [classes, value]) {
  const model = buildModel(engine, graph, 3);
  const optimizer = optimizers.adam.create(
    engine.tf,
    model.trainable,
    exampleTraining(optimizers.adam).optimizer.options as never,
  );
  const state: Variable[] = [...model.variables, ...optimizer.slots];
  const inputs = [
    { name: 'left', shape: [4, 3], dtype: 'uint8', scale: 1 / 255 },
    { name: 'right', shape: [4, 3], dtype: 'float32', scale: 1 },
  ] as const;
  const trainer = createTrainer(
    { engine, model, optimizer, inputs, outputs, towers: 2, wanted: ['probabilities', 'ranks'] },
    { evaluationBatch: 8, train: [8, 5], sizes: [8] },
    step,
  );
  const start = valuesOf(state);
  const results = batches.map((one, number) => trainer.train(one, 0.01, number));
  trainer.pull();
  const evaluations = batches.map((one) => trainer.evaluator.evaluate(one));
  const end = valuesOf(state);
  trainer.dispose();
  for (const slot of optimizer.slots) slot.dispose();
  const parameters = model.layersModel.countParams();
  model.dispose();
  return { step: trainer.step, start, results, evaluations, end, parameters };
}

test('several inputs and outputs, a class at each place, a number and a shared layer: compiled is eager', () => {
  const [eager, compiled] = [trainBy('eager'), trainBy('auto')];
  expect(compiled.step).toBe('compiled');
  expect(stateDifference(compiled.end, eager.end)).toBeLessThan(1e-5);
  expect(relativeDifference(eager.end, eager.start)).toBeGreaterThan(1e-3);
  eager.results.forEach(({ loss, losses: own, scores }, i) => {
    expect(compiled.results[i]!.loss).toBeCloseTo(loss, 5);
    expect(compiled.results[i]!.losses[0]).toBeCloseTo(own[0]!, 5);
    // The sum of the outputs, by their weights.
    expect(own[0]! + 0.5 * own[1]!).toBeCloseTo(loss, 5);
    expect(compiled.results[i]!.scores[0]).toBe(scores[0]);
    expect(compiled.results[i]!.scores[1]).toBeCloseTo(scores[1]!, 4);
  });
  eager.evaluations.forEach(({ loss, outputs }, i) => {
    const other = compiled.evaluations[i]!;
    const { count } = batches[i]!;
    expect(relativeDifference([other.loss], [loss])).toBeLessThan(1e-5);
    expect(other.outputs.map(({ predicted }) => predicted.length)).toEqual([count * 4, count]);
    expect(other.outputs[0]!.probabilities!.length).toBe(count * 12);
    expect(other.outputs[0]!.ranks!.length).toBe(count * 12);
    expect(Array.from(other.outputs[0]!.predicted)).toEqual(Array.from(outputs[0]!.predicted));
  });
});

test('a shared layer is one layer: its weights are there once, and both uses move them', () => {
  const { parameters } = trainBy('eager');
  expect(parameters).toBe((3 + 1) * 5 + (5 + 1) * 3 + (20 + 1));
  const model = buildModel(engine, graph, 3);
  const [left, right] = [engine.tf.ones([1, 4, 3]), engine.tf.zeros([1, 4, 3])];
  const [one, other] = [model.forward([left, right]), model.forward([right, left])].map(([output]) =>
    output!.dataSync(),
  );
  expect(relativeDifference([one as Float32Array], [other as Float32Array])).toBeLessThan(1e-6);
  model.dispose();
});
