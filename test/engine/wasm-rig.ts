import type { Rank, Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { importTfjsNode } from '../../src/engine/load-engine.ts';
import { repairPointwiseGradient } from '../../src/engine/pointwise-gradient.ts';
import { loadWasm } from '../../src/engine/wasm/load-wasm.ts';

/** The wasm engine in a process that holds TensorFlow's backend as well, so that the same code runs on either. */
export async function loadBoth(): Promise<Engine> {
  repairPointwiseGradient(await importTfjsNode('native'));
  return loadWasm();
}

/**
 * Computes on both backends and expects each result to differ by less than 1e-4 of its largest value, or 3e-6; where
 * one gives NaN, so must the other. No tensor may stay.
 */
export function expectSame({ tf }: Engine, compute: () => readonly Tensor<Rank>[]): void {
  const before = tf.memory().numTensors;
  const [ours, native] = ['wasm', 'tensorflow'].map((backend) => {
    void tf.setBackend(backend);
    return tf.tidy(() => compute().map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] })));
  }) as [Result[], Result[]];
  void tf.setBackend('wasm');
  ours.forEach(({ shape, values }, k) => {
    const expected = native[k]!;
    expect(shape).toEqual(expected.shape);
    const largest = expected.values.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0.03,
    );
    const worst = values.reduce(
      (most, value, i) =>
        Math.max(most, Object.is(value, expected.values[i]) ? 0 : Math.abs(value - expected.values[i]!)),
      0,
    );
    expect(
      worst / largest,
      `result ${k}: ${String(values.slice(0, 8))}, not ${String(expected.values.slice(0, 8))}`,
    ).toBeLessThan(1e-4);
  });
  expect(tf.memory().numTensors).toBe(before);
}

interface Result {
  readonly shape: number[];
  readonly values: number[];
}
