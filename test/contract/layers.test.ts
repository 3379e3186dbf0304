import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { ensureEngine } from '../../src/engine/install/install-engine.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type Model, buildModel } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { arbitraryOptions } from './arbitrary-options.ts';
import { chainOf } from '../layers/layer-rig.ts';
import { draws } from '../draws.ts';

let engine: Engine;
beforeAll(async () => {
  await ensureEngine({ emit: () => {} });
  engine = await loadEngine();
}, 300_000);

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const shapes = fc.oneof(sizes(1, 12), sizes(2, 8), sizes(3, 9), sizes(4, 6));

/** Numbers in 0..1, the same each time: whole ones of them are 0, an index that every table has. */
function samples(shape: readonly number[]): Tensor {
  return engine.tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 7);
}

/** The shape of the layer's output in training; throws where it cannot be computed. */
function outputShapeOf(model: Model, shape: readonly number[]): number[] {
  return engine.tf.tidy(() => model.forward([samples(shape)], { step: engine.tf.scalar(1, 'int32') })[0]!.shape);
}

/**
 * Whether values stay small: unbounded activations in loops, or weights near the limits of float32, overflow rightly.
 */
function isTame(model: Model, shape: readonly number[]): boolean {
  const { tf } = engine;
  const largest = (tensors: readonly Tensor[]) =>
    Math.max(0, ...tensors.map((tensor) => tf.tidy(() => tf.max(tf.abs(tensor)).dataSync()[0]!)));
  return tf.tidy(
    () => largest([...model.variables, model.forward([samples(shape)], { step: tf.scalar(1, 'int32') })[0]!]) < 1e3,
  );
}

/** The largest gradient of the mean of the output by a weight or, where it depends on it, the input. */
function largestGradient(model: Model, shape: readonly number[], byInput: boolean): number {
  const { tf } = engine;
  return tf.tidy(() => {
    const input = tf.variable(samples(shape));
    const mean = () =>
      model
        .penalties()
        .reduce(
          (sum, penalty) => tf.add(sum, penalty),
          tf.mean(model.forward([input], { step: tf.scalar(1, 'int32') })[0]!),
        ) as Scalar;
    const by = [...model.trainable, ...(byInput ? [input] : [])];
    const { grads } = by.length === 0 ? { grads: {} } : tf.variableGrads(mean, by);
    const largest = by.map(({ name }) => tf.max(tf.abs((grads as NamedTensorMap)[name]!)).dataSync()[0]!);
    input.dispose();
    return Math.max(0, ...largest);
  });
}

describe.each(Object.entries(layers))('%s', (type, row) => {
  // A row that merges gets its one input twice.
  const inputs = row.merges ? [-1, -1] : [-1];

  test('shape and parameters are those of TensorFlow.js; an error here is an error there', () => {
    let differentiated = 0;
    fc.assert(
      fc.property(arbitraryOptions(row.options), shapes, (options, shape) => {
        const expected = row.outputShape(
          shape,
          options,
          inputs.map(() => shape),
        );
        const build = () => buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs }]), 1);
        if (isMisfit(expected)) {
          // TensorFlow.js lets a size of 0 or less pass in some layers, and gives another shape than it says in others.
          expect(
            () => {
              const model = build();
              const said = (model.layersModel.outputShape as number[]).slice(1);
              const computed = outputShapeOf(model, shape).slice(1);
              model.dispose();
              if (said.some((size) => !(size >= 1)) || String(said) !== String(computed))
                throw new Error('an empty output, or another shape than it says');
            },
            JSON.stringify([options, shape]),
          ).toThrow();
          return;
        }
        const model = build();
        const { trainable, nonTrainable } = row.parameters?.(
          shape,
          options,
          inputs.map(() => shape),
        ) ?? { trainable: 0, nonTrainable: 0 };
        expect((model.layersModel.outputShape as number[]).slice(1)).toEqual([...expected]);
        expect(model.layersModel.countParams()).toBe(trainable + nonTrainable);
        expect(model.trainable.reduce((sum, variable) => sum + variable.size, 0)).toBe(trainable);
        expect(outputShapeOf(model, shape)).toEqual([2, ...expected]);
        const tame = isTame(model, shape);
        if (tame) {
          expect(largestGradient(model, shape, !row.readsIndices?.(options))).toBeLessThan(Infinity);
          differentiated++;
        }
        model.constrain();
        if (tame)
          expect(
            model.trainable.every(
              (variable) => engine.tf.tidy(() => engine.tf.all(engine.tf.isFinite(variable)).dataSync()[0]) === 1,
            ),
          ).toBe(true);
        model.dispose();
      }),
      { numRuns: type === 'permute' ? 150 : draws(row.parameters === undefined ? 150 : 60), endOnFailure: true },
    );
    expect(differentiated).toBeGreaterThan(0);
  });

  test('says what it is, and counts its work', () => {
    expect(row.doc).toMatch(/\.$/);
    expect(row.example).toContain(type);
    fc.assert(
      fc.property(arbitraryOptions(row.options), shapes, (options, shape) => {
        const output = row.outputShape(
          shape,
          options,
          inputs.map(() => shape),
        );
        if (isMisfit(output)) expect(output.problem).toContain(type);
        else {
          expect(
            row.flops?.(
              shape,
              output,
              options,
              inputs.map(() => shape),
            ) ?? 0,
          ).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('editing one layer leaves the first weights of every other layer as they were', () => {
  const dense = (name: string, units: number, above: number) => ({
    type: 'dense',
    name,
    inputs: [above],
    options: {
      units,
      activation: 'linear',
      useBias: true,
      kernelInitializer: { glorotNormal: {} },
      biasInitializer: { randomNormal: { mean: 0, stddev: 1 } },
    },
  });
  const weightsOf = (units: number, seed: number) => {
    const model = buildModel(
      engine,
      chainOf([4], [dense('first', 3, -1), dense('middle', units, 0), dense('last', 2, 1)]),
      seed,
    );
    const values = model.layersModel.layers.flatMap((layer) =>
      layer.getWeights().map((weight) => [layer.name, weight.dataSync().join()]),
    );
    model.dispose();
    return values.filter(([name]) => name === 'first' || (name === 'last' && units === 3));
  };
  expect(weightsOf(3, 0)).toEqual(weightsOf(3, 0));
  expect(weightsOf(3, 0).slice(0, 2)).toEqual(weightsOf(5, 0).slice(0, 2));
  expect(weightsOf(3, 0)).not.toEqual(weightsOf(3, 1));
});

test.each(Object.entries(layers).filter(([, { parameters }]) => parameters !== undefined))(
  '%s draws no weights without a seed',
  (type, row) => {
    const inputs = row.merges ? [-1, -1] : [-1];
    fc.assert(
      fc.property(arbitraryOptions(row.options), shapes, (options, shape) => {
        const given = inputs.map(() => shape);
        fc.pre(!isMisfit(row.outputShape(shape, options, given)));
        const model = buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs }]));
        // A one is the bias of a gate that forgets.
        for (const variable of model.variables)
          expect(new Set([0, 1, ...variable.dataSync()]), variable.name).toEqual(new Set([0, 1]));
        model.dispose();
      }),
      { numRuns: 10 },
    );
  },
);
