import type { Scalar, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit, type Row } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { NodeBackend } from '../../src/engine/ops.ts';
import { rehearse } from '../../src/engine/wasm/rehearse.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { evaluationStep, trainingStep } from '../../src/training/step.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';
import { expectSame, loadBoth } from './wasm-rig.ts';

let wasm: Engine;
beforeAll(async () => void (wasm = await loadBoth()));

const none = { zeros: {} };
const normal = { randomNormal: { mean: 0, stddev: 0.5 } };
const dense = (units: number, activation = 'linear') => ({ type: 'dense', options: { units, activation, useBias: true, kernelInitializer: normal, biasInitializer: none } });
/** Every option of a row at its default. */
const defaults = (row: Row) => Object.fromEntries(Object.entries(row.options.properties).map(([name, schema]) => [name, (schema as { default?: unknown }).default]));
const sgd = { type: 'sgd', options: defaults(optimizers.sgd) };

interface Net {
  readonly shape: readonly number[];
  readonly layers: readonly { type: string; options: Record<string, unknown>; inputs?: readonly number[] }[];
  readonly batch: number;
  readonly seed: number;
  readonly steps?: number;
  readonly loss?: string;
  readonly optimizer?: { type: string; options: Record<string, unknown> };
}

/** Steps of training and one of evaluation, on both backends: the same losses, weights, slots and probabilities. */
function expectSameTraining({ shape, layers: stack, batch, seed, steps: count = 2, loss = 'softmaxCrossEntropy', optimizer = sgd }: Net): void {
  const { tf } = wasm;
  expectSame(wasm, () => {
    const model = buildModel(wasm, shape, stack.map((layer, k) => ({ inputs: [k - 1], ...layer, name: `layer${k}` })), seed);
    const classes = model.layersModel.outputShape[1] as number;
    const rule = optimizers[optimizer.type as 'sgd'].create(tf, model.trainable, optimizer.options);
    const parts = { engine: wasm, model, loss: { row: losses[loss as 'meanSquaredError'], options: defaults(losses[loss as 'meanSquaredError']) }, optimizer: rule, scale: 1, classes };
    const data = { x: tf.randomUniform([batch, ...shape], -1, 1, 'float32', seed), y: tf.randomUniform([batch], 0, classes, 'int32', seed) };
    const steps = Array.from({ length: count }, (_, step) => trainingStep(parts)({ ...data, learningRate: tf.scalar(0.1), step: tf.scalar(step, 'int32') }));
    const { loss: lossAfter, confidence } = evaluationStep(parts)(data);
    const values = [...model.variables, ...rule.slots].map((variable) => tf.clone(variable as Tensor));
    tf.dispose(steps.map(({ correct }) => correct!)); // classes of equal probability may be told apart by rounding
    model.dispose();
    tf.dispose([...rule.slots] as Scalar[]);
    return [...steps.map((outputs) => outputs['loss']!), lossAfter!, confidence!, ...values];
  });
}

const shapes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 1 }),
  fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }),
);
const batches = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 1, max: 1e6 });
const seeds32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe.each(Object.entries(layers))('%s', (type, row) => {
  test('trains as natively', () => {
    let fitting = 0;
    fc.assert(fc.property(arbitraryOptions(row.options), shapes, batches, seeds, (options, shape, batch, seed) => {
      // Tiny numbers turn rounding errors into results; a random shape seldom fits.
      for (const name of ['epsilon', 'maxValue']) if (typeof options[name] === 'number') options[name] = Math.max(options[name], 1e-3);
      if ('targetShape' in options) options['targetShape'] = shape.toReversed();
      const inputs = row.merges ? [-1, -1] : [-1];
      const output = row.outputShape(shape, options, inputs.map(() => shape));
      if (isMisfit(output)) return;
      fitting++;
      const flatten = output.length > 1 ? [{ type: 'flatten', options: {} }] : [];
      expectSameTraining({ shape, batch, seed, layers: [{ type, options, inputs }, ...flatten, dense(3)] });
    }), { numRuns: 30 });
    expect(fitting).toBeGreaterThan(0);
  });
});

test.each(Object.keys(optimizers))('the optimizer %s steps as natively', (type) => {
  fc.assert(fc.property(arbitraryOptions(optimizers[type as 'sgd'].options), batches, seeds, (given, batch, seed) => {
    // At the ends of their ranges, options turn rounding errors into steps.
    const options = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typeof value === 'number' ? Math.min(Math.max(value, 1e-3), 0.99) : value]));
    expectSameTraining({ shape: [5], batch, seed, layers: [dense(4, 'tanh'), dense(3)], optimizer: { type, options } });
  }), { numRuns: 15 });
});

test.each(Object.keys(losses))('the loss %s and its gradient are the native ones', (loss) => {
  fc.assert(fc.property(batches, seeds, (batch, seed) => {
    expectSameTraining({ shape: [5], batch, seed, loss, steps: 1, layers: [dense(3, loss === 'categoricalCrossentropy' ? 'softmax' : 'linear')] });
  }), { numRuns: 15 });
});

test('a kernel that is missing is named before training, and the variables are as they were', () => {
  const { tf } = wasm;
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const step = () => tf.tidy(() => {
    weight.assign(tf.tensor1d([3, 4]));
    tf.spectral.rfft(tf.ones([4]));
  });
  expect(() => rehearse(tf, [weight], step)).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ code: 'missing-kernel', message: expect.stringMatching(/wasm engine cannot train this pipeline: it has no \w+ kernel/), hint: expect.stringContaining('PIPELINE_ENGINE') })] }));
  expect([...weight.dataSync()]).toEqual([1, 2]);
  const mistake = new TypeError('x is not a function');
  expect(() => rehearse(tf, [weight], () => { throw mistake; })).toThrow(mistake);
  weight.dispose();
});

test('random numbers are those of TensorFlow, to the bit', () => {
  const { tf } = wasm;
  fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), fc.tuple(seeds32, seeds32), (count, seed) => {
    const ours = tf.tidy(() => [...wasm.ops.statelessUniform([count], tf.tensor1d(seed, 'int32')).dataSync()]);
    tf.setBackend('tensorflow');
    const native = tf.tidy(() => {
      const backend = tf.backend() as NodeBackend;
      const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
      const attributes = Object.entries({ dtype: TF_FLOAT, T: TF_INT32, Tseed: TF_INT32 }).map(([name, value]) => ({ name, type: TF_ATTR_TYPE, value }));
      return [...backend.executeSingleOutput('StatelessRandomUniform', attributes, [tf.tensor1d([count], 'int32'), tf.tensor1d(seed, 'int32')]).dataSync()];
    });
    tf.setBackend('wasm');
    expect(ours).toEqual(native);
  }), { numRuns: 20 });
});
