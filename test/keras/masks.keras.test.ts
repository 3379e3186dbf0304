import { beforeAll, describe, expect, inject, test } from 'vitest';
import { layers } from '../../src/layers/layers.ts';
import { type Compared, compareAll, differenceOf, expectAlike } from './compare-layers.ts';
import { kerasLayer } from './keras-layers.ts';
import type { LayerCase } from './layer-cases.ts';
import { maskedCasesOf, maskedDifferences, maskedStacks } from './masked-cases.ts';

// Every row of the table is here by being there: kept, read or lost, and what is said of it.
const cases = [
  ...Object.keys(layers).map((type) => ({ type, cases: maskedCasesOf(type) })),
  { type: 'several layers', cases: maskedStacks },
];

describe.skipIf(inject('kerasMissing') !== '')('masks as Keras has them', () => {
  let compared: ReadonlyMap<LayerCase, Compared>;
  let different: ReadonlyMap<LayerCase, Compared>;
  beforeAll(async () => {
    const answered = ({ type, options }: Parameters<typeof kerasLayer>[0]) =>
      kerasLayer(type === 'softmax' ? { type: 'activation', options: { activation: 'softmax' } } : { type, options });
    compared = await compareAll(
      cases.flatMap((one) => one.cases),
      answered,
    );
    different = await compareAll(maskedDifferences.map(({ example }) => example));
  });

  describe.each(cases)('$type', ({ cases: own }) => {
    test('there is a case', () => expect(own.length).toBeGreaterThan(0));
    test.each(own)('$title', (given) => expectAlike(compared.get(given)!));
  });

  test.each(maskedDifferences)('$example.title differs: $reason', ({ example }) => {
    const { ours, theirs } = different.get(example)!;
    if ('error' in ours) throw ours.error;
    expect(ours.ours.inference.every(Number.isFinite)).toBe(true);
    if ('error' in theirs) expect(theirs.error).toMatch(/must be broadcastable/);
    else expect(differenceOf([ours.ours.inference], [theirs.inference])).not.toBeLessThan(0.001);
  });
});
