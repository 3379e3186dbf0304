import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repairPointwiseGradient } from '../../src/engine/pointwise-gradient.ts';
import { nativeTf, numbers, relativeDifference } from './graph/rig.ts';
import { draws } from '../draws.ts';

// Without the repair this file ends its process, more often than not, as glibc finds the heap damaged.
const tf = await nativeTf();
repairPointwiseGradient(tf);

const size = (min: number, max: number) => fc.integer({ min, max });
const cases = fc.record({
  batch: size(1, 3),
  height: size(5, 13),
  width: size(5, 13),
  channels: size(1, 20),
  filters: size(1, 5),
  strides: fc.tuple(size(1, 4), size(1, 4)),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

test('the gradient of a 1x1 filter with strides is that of a product of matrices', () => {
  fc.assert(
    fc.property(cases, ({ batch, height, width, channels, filters, strides, pad }) =>
      tf.tidy(() => {
        const x: Tensor4D = tf.tensor4d(numbers(batch * height * width * channels, 1), [
          batch,
          height,
          width,
          channels,
        ]);
        const filter: Tensor4D = tf.tensor4d(numbers(channels * filters, 2), [1, 1, channels, filters]);
        const y = tf.conv2d(x, filter, strides, pad);
        const dy = tf.tensor(numbers(y.size, 3), y.shape);
        const gradient = tf.grad((kernel) => tf.conv2d(x, kernel as Tensor4D, strides, pad))(filter, dy);
        const seen = tf.reshape(tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, ...strides, 1]), [-1, channels]);
        const product = tf.matMul(seen, tf.reshape(dy, [-1, filters]), true);
        expect(
          relativeDifference([gradient.dataSync() as Float32Array], [product.dataSync() as Float32Array]),
        ).toBeLessThan(1e-5);
      }),
    ),
    { numRuns: draws(1000) },
  );
});

test('the depthwise one is a sum of products', () => {
  fc.assert(
    fc.property(cases, ({ batch, height, width, channels, filters, strides: [stride], pad }) =>
      tf.tidy(() => {
        const x: Tensor4D = tf.tensor4d(numbers(batch * height * width * channels, 1), [
          batch,
          height,
          width,
          channels,
        ]);
        const filter: Tensor4D = tf.tensor4d(numbers(channels * filters, 2), [1, 1, channels, filters]);
        const convolve = (kernel: Tensor) => tf.depthwiseConv2d(x, kernel as Tensor4D, stride, pad);
        const y = convolve(filter);
        const dy = tf.tensor(numbers(y.size, 3), y.shape);
        const gradient = tf.grad(convolve)(filter, dy);
        const seen = tf.reshape(tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]), [-1, channels, 1]);
        const sum = tf.sum(tf.mul(seen, tf.reshape(dy, [-1, channels, filters])), 0);
        expect(
          relativeDifference([gradient.dataSync() as Float32Array], [sum.dataSync() as Float32Array]),
        ).toBeLessThan(1e-5);
      }),
    ),
    { numRuns: draws(1000) },
  );
});
