import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { loadEngine } from '../../src/engine/load.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { type Values, anything } from '../../src/layers/values.ts';
import { chainOf } from '../layers/layer-rig.ts';
import { arbitraryOptions } from './arbitrary-options.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const sizes = (axes: number, max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const shapes = fc.oneof(sizes(1, 8), sizes(2, 6), sizes(3, 6), sizes(4, 4));

/** Inputs, and what is known of them. */
const inputs: readonly { readonly values: Values; readonly of: (tensor: Tensor) => Tensor }[] = [
  { values: { low: 0, high: 1 }, of: (x) => engine.tf.sigmoid(x) },
  { values: anything, of: (x) => engine.tf.mul(x, 5) },
  { values: { low: 0, high: 1, distribution: true, by: 'softmax' }, of: (x) => engine.tf.softmax(x) },
  { values: { low: -1, high: 1 }, of: (x) => engine.tf.tanh(x) },
  { values: { low: 0, high: Infinity, by: 'relu' }, of: (x) => engine.tf.relu(x) },
  { values: { low: -Infinity, high: 0 }, of: (x) => engine.tf.neg(engine.tf.relu(x)) },
];

/** Where what comes out is not what the row says of it; empty where it is. */
function broken({ low, high, distribution }: Values, output: Tensor): string {
  const { tf } = engine;
  const [least, most] = [tf.min(output).dataSync()[0]!, tf.max(output).dataSync()[0]!];
  const slack = 1e-4 * Math.max(1, ...[low, high].filter(Number.isFinite).map(Math.abs));
  if (!Number.isFinite(least) || !Number.isFinite(most)) return ''; // beyond float32
  if (least < low - slack || most > high + slack) return `${least} to ${most} is outside of ${low} to ${high}`;
  if (distribution !== true) return '';
  const apart = tf.max(tf.abs(tf.sub(tf.sum(output, -1), 1))).dataSync()[0]!;
  return apart < 1e-3 ? '' : `sums are ${apart} from 1`;
}

describe.each(Object.entries<LayerRow>(layers))('%s', (type, row) => {
  const from = row.merges ? [-1, -1] : [-1];

  test('gives the values that its row says', () => {
    fc.assert(fc.property(arbitraryOptions(row.options), shapes, fc.constantFrom(...inputs), (options, shape, { values, of }) => {
      const given = from.map(() => shape);
      const output = row.outputShape(shape, options, given);
      // An index is a whole number of 0 or more.
      if (isMisfit(output) || (row.readsIndices?.(options) !== undefined && values !== inputs[0]!.values)) return;
      const said = row.values?.(from.map(() => values), options, { inputs: given, output }) ?? anything;
      const model = buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs: from }]), 1);
      const found = engine.tf.tidy(() => broken(said, model.forward([of(engine.tf.randomNormal([3, ...shape], 0, 1, 'float32', 7))])[0]!));
      model.dispose();
      expect(found, JSON.stringify([options, shape, values, said])).toBe('');
    }), { numRuns: 60 });
  });
});
