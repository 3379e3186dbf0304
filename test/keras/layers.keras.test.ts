import { beforeAll, describe, expect, inject, test } from 'vitest';
import { layers } from '../../src/layers/layers.ts';
import { type Compared, type LayerAnswer, compareAll, compute, differenceOf, expectAlike } from './compare-layers.ts';
import { answered, judge } from './judge.ts';
import { sameName } from './keras-layers.ts';
import { knownDifferences } from './known-differences.ts';
import { type LayerCase, casesOf, chains } from './layer-cases.ts';

const cases = [
  ...Object.keys(layers).map((type) => ({ type, cases: casesOf(type) })),
  { type: 'several layers', cases: chains },
];

describe.skipIf(inject('kerasMissing') !== '')('layers as Keras has them', () => {
  let compared: ReadonlyMap<LayerCase, Compared>;
  beforeAll(async () => {
    compared = await compareAll(cases.flatMap((one) => one.cases));
  });

  test.each(knownDifferences)('$example.type differs: $reason', async ({ example: { type, options, shape } }) => {
    const { ours, asked } = compute({ title: type, shape, inputs: [[1, 0]], layers: [{ type, options }] }, [
      sameName(type, options),
    ]);
    const [theirs] = await judge<LayerAnswer>([asked]);
    expect(differenceOf([ours.inference], [answered(theirs).inference])).toBeGreaterThan(0.01);
  });

  describe.each(cases)('$type', ({ cases: own }) => {
    test.each(own)('$title', (given) => expectAlike(compared.get(given)!));
  });
});
