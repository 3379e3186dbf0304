import type { Scalar, Optimizer as StockOptimizer, Tensor1D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { createGraphSession } from '../../src/engine/graph/session.ts';
import { optimizerRow, optimizers } from '../../src/training/optimizers.ts';
import { nativeTf, numbers, relativeDifference, valuesOf } from '../engine/graph/rig.ts';

const tf = await nativeTf();
const size = 30;
const steps = 6;
const rate = 0.05;
const gradientOf = (step: number) => numbers(size, 20 + step);
const start = () => tf.variable(tf.tensor1d(numbers(size, 1)));

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const cases: [name: string, options: Record<string, unknown>, stock?: () => StockOptimizer][] = [
  ['sgd', { weightDecay: 0 }, () => tf.train.sgd(rate)],
  ['sgd', { weightDecay: 0.1 }],
  ['momentum', { momentum: 0.9, useNesterov: true, weightDecay: 0 }, () => tf.train.momentum(rate, 0.9, true)],
  ['momentum', { momentum: 0.9, useNesterov: false, weightDecay: 0.1 }],
  [
    'rmsprop',
    { decay: 0.9, momentum: 0.3, epsilon: 1e-3, centered: false },
    () => tf.train.rmsprop(rate, 0.9, 0.3, 1e-3),
  ],
  ['adagrad', { initialAccumulatorValue: 0.1, epsilon: 1e-7 }, () => tf.train.adagrad(rate, 0.1)],
  ['adadelta', { rho: 0.95, epsilon: 1e-7 }],
  ['adam', adam, () => tf.train.adam(rate, 0.9, 0.999, 1e-7)],
  ['adamax', adam, () => tf.train.adamax(rate, 0.9, 0.999, 1e-7)],
  ['adamW', { ...adam, weightDecay: 0.1 }],
  ['nadam', { ...adam, weightDecay: 0 }],
  ['nadam', { ...adam, weightDecay: 0.1 }],
  ['lion', { beta1: 0.9, beta2: 0.99, weightDecay: 0.1 }],
];

/** Weights after some steps of gradients that are known. */
function eagerly(name: string, options: Record<string, unknown>): Float32Array {
  const weights = start();
  const optimizer = optimizerRow(name).create(tf, [weights], options);
  for (let k = 0; k < steps; k++) tf.tidy(() => optimizer.apply([tf.tensor1d(gradientOf(k))], tf.scalar(rate)));
  return valuesOf([weights])[0]!;
}

test.each(cases)('%s %o: eager, compiled and stock weights agree', (name, options, stock) => {
  const eager = eagerly(name, options);
  const weights = start();
  const optimizer = optimizerRow(name).create(tf, [weights], options);
  const session = createGraphSession({ tf }, { state: [weights, ...optimizer.slots] });
  const compiled = session.compile(
    'step',
    ({ gradient, learningRate }) => {
      optimizer.apply([gradient as Tensor1D], learningRate as Scalar);
      return {};
    },
    { gradient: { dtype: 'float32', shape: [size] }, learningRate: { dtype: 'float32', shape: [] } },
  );
  for (let k = 0; k < steps; k++) compiled.run({ gradient: gradientOf(k), learningRate: rate });
  session.pull();
  session.dispose();
  expect(relativeDifference(valuesOf([weights]), [eager])).toBeLessThan(2e-6);

  if (stock === undefined) return;
  const [reference, theirs] = [start(), stock()];
  for (let k = 0; k < steps; k++)
    tf.tidy(() => theirs.applyGradients({ [reference.name]: tf.tensor1d(gradientOf(k)) }));
  // TensorFlow.js multiplies Adam's powers by a beta of its own rounding.
  expect(relativeDifference([eager], valuesOf([reference]))).toBeLessThan(2e-5);
});

/** One weight of each optimizer that TensorFlow.js lacks, by the formulas of its paper or of Keras in plain numbers. */
function byHand(update: (state: { w: number; m: number; v: number }, g: number, t: number) => void): number[] {
  return Array.from({ length: size }, (_, i) => {
    const state = { w: numbers(size, 1)[i]!, m: 0, v: 0 };
    for (let t = 1; t <= steps; t++) update(state, gradientOf(t - 1)[i]!, t);
    return state.w;
  });
}

describe('against numbers worked out by hand', () => {
  const expectSame = (actual: Float32Array, expected: readonly number[]) =>
    expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));

  test('adamW: decay first, then Adam (Loshchilov and Hutter 2019, algorithm 2)', () => {
    expectSame(
      eagerly('adamW', { ...adam, weightDecay: 0.1 }),
      byHand((s, g, t) => {
        s.m = 0.9 * s.m + 0.1 * g;
        s.v = 0.999 * s.v + 0.001 * g * g;
        s.w -= rate * 0.1 * s.w;
        s.w -= (rate * (s.m / (1 - 0.9 ** t))) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-7);
      }),
    );
  });

  test('adadelta (Zeiler 2012, algorithm 1); TensorFlow.js divides by the average before the gradient is in it', () => {
    const options = { rho: 0.95, epsilon: 1e-7 };
    expectSame(
      eagerly('adadelta', options),
      byHand((s, g) => {
        s.m = 0.95 * s.m + 0.05 * g * g;
        const step = (Math.sqrt(s.v + 1e-7) / Math.sqrt(s.m + 1e-7)) * g;
        s.v = 0.95 * s.v + 0.05 * step * step;
        s.w -= rate * step;
      }),
    );
    const [reference, theirs] = [start(), tf.train.adadelta(rate, 0.95, 1e-7)];
    tf.tidy(() => theirs.applyGradients([{ name: reference.name, tensor: tf.tensor1d(gradientOf(0)) }]));
    expect(valuesOf([reference])[0]![0]).toBeCloseTo(numbers(size, 1)[0]! - rate * gradientOf(0)[0]!, 5);
  });

  test('lion (Chen et al. 2023, algorithm 2)', () => {
    expectSame(
      eagerly('lion', { beta1: 0.9, beta2: 0.99, weightDecay: 0.1 }),
      byHand((s, g) => {
        const direction = Math.sign(0.9 * s.m + 0.1 * g);
        s.m = 0.99 * s.m + 0.01 * g;
        s.w -= rate * (direction + 0.1 * s.w);
      }),
    );
  });

  test('nadam: the schedule of momentum that Keras has', () => {
    const mu = (t: number) => 0.9 * (1 - 0.5 * 0.96 ** t);
    const product = (t: number): number => (t === 0 ? 1 : product(t - 1) * mu(t));
    expectSame(
      eagerly('nadam', { ...adam, weightDecay: 0 }),
      byHand((s, g, t) => {
        s.m = 0.9 * s.m + 0.1 * g;
        s.v = 0.999 * s.v + 0.001 * g * g;
        const first = (mu(t + 1) * s.m) / (1 - product(t + 1)) + ((1 - mu(t)) * g) / (1 - product(t));
        s.w -= (rate * first) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-7);
      }),
    );
  });

  test('sgd: a step of nothing but decay shrinks each weight by learningRate * weightDecay', () => {
    const weights = start();
    const optimizer = optimizerRow('sgd').create(tf, [weights], { weightDecay: 0.5 });
    tf.tidy(() => optimizer.apply([tf.zeros([size])], tf.scalar(0.1)));
    expectSame(
      valuesOf([weights])[0]!,
      [...numbers(size, 1)].map((w) => w * 0.95),
    );
  });
});

test.each(Object.entries(optimizers))('%s: the plan knows its state', (_, row) => {
  const options = Object.fromEntries(
    Object.entries(row.options.properties).map(([key, schema]) => [key, (schema as { default: unknown }).default]),
  );
  const weights = tf.variable(tf.zeros([1000]));
  const { slots } = row.create(tf, [weights], options);
  const values = slots.reduce((sum, slot) => sum + slot.size, 0);
  expect(Math.round(values / 1000)).toBe(row.slotsPerWeight(options));
  expect(row.doc).toMatch(/\.$/);
});
