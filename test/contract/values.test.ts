import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { type Values, anything } from '../../src/layers/values.ts';
import { chainOf } from '../layers/layer-rig.ts';
import { arbitraryInputs } from './arbitrary-inputs.ts';
import { arbitraryOptions } from './arbitrary-options.ts';
import { draws } from '../draws.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const shapes = fc.oneof(sizes(1, 8), sizes(2, 6), sizes(3, 6), sizes(4, 4));

/** Inputs, and what is known of them. */
const inputs: readonly { readonly values: Values; readonly of: (tensor: Tensor) => Tensor }[] = [
  { values: { low: 0, high: 1 }, of: (x) => engine.tf.sigmoid(x) },
  { values: anything, of: (x) => engine.tf.mul(x, 5) },
  { values: { low: 0, high: 1, distribution: true, by: 'softmax' }, of: (x) => engine.tf.softmax(x) },
  { values: { low: -1, high: 1 }, of: (x) => engine.tf.tanh(x) },
  { values: { low: 0, high: Infinity, by: 'relu' }, of: (x) => engine.tf.relu(x) },
  { values: { low: -Infinity, high: 0 }, of: (x) => engine.tf.neg(engine.tf.relu(x)) },
  {
    values: { low: 0, high: 6, whole: true },
    of: (x) => engine.tf.floor(engine.tf.clipByValue(engine.tf.mul(engine.tf.abs(x), 3), 0, 6)),
  },
  {
    values: { low: -4, high: 4, whole: true },
    of: (x) => engine.tf.round(engine.tf.clipByValue(engine.tf.mul(x, 2), -4, 4)),
  },
];

/** Where what comes out is not what the row says of it; empty where it is. */
function broken({ low, high, distribution, whole }: Values, output: Tensor): string {
  const { tf } = engine;
  const [least, most] = [tf.min(output).dataSync()[0]!, tf.max(output).dataSync()[0]!];
  const slack = 1e-4 * Math.max(1, ...[low, high].filter(Number.isFinite).map(Math.abs));
  if (!Number.isFinite(least) || !Number.isFinite(most)) return ''; // beyond float32
  if (least < low - slack || most > high + slack) return `${least} to ${most} is outside of ${low} to ${high}`;
  if (whole === true && tf.max(tf.abs(tf.sub(output, tf.round(output)))).dataSync()[0] !== 0) return 'not whole';
  if (distribution !== true) return '';
  const apart = tf.max(tf.abs(tf.sub(tf.sum(output, -1), 1))).dataSync()[0]!;
  return apart < 1e-3 ? '' : `sums are ${apart} from 1`;
}

describe.each(Object.entries<LayerRow>(layers))('%s', (type, row) => {
  const from = row.merges ? [-1, -1] : [-1];

  /** The same in training, as far as that says something of it: noise counts as what it is without. */
  const brokenInTraining = ({ whole }: Values, output: () => Tensor) =>
    whole === true ? broken({ ...anything, whole }, output()) : '';

  test('gives the values that its row says', () => {
    fc.assert(
      fc.property(
        arbitraryOptions(row.options),
        shapes,
        fc.constantFrom(...inputs),
        (options, shape, { values, of }) => {
          const given = from.map(() => shape);
          const output = row.outputShape(shape, options, given);
          // An index is a whole number of 0 or more.
          if (isMisfit(output) || (row.readsIndices?.(options) !== undefined && values !== inputs[0]!.values)) return;
          const said =
            row.values?.(
              from.map(() => values),
              options,
              { inputs: given, output },
            ) ?? anything;
          const model = buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs: from }]), 1);
          const found = engine.tf.tidy(() => {
            const samples = [of(engine.tf.randomNormal([3, ...shape], 0, 1, 'float32', 7))];
            return (
              broken(said, model.forward(samples)[0]!) ||
              brokenInTraining(said, () => model.forward(samples, { step: engine.tf.scalar(1, 'int32') })[0]!)
            );
          });
          model.dispose();
          expect(found, JSON.stringify([options, shape, values, said])).toBe('');
        },
      ),
      { numRuns: draws(150) },
    );
  });

  test.runIf(row.merges)('gives the values that its row says of two inputs', () => {
    fc.assert(
      fc.property(
        arbitraryOptions(row.options),
        arbitraryInputs,
        fc.tuple(fc.constantFrom(...inputs), fc.constantFrom(...inputs)),
        (options, many, kinds) => {
          const given = many.slice(0, 2);
          const output = row.outputShape(given[0]!, options, given);
          if (isMisfit(output)) return;
          const said =
            row.values?.(
              kinds.map(({ values }) => ({ ...values })),
              options,
              { inputs: given, output },
            ) ?? anything;
          const model = buildModel(
            engine,
            {
              inputs: given.map((shape, index) => ({ name: `input_${index}`, shape })),
              layers: [{ type, name: 'layer', options, inputs: [-1, -2] }],
              outputs: [0],
            },
            1,
          );
          const found = engine.tf.tidy(() =>
            broken(
              said,
              model.forward(
                given.map((shape, index) =>
                  kinds[index]!.of(engine.tf.randomNormal([3, ...shape], 0, 1, 'float32', 7 + index)),
                ),
              )[0]!,
            ),
          );
          model.dispose();
          expect(found, JSON.stringify([options, given, kinds, said])).toBe('');
        },
      ),
      { numRuns: draws(300) },
    );
  });
});
