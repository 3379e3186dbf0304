import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../src/base/numbers.ts';
import { gatherBatches, splitSamples } from '../../src/datasets/batches.ts';

const targets = [{ kind: 'class', name: 'label', classes: ['a', 'b', 'c', 'd', 'e'], shape: [] }] as const;

const samples = (labels: readonly number[]) => ({
  inputs: [Uint8Array.from(labels.flatMap((label, i) => [i % 256, label]))],
  targets: [Uint8Array.from(labels)],
  count: labels.length,
});

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

test('batches hold every row in order, the last one smaller', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), (count, size) => {
      const data = samples([...Array(count).keys()].map((i) => i % 5));
      const rows = Uint32Array.from([...Array(count).keys()].toReversed());
      const seen: number[] = [];
      for (const batch of gatherBatches(data, rows, size)) {
        const [x, y] = [batch.x[0]!, batch.y[0]!];
        expect(x.length).toBe(batch.count * 2);
        y.forEach((label, i) => {
          expect(x[i * 2 + 1]).toBe(label);
          seen.push(x[i * 2]!);
        });
      }
      expect(seen).toEqual([...rows]);
    }),
  );
});

test('a batch may be asked for that is larger than any memory: there is one, of all rows', () => {
  const [batch, ...more] = gatherBatches(samples([1, 2, 3]), Uint32Array.of(2, 0), 2_147_483_647);
  expect(more).toEqual([]);
  expect(batch).toEqual({ x: [Uint8Array.of(2, 3, 0, 1)], y: [Int32Array.of(3, 1)], count: 2 });
});
