import type { LayersModel, Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { fuseBatchNormalization } from '../../../src/engine/batch-normalization.ts';
import { createGraphSession } from '../../../src/engine/graph/session.ts';
import type { InputSpec, StepFunction } from '../../../src/engine/graph/trace.ts';
import { applyAdam, applyGradientDescent, applyMomentum, applyRmsProp } from '../../../src/engine/graph/updates.ts';
import { createOps } from '../../../src/engine/native-ops.ts';
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
} from './rig.ts';

const tf = await nativeTf();
const ops = createOps(tf);
fuseBatchNormalization(tf);

const BATCH = 8;
const CLASSES = 3;
const layers = tf.layers;

interface Case {
  readonly sample: number[];
  build(): LayersModel;
}

const image = [10, 10, 2];
const nets: Record<string, Case> = {
  dense: {
    sample: [6],
    build: () =>
      model(tf, [layers.dense({ units: 5, activation: 'tanh', inputShape: [6] }), layers.dense({ units: CLASSES })]),
  },
  'conv, relu, pool': {
    sample: image,
    build: () =>
      model(tf, [
        layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: image }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }),
        layers.flatten(),
        layers.dense({ units: CLASSES }),
      ]),
  },
  lstm: {
    sample: [3, 4],
    build: () => model(tf, [layers.lstm({ units: 5, inputShape: [3, 4] }), layers.dense({ units: CLASSES })]),
  },
  'batch normalization': {
    sample: image,
    build: () =>
      model(tf, [
        layers.conv2d({ filters: 4, kernelSize: 3, useBias: false, inputShape: image }),
        layers.batchNormalization({ momentum: 0.9 }),
        layers.reLU(),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: CLASSES }),
      ]),
  },
};

interface Updates {
  readonly slots: Variable[];
  update(variable: Variable, gradient: Tensor, rate: Scalar): void;
  after?(): void;
}

function slotsFor(variables: readonly Variable[]): [Map<string, Variable>, Variable[]] {
  const slots = new Map(variables.map((variable) => [variable.name, tf.variable(tf.zerosLike(variable), false)]));
  return [slots, [...slots.values()]];
}

const optimizers: Record<string, (variables: readonly Variable[]) => Updates> = {
  sgd: () => ({
    slots: [],
    update: (variable, gradient, learningRate) => applyGradientDescent(tf, { variable, gradient, learningRate }),
  }),
  'sgd, not fused': () => ({
    slots: [],
    update: (variable, gradient, rate) => variable.assign(tf.sub(variable, tf.mul(rate, gradient))),
  }),
  nesterov: (variables) => {
    const [accumulations, slots] = slotsFor(variables);
    return {
      slots,
      update: (variable, gradient, learningRate) =>
        applyMomentum(tf, {
          variable,
          gradient,
          learningRate,
          accumulation: accumulations.get(variable.name)!,
          momentum: 0.9,
          nesterov: true,
        }),
    };
  },
  adam: (variables) => {
    const [first, firstSlots] = slotsFor(variables);
    const [second, secondSlots] = slotsFor(variables);
    const [beta1, beta2] = [0.9, 0.999];
    const beta1Power = tf.variable(tf.scalar(beta1), false);
    const beta2Power = tf.variable(tf.scalar(beta2), false);
    return {
      slots: [...firstSlots, ...secondSlots, beta1Power, beta2Power],
      update: (variable, gradient, learningRate) =>
        applyAdam(tf, {
          variable,
          gradient,
          learningRate,
          firstMoment: first.get(variable.name)!,
          secondMoment: second.get(variable.name)!,
          beta1Power,
          beta2Power,
          beta1,
          beta2,
          epsilon: 1e-7,
        }),
      after: () => {
        beta1Power.assign(tf.mul(beta1Power, beta1));
        beta2Power.assign(tf.mul(beta2Power, beta2));
      },
    };
  },
  'rmsprop, centered': (variables) => {
    const [squares, squareSlots] = slotsFor(variables);
    const [means, meanSlots] = slotsFor(variables);
    const [accumulations, slots] = slotsFor(variables);
    return {
      slots: [...squareSlots, ...meanSlots, ...slots],
      update: (variable, gradient, learningRate) =>
        applyRmsProp(tf, {
          variable,
          gradient,
          learningRate,
          meanSquare: squares.get(variable.name)!,
          meanGradient: means.get(variable.name)!,
          accumulation: accumulations.get(variable.name)!,
          decay: 0.9,
          momentum: 0.5,
          epsilon: 1e-3,
        }),
    };
  },
};

