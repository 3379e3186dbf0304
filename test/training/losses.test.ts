import type { Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { OutputFacts } from '../../src/training/output-values.ts';
import { createOps } from '../../src/engine/native-ops.ts';
import { classProbabilities, predictedClasses } from '../../src/training/class-rule.ts';
import { targetsOf } from '../../src/training/loss.ts';
import { lossRow, losses } from '../../src/training/losses.ts';
import { misfitOf } from '../../src/training/output.ts';
import { activated, anything } from '../../src/layers/values.ts';
import { nativeTf, numbers } from '../engine/graph/rig.ts';

const tf = await nativeTf();
const ops = createOps(tf);
const [batch, classes] = [12, 4];

const logits = () =>
  tf.tensor2d(
    numbers(batch * classes, 3).map((x) => 2 * x),
    [batch, classes],
  );
const y = () =>
  tf.tensor1d(
    [...numbers(batch, 9)].map((x) => Math.floor(((x + 1) / 2) * classes)),
    'int32',
  );
const labels = () => targetsOf(tf, y(), classes, classes);

function lossesOf(name: string, output: Tensor2D, targets: Tensor2D, options: Record<string, unknown> = {}): number[] {
  return [...lossRow(name).compute(tf, ops, output, targets, options).dataSync()];
}

const ends = (facts: Partial<OutputFacts>, activation = 'linear'): OutputFacts => ({
  layer: 'out',
  shape: [3],
  classes: 3,
  values: activated(activation, anything, facts.shape ?? [3]),
  ...facts,
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean loss that the Layers API itself finds. */
function stockLoss(name: string, output: Tensor2D, targets: Tensor2D): number {
  const model = tf.sequential({
    layers: [tf.layers.activation({ activation: 'linear', inputShape: [output.shape[1]] })],
  });
  model.compile({ optimizer: 'sgd', loss: name });
  return (
    model.evaluate(output, targets, { batchSize: output.shape[0] }) as ReturnType<typeof tf.scalar>
  ).dataSync()[0]!;
}

describe('against the Layers API', () => {
  const stock = [
    'meanSquaredError',
    'meanAbsoluteError',
    'meanAbsolutePercentageError',
    'meanSquaredLogarithmicError',
    'categoricalHinge',
    'logcosh',
    'categoricalCrossentropy',
    'binaryCrossentropy',
    'kullbackLeiblerDivergence',
    'poisson',
    'cosineProximity',
    'hinge',
    'squaredHinge',
  ];
  test.each(stock)('%s', (name) => {
    const output = /entropy|Divergence|poisson/.test(name) ? tf.softmax(logits()) : logits();
    const theirs =
      name.toLowerCase().endsWith('hinge') && name !== 'categoricalHinge' ? tf.sub(tf.mul(labels(), 2), 1) : labels();
    const expected = stockLoss(name, output, theirs as Tensor2D);
    expect(mean(lossesOf(name, output, labels())) / expected).toBeCloseTo(1, 5);
  });

  test('huberLoss, sigmoidCrossEntropy and softmaxCrossEntropy with smoothed labels, as tf.losses has them', () => {
    const [output, targets] = [logits(), labels()];
    expect(mean(lossesOf('huberLoss', output, targets, { delta: 0.7 }))).toBeCloseTo(
      tf.losses.huberLoss(targets, output, undefined, 0.7).dataSync()[0]!,
      5,
    );
    for (const labelSmoothing of [0, 0.2]) {
      expect(mean(lossesOf('sigmoidCrossEntropy', output, targets, { labelSmoothing }))).toBeCloseTo(
        tf.losses.sigmoidCrossEntropy(targets, output, undefined, labelSmoothing).dataSync()[0]!,
        5,
      );
      expect(mean(lossesOf('softmaxCrossEntropy', output, targets, { labelSmoothing }))).toBeCloseTo(
        tf.losses.softmaxCrossEntropy(targets, output, undefined, labelSmoothing).dataSync()[0]!,
        5,
      );
      expect(mean(lossesOf('categoricalCrossentropy', tf.softmax(output), targets, { labelSmoothing }))).toBeCloseTo(
        tf.losses.softmaxCrossEntropy(targets, output, undefined, labelSmoothing).dataSync()[0]!,
        5,
      );
    }
  });
});

test('focalLoss: -alpha * (1 - p)^gamma * log(p) of the class (Lin et al. 2017, equation 5)', () => {
  const probabilities = tf.softmax(logits()).arraySync() as number[][];
  const expected = [...y().dataSync()].map(
    (label, i) => -0.25 * (1 - probabilities[i]![label]!) ** 2 * Math.log(probabilities[i]![label]!),
  );
  lossesOf('focalLoss', logits(), labels(), { gamma: 2, alpha: 0.25, labelSmoothing: 0 }).forEach((loss, i) =>
    expect(loss).toBeCloseTo(expected[i]!, 5),
  );
  const plain = lossesOf('focalLoss', logits(), labels(), { gamma: 0, alpha: 1, labelSmoothing: 0.1 });
  lossesOf('softmaxCrossEntropy', logits(), labels(), { labelSmoothing: 0.1 }).forEach((loss, i) =>
    expect(plain[i]).toBeCloseTo(loss, 5),
  );
});

describe('one unit for two classes', () => {
  const y2 = () => tf.tensor1d([0, 1, 1, 0], 'int32');
  const scores = () => tf.tensor2d([[-2], [0.5], [-0.3], [3]]);

  test('is the softmax of 0 and the logit', () => {
    const single = lossesOf('sigmoidCrossEntropy', scores(), targetsOf(tf, y2(), 2, 1));
    const both = lossesOf(
      'softmaxCrossEntropy',
      tf.concat([tf.zeros([4, 1]), scores()], 1) as Tensor2D,
      targetsOf(tf, y2(), 2, 2),
    );
    const probability = lossesOf('binaryCrossentropy', tf.sigmoid(scores()), targetsOf(tf, y2(), 2, 1));
    single.forEach((loss, i) => {
      expect(loss).toBeCloseTo(both[i]!, 5);
      expect(loss).toBeCloseTo(probability[i]!, 5);
    });
  });

  test.each(Object.entries(losses).filter(([, row]) => row.threshold !== undefined))(
    '%s: the second class is what lies above the threshold, and its probability above a half',
    (_, row) => {
      const output = tf.add(tf.mul(scores(), 0.1), row.threshold!) as Tensor2D;
      expect([...predictedClasses(tf, row, output).dataSync()]).toEqual([0, 1, 0, 1]);
      const shares = classProbabilities(tf, row, output).arraySync() as number[][];
      expect(shares.map(([first, second]) => (second! > first! ? 1 : 0))).toEqual([0, 1, 0, 1]);
      for (const [first, second] of shares) expect(first! + second!).toBeCloseTo(1, 5);
    },
  );
});

test.each(Object.entries(losses))(
  '%s: is finite where outputs are extreme, gives shares of 1, and has a gradient',
  (name, row) => {
    const output = tf.tensor2d([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    const targets = targetsOf(tf, tf.tensor1d([1, 1, 0], 'int32'), 4, 4);
    const options = { delta: 1, gamma: 2, alpha: 0.25, labelSmoothing: 0.1 };
    const gradient = tf.grad((x) => tf.sum(row.compute(tf, ops, x as Tensor2D, targets, options)))(output);
    expect([...lossesOf(name, output, targets, options), ...gradient.dataSync()].every(Number.isFinite)).toBe(true);
    const fitting =
      misfitOf(name, row, ends({ shape: [4], classes: 4 })) === undefined ? logits() : tf.softmax(logits());
    const shares = tf.sum(classProbabilities(tf, row, fitting), 1).dataSync();
    for (const share of shares) expect(share).toBeCloseTo(1, 4);
  },
);

describe('misfits', () => {
  test.each([
    [
      'softmaxCrossEntropy',
      ends({}, 'softmax'),
      /takes logits, .* `out` gives probabilities that add up to 1 \(softmax\)$/,
    ],
    ['focalLoss', ends({}, 'sigmoid'), /`out` gives values of 0 to 1 \(sigmoid\)$/],
    ['sigmoidCrossEntropy', ends({}, 'sigmoid'), /`out` gives values of 0 to 1 \(sigmoid\)$/],
    ['categoricalCrossentropy', ends({}), /takes probabilities that add up to 1, but `out` gives values of any size$/],
    [
      'kullbackLeiblerDivergence',
      ends({}, 'linear'),
      /takes probabilities that add up to 1, but `out` gives values of any size$/,
    ],
    ['binaryCrossentropy', ends({}, 'linear'), /takes probabilities, but `out` gives values of any size$/],
    ['binaryCrossentropy', ends({ shape: [1] }, 'sigmoid'), /1 value per sample, but the data has 3 classes/],
    ['hinge', ends({}, 'softmax'), /takes scores, .* gives probabilities that add up to 1/],
    ['meanSquaredError', ends({ shape: [2, 3] }), /values of shape 2 x 3/],
    ['softmaxCrossEntropy', ends({ shape: [1], classes: 2 }), /1 value per sample, but the data has 2 classes/],
  ])('%s %o', (name, facts, problem) => expect(misfitOf(name, lossRow(name), facts)?.problem).toMatch(problem));

  test.each([
    ['binaryCrossentropy', ends({ shape: [1], classes: 2 }, 'sigmoid')],
    ['sigmoidCrossEntropy', ends({ shape: [1], classes: 2 }, 'linear')],
    ['hinge', ends({ shape: [1], classes: 2 }, 'tanh')],
    ['categoricalCrossentropy', ends({}, 'softmax')],
  ])('%s fits %o', (name, facts) => expect(misfitOf(name, lossRow(name), facts)).toBeUndefined());
});
