import type { Optimizer, Scalar, Tensor1D, Variable } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createGraphSession } from '../../../src/engine/graph/session.ts';
import { applyAdam, applyGradientDescent, applyMomentum, applyRmsProp } from '../../../src/engine/graph/updates.ts';
import { nativeTf, numbers, relativeDifference, valuesOf } from './rig.ts';

const tf = await nativeTf();
const SIZE = 40;
const STEPS = 5;
const RATE = 0.05;

type Step = (variable: Variable, gradient: Tensor1D, rate: Scalar) => void;

function zeros(): Variable {
  return tf.variable(tf.zeros([SIZE]), false);
}

function adam(): { state: Variable[]; step: Step } {
  const [firstMoment, secondMoment] = [zeros(), zeros()];
  const [beta1Power, beta2Power] = [tf.variable(tf.scalar(0.9), false), tf.variable(tf.scalar(0.999), false)];
  return {
    state: [firstMoment, secondMoment, beta1Power, beta2Power],
    step: (variable, gradient, learningRate) => {
      applyAdam(tf, {
        variable,
        gradient,
        learningRate,
        firstMoment,
        secondMoment,
        beta1Power,
        beta2Power,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-3,
      });
      beta1Power.assign(tf.mul(beta1Power, 0.9));
      beta2Power.assign(tf.mul(beta2Power, 0.999));
    },
  };
}

function momentum(nesterov: boolean) {
  const accumulation = zeros();
  const step: Step = (variable, gradient, learningRate) =>
    applyMomentum(tf, { variable, gradient, learningRate, accumulation, momentum: 0.9, nesterov });
  return { state: [accumulation], step };
}

function rmsProp(centered: boolean) {
  const [meanSquare, meanGradient, accumulation] = [zeros(), zeros(), zeros()];
  const settings = { decay: 0.9, momentum: 0.5, epsilon: 1e-3 };
  const step: Step = (variable, gradient, learningRate) =>
    applyRmsProp(tf, {
      variable,
      gradient,
      learningRate,
      meanSquare,
      accumulation,
      ...settings,
      ...(centered ? { meanGradient } : {}),
    });
  return { state: [meanSquare, meanGradient, accumulation], step };
}

/** Name, the update, and the stock optimizer it repeats. */
const cases: [string, () => { state: Variable[]; step: Step }, (() => Optimizer) | undefined][] = [
  [
    'sgd',
    () => ({
      state: [],
      step: (variable, gradient, learningRate) => applyGradientDescent(tf, { variable, gradient, learningRate }),
    }),
    () => tf.train.sgd(RATE),
  ],
  ['momentum', () => momentum(false), () => tf.train.momentum(RATE, 0.9)],
  ['nesterov', () => momentum(true), () => tf.train.momentum(RATE, 0.9, true)],
  ['adam', adam, () => tf.train.adam(RATE, 0.9, 0.999, 1e-3)],
  ['rmsprop', () => rmsProp(false), () => tf.train.rmsprop(RATE, 0.9, 0.5, 1e-3)],
  // The stock centered form is NaN by its sign of epsilon.
  ['rmsprop, centered', () => rmsProp(true), undefined],
];

const gradientOf = (step: number) => numbers(SIZE, 20 + step);
const start = () => tf.variable(tf.tensor1d(numbers(SIZE, 1)));

function eagerWeights(step: Step): Float32Array[] {
  const weights = start();
  for (let k = 0; k < STEPS; k++) tf.tidy(() => step(weights, tf.tensor1d(gradientOf(k)), tf.scalar(RATE)));
  return valuesOf([weights]);
}

test.each(cases)('%s: eager, compiled and stock weights agree after 5 steps', (_, make, stock) => {
  const eager = eagerWeights(make().step);

  const [weights, { state, step }] = [start(), make()];
  const session = createGraphSession({ tf }, { state: [weights, ...state] });
  const compiled = session.compile(
    'step',
    ({ gradient, rate }) => {
      step(weights, gradient as Tensor1D, rate as Scalar);
      return {};
    },
    { gradient: { dtype: 'float32', shape: [SIZE] }, rate: { dtype: 'float32', shape: [] } },
  );
  for (let k = 0; k < STEPS; k++) compiled.run({ gradient: gradientOf(k), rate: RATE });
  session.pull();
  session.dispose();
  expect(eager[0]!.every(Number.isFinite)).toBe(true);
  expect(relativeDifference(valuesOf([weights]), eager)).toBeLessThan(2e-6);

  if (stock === undefined) return;
  const [reference, optimizer] = [start(), stock()];
  for (let k = 0; k < STEPS; k++)
    tf.tidy(() => optimizer.applyGradients({ [reference.name]: tf.tensor1d(gradientOf(k)) }));
  expect(relativeDifference(eager, valuesOf([reference]))).toBeLessThan(2e-6);
});

test('the learning rate is an input: each compiled step takes the one it is given', () => {
  const weights = tf.variable(tf.tensor1d([1]));
  const session = createGraphSession({ tf }, { state: [weights] });
  const step = session.compile(
    'step',
    ({ rate }) => {
      applyGradientDescent(tf, { variable: weights, gradient: tf.tensor1d([1]), learningRate: rate as Scalar });
      return {};
    },
    { rate: { dtype: 'float32', shape: [] } },
  );
  for (const rate of [0.5, 0.25, 8]) step.run({ rate });
  session.pull();
  session.dispose();
  expect(weights.dataSync()[0]).toBe(1 - 0.5 - 0.25 - 8);
});
