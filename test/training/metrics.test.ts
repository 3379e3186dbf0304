import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClassPredictions, Predictions } from '../../src/training/metric-row.ts';
import { measure, metrics } from '../../src/training/metrics.ts';

/** Probabilities, which samples are ranked by as well. */
function ranked(...values: readonly number[]) {
  return { probabilities: Float32Array.from(values), ranks: Float32Array.from(values) };
}

/** Three classes; rows are what the model says, columns classes. */
const classes = ['a', 'b', 'c'];
const outcome: ClassPredictions = {
  kind: 'class',
  classes,
  labels: Uint8Array.of(0, 0, 1, 1, 2, 2),
  ...ranked(0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.1, 0.8, 0.1, 0.5, 0.3, 0.2, 0.2, 0.2, 0.6, 0.1, 0.5, 0.4),
  // Predicted: 0 1 1 0 2 1.
  confusion: [
    [1, 1, 0],
    [1, 1, 0],
    [0, 1, 1],
  ],
};
const value = (name: string, options: Record<string, unknown> = {}, of: Predictions = outcome) =>
  Object.values(measure({ type: name, options }, of))[0];

// Expected numbers: scikit-learn's definitions, worked out by hand.
test.each<[string, Record<string, unknown>, number]>([
  ['accuracy', {}, 3 / 6],
  ['balancedAccuracy', {}, (1 / 2 + 1 / 2 + 1 / 2) / 3],
  ['precision', {}, (1 / 2 + 1 / 3 + 1) / 3],
  ['recall', {}, 1 / 2],
  ['f1', {}, (1 / 2 + 2 / 5 + 2 / 3) / 3],
  // Chance: (2*2 + 2*3 + 2*1) / 36.
  ['cohenKappa', {}, (1 / 2 - 1 / 3) / (1 - 1 / 3)],
  ['topK', { k: 1 }, 3 / 6],
  // Of the second sample, classes 0 and 2 are equal: the last comes first.
  ['topK', { k: 2 }, 5 / 6],
  ['meanIoU', {}, (1 / 3 + 1 / 4 + 1 / 2) / 3],
  ['perplexity', {}, (0.7 * 0.3 * 0.8 * 0.3 * 0.6 * 0.4) ** (-1 / 6)],
  ['logLoss', {}, -Math.log(0.7 * 0.3 * 0.8 * 0.3 * 0.6 * 0.4) / 6],
  // Class 0: 0.7, 0.3 against 0.1, 0.5, 0.2, 0.1; class 1: 0.8, 0.3 against 0.2, 0.4, 0.2, 0.5; class 2: 0.6, 0.4 above
  // all.
  ['auc', {}, (7 / 8 + 6 / 8 + 1) / 3],
])('%s %o', (name, options, expected) => expect(value(name, options)).toBeCloseTo(expected, 6));

const numbers: Predictions = {
  kind: 'number',
  actual: Float64Array.of(1, 2, 4, 0),
  predicted: Float64Array.of(1, 3, 2, 1),
};

test.each([
  ['meanAbsoluteError', 1],
  ['meanSquaredError', 6 / 4],
  ['rootMeanSquaredError', Math.sqrt(6 / 4)],
  ['meanAbsolutePercentageError', (0 + 50 + 50 + 100 / 1e-7) / 4],
  // The numbers' mean is 7 / 4, their squared distances from it sum to 8.75.
  ['r2Score', 1 - 6 / 8.75],
])('%s of numbers', (name, expected) => expect(value(name, {}, numbers)! / expected).toBeCloseTo(1, 6));

test('a metric measures what it is of, and nothing else', () => {
  expect(measure({ type: 'accuracy', options: {} }, numbers)).toEqual({});
  expect(measure({ type: 'r2Score', options: {} }, outcome)).toEqual({});
  expect(measure({ type: 'topK', options: { k: 2 } }, outcome)).toEqual({ top2: 5 / 6 });
  expect(
    value('r2Score', {}, { kind: 'number', actual: Float64Array.of(2, 2), predicted: Float64Array.of(1, 2) }),
  ).toBe(0);
});

test('topK is recorded with its k; a k of all classes is a misfit', () => {
  expect(metrics.topK.label!({ k: 5 })).toBe('top5');
  expect(metrics.topK.misfit!(classes, { k: 3 })?.problem).toMatch(/always 1 with 3 classes/);
  expect(metrics.topK.misfit!(classes, { k: 2 })).toBeUndefined();
});

describe('a class that does not occur', () => {
  const absent: Predictions = {
    kind: 'class',
    classes,
    labels: Uint8Array.of(0, 1),
    ...ranked(0.8, 0.1, 0.1, 0.1, 0.8, 0.1),
    confusion: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ],
  };
  test('has no part in any mean over the classes', () => {
    for (const name of ['balancedAccuracy', 'auc', 'precision', 'recall', 'f1', 'meanIoU'])
      expect(value(name, {}, absent)).toBe(1);
  });

  test('all samples of one class: no curve, and no chance to beat', () => {
    const one: Predictions = {
      kind: 'class',
      classes: ['a', 'b'],
      labels: Uint8Array.of(0, 0),
      ...ranked(0.8, 0.2, 0.9, 0.1),
      confusion: [
        [2, 0],
        [0, 0],
      ],
    };
    expect(value('auc', {}, one)).toBeNaN();
    expect(value('cohenKappa', {}, one)).toBeNaN();
  });
});

test('auc is the share of pairs in the right order, ties half', () => {
  const samples = fc
    .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 6 }) }), {
      minLength: 2,
      maxLength: 30,
    })
    .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2);
  fc.assert(
    fc.property(samples, (rows) => {
      const auc = value(
        'auc',
        {},
        {
          kind: 'class',
          classes: ['a', 'b'],
          labels: Uint8Array.from(rows, ({ label }) => label),
          ...ranked(...rows.flatMap(({ score }) => [1 - score / 8, score / 8])),
          confusion: [],
        },
      );
      const pairs = rows
        .filter(({ label }) => label === 1)
        .flatMap((yes) =>
          rows.filter(({ label }) => label === 0).map((no) => (Math.sign(yes.score - no.score) + 1) / 2),
        );
      expect(auc).toBeCloseTo(pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length, 9);
    }),
  );
});
