import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { ClassResult, Evaluation, NumberResult } from '../../src/base/results.ts';
import { learntNothing } from '../../src/stages/learnt-nothing.ts';

const of = (output: ClassResult | NumberResult): Evaluation => ({ metrics: {}, outputs: [output] });
const classes = (actual: readonly number[], predicted: readonly number[], more: Partial<ClassResult> = {}) =>
  learntNothing(
    of({
      kind: 'class',
      name: 'y',
      shape: [],
      classes: ['a', 'b', 'c'],
      perClass: [],
      actual: Uint8Array.from(actual),
      predicted: Uint8Array.from(predicted),
      confidence: new Float32Array(actual.length),
      ...more,
    }),
  ).map(({ code, message }) => `${code}: ${message}`);
const numbers = (actual: readonly number[], predicted: readonly number[]) =>
  learntNothing(
    of({
      kind: 'number',
      name: 'price',
      shape: [],
      actual: Float64Array.from(actual),
      predicted: Float64Array.from(predicted),
    }),
  ).map(({ message }) => message);
const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));

test('a model that always says one class has learnt nothing, and one that is often right has', () => {
  const actual = times(100, (k) => k % 3);
  expect(
    classes(
      actual,
      times(100, () => 1),
    ),
  ).toEqual([
    'nothing-learnt: the model tells `y` no better than who always says `a`: ' +
      'of 100 test samples 0.3300 are told right, and 0.3400 so',
  ]);
  expect(
    classes(
      actual,
      times(100, (k) => (k % 5 === 0 ? 0 : k % 3)),
    ),
  ).toEqual([]);
});

test('who knows the rare class is not blamed for its false alarms', () => {
  const actual = times(1000, (k) => Number(k % 50 === 0));
  const alarm = times(1000, (k) => Number(k % 50 === 0 || k % 10 === 1));
  expect(classes(actual, alarm)).toEqual([]);
  expect(
    classes(
      actual,
      times(1000, (k) => Number(k % 10 === 1)),
    ),
  ).toHaveLength(1);
});

test('what chance makes of noise is told in nineteen of twenty cases, for classes and for numbers', () => {
  const generator = xoroshiro128plus(7);
  const random = () => uniformFloat64(generator);
  const noise = (count: number) => times(count, () => Math.floor(random() * 3));
  const told = times(400, () => classes(noise(200), noise(200)).length);
  expect(told.reduce((sum, one) => sum + one, 0) / 400).toBeGreaterThan(0.9);
  const values = (count: number) => times(count, () => random() + random());
  // A model that has learnt noise by heart is off by more than the mean.
  expect(times(100, () => numbers(values(200), values(200)).length).filter((one) => one === 0)).toEqual([]);
});

test('numbers that are near have been learnt, whether by their squares or but for a few far ones', () => {
  const actual = times(100, (k) => k);
  expect(
    numbers(
      actual,
      times(100, (k) => k + ((k * 37) % 40) - 20),
    ),
  ).toEqual([]);
  expect(
    numbers(
      actual,
      times(100, (k) => (k === 50 ? 500 : k + 1)),
    ),
  ).toEqual([]);
  expect(
    numbers(
      actual,
      times(100, (k) => 99 - k),
    ),
  ).toEqual([
    'the model tells `price` no better than who always says its mean: ' +
      'the root mean squared error is 57.73, and 28.87 so',
  ]);
});

test('labels of which there may be several are each measured by their own, and places under a mask not at all', () => {
  const labels = { several: ['x', 'y'], classes: ['no', 'yes'], shape: [2] };
  const actual = times(200, (k) => (k % 2 === 0 ? Number(k % 6 === 0) : Number(k % 10 !== 1)));
  expect(
    classes(
      actual,
      times(200, (k) => k % 2),
      labels,
    ),
  ).toHaveLength(1);
  expect(classes(actual, actual, labels)).toEqual([]);
  const there = Uint8Array.from(actual, (_, k) => Number(k >= 100));
  const halfRight = actual.map((one, k) => (k < 100 ? one : k % 2));
  expect(classes(actual, halfRight, { ...labels, there })).toHaveLength(1);
  expect(classes(actual, actual, { ...labels, there: new Uint8Array(200) })).toEqual([]);
});

test('of fewer than twenty test samples nothing is told: chance hides what was learnt', () => {
  const wrong = (count: number) =>
    classes(
      times(count, (k) => k % 3),
      times(count, (k) => (k + 1) % 3),
    );
  const half = times(20, (k) => (k < 11 ? k % 2 : 1 - (k % 2)));
  expect(
    classes(
      times(20, (k) => k % 2),
      half,
    )[0],
  ).toMatch(/0.5500 are told right, and 0.5000 so, which may be chance$/);
  expect(wrong(19)).toEqual([]);
  expect(wrong(20)).toHaveLength(1);
});
