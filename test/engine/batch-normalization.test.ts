import type { LayersModel, Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { fuseBatchNormalization } from '../../src/engine/batch-normalization.ts';
import {
  model,
  nativeTf,
  numbers,
  oneHotLabels,
  relativeDifference,
  restore,
  trainingStep,
  valuesOf,
  variablesOf,
} from './graph/rig.ts';

const tf = await nativeTf();
const BATCH = 8;

/** A net with batch normalization for samples of a rank. */
const nets: Record<string, { sample: number[]; build(sample: number[]): LayersModel }> = {
  images: {
    sample: [6, 6, 3],
    build: (inputShape) =>
      model(tf, [
        tf.layers.batchNormalization({ inputShape }),
        tf.layers.conv2d({ filters: 4, kernelSize: 3 }),
        tf.layers.batchNormalization({ momentum: 0.8, epsilon: 1e-2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ]),
  },
  vectors: {
    sample: [5],
    build: (inputShape) =>
      model(tf, [
        tf.layers.dense({ units: 7, useBias: false, inputShape }),
        tf.layers.batchNormalization({}),
        tf.layers.dense({ units: 3 }),
      ]),
  },
  sequences: {
    sample: [4, 5],
    build: (inputShape) =>
      model(tf, [tf.layers.batchNormalization({ inputShape }), tf.layers.flatten(), tf.layers.dense({ units: 3 })]),
  },
};

function train(made: LayersModel, sample: readonly number[]): Float32Array[] {
  const step = trainingStep(tf, made, (variable, gradient, rate) =>
    variable.assign(tf.sub(variable, tf.mul(rate, gradient))),
  );
  const size = sample.reduce((a, b) => a * b, 1);
  for (let k = 0; k < 3; k++) {
    tf.tidy(
      () =>
        void step({
          x: tf.tensor(numbers(BATCH * size, k + 1), [BATCH, ...sample]),
          y: tf.tensor2d(oneHotLabels(BATCH, 3, k + 50), [BATCH, 3]),
          rate: tf.scalar(0.1),
        }),
    );
  }
  return valuesOf(variablesOf(made));
}

const stock = Object.fromEntries(
  Object.entries(nets).map(([name, { sample, build }]) => [name, train(build(sample), sample)]),
);
fuseBatchNormalization(tf);

test.each(Object.keys(nets))(
  '%s: weights and moving averages agree with the stock layer to 5e-6 after 3 steps',
  (name) => {
    const { sample, build } = nets[name]!;
    const made = build(sample);
    const start = valuesOf(variablesOf(made));
    const fused = train(made, sample);
    expect(relativeDifference(fused, stock[name]!)).toBeLessThan(5e-6);
    fused.forEach((values, k) => expect(values, made.weights[k]!.name).not.toEqual(start[k]));
    restore(tf, variablesOf(made), start);
    const tensors = tf.memory().numTensors;
    expect(train(made, sample)).toEqual(fused);
    expect(tf.memory().numTensors).toBe(tensors);
  },
);

test('on another axis it does what it does on the last one', () => {
  const gradient = (axis: number, turn: (x: Tensor) => Tensor) => {
    const layer = tf.layers.batchNormalization({ axis });
    const x = turn(tf.tensor(numbers(48, 3), [2, 3, 2, 4]));
    const loss = (input: Tensor) =>
      tf.sum(
        tf.mul(turn(layer.apply(input, { training: true }) as Tensor), tf.tensor(numbers(48, 4), [2, 3, 2, 4])),
      ) as Scalar;
    return [
      turn(tf.grad(loss)(x)).dataSync() as Float32Array,
      ...valuesOf(layer.weights.map((weight) => weight.read() as Variable)),
    ];
  };
  const last = gradient(-1, (x) => x);
  expect(
    relativeDifference(
      gradient(1, (x) => tf.transpose(x, [0, 3, 2, 1])),
      last,
    ),
  ).toBeLessThan(1e-6);
});

test('without scale or center it trains, which the stock layer does not', () => {
  const layer = tf.layers.batchNormalization({ scale: false, center: false, inputShape: [2] });
  const made = tf.sequential({ layers: [layer] });
  const { value, grads } = tf.valueAndGrads(
    (x: Tensor) => tf.sum(tf.square(made.apply(x, { training: true }) as Tensor)) as Scalar,
  )([
    tf.tensor2d([
      [1, 2],
      [3, 8],
    ]),
  ]);
  expect(value.dataSync()[0]).toBeCloseTo(4, 2);
  expect(grads[0]!.dataSync().every((g) => Math.abs(g) < 1e-2)).toBe(true);
  expect(Array.from((layer.weights[0]!.read() as Variable).dataSync())).toEqual([
    expect.closeTo(0.02, 6),
    expect.closeTo(0.05, 6),
  ]);
});

test('inference uses the moving averages', () => {
  const made = model(tf, [tf.layers.batchNormalization({ inputShape: [2], epsilon: 0 })]);
  made.setWeights(
    [
      [2, 1],
      [0, 5],
      [1, 1],
      [4, 1],
    ].map((values) => tf.tensor1d(values)),
  );
  expect([...(made.predict(tf.tensor2d([[3, 3]])) as Tensor).dataSync()]).toEqual([2, 7]);
});

test('inference takes volumes, on any axis', () => {
  const weights = [
    [2, 1],
    [0, 5],
    [1, 1],
    [4, 1],
  ].map((values) => tf.tensor1d(values));
  const predict = (axis: number, shape: number[]) => {
    const made = tf.sequential({
      layers: [tf.layers.batchNormalization({ axis, inputShape: shape.slice(1), epsilon: 0 })],
    });
    made.setWeights(weights);
    return [...(made.predict(tf.fill(shape, 3)) as Tensor).dataSync()];
  };
  expect(predict(-1, [1, 2, 1, 1, 2])).toEqual([2, 7, 2, 7]);
  expect(predict(1, [1, 2, 2, 1, 1])).toEqual([2, 2, 7, 7]);
});
