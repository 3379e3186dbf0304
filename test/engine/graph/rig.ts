import type { LayersModel, Scalar, Tensor, Variable, layers } from '@tensorflow/tfjs';
import type { Tf } from '../../../src/engine/tensorflow.ts';
import type { StepFunction } from '../../../src/engine/graph/trace.ts';
import { importTfjsNode } from '../../../src/engine/load-engine.ts';
import { engineKind } from '../../../src/engine/install/engine-site.ts';

/** TensorFlow with the native engine, without any of our overrides. */
export function nativeTf(): Promise<Tf> {
  return importTfjsNode(engineKind());
}

/** Numbers in [-1, 1) that depend on `seed` alone (a linear congruential generator, Numerical Recipes' constants). */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from(
    { length: count },
    () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1,
  );
}

/** One-hot labels that depend on `seed` alone, as [count, classes]. */
export function oneHotLabels(count: number, classes: number, seed: number): Float32Array {
  const labels = new Float32Array(count * classes);
  numbers(count, seed).forEach((value, i) => {
    labels[i * classes + Math.floor(((value + 1) / 2) * classes)] = 1;
  });
  return labels;
}

/** A sequential model whose weights depend on nothing but its shape: those at 0 or 1 stay near it. */
export function model(tf: Tf, stack: layers.Layer[]): LayersModel {
  const made = tf.sequential({ layers: stack });
  tf.tidy(() =>
    made.setWeights(
      made.getWeights().map((weight, k) => {
        const noise = tf.tensor(numbers(weight.size, k + 1), weight.shape);
        const centre = /variance|gamma/.test(made.weights[k]!.originalName) ? 1 : 0;
        return tf.add(tf.mul(noise, 0.3), centre);
      }),
    ),
  );
  return made;
}

/** The variables behind a model's weights. */
export function variablesOf(made: LayersModel): Variable[] {
  return made.weights.map((weight) => weight.read() as Variable);
}

/** A training step with softmax cross-entropy on inputs x, y and rate, and an update of the caller's. */
export function trainingStep(
  tf: Tf,
  made: LayersModel,
  update: (variable: Variable, gradient: Tensor, rate: Scalar) => void,
  after = () => {},
): StepFunction {
  const trainable = made.trainableWeights.map((weight) => weight.read() as Variable);
  return ({ x, y, rate }) => {
    const { value, grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(y!, made.apply(x!, { training: true }) as Tensor) as Scalar,
      trainable,
    );
    for (const variable of trainable) update(variable, grads[variable.name]!, rate as Scalar);
    after();
    return { loss: value };
  };
}

/** The largest difference, relative to the largest value of the same tensor; tensor by tensor. */
export function relativeDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return Math.max(
    ...expected.map((values, k) => {
      const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30);
      return values.reduce((max, value, i) => Math.max(max, Math.abs(value - actual[k]![i]!)), 0) / scale;
    }),
  );
}

/** The values of variables, copied. */
export function valuesOf(variables: readonly Variable[]): Float32Array[] {
  return variables.map((variable) => Float32Array.from(variable.dataSync()));
}

/** Sets variables to values taken before. */
export function restore(tf: Tf, variables: readonly Variable[], values: readonly Float32Array[]): void {
  variables.forEach((variable, k) =>
    tf.tidy(() => variable.assign(tf.tensor(values[k]!.slice(), variable.shape) as Tensor)),
  );
}
