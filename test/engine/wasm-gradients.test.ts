import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { expectSame, loadBoth } from './wasm-rig.ts';
import { draws } from '../draws.ts';

let wasm: Engine;
beforeAll(async () => void (wasm = await loadBoth()));

/** Seeded numbers around 0, made in JavaScript; `levels` rounds them, so that windows hold equal ones. */
function numbers(shape: Tensor4D['shape'], seed: number, levels?: number): Tensor4D {
  const { tf } = wasm;
  const values = tf.randomUniform<Rank.R4>(shape, -1, 1, 'float32', seed) as Tensor4D;
  return levels === undefined ? values : tf.div(tf.round(tf.mul(values, levels)), levels);
}

const size = (max: number) => fc.integer({ min: 1, max });
const pair = (max: number) => fc.tuple(size(max), size(max));
const windows = fc.record({
  batch: size(3),
  height: fc.integer({ min: 5, max: 13 }),
  width: fc.integer({ min: 5, max: 13 }),
  channels: size(5),
  filters: size(5),
  window: pair(5),
  strides: pair(4),
  pad: fc.constantFrom('same' as const, 'valid' as const),
  seed: size(1e6),
});

describe('gradients agree with TensorFlow to 1e-4', () => {
  test('convolution: input and filter, any kernel, stride and padding', () => {
    fc.assert(
      fc.property(windows, ({ batch, height, width, channels, filters, window, strides, pad, seed }) => {
        expectSame(wasm, () => {
          const { tf } = wasm;
          const [x, filter] = [
            numbers([batch, height, width, channels], seed),
            numbers([...window, channels, filters], seed + 1),
          ];
          const convolve = (image: Tensor<Rank>, kernel: Tensor<Rank>) =>
            tf.conv2d(image as Tensor4D, kernel as Tensor4D, strides, pad);
          const y = convolve(x, filter);
          return [y, ...tf.grads(convolve)([x, filter], numbers(y.shape, seed + 2))];
        });
      }),
      { numRuns: draws(100) },
    );
  });

  test('depthwise convolution likewise', () => {
    fc.assert(
      fc.property(windows, ({ batch, height, width, channels, filters, window, strides, pad, seed }) => {
        expectSame(wasm, () => {
          const { tf } = wasm;
          const [x, filter] = [
            numbers([batch, height, width, channels], seed),
            numbers([...window, channels, filters], seed + 1),
          ];
          const square = Math.max(...strides); // TensorFlow has no other
          const convolve = (image: Tensor<Rank>, kernel: Tensor<Rank>) =>
            tf.depthwiseConv2d(image as Tensor4D, kernel as Tensor4D, square, pad);
          const y = convolve(x, filter);
          return [y, ...tf.grads(convolve)([x, filter], numbers(y.shape, seed + 2))];
        });
      }),
      { numRuns: draws(100) },
    );
  });

  test('gathering: rows that are taken several times, or never', () => {
    fc.assert(
      fc.property(
        pair(6),
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }),
        size(1e6),
        ([rows, columns], taken, seed) => {
          expectSame(wasm, () => {
            const { tf } = wasm;
            const indices = tf.tensor1d(
              taken.map((row) => row % rows),
              'int32',
            );
            const gather = (table: Tensor<Rank>) => tf.gather(table, indices);
            return [
              tf.grad(gather)(numbers([rows, columns, 2, 1], seed), numbers([taken.length, columns, 2, 1], seed + 1)),
            ];
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each(['maxPool', 'avgPool'] as const)('%s: overlapping windows, ties and borders too', (pool) => {
    fc.assert(
      fc.property(
        windows,
        fc.option(size(3), { nil: undefined }),
        ({ batch, height, width, channels, window, strides, pad, seed }, levels) => {
          expectSame(wasm, () => {
            const { tf } = wasm;
            const x = numbers([batch, height, width, channels], seed, levels);
            const run = (image: Tensor<Rank>) => tf[pool](image as Tensor4D, window, strides, pad);
            const y = run(x);
            return [y, tf.grad(run)(x, numbers(y.shape, seed + 2))];
          });
        },
      ),
      { numRuns: draws(100) },
    );
  });
});
