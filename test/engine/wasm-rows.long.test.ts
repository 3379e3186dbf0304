import type { Scalar, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NodeBackend } from '../../src/engine/node-backend.ts';
import { isMisfit, type Row } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { rehearse } from '../../src/engine/wasm/rehearse.ts';
import { unusableKernels } from '../../src/engine/wasm/unusable-kernels.ts';
import { parse, stringify } from 'yaml';
import { buildModel } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { evaluationStep, trainingStep } from '../../src/training/step.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';
import { expectSame, loadBoth } from './wasm-rig.ts';
import { sidesOf } from '../contract/training.ts';
import { chainOf } from '../layers/layer-rig.ts';

let wasm: Engine;
beforeAll(async () => void (wasm = await loadBoth()));

/**
 * The options of a row's example with all defaults, as a file that holds it is read; then with each name that an option
 * can take, where it has to take one or can take few.
 */
function optionsOf(row: LayerRow): Record<string, unknown>[] {
  const layer = [{ dense: { units: 2 }, name: 'a' }, { dense: { units: 2 }, name: 'b' }, parse(row.example) as object];
  const text = stringify({
    name: 'example',
    seed: 1,
    data: { source: 'mnist' },
    model: { layers: layer },
    train: { optimizer: 'sgd', loss: 'softmaxCrossEntropy', batchSize: 1, epochs: 1 },
  });
  const { options } = readPipeline({ name: 'example.yaml', text }).pipeline!.layers[2]!;
  const named = Object.entries(row.options.properties).flatMap(([name, schema]) => {
    const { enum: values = [], default: fallback } = schema as { enum?: unknown[]; default?: unknown };
    return values.length > 4 && fallback !== undefined ? [] : values.map((value) => ({ ...options, [name]: value }));
  });
  return [options, ...named];
}

const dense = (units: number, activation = 'linear') => ({
  type: 'dense',
  options: { ...optionsOf(layers.dense)[0], units, activation },
});
/** Every option of a row at its default. */
const defaults = (row: Row) =>
  Object.fromEntries(
    Object.entries(row.options.properties).map(([name, schema]) => [name, (schema as { default?: unknown }).default]),
  );
/** Its slots are the gradients. */
const momentum = { type: 'momentum', options: defaults(optimizers.momentum) };

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
function expectSameTraining({
  shape,
  layers: stack,
  batch,
  seed,
  steps: count = 2,
  loss = 'softmaxCrossEntropy',
  optimizer = momentum,
}: Net): void {
  const { tf } = wasm;
  expectSame(wasm, () => {
    const model = buildModel(
      wasm,
      chainOf(
        shape,
        stack.map((layer, k) => ({ inputs: [k - 1], ...layer, name: `layer${k}` })),
      ),
      seed,
    );
    const classes = model.layersModel.outputShape[1] as number;
    const rule = optimizers[optimizer.type as 'sgd'].create(tf, model.trainable, optimizer.options);
    const parts = {
      engine: wasm,
      model,
      optimizer: rule,
      ...sidesOf(
        shape,
        classes,
        { row: losses[loss as 'meanSquaredError'], options: defaults(losses[loss as 'meanSquaredError']) },
        1,
      ),
    };
    const data = {
      x0: tf.randomUniform([batch, ...shape], -1, 1, 'float32', seed),
      y0: tf.randomUniform([batch], 0, classes, 'int32', seed),
    };
    const steps = Array.from({ length: count }, (_, step) =>
      trainingStep(parts)({ ...data, learningRate: tf.scalar(0.001), step: tf.scalar(step, 'int32') }),
    );
    const { loss: lossAfter, confidence0: confidence } = evaluationStep(parts)(data);
    const values = [...model.variables, ...rule.slots].map((variable) => tf.clone(variable as Tensor));
    tf.dispose(steps.map(({ score0 }) => score0!)); // classes of equal probability may be told apart by rounding
    model.dispose();
    tf.dispose([...rule.slots] as Scalar[]);
    return [...steps.map((outputs) => outputs['loss']!), lossAfter!, confidence!, ...values];
  });
}

const batches = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 1, max: 1e6 });
const seeds32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** Images, sequences, vectors, volumes, sequences of images, and what the rows' examples speak of. */
const shapes = [[6, 6, 2], [3, 4], [6], [4, 4, 4, 2], [28, 28, 1], [4, 4, 8], [4, 32]];

