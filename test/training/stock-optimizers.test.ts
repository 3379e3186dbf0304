import type { Optimizer as StockOptimizer, Scalar, Tensor2D, Variable } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { optimizerRow } from '../../src/training/optimizers.ts';
import { nativeTf, numbers, relativeDifference, valuesOf } from '../engine/graph/rig.ts';

const tf = await nativeTf();
const rate = 0.05;
const steps = 10;

/** A small net in plain ops: its weights, and its loss on the batch of a step. */
function net(): { weights: Variable[]; lossOf(step: number): Scalar } {
  const weights = [
    [3, 5],
    [5, 2],
  ].map(([rows, columns], k) => tf.variable(tf.tensor2d(numbers(rows! * columns!, k + 1), [rows!, columns!])));
  const lossOf = (step: number) => {
    const hidden = tf.tanh(tf.matMul(tf.tensor2d(numbers(24, step + 10), [8, 3]), weights[0] as Tensor2D));
    return tf.losses.meanSquaredError(
      tf.tensor2d(numbers(16, step + 50), [8, 2]),
      tf.matMul(hidden, weights[1] as Tensor2D),
    ) as Scalar;
  };
  return { weights, lossOf };
}

/** How far each weight went in some steps. */
function movement(train: (weights: Variable[], gradients: Variable[]) => void): Float32Array[] {
  const { weights, lossOf } = net();
  const start = valuesOf(weights);
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => lossOf(step), weights);
      train(
        weights,
        weights.map(({ name }) => grads[name] as Variable),
      );
    });
  }
  const moved = valuesOf(weights).map((values, k) => values.map((value, i) => value - start[k]![i]!));
  tf.dispose(weights);
  return moved;
}

const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const averages = { decay: 0.9, momentum: 0.5, epsilon: 1e-7, centered: false };

// Tolerances are relative to the longest way. Adam and RMSProp of TensorFlow.js take 1 - decay before rounding,
// TensorFlow after: see average() in updates.ts; 6e-6 and 2e-7 were seen.
const cases: [name: string, options: Record<string, unknown>, stock: () => StockOptimizer, tolerance: number][] = [
  ['sgd', { weightDecay: 0 }, () => tf.train.sgd(rate), 0],
  ['momentum', { momentum: 0.9, useNesterov: false, weightDecay: 0 }, () => tf.train.momentum(rate, 0.9), 0],
  ['momentum', { momentum: 0.9, useNesterov: true, weightDecay: 0 }, () => tf.train.momentum(rate, 0.9, true), 0],
  ['adam', moments, () => tf.train.adam(rate, 0.9, 0.999, 1e-7), 1e-5],
  ['rmsprop', averages, () => tf.train.rmsprop(rate, 0.9, 0.5, 1e-7), 1e-6],
];

test.each(cases)(
  '%s %o: 10 steps on a net move the weights as those of tf.train do',
  (name, options, stock, tolerance) => {
    const theirs = stock();
    const expected = movement((weights, gradients) =>
      theirs.applyGradients(Object.fromEntries(weights.map(({ name: weight }, k) => [weight, gradients[k]!]))),
    );
    for (const values of expected) expect(values.some((value) => Math.abs(value) > 0.01)).toBe(true);
    let ours: ReturnType<ReturnType<typeof optimizerRow>['create']> | undefined;
    const actual = movement((weights, gradients) => {
      // The slots outlive the step that makes them.
      ours ??= optimizerRow(name).create(tf, weights, options);
      ours.apply(gradients, tf.scalar(rate));
    });
    expect(relativeDifference(actual, expected)).toBeLessThanOrEqual(tolerance);
  },
);

test('centered rmsprop against Graves (2013), equations 38 to 41, in double precision: that of tf.train is NaN', () => {
  const options = { decay: 0.9, momentum: 0.5, epsilon: 1e-3, centered: true };
  const size = 40;
  const weights = tf.variable(tf.tensor1d(numbers(size, 1)));
  const optimizer = optimizerRow('rmsprop').create(tf, [weights], options);
  const state = Array.from(numbers(size, 1), (w) => ({ w, square: 0, mean: 0, moment: 0 }));
  for (let step = 0; step < steps; step++) {
    const gradients = numbers(size, step + 2);
    tf.tidy(() => optimizer.apply([tf.tensor1d(gradients)], tf.scalar(rate)));
    state.forEach((s, i) => {
      s.square = 0.9 * s.square + 0.1 * gradients[i]! ** 2;
      s.mean = 0.9 * s.mean + 0.1 * gradients[i]!;
      s.moment = 0.5 * s.moment + (rate * gradients[i]!) / Math.sqrt(s.square - s.mean ** 2 + 1e-3);
      s.w -= s.moment;
    });
  }
  expect(relativeDifference(valuesOf([weights]), [Float32Array.from(state, ({ w }) => w)])).toBeLessThan(5e-6);
});
