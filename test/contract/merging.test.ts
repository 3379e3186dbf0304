import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine, Tf } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type Model, buildModel } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { type Sizes, arbitraryInputs } from './arbitrary-inputs.ts';
import { arbitraryOptions } from './arbitrary-options.ts';
import { draws } from '../draws.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const samples = (shapes: readonly Sizes[]): Tensor[] =>
  shapes.map((shape, index) => engine.tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 3 + index));

function mergeOf(type: string, options: Readonly<Record<string, unknown>>, shapes: readonly Sizes[]): Model {
  const inputs = shapes.map((shape, index) => ({ name: `input_${index}`, shape }));
  return buildModel(
    engine,
    { inputs, layers: [{ type, name: 'layer', options, inputs: shapes.map((_, index) => -1 - index) }], outputs: [0] },
    1,
  );
}

/** The layer of TensorFlow.js on these values. */
const stock = (layer: { apply(inputs: Tensor[]): unknown }) => (inputs: Tensor[]) => layer.apply(inputs) as Tensor;

type Judge = (tf: Tf, inputs: Tensor[], options: Readonly<Record<string, unknown>>) => Tensor;

/**
 * What says the same of values, and throws where there is nothing to compute. Rows that are TensorFlow.js' own layer
 * judge themselves.
 */
const judges: Readonly<Record<string, Judge>> = {
  subtract: (tf, [first, second, ...more]) => {
    if (more.length > 0) throw new Error('three');
    return stock(tf.layers.add())([first!, tf.neg(second!)]);
  },
  dot: (tf, [first, second, ...more], { axes, normalize }) => {
    if (more.length > 0) throw new Error('three');
    // Its own layer judges which ranks there are; what it computes of some axes is not what it says.
    stock(tf.layers.dot({ axes: -1 }))([first!, second!].map((input) => tf.ones([...input.shape.slice(0, -1), 1])));
    const names = ['bij', 'bkl'].map((all, index) => all.slice(0, [first!, second!][index]!.rank));
    const letters = names.map((all, index) => {
      const axis = typeof axes === 'number' ? axes : (axes as number[])[index]!;
      const letter = axis === 0 ? undefined : all.slice(1).at(axis < 0 ? axis : axis - 1);
      if (letter === undefined) throw new Error(`no axis ${axis}`);
      return letter;
    });
    const terms = names.map((all, index) => all.replace(letters[index]!, 's'));
    const scaled = [first!, second!].map((input, index) =>
      normalize ? tf.div(input, tf.norm(input, 2, names[index]!.indexOf(letters[index]!), true)) : input,
    );
    const result = terms.join('').replaceAll(/[bs]/g, '');
    const product = tf.einsum(`${terms.join(',')}->b${result}`, ...scaled);
    return product.rank === 1 ? tf.expandDims(product, 1) : product;
  },
};

describe.each(Object.entries(layers).filter(([, { merges }]) => merges !== undefined))(
  '%s of inputs that differ',
  (type, row) => {
    test('has the shape that is computed; an error here is an error there', () => {
      const told = { merged: 0, refused: 0 };
      fc.assert(
        fc.property(arbitraryOptions(row.options), arbitraryInputs, (options, shapes) => {
          const expected = row.outputShape(shapes[0]!, options, shapes);
          const judge = judges[type];
          engine.tf.tidy(() => {
            const inputs = samples(shapes);
            if (isMisfit(expected)) {
              told.refused++;
              expect(expected.problem).not.toMatch(/NaN|undefined/);
              expect(
                () => judge?.(engine.tf, inputs, options) ?? computed(mergeOf(type, options, shapes), inputs),
                JSON.stringify([options, shapes]),
              ).toThrow();
              return;
            }
            told.merged++;
            const model = mergeOf(type, options, shapes);
            expect((model.layersModel.outputShape as number[]).slice(1)).toEqual([...expected]);
            const output = model.forward(inputs)[0]!;
            expect(output.shape).toEqual([2, ...expected]);
            const theirs = judge?.(engine.tf, inputs, options);
            if (theirs !== undefined)
              expect([
                theirs.shape,
                relativeDifference([output.dataSync() as Float32Array], [theirs.dataSync() as Float32Array]) < 1e-5,
              ]).toEqual([output.shape, true]);
            // Throws where a gradient has another shape than its input.
            const grads = engine.tf.grads((...given: Tensor[]) => engine.tf.mean(model.forward(given)[0]!));
            grads(inputs).forEach((gradient, index) => expect(gradient.shape).toEqual(inputs[index]!.shape));
            model.dispose();
          });
        }),
        { numRuns: draws(1000), endOnFailure: true },
      );
      expect(told.merged).toBeGreaterThan(draws(15));
      expect(told.refused).toBeGreaterThan(draws(15));
    });
  },
);

/** What it computes; throws where the shape is another than it says, as TensorFlow.js lets some pass. */
function computed(model: Model, inputs: Tensor[]): Tensor {
  const output = model.forward(inputs)[0]!;
  const said = (model.layersModel.outputShape as number[]).slice(1);
  model.dispose();
  if (String(said) !== String(output.shape.slice(1))) throw new Error('another shape than it says');
  return output;
}
