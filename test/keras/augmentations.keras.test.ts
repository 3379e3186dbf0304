import { beforeAll, describe, expect, inject, test } from 'vitest';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import type { Canvas } from '../../src/datasets/augment/augmentation.ts';
import { augmentationRow } from '../../src/datasets/augment/augmentations.ts';
import { Draws } from '../../src/datasets/augment/draws.ts';
import type { Filling } from '../../src/datasets/augment/resample.ts';
import { numbers, relativeDifference } from '../engine/graph/rig.ts';
import { type Answer, type KerasObject, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';

/** Height and width that differ, both odd and even, one and three channels. */
const shapes = [
  [7, 10, 3],
  [12, 9, 1],
] as const;
const modes: readonly Filling['fillMode'][] = ['constant', 'nearest', 'reflect'];
/** Of each picture several, each with what is drawn for it. */
const SAMPLES = 6;
const [KEY, PURPOSE] = [5, 3];

const layer = (name: string, options: object = {}): KerasObject => ({
  kind: 'layer',
  class: name,
  options: { ...options },
});
const withFilling = (filling: Filling) => ({ fill_mode: filling.fillMode, fill_value: filling.fillValue });
/** A range of one number, which is what Keras then draws. */
const only = (value: number) => [value, value];

interface Asked {
  readonly layer: KerasObject;
  /** In the place of what Keras draws where its options cannot say it. */
  readonly drawn?: Readonly<Record<string, unknown>>;
}

interface Task {
  readonly row: string;
  readonly options: Readonly<Record<string, number | string>>;
  /** Whether something comes in from beyond the edges. */
  readonly fills?: true;
  /** What Keras is to make, with what is drawn as our row draws it. */
  keras(draws: Draws, filling: Filling, shape: readonly [number, number, number]): Asked;
}

const tasks: readonly Task[] = [
  ...(['horizontal', 'vertical'] as const).map((direction): Task => ({
    row: 'flip',
    options: { direction },
    keras: () => ({ layer: layer('RandomFlip', { mode: direction }), drawn: { flips: [[[[true]]]] } }),
  })),
  {
    row: 'shift',
    options: { pixels: 4 },
    fills: true,
    keras: (draws, filling, [height, width]) => {
      const [down, right] = [draws.below(9) - 4, draws.below(9) - 4];
      const factors = { height_factor: only(down / height), width_factor: only(right / width) };
      return { layer: layer('RandomTranslation', { ...factors, ...withFilling(filling) }) };
    },
  },
  {
    row: 'rotate',
    options: { degrees: 170 },
    fills: true,
    // In shares of a full turn, counter-clockwise.
    keras: (draws, filling) => ({
      layer: layer('RandomRotation', { factor: only(draws.between(-170, 170) / 360), ...withFilling(filling) }),
    }),
  },
  {
    row: 'zoom',
    options: { factor: 0.7 },
    fills: true,
    // In Keras more is farther away: how much is seen, beside 1 for all there is. Its options go up to 2.
    keras: (draws, filling) => {
      const seen = [[1 / draws.between(0.3, 1.7)]];
      const drawn = { height_zoom: seen, width_zoom: seen };
      return { layer: layer('RandomZoom', { height_factor: 0, ...withFilling(filling) }), drawn };
    },
  },
  {
    row: 'shear',
    options: { degrees: 60 },
    fills: true,
    // That of Keras leaves the first row where it is, ours the middle: its matrix, moved.
    keras: (draws, filling, [height]) => {
      const slope = Math.tan((draws.between(-60, 60) * Math.PI) / 180);
      const matrix = [[1, slope, (-slope * (height - 1)) / 2, 0, 1, 0, 0, 0]];
      return {
        layer: layer('RandomRotation', { factor: 0, ...withFilling(filling) }),
        drawn: { rotation_matrix: matrix },
      };
    },
  },
  {
    row: 'brightness',
    options: { delta: 0.3 },
    // In shares of the range, at whose ends it cuts off.
    keras: (draws) => ({
      layer: layer('RandomBrightness', { factor: only(draws.between(-0.3, 0.3) / 18), value_range: [-9, 9] }),
    }),
  },
  {
    row: 'contrast',
    options: { factor: 0.8 },
    keras: (draws) => ({
      layer: layer('RandomContrast', { factor: 0.8, value_range: [-9, 9] }),
      drawn: { contrast_factor: [[[[draws.between(0.2, 1.8)]]]] },
    }),
  },
];

const cases = tasks.flatMap(({ fills, ...task }) =>
  (fills ? modes : modes.slice(0, 1)).flatMap((fillMode) =>
    shapes.map((shape) => ({ ...task, shape, filling: { fillMode, fillValue: fillMode === 'constant' ? 0.35 : 0 } })),
  ),
);

function begun(sample: number): Draws {
  const draws = new Draws();
  draws.begin(KEY, sample, PURPOSE);
  return draws;
}

function picturesOf({ row, options, filling, shape, keras }: (typeof cases)[number]) {
  const [height, width, channels] = shape;
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const from = numbers(sizeOf(shape), 60 + sample);
    const to = from.map(() => NaN);
    const canvas: Canvas = { height, width, channels, from, to, partner: from, kept: 1 };
    augmentationRow(row).apply(canvas, { ...options, ...filling }, begun(sample));
    const asked = { kind: 'augmentation', x: toWire(from, [1, ...shape]), ...keras(begun(sample), filling, shape) };
    return { from, to, asked };
  });
}

describe.skipIf(inject('kerasMissing') !== '')('with the same draws, augmentations are those of keras.layers', () => {
  const ours = cases.map(picturesOf);
  let theirs: readonly Answer<{ readonly images: WireArray }>[];
  beforeAll(async () => {
    theirs = await judge(ours.flatMap((pictures) => pictures.map(({ asked }) => asked)));
  });

  test.each(cases.map((one, index) => ({ ...one, index })))('$row $options $shape $filling.fillMode', ({ index }) => {
    const pictures = ours[index]!;
    for (const [sample, { to }] of pictures.entries()) {
      const { images } = answered(theirs[index * SAMPLES + sample]);
      expect(relativeDifference([to], [fromWire(images)])).toBeLessThan(2e-5);
    }
    // Neither leaves them as they are.
    expect(pictures.some(({ from, to }) => relativeDifference([to], [from]) > 0.1)).toBe(true);
  });
});
