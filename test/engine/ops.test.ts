import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { createOps } from '../../src/engine/native-ops.ts';
import { type Model, buildModel } from '../../src/layers/build-model.ts';
import { nativeTf, numbers, oneHotLabels, relativeDifference } from './graph/rig.ts';
import { chainOf } from '../layers/layer-rig.ts';

// Each override against what TensorFlow.js computes without it. That of batch normalization has a file of its own.
const tf = await nativeTf();
const ops = createOps(tf);

/** The value of a function and its gradient for dy, as [value, gradient]. */
function valueAndGradient(
  fn: (x: Tensor) => Tensor,
  x: Tensor,
  dy: Tensor,
): [value: Float32Array, gradient: Float32Array] {
  return tf.tidy(() => [fn(x).dataSync() as Float32Array, tf.grad(fn)(x, dy).dataSync() as Float32Array]);
}

describe('relu', () => {
  const stockGradient = (x: Tensor, dy: Tensor) => tf.tidy(() => tf.mul(dy, tf.step(x)).dataSync());

  test('its gradient is dy * step(x) to the bit: random values, both zeros, denormals, infinities', () => {
    const special = [0, -0, 1e-45, -1e-45, 1e-38, -1e-38, Infinity, -Infinity, 1, -1];
    const x = tf.tensor1d([...special.flatMap((value) => special.map(() => value)), ...numbers(1000, 1)]);
    // No infinity: it times 0 is NaN, in both, and has the next test.
    const slopes = [0, -0, 1e-38, -3, 7, 1e-45, -1e38, 2, -2, 5];
    const dy = tf.tensor1d([...special.flatMap(() => slopes), ...numbers(1000, 2)]);
    expect(valueAndGradient(tf.relu, x, dy)[1]).toEqual(stockGradient(x, dy));
  });

  test('a gradient that is not finite is NaN where x is not positive, as in stock', () => {
    const x = tf.tensor1d([-1, 0, 1, 1]);
    const dy = tf.tensor1d([Infinity, NaN, -Infinity, NaN]);
    expect([...valueAndGradient(tf.relu, x, dy)[1]]).toEqual([NaN, NaN, -Infinity, NaN]);
    expect([...stockGradient(x, dy)]).toEqual([NaN, NaN, -Infinity, NaN]);
  });

  test('the one difference: where x is NaN the value is NaN, but the gradient 0 instead of NaN', () => {
    const [x, dy] = [tf.tensor1d([NaN]), tf.tensor1d([2])];
    expect(valueAndGradient(tf.relu, x, dy)).toEqual([Float32Array.of(NaN), Float32Array.of(0)]);
    expect([...stockGradient(x, dy)]).toEqual([NaN]);
  });
});

test.each([
  ['sigmoid', tf.sigmoid, (dy: Tensor, y: Tensor) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))],
  ['tanh', tf.tanh, (dy: Tensor, y: Tensor) => tf.mul(tf.sub(1, tf.square(y)), dy)],
] as const)('the gradient of %s agrees with the stock formula to 1e-6', (_, fn, formula) => {
  const special = [0, -0, 1e-38, 20, -20, 100, -100, Infinity, -Infinity];
  const x = tf.tensor1d([...special, ...numbers(1000, 8).map((value) => 6 * value)]);
  const dy = tf.tensor1d(numbers(1000 + special.length, 9));
  const stock = tf.tidy(() => formula(dy, fn(x)).dataSync() as Float32Array);
  expect(relativeDifference([valueAndGradient(fn, x, dy)[1]], [stock])).toBeLessThan(1e-6);
});

describe('softmax cross-entropy', () => {
  const stock = (labels: Tensor2D) => (logits: Tensor) =>
    tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0, tf.Reduction.NONE);
  const ours = (labels: Tensor2D) => (logits: Tensor) => ops.softmaxCrossEntropy(logits as Tensor2D, labels);
  const [rows, classes] = [50, 7];
  const soft = tf.softmax(tf.tensor2d(numbers(rows * classes, 4), [rows, classes]));
  const labelings: [string, Tensor2D][] = [
    ['one-hot labels', tf.tensor2d(oneHotLabels(rows, classes, 3), [rows, classes])],
    ['probabilities as labels', soft],
  ];

  test.each(labelings)('%s: value and gradient agree with the stock loss to 1e-6', (_, labels) => {
    for (const spread of [0.01, 1, 30, 1e4]) {
      const logits = tf.tensor2d(
        numbers(rows * classes, 5).map((value) => value * spread),
        [rows, classes],
      );
      const dy = tf.tensor1d(numbers(rows, 6));
      const [value, gradient] = valueAndGradient(ours(labels), logits, dy);
      const [stockValue, stockGradient] = valueAndGradient(stock(labels), logits, dy);
      expect(value.every(Number.isFinite) && gradient.every(Number.isFinite)).toBe(true);
      expect(relativeDifference([value, gradient], [stockValue, stockGradient])).toBeLessThan(1e-6);
    }
  });

  test('under a mean and a sum of two losses the gradients add up as in stock', () => {
    const [first, second] = labelings.map(([, labels]) => labels) as [Tensor2D, Tensor2D];
    const logits = tf.tensor2d(numbers(rows * classes, 8), [rows, classes]);
    const total = (loss: (labels: Tensor2D) => (logits: Tensor) => Tensor) => (x: Tensor) =>
      tf.add(tf.mean(loss(first)(x)), tf.mul(3, tf.mean(loss(second)(x)))) as Scalar;
    const one = tf.scalar(1);
    expect(
      relativeDifference(valueAndGradient(total(ours), logits, one), valueAndGradient(total(stock), logits, one)),
    ).toBeLessThan(1e-6);
  });
});