describe.each(Object.entries<LayerRow>(layers))('%s', (type, row) => {
  const inputs = row.merges ? [-1, -1] : [-1];

  test('trains as natively', () => {
    const { tf } = wasm;
    let trained = 0;
    for (const options of optionsOf(row)) {
      const outputs = shapes.map((shape) =>
        row.outputShape(
          shape,
          options,
          inputs.map(() => shape),
        ),
      );
      const fitting = outputs.findIndex((output) => !isMisfit(output));
      if (fitting === -1) continue;
      const flatten = (outputs[fitting] as readonly number[]).length > 1 ? [{ type: 'flatten', options: {} }] : [];
      trained++;
      try {
        for (const batch of [1, 3])
          expectSameTraining({
            shape: shapes[fitting]!,
            batch,
            seed: batch,
            layers: [{ type, options, inputs }, ...flatten, dense(3)],
          });
      } catch (error) {
        // Such a pipeline is refused before it trains; anything else is a fault.
        const kernel = /^Kernel '(\w+)' not registered for backend 'wasm'/.exec((error as Error).message)?.[1];
        if (kernel === undefined || !unusableKernels.includes(kernel)) throw error;
        void tf.setBackend('wasm');
      }
    }
    expect(trained).toBeGreaterThan(0);
  });
});

test.each(Object.keys(optimizers))('the optimizer %s steps as natively', (type) => {
  fc.assert(
    fc.property(arbitraryOptions(optimizers[type as 'sgd'].options), batches, seeds, (given, batch, seed) => {
      // At the ends of their ranges, options turn rounding errors into steps.
      const options = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          typeof value === 'number' ? Math.min(Math.max(value, 1e-3), 0.99) : value,
        ]),
      );
      expectSameTraining({
        shape: [5],
        batch,
        seed,
        layers: [dense(4, 'tanh'), dense(3)],
        optimizer: { type, options },
      });
    }),
    { numRuns: 15 },
  );
});

test.each(Object.keys(losses))('the loss %s and its gradient are the native ones', (loss) => {
  fc.assert(
    fc.property(batches, seeds, (batch, seed) => {
      expectSameTraining({
        shape: [5],
        batch,
        seed,
        loss,
        steps: 1,
        layers: [dense(3, loss === 'categoricalCrossentropy' ? 'softmax' : 'linear')],
      });
    }),
    { numRuns: 15 },
  );
});

test('a mask that reaches the loss counts as natively', () => {
  const masking = { type: 'masking', options: { maskValue: 0 } };
  fc.assert(
    fc.property(seeds, (seed) =>
      expectSameTraining({ shape: [3], batch: 6, seed, layers: [dense(2, 'relu'), masking, dense(3)] }),
    ),
    { numRuns: 5 },
  );
});

test('a kernel that is missing is named before training, and the variables are as they were', () => {
  const { tf } = wasm;
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const step = () =>
    tf.tidy(() => {
      weight.assign(tf.tensor1d([3, 4]));
      tf.spectral.rfft(tf.ones([4]));
    });
  expect(() => rehearse(tf, [weight], step)).toThrow(
    expect.objectContaining({
      diagnostics: [
        expect.objectContaining({
          code: 'missing-kernel',
          message: expect.stringMatching(/wasm engine cannot train this pipeline: it has no \w+ kernel that works/),
          hint: expect.stringContaining('PIPELINE_ENGINE'),
        }),
      ],
    }),
  );
  expect([...weight.dataSync()]).toEqual([1, 2]);
  const mistake = new TypeError('x is not a function');
  expect(() =>
    rehearse(tf, [weight], () => {
      throw mistake;
    }),
  ).toThrow(mistake);
  weight.dispose();
});

test('random numbers are those of TensorFlow, to the bit', () => {
  const { tf } = wasm;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.tuple(seeds32, seeds32), (count, seed) => {
      const ours = tf.tidy(() => [...wasm.ops.statelessUniform([count], tf.tensor1d(seed, 'int32')).dataSync()]);
      void tf.setBackend('tensorflow');
      const native = tf.tidy(() => {
        const backend = tf.backend() as NodeBackend;
        const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
        const attributes = Object.entries({ dtype: TF_FLOAT, T: TF_INT32, Tseed: TF_INT32 }).map(([name, value]) => ({
          name,
          type: TF_ATTR_TYPE,
          value,
        }));
        return [
          ...backend
            .executeSingleOutput('StatelessRandomUniform', attributes, [
              tf.tensor1d([count], 'int32'),
              tf.tensor1d(seed, 'int32'),
            ])
            .dataSync(),
        ];
      });
      void tf.setBackend('wasm');
      expect(ours).toEqual(native);
    }),
    { numRuns: 20 },
  );
});
