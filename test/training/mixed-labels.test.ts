import type { Tensor1D } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '../../src/datasets/batches.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { prepareTraining } from '../../src/stages/prepare-training.ts';
import { lossRow } from '../../src/training/losses.ts';
import { type Output, sampleLosses } from '../../src/training/output.ts';
import { createTrainer } from '../../src/training/trainer.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { trainingInput } from './training-input.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  rig.writeDigits(90, 20);
  engine = await loadEngine();
});
afterAll(() => rig.remove());

const output = (loss: string, options: Readonly<Record<string, unknown>>): Output => ({
  target: { kind: 'class', name: 'label', classes: ['a', 'b', 'c'], shape: [] },
  loss: { row: lossRow(loss), options },
  weight: 1,
  classWeights: [1, 2, 3],
});

describe('the loss of mixed labels', () => {
  // All are sums over the labels, so that of two classes is that of each, in their shares.
  test.each([
    ['softmaxCrossEntropy', { labelSmoothing: 0 }],
    ['softmaxCrossEntropy', { labelSmoothing: 0.1 }],
    ['categoricalCrossentropy', { labelSmoothing: 0.1 }],
    ['focalLoss', { gamma: 2, alpha: 0.25, labelSmoothing: 0 }],
  ])('is that of both classes in their shares: %s %o', (loss, options) => {
    const { tf } = engine;
    tf.tidy(() => {
      const predicted = tf.softmax(tf.tensor2d([0.1, 0.7, -1, 2, 0, 1], [2, 3]));
      const labels = (values: number[]) => tf.tensor1d(values, 'int32');
      const told = (y: number[], mixed?: { other: Tensor1D; share: Tensor1D }) => [
        ...sampleLosses(engine, output(loss, options), predicted, labels(y), false, undefined, mixed).dataSync(),
      ];
      const [own, other] = [told([0, 2]), told([1, 0])];
      const mixed = told([0, 2], { other: labels([1, 0]), share: tf.tensor1d([0.75, 0.5]) });
      expect(mixed[0]).toBeCloseTo(0.75 * own[0]! + 0.25 * other[0]!, 5);
      expect(mixed[1]).toBeCloseTo(0.5 * own[1]! + 0.5 * other[1]!, 5);
    });
  });

  test('counts by the class of the larger share, as in Keras', () => {
    const { tf } = engine;
    tf.tidy(() => {
      const predicted = tf.tensor2d([0.1, 0.7, -1], [1, 3]);
      const mixed = { other: tf.tensor1d([1], 'int32'), share: tf.tensor1d([0.75]) };
      const told = (weighted: boolean) =>
        sampleLosses(
          engine,
          output('softmaxCrossEntropy', { labelSmoothing: 0 }),
          predicted,
          tf.tensor1d([2], 'int32'),
          weighted,
          undefined,
          mixed,
        ).dataSync()[0]!;
      expect(told(true)).toBeCloseTo(3 * told(false), 5);
    });
  });
});

test('steps are the same compiled and op by op, in parts and in one, and evaluation knows of no mixing', async () => {
  const plainText = digitsPipeline({ layers: '[flatten, dense 10]', batchSize: 25 });
  const text = `${plainText.replace('validation: 100', 'validation: 20')}  augment: [shift(1), mixup(1)]\n`;
  const { input, batches } = await trainingInput(engine, rig, text);
  expect(batches.map(({ count, mixed }) => [count, mixed?.share.length])).toEqual([
    [25, 25],
    [25, 25],
    [20, 20],
  ]);
  const losses = (['compiled', 'eager'] as const).flatMap((step) =>
    [1, 2].map((towers) => {
      const { parts, trainer, dispose } = prepareTraining({ ...input, step });
      trainer.dispose();
      const sizes = { train: [25, 20], evaluationBatch: 20, sizes: [20] };
      const own = createTrainer({ ...parts, towers }, sizes, step);
      const told = batches.map((batch, i) => own.train(batch, 0.01, i).loss);
      // Labels of one class each are those of a share of one.
      const [{ mixed, ...plain }] = batches as [Batch];
      const whole = own.train(plain, 0, 3).loss;
      expect(
        own.train({ ...plain, mixed: { other: mixed!.other, share: new Float32Array(25).fill(1) } }, 0, 3).loss,
      ).toBe(whole);
      const evaluated = own.evaluator.evaluate({ ...plain, mixed: mixed! }).loss;
      expect(evaluated).toEqual(own.evaluator.evaluate(plain).loss);
      expect(evaluated.reduce((sum, loss) => sum + loss, 0) / 25).toBeCloseTo(whole, 4);
      own.dispose();
      dispose();
      return [...told, whole];
    }),
  );
  for (const told of losses) told.forEach((loss, i) => expect(loss).toBeCloseTo(losses[0]![i]!, 4));
});