describe('max pooling before an increasing function', () => {
  const engine = { tf, ops, kind: 'native', version: '' } as Engine;
  const relus = [
    { type: 'reLU', options: { maxValue: null } },
    { type: 'activation', options: { activation: 'relu' } },
  ];
  const pools = [
    { poolSize: 2, strides: null, padding: 'same' },
    { poolSize: 2, strides: null, padding: 'valid' },
    { poolSize: 3, strides: 1, padding: 'same' },
    { poolSize: [3, 2], strides: [2, 1], padding: 'valid' },
  ];
  const cases = relus.flatMap((relu) => pools.map((pool) => [relu, pool] as const));
  const shape: number[] = [7, 7, 3];
  const images = 16;

  /** Values with many ties, windows without a positive value, windows of zeros. */
  const inputs: Record<string, Float32Array> = {
    'few values': numbers(images * 147, 1).map((value) => Math.round(value * 2)),
    'mostly negative': numbers(images * 147, 2).map((value) => Math.min(0.25, Math.round(value * 4) / 4)),
    'all different': numbers(images * 147, 3),
  };

  /** Without the sign of zeros: a gradient of -0 becomes 0 where pooling adds it to others. */
  const unsigned = (arrays: [Float32Array, Float32Array]) =>
    arrays.map((values) => values.map((value) => value + 0)) as [Float32Array, Float32Array];

  test.each(cases)(
    '%j and pooling %j: value and gradient to the bit, but for the sign of zeros',
    async (relu, pool) => {
      const model: Model = buildModel(
        engine,
        chainOf(shape, [
          { ...relu, name: 'relu', inputs: [-1] },
          { type: 'maxPooling2d', options: pool, name: 'pool', inputs: [0] },
        ]),
        1,
      );
      const [reluLayer, poolLayer] = model.layersModel.layers.slice(1);
      const stock = (x: Tensor) => poolLayer!.apply(reluLayer!.apply(x) as Tensor) as Tensor;
      const probe = tf.zeros([1, ...shape]);
      const { kernels } = await tf.profile(() => model.forward([probe])[0]!);
      expect(kernels.map(({ name }) => name)).toEqual(['MaxPool', 'Relu']);
      for (const [name, values] of Object.entries(inputs)) {
        const x = tf.tensor(values, [images, ...shape]);
        const dyShape = stock(x).shape;
        const dy = tf.tensor(
          numbers(
            dyShape.reduce((a, b) => a * b, 1),
            9,
          ),
          dyShape,
        );
        const ours = unsigned(valueAndGradient((v) => model.forward([v])[0]!, x, dy));
        expect(ours, name).toEqual(unsigned(valueAndGradient(stock, x, dy)));
        expect(ours[1].filter((value) => value !== 0).length, name).toBeGreaterThan(100);
      }
      model.dispose();
    },
  );
});

describe('stateless uniform numbers', () => {
  const seed = (own: number, step: number) => tf.tensor1d([own, step], 'int32');
  const draw = (own: number, step: number, shape = [200, 500]) =>
    tf.tidy(() => ops.statelessUniform(shape, seed(own, step)).dataSync() as Float32Array);

  test('depend on the seeds alone, not on what was drawn before', () => {
    const first = draw(7, 3);
    tf.tidy(() => void [draw(8, 3), tf.randomNormal([100]), tf.multinomial(tf.tensor1d([0.5, 0.5]), 10)]);
    expect(draw(7, 3)).toEqual(first);
    expect(draw(7, 3, [100_000])).toEqual(first);
  });

  test('are uniform in [0, 1): chi-square over 100 bins of 100,000 draws, for several seeds', () => {
    for (const [own, step] of [
      [1, 0],
      [1, 1],
      [2 ** 31 - 1, 0],
      [5, 2 ** 31 - 1],
    ] as const) {
      const values = draw(own, step);
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      const bins = new Uint32Array(100);
      for (const value of values) bins[Math.floor(value * 100)]!++;
      const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 99 degrees of freedom: between these with a probability of 0.9998; the draws are the same each time.
      expect(chiSquare).toBeGreaterThan(53);
      expect(chiSquare).toBeLessThan(159);
    }
  });

  test('of two seeds, and of neighbours, have nothing in common', () => {
    const correlation = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, i) => sum + (value - 0.5) * (b[i]! - 0.5), 0) / a.length / (1 / 12);
    const start = draw(1, 0);
    // The standard deviation of a correlation of 100,000 independent pairs is 0.0032.
    for (const other of [draw(1, 1), draw(2, 0), draw(0, 1), Float32Array.of(...start.subarray(1), start[0]!)])
      expect(Math.abs(correlation(start, other))).toBeLessThan(0.0126);
  });
});

test('nothing is left behind by any of them', () => {
  const round = () =>
    tf.tidy(() => {
      const logits = tf.tensor2d(numbers(12, 1), [3, 4]);
      const labels = tf.tensor2d(oneHotLabels(3, 4, 2), [3, 4]);
      tf.grad((x: Tensor) => tf.sum(ops.softmaxCrossEntropy(tf.relu(x) as Tensor2D, labels)))(logits);
      ops.statelessUniform([4], tf.tensor1d([1, 2], 'int32') as Tensor1D);
    });
  round();
  const before = tf.memory().numTensors;
  for (let k = 0; k < 20; k++) round();
  expect(tf.memory().numTensors).toBe(before);
});
