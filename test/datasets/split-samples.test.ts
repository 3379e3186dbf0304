import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../src/base/numbers.ts';
import { splitSamples } from '../../src/datasets/splits/split-samples.ts';

const targets = [{ kind: 'class', name: 'label', classes: ['a', 'b', 'c', 'd', 'e'], shape: [] }] as const;

const samples = (labels: readonly number[]) => ({ targets: [Uint8Array.from(labels)], count: labels.length });

test('a split loses and doubles no sample', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 300 });
  fc.assert(
    fc.property(labels, fc.double({ min: 0, max: 0.9, noNaN: true }), fc.boolean(), (list, validation, stratified) => {
      const split = splitSamples(samples(list), targets, { validation, stratified }, 7);
      expect([...split.train, ...split.validation].toSorted((a, b) => a - b)).toEqual([...list.keys()]);
      expect(split.validation.length).toBe(shareOf(validation, list.length));
    }),
  );
});

test('a stratified split gives each class its share', () => {
  const list = [...Array<number>(600).fill(0), ...Array<number>(300).fill(1), ...Array<number>(100).fill(2)];
  const { validation } = splitSamples(samples(list), targets, { validation: 100, stratified: true }, 1);
  expect([0, 1, 2].map((label) => validation.filter((row) => list[row] === label).length)).toEqual([60, 30, 10]);
});

test('the split depends on the seed', () => {
  const list = Array<number>(100).fill(0);
  const rows = (seed: number) =>
    splitSamples(samples(list), targets, { validation: 10, stratified: true }, seed).validation;
  expect(rows(1)).toEqual(rows(1));
  expect(rows(1)).not.toEqual(rows(2));
});

test('a split that leaves nothing to train on is refused', () => {
  expect(() => splitSamples(samples([0, 1]), targets, { validation: 2, stratified: true }, 1)).toThrow(
    'takes 2 of 2 training samples',
  );
});
