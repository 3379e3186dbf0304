import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { draws } from '../draws.ts';
import { chainOf, layersOf } from './layer-rig.ts';

/** Of the plane, small next to its offset or nothing at all: what float32 says of a mean shows as much as can be. */
const deviations = fc.constantFrom(0, 0, 1e-5, 1e-3, 0.1, 1);
const offsets = fc.oneof(
  fc.constantFrom(7.7, -7.7, 0.1, 333.3, 1e4 / 3),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
);
const planes = fc.record({
  side: fc.constantFrom(1, 2, 7, 28, 64),
  channels: fc.constantFrom(2, 6),
  offset: offsets,
  deviation: deviations,
  seed: fc.nat(1000),
});

const BATCH = 2;
/** The layers' default. */
const epsilon = 1e-3;

/** By the definition, in float64. @param planeOf the plane that each value is of */
function normalized(values: Float32Array, planeOf: (index: number) => number): Float64Array {
  const members = new Map<number, number[]>();
  values.forEach((_, index) => {
    const plane = members.get(planeOf(index));
    if (plane === undefined) members.set(planeOf(index), [index]);
    else plane.push(index);
  });
  const result = new Float64Array(values.length);
  for (const all of members.values()) {
    const mean = all.reduce((sum, index) => sum + values[index]!, 0) / all.length;
    const variance = all.reduce((sum, index) => sum + (values[index]! - mean) ** 2, 0) / all.length;
    for (const index of all) result[index] = (values[index]! - mean) / Math.sqrt(variance + epsilon);
  }
  return result;
}

/**
 * Texts of the layers that take a mean away, and the plane of a value: by its place, how many values a sample has, and
 * how many channels.
 */
export const centringLayers = {
  '{ groupNormalization: { groups: 1 } }': (index: number, size: number) => Math.floor(index / size),
  '{ groupNormalization: { groups: 2 } }': (index: number, size: number, channels: number) =>
    2 * Math.floor(index / size) + Number(index % channels >= channels / 2),
  '{ layerNormalization: { axis: [1, 2, 3] } }': (index: number, size: number) => Math.floor(index / size),
  '{ layerNormalization: { axis: [1, 2] } }': (index: number, size: number, channels: number) =>
    channels * Math.floor(index / size) + (index % channels),
  layerNormalization: (index: number, _: number, channels: number) => Math.floor(index / channels),
  batchNormalization: (index: number, _: number, channels: number) => index % channels,
};

/** Whatever the values of a plane have in common, the layer gives what float64 would. */
export function expectPlanesCentred(engine: Engine, text: keyof typeof centringLayers): void {
  const { tf } = engine;
  fc.assert(
    fc.property(planes, ({ side, channels, offset, deviation, seed }) => {
      const shape = [side, side, channels];
      const size = side * side * channels;
      const values = tf.tidy(() =>
        Float32Array.from(
          tf.randomNormal([BATCH * size], 0, deviation, 'float32', seed + 1).dataSync(),
          (value) => offset + value,
        ),
      );
      const model = buildModel(engine, chainOf(shape, layersOf(`[${text}]`)), 1);
      const actual = tf.tidy(() =>
        (
          model.forward([tf.tensor(values, [BATCH, ...shape])], { step: tf.scalar(1, 'int32') })[0] as Tensor
        ).dataSync(),
      );
      model.dispose();
      const expected = normalized(values, (index) => centringLayers[text](index, size, channels));
      const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - actual[index]!)), 0);
      expect(worst).toBeLessThan(1e-4);
    }),
    { numRuns: draws(50) },
  );
}