function specs(sample: readonly number[]): Record<string, InputSpec> {
  return {
    x: { dtype: 'float32', shape: [BATCH, ...sample] },
    y: { dtype: 'float32', shape: [BATCH, CLASSES] },
    rate: { dtype: 'float32', shape: [] },
  };
}

function batch(sample: readonly number[], step: number) {
  const size = sample.reduce((a, b) => a * b, 1);
  return {
    x: numbers(BATCH * size, 100 + step),
    y: oneHotLabels(BATCH, CLASSES, 200 + step),
    rate: Float32Array.of(0.01 / (step + 1)),
  };
}

/** The losses and the state of each step, eagerly. */
function runEager(fn: StepFunction, state: readonly Variable[], sample: readonly number[], steps: number) {
  return Array.from({ length: steps }, (_, step) =>
    tf.tidy(() => {
      const { x, y, rate } = batch(sample, step);
      const { loss } = fn({
        x: tf.tensor(x, [BATCH, ...sample]),
        y: tf.tensor2d(y, [BATCH, CLASSES]),
        rate: tf.scalar(rate[0]!),
      });
      return { loss: loss!.dataSync()[0]!, state: valuesOf(state) };
    }),
  );
}

function runCompiled(fn: StepFunction, state: readonly Variable[], sample: readonly number[], steps: number) {
  const session = createGraphSession({ tf }, { state });
  const train = session.compile('train', fn, specs(sample));
  const results = Array.from({ length: steps }, (_, step) => {
    const { loss } = train.run(batch(sample, step));
    session.pull();
    return { loss: loss![0]!, state: valuesOf(state) };
  });
  session.dispose();
  return results;
}

describe.each(Object.keys(nets))('%s', (net) => {
  test.each(Object.keys(optimizers))('%s: compiled and eager weights agree', (name) => {
    const { build, sample } = nets[net]!;
    const made = build();
    const weights = variablesOf(made);
    const { slots, update, after } = optimizers[name]!(
      made.trainableWeights.map((weight) => weight.read() as Variable),
    );
    const fn = trainingStep(tf, made, update, after);
    const state = [...weights, ...slots];
    const start = valuesOf(state);
    const eager = runEager(fn, state, sample, 3);
    restore(tf, state, start);
    const compiled = runCompiled(fn, state, sample, 3);
    expect(relativeDifference(compiled[0]!.state, start)).toBeGreaterThan(1e-3);
    expect(relativeDifference(compiled[0]!.state, eager[0]!.state)).toBeLessThan(1e-6);
    expect(relativeDifference(compiled[2]!.state, eager[2]!.state)).toBeLessThan(1e-5);
    expect(compiled[2]!.loss).toBeCloseTo(eager[2]!.loss, 5);
    // Twice the same, to the bit.
    restore(tf, state, start);
    expect(runCompiled(fn, state, sample, 3)).toEqual(compiled);
    made.dispose();
    tf.dispose(slots);
  });
});

test('dropout by stateless random numbers: the mask depends on the step alone, and is the eager one', () => {
  const fn: StepFunction = ({ x, seed }) => {
    const kept = tf.greaterEqual(ops.statelessUniform([4, 50], seed as never), 0.5);
    return { dropped: tf.mul(tf.cast(kept, 'float32'), x!) };
  };
  const session = createGraphSession({ tf }, { state: [] });
  const compiled = session.compile('drop', fn, {
    x: { dtype: 'float32', shape: [4, 50] },
    seed: { dtype: 'int32', shape: [2] },
  });
  const x = numbers(200, 7);
  const masks = [1, 2, 1].map((step) => {
    const { dropped } = compiled.run({ x, seed: Int32Array.of(9, step) });
    const eager = tf.tidy(() =>
      fn({ x: tf.tensor2d(x, [4, 50]), seed: tf.tensor1d([9, step], 'int32') })['dropped']!.dataSync(),
    );
    expect(dropped).toEqual(eager);
    return dropped!;
  });
  expect(masks[0]).toEqual(masks[2]);
  expect(masks[0]).not.toEqual(masks[1]);
  session.dispose();
});
