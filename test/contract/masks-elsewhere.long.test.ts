import { beforeAll, describe, expect, test } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { maskMisfit } from '../../src/layers/explicit-masks.ts';
import { registerLayers } from '../../src/layers/custom-layers.ts';
import { layers } from '../../src/layers/layers.ts';
import { saveModel } from '../../src/layers/save-model.ts';
import { numbers } from '../engine/graph/rig.ts';
import { connected, inputOf } from '../keras/layer-cases.ts';
import { maskedCasesOf, maskedStacks } from '../keras/masked-cases.ts';
import { chainOf } from '../layers/layer-rig.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
  registerLayers(engine.tf);
});

const BATCH = 3;

// Every row of the table is here by being there: below it stands what shows the mask that it gives.
const cases = [
  ...Object.keys(layers).map((type) => ({ type, cases: maskedCasesOf(type) })),
  { type: 'several layers', cases: maskedStacks },
];

/** What is said of layers that TensorFlow.js computes otherwise. */
const told: string[] = [];

describe.each(cases)('$type', ({ cases: own }) => {
  test.each(own)('$title: the layers of TensorFlow.js that are saved compute the same', async (given) => {
    const { tf } = engine;
    const graph = chainOf(given.shape, connected(given));
    const misfit = maskMisfit(graph);
    if (misfit !== undefined) {
      told.push(`${graph.layers[misfit.layer]!.type}: ${misfit.reason}`);
      return;
    }
    const model = buildModel(engine, graph, 1);
    for (const [k, variable] of model.variables.entries())
      if (variable.dtype === 'float32')
        variable.assign(
          tf.tensor(
            numbers(variable.size, k + 1).map((x) => 0.6 + 0.3 * x),
            variable.shape,
          ),
        );
    model.constrain();
    const { description, weights } = await saveModel(tf, model);
    const [{ weights: weightSpecs }] = description['weightsManifest'] as [{ weights: [] }];
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({ ...description, weightSpecs, weightData: weights.slice().buffer }),
    );
    const input = tf.tensor(inputOf(given, BATCH), [BATCH, ...given.shape]);
    const expected = [...model.forward([input])[0]!.dataSync()];
    const found = [...(loaded.predict(input) as typeof input).dataSync()];
    const most = expected.reduce(
      (worst, value, at) => Math.max(worst, Math.abs(value - found[at]!) / Math.max(1, Math.abs(value))),
      0,
    );
    expect(most).toBeLessThan(1e-5);
    loaded.dispose();
    model.dispose();
    input.dispose();
  });
});

test('what is told instead is told of these alone', () => {
  expect([...new Set(told)].toSorted()).toEqual([
    'batchNormalization: below a mask TensorFlow.js normalizes along the last axis alone, written as -1',
    'convLstm2d: TensorFlow.js takes the mask of a net with convLstm2d for one of each place',
    'timeDistributed: TensorFlow.js hands the mask of all steps to the globalAveragePooling1d of each',
    'timeDistributed: TensorFlow.js hands the mask of all steps to the lstm of each',
  ]);
});
