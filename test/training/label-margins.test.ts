import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGraphSession } from '../../src/engine/graph/session.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { prepareTraining } from '../../src/stages/prepare-training.ts';
import { epochOrder } from '../../src/stages/epoch-order.ts';
import { feedOf } from '../../src/training/feed.ts';
import { addMargins, labelMargins, rankLabels } from '../../src/training/label-margins.ts';
import { lossRow } from '../../src/training/losses.ts';
import { compileStep } from '../../src/training/run-step.ts';
import { trainingStep } from '../../src/training/step.ts';
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

const marginsOf = (loss: string, output: number[][], y: number[], classes: number): number[] =>
  engine.tf.tidy(() => [
    ...labelMargins(
      engine.tf,
      lossRow(loss),
      engine.tf.tensor2d(output),
      engine.tf.tensor1d(y, 'int32'),
      classes,
    ).dataSync(),
  ]);

const expectClose = (told: readonly number[], expected: readonly number[]) => {
  expect(told).toHaveLength(expected.length);
  told.forEach((margin, i) => expect(margin).toBeCloseTo(expected[i]!, 4));
};

test('the margin is the logit of the label less the largest of the others', () => {
  expectClose(
    marginsOf(
      'softmaxCrossEntropy',
      [
        [1, 2.5, -1],
        [1, 2.5, -1],
        [4, 4, 0],
      ],
      [1, 2, 0],
      3,
    ),
    [1.5, -3.5, 0],
  );
});

test('of probabilities it is what it is of the logits that they came from', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -4, max: 4, noNaN: true }))), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.nat(2),
      (rows, label) => {
        const shares = rows.map((row) => {
          const raised = row.map(Math.exp);
          return raised.map((one) => one / raised.reduce((sum, value) => sum + value, 0));
        });
        const y = rows.map(() => label);
        const expected = rows.map((row) => row[label]! - Math.max(...row.filter((_, k) => k !== label)));
        for (const [loss, output] of [
          ['softmaxCrossEntropy', rows],
          ['categoricalCrossentropy', shares],
        ] as const)
          expectClose(marginsOf(loss, [...output], y, 3), expected);
      },
    ),
    { numRuns: 20 },
  );
});

test('one unit stands for two classes', () => {
  const odds = Math.log(0.9 / 0.1);
  expectClose(marginsOf('binaryCrossentropy', [[0.9], [0.9], [0]], [1, 0, 1], 2), [odds, -odds, Math.log(1e-7)]);
  expectClose(marginsOf('sigmoidCrossEntropy', [[3], [3], [-1]], [1, 0, 0], 2), [3, -3, 1]);
});

test('sums are by sample, whatever order batches come in, and no single step counts for all', () => {
  const margins = [1, -2, 3, 1e30, -4, 5];
  const rows = [5, 0, 3, 1, 2, 4];
  const inOrder = [new Float32Array(7), undefined];
  addMargins(inOrder, [margins, undefined], Uint32Array.from(rows));
  const shuffled = [new Float32Array(7), undefined];
  for (const i of [4, 2, 0, 5, 1, 3]) addMargins(shuffled, [[margins[i]!], undefined], Uint32Array.of(rows[i]!));
  expect(shuffled).toEqual(inOrder);
  expect([...inOrder[0]!]).toEqual([-2, 1e4, -4, 3, 5, 1, 0]);
});

test('labels far below all and their class are suspect, and nothing is told of noise or of a rare class', () => {
  const at = (count: number, value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i));
  const usual = at(400, (i) => 10 + 3 * Math.sin(i * 12.9898));
  const all = (values: readonly number[]) => Uint32Array.from(values.keys());
  const rank = (sums: readonly number[], epochs = 5, labels = sums.map((_, i) => i % 2)) =>
    rankLabels(Float32Array.from(sums), labels, all(sums), epochs);
  expect(rank(usual).suspects).toBe(0);
  const wrong = [...usual, -40, -30, -35];
  expect(rank(wrong).suspects).toBe(3);
  expect([...rank(wrong).rows.subarray(0, 3)]).toEqual([400, 402, 401]);
  expect(rank(wrong, 2).suspects).toBe(0);
  // One alone may be merely hard.
  expect(rank([...usual, -40]).suspects).toBe(0);
  const rare = [...usual, ...at(40, (i) => -40 + Math.sin(i))];
  expect(
    rank(
      rare,
      5,
      rare.map((_, i) => Number(i >= 400)),
    ).suspects,
  ).toBe(0);
  expect(rank([1, 2, 3]).rows).toHaveLength(3);
});

async function prepared(text: string) {
  const { input, batches } = await trainingInput(engine, rig, text);
  return { input, batches, rows: epochOrder(input, 1) };
}

const text = digitsPipeline({ layers: '[flatten, dense 10]', batchSize: 25 }).replace(
  'validation: 100',
  'validation: 20',
);

test('steps tell the same margins compiled and op by op, in parts and in one, in the order of the batch', async () => {
  const { input, batches, rows } = await prepared(text);
  const all = (['compiled', 'eager'] as const).flatMap((step) =>
    [1, 2].map((towers) => {
      const { parts, trainer, dispose } = prepareTraining({ ...input, step });
      trainer.dispose();
      const own = createTrainer({ ...parts, towers }, { train: [25, 20], evaluationBatch: 20, sizes: [20] }, step);
      const told = batches.flatMap((batch, i) => Array.from(own.train(batch, 0, i).margins[0]!));
      own.dispose();
      dispose();
      return told;
    }),
  );
  expect(all[0]).toHaveLength(70);
  for (const told of all) expectClose(told, all[0]!);
  // The labels that batches carry are those of the rows that the margins are summed up by.
  const labels = input.data.dataset.train.labels(0);
  expect(batches.flatMap(({ y }) => Array.from(y[0]!))).toEqual(Array.from(rows, (row) => labels[row]));
});

test('mixed labels are not watched', async () => {
  const { input, batches } = await prepared(`${text}  augment: [mixup(1)]\n`);
  const { trainer, margins, dispose } = prepareTraining(input);
  expect([margins, trainer.train(batches[0]!, 0.01, 0).margins]).toEqual([[undefined], [undefined]]);
  dispose();
});

test('weights have the same bits whether margins are asked for or not', async () => {
  const convolutional = text.replace('[flatten, dense 10]', '[conv 3x3x4 relu, flatten, dropout 0.2, dense 10]');
  const { input, batches } = await prepared(convolutional);
  const weights = [true, false].map((asked) => {
    const { parts, model, trainer, dispose } = prepareTraining(input);
    trainer.dispose();
    const session = createGraphSession(engine, { state: [...model.variables, ...parts.optimizer.slots] });
    const step = trainingStep(parts);
    const run = compileStep(
      session,
      parts,
      {
        name: 'train',
        step: (given) => {
          const { margin0, ...rest } = step(given);
          return asked ? { ...rest, margin0: margin0! } : rest;
        },
      },
      [25, 20],
      { learningRate: { dtype: 'float32', shape: [] }, step: { dtype: 'int32', shape: [] } },
    );
    session.load();
    for (const [i, batch] of batches.entries()) {
      const told = run(batch.count)({ ...feedOf(batch, parts), learningRate: 0.01, step: i });
      expect(told['margin0']?.length).toBe(asked ? batch.count : undefined);
    }
    session.pull();
    const sha256 = model.weightsSha256();
    session.dispose();
    dispose();
    return sha256;
  });
  expect(weights[0]).toBe(weights[1]);
});
