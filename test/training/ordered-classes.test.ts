import { readFileSync } from 'node:fs';
import type { Tensor2D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClassTarget } from '../../src/datasets/dataset.ts';
import { createOps } from '../../src/engine/native-ops.ts';
import { classProbabilities, predictedClasses } from '../../src/training/class-rule.ts';
import { isWatched } from '../../src/training/label-margins.ts';
import { beyondOf } from '../../src/training/loss.ts';
import { lossRow } from '../../src/training/losses.ts';
import type { ClassPredictions } from '../../src/training/metric-row.ts';
import { isOfSuch, measure, metricRow } from '../../src/training/metrics.ts';
import { lossMisfit, predictions } from '../../src/training/output.ts';
import { nativeTf } from '../engine/graph/rig.ts';

interface Judged {
  readonly classes: number;
  readonly actual: readonly number[];
  readonly units: readonly number[];
  readonly predicted: readonly number[];
  readonly probabilities: readonly number[];
  readonly loss: number;
  readonly said: Readonly<Record<string, number>>;
}

const tf = await nativeTf();
const ops = createOps(tf);
const judged = JSON.parse(readFileSync(new URL('ordered-classes.json', import.meta.url), 'utf8')) as readonly Judged[];

const targetOf = (classes: number): ClassTarget => ({
  kind: 'class',
  name: 'rating',
  classes: Array.from({ length: classes }, (_, k) => `c${k}`),
  shape: [],
  ordinal: true,
});
const outputOf = (loss: string, classes: number) => ({
  target: targetOf(classes),
  loss: { row: lossRow(loss), options: { labelSmoothing: 0 } },
  weight: 1,
});

test.each(judged)('$classes classes in order are what scikit-learn and NumPy make of them', (one) => {
  const { classes, actual } = one;
  tf.tidy(() => {
    const units = tf.tensor2d([...one.units], [actual.length, classes - 1]);
    const wanted = beyondOf(tf, tf.tensor1d([...actual], 'int32'), classes - 1);
    for (const [loss, output] of [
      ['sigmoidCrossEntropy', units],
      ['binaryCrossentropy', tf.sigmoid(units)],
    ] as const) {
      const said = predictions(tf, outputOf(loss, classes), output, ['probabilities']);
      expect([...said['predicted']!.dataSync()]).toEqual(one.predicted);
      const probabilities = [...said['probabilities']!.dataSync()];
      for (const [i, value] of probabilities.entries()) expect(value).toBeCloseTo(one.probabilities[i]!, 5);
      const confidence = [...said['confidence']!.dataSync()];
      for (const [i, value] of confidence.entries())
        expect(value).toBeCloseTo(probabilities[i * classes + one.predicted[i]!]!, 6);
      const losses = [...lossRow(loss).compute(tf, ops, output, wanted, { labelSmoothing: 0 }).dataSync()];
      expect(losses.reduce((sum, value) => sum + value, 0) / losses.length).toBeCloseTo(one.loss, 4);
    }
  });
  for (const [label, value] of Object.entries(one.said)) {
    const [type, more] = label.split('_') as [string, string?];
    const options = more === undefined ? {} : { [type === 'f1' ? 'mean' : 'weights']: more };
    expect(measure({ type, options }, outcomeOf(one))[label], label).toBeCloseTo(value, 9);
  }
});

function outcomeOf({ classes, actual, predicted }: Judged): ClassPredictions {
  const target = targetOf(classes);
  const confusion = target.classes.map(() => target.classes.map(() => 0));
  actual.forEach((label, i) => confusion[label]![predicted[i]!]!++);
  const none = new Float32Array();
  return {
    kind: 'class',
    classes: target.classes,
    ordinal: true,
    confusion,
    labels: Uint8Array.from(actual),
    probabilities: none,
    ranks: none,
  };
}

test('probabilities of any units are shares of 1, and the prediction is their median', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.array(unit, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (rows) => {
      tf.tidy(() => {
        const rule = { probabilities: 'shares', threshold: 0.5, ordinal: true } as const;
        const told = (all: readonly (readonly number[])[]) => {
          const output = tf.tensor2d(all.map((row) => [...row])) as Tensor2D;
          return {
            shares: classProbabilities(tf, rule, output).arraySync(),
            predicted: [...predictedClasses(tf, rule, output).dataSync()],
          };
        };
        const { shares, predicted } = told(rows);
        for (const [i, own] of shares.entries()) {
          expect(own.every((share) => share >= 0)).toBe(true);
          expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
          const below = own.slice(0, predicted[i]).reduce((sum, share) => sum + share, 0);
          expect(below).toBeLessThanOrEqual(0.5 + 1e-5);
          expect(below + own[predicted[i]!]!).toBeGreaterThanOrEqual(0.5 - 1e-5);
        }
      });
    }),
    { numRuns: 20 },
  );
});

test('what ranks class by class, or needs numbers, does not measure them; labels are not watched', () => {
  const target = targetOf(3);
  const measuring = ['accuracy', 'f1', 'cohenKappa', 'logLoss', 'meanAbsoluteError', 'auc', 'topK', 'r2Score'].filter(
    (type) => isOfSuch(metricRow(type), target),
  );
  expect(measuring).toEqual(['accuracy', 'f1', 'cohenKappa', 'logLoss', 'meanAbsoluteError']);
  const { ordinal: _, ...unordered } = target;
  expect(isOfSuch(metricRow('meanAbsoluteError'), unordered)).toBe(false);
  expect(isWatched(outputOf('binaryCrossentropy', 3))).toBe(false);
});

const output = { layer: 'out', shape: [2], values: { low: 0, high: 1, by: 'sigmoid' } };

test.each([
  ['binaryCrossentropy', output, undefined, ''],
  ['sigmoidCrossEntropy', { ...output, values: { low: -Infinity, high: Infinity } }, undefined, ''],
  ['meanSquaredError', output, undefined, ''],
  ['softmaxCrossEntropy', output, 'softmaxCrossEntropy takes classes without an order', '`dense 2 sigmoid`'],
  [
    'binaryCrossentropy',
    { ...output, shape: [3] },
    '`out` gives 3 values per sample, but the 3 classes in order of `rating` take 2',
    '`dense 2`',
  ],
  ['binaryCrossentropy', { ...output, shape: [1] }, '`out` gives 1 value per sample', '`dense 2`'],
  ['binaryCrossentropy', { ...output, shape: [4, 2] }, '`out` gives 4 x 2 per sample', '`flatten` and `dense 2`'],
  [
    'binaryCrossentropy',
    { ...output, values: { low: 0, high: 1, by: 'softmax', distribution: true as const } },
    '`out` is a softmax, whose values add up to 1',
    'End with `sigmoid`',
  ],
  ['sigmoidCrossEntropy', output, 'sigmoidCrossEntropy takes logits', ''],
])('%s of %o', (loss, facts, problem, hint) => {
  const misfit = lossMisfit(loss, lossRow(loss), targetOf(3), facts);
  if (problem === undefined) expect(misfit).toBeUndefined();
  else expect(misfit!.problem).toContain(problem);
  expect(misfit?.hint ?? '').toContain(hint);
});
