import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Samples } from '../../src/datasets/dataset.ts';
import { pairs } from '../../src/datasets/pictures/pairs.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Images of one pixel, which tells which image it is. */
function write(labels: readonly number[]) {
  for (const part of ['train', 'test']) {
    rig.write(
      `${part}-images`,
      new Uint8Array([0, 0, 8, 3, 0, 0, 0, labels.length, 0, 0, 0, 1, 0, 0, 0, 1, ...labels.keys()]),
    );
    rig.write(`${part}-labels`, new Uint8Array([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]));
  }
  return {
    idx: {
      trainImages: 'train-images',
      trainLabels: 'train-labels',
      testImages: 'test-images',
      testLabels: 'test-labels',
      classes: ['a', 'b', 'c', 'd'],
    },
  };
}

const load = (labels: readonly number[], options: object, seed = 1) =>
  pairs.load({ of: write(labels), train: 40, test: 40, classes: true, ...options }, rig.folder, seed);

test('half of the pairs are of one class, and all say what they are', async () => {
  const labels = fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 60 })
    .map((list) => [...list, ...list.toReversed()])
    .filter((list) => new Set(list).size > 1);
  await fc.assert(
    fc.asyncProperty(labels, fc.integer({ min: 2, max: 200 }), fc.nat(), async (list, train, seed) => {
      const {
        train: { inputs, targets },
      } = await load(list, { train }, seed);
      const [[left, right], [same, leftClass, rightClass]] = [inputs, targets] as unknown as [
        [Uint8Array, Uint8Array],
        [Uint8Array, Uint8Array, Uint8Array],
      ];
      expect(same.reduce((sum, one) => sum + one, 0)).toBe(Math.floor(train / 2));
      for (let pair = 0; pair < train; pair++) {
        expect(left[pair]).not.toBe(right[pair]);
        expect([leftClass[pair], rightClass[pair]]).toEqual([list[left[pair]!], list[right[pair]!]]);
        expect(same[pair]).toBe(Number(leftClass[pair] === rightClass[pair]));
      }
      // No image stands on the left twice as long as one has not stood there.
      expect(new Set(left).size).toBe(Math.min(train, list.length));
    }),
    { numRuns: 50 },
  );
});

test('the partner is any other image of its class, or any of another', async () => {
  const {
    train: {
      inputs: [left, right],
      targets: [same],
    },
  } = await load([0, 0, 0, 1, 1, 2, 2, 2], { train: 4_000 });
  const partners = (image: number, kind: number) =>
    [...new Set([...right!].filter((_, pair) => left![pair] === image && same![pair] === kind))].toSorted(
      (a, b) => a - b,
    );
  // Each image is always in pairs of one kind here, as there is an even number of them.
  const found = [...Array(8).keys()].map((image) => [partners(image, 0), partners(image, 1)]);
  const all = [...Array(8).keys()];
  const labels = [0, 0, 0, 1, 1, 2, 2, 2];
  found.forEach(([others, alike], image) => {
    if (alike!.length > 0)
      expect(alike).toEqual(all.filter((other) => other !== image && labels[other] === labels[image]));
    else expect(others).toEqual(all.filter((other) => labels[other] !== labels[image]));
  });
});

test('the pairs depend on the seed', async () => {
  const left = async (seed: number): Promise<Samples> => (await load([0, 0, 1, 1, 2, 2], {}, seed)).train;
  expect(await left(1)).toEqual(await left(1));
  expect(await left(1)).not.toEqual(await left(2));
});

test('images that give no pairs are refused', async () => {
  await expect(load([0, 0, 0], {})).rejects.toThrow('the images give no pairs: all are of the class a');
  await expect(load([0, 0, 1], {})).rejects.toThrow('the images give no pairs: only one is of the class b');
});

test('more pairs than the memory holds are refused before they are made', () => {
  const spec = pairs.describe({ of: { mnist: {} }, train: 10_000_000, test: 2, classes: false }, '.');
  expect(isMisfit(spec) && spec.problem).toBe(
    '10000002 samples of 1569 bytes are 15.7 GB, and all of them must be in memory',
  );
});
