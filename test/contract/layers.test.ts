import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { ensureEngine } from '../../src/engine/install.ts';
import { loadEngine } from '../../src/engine/load.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { arbitraryOptions } from './arbitrary-options.ts';

let engine: Engine;
beforeAll(async () => {
  await ensureEngine({ emit: () => {} });
  engine = await loadEngine();
}, 300_000);

const shapes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 1 }),
  fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 3 }),
);

describe.each(Object.entries(layers))('%s', (type, row) => {
  // A row that merges gets its one input twice.
  const inputs = row.merges ? [-1, -1] : [-1];

  test('shape and parameters are those of TensorFlow.js; an error here is an error there', () => {
    fc.assert(fc.property(arbitraryOptions(row.options), shapes, (options, shape) => {
      const expected = row.outputShape(shape, options, inputs.map(() => shape));
      const build = () => buildModel(engine, shape, [{ type, name: 'layer', options, inputs }], 1);
      if (isMisfit(expected)) {
        // TensorFlow.js lets a size of 0 or less pass in some layers; nothing can be computed then.
        expect(() => {
          const model = build();
          const sizes = (model.layersModel.outputShape as number[]).slice(1);
          engine.tf.tidy(() => model.forward(engine.tf.ones([2, ...shape])));
          model.dispose();
          if (sizes.some((size) => !(size >= 1))) throw new Error('an empty output');
        }, JSON.stringify([options, shape])).toThrow();
        return;
      }
      const model = build();
      const { trainable, nonTrainable } = row.parameters?.(shape, options) ?? { trainable: 0, nonTrainable: 0 };
      expect((model.layersModel.outputShape as number[]).slice(1)).toEqual([...expected]);
      expect(model.layersModel.countParams()).toBe(trainable + nonTrainable);
      expect(model.trainable.reduce((sum, variable) => sum + variable.size, 0)).toBe(trainable);
      const output = engine.tf.tidy(() => model.forward(engine.tf.ones([2, ...shape]), { step: engine.tf.scalar(1, 'int32') }).shape);
      expect(output).toEqual([2, ...expected]);
      model.dispose();
    }), { numRuns: 60 });
  });

  test('says what it is, and counts its work', () => {
    expect(row.doc).toMatch(/\.$/);
    expect(row.example).toContain(type);
    fc.assert(fc.property(arbitraryOptions(row.options), shapes, (options, shape) => {
      const output = row.outputShape(shape, options, inputs.map(() => shape));
      if (isMisfit(output)) expect(output.problem).toContain(type);
      else expect(row.flops?.(shape, output, options) ?? 0).toBeGreaterThanOrEqual(0);
    }));
  });
});

test('editing one layer leaves the first weights of every other layer as they were', () => {
  const dense = (name: string, units: number, above: number) => ({ type: 'dense', name, inputs: [above], options: { units, activation: 'linear', useBias: true, kernelInitializer: { glorotNormal: {} }, biasInitializer: { randomNormal: { mean: 0, stddev: 1 } } } });
  const weightsOf = (units: number, seed: number) => {
    const model = buildModel(engine, [4], [dense('first', 3, -1), dense('middle', units, 0), dense('last', 2, 1)], seed);
    const values = model.layersModel.layers.flatMap((layer) => layer.getWeights().map((weight) => [layer.name, weight.dataSync().join()]));
    model.dispose();
    return values.filter(([name]) => name === 'first' || (name === 'last' && units === 3));
  };
  expect(weightsOf(3, 0)).toEqual(weightsOf(3, 0));
  expect(weightsOf(3, 0).slice(0, 2)).toEqual(weightsOf(5, 0).slice(0, 2));
  expect(weightsOf(3, 0)).not.toEqual(weightsOf(3, 1));
});
