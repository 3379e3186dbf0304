import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingState } from '../../src/stages/training-state.ts';
import { evaluationForm } from '../../src/base/results.ts';
import type { RunEvent } from '../../src/base/events.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { evaluate } from '../../src/stages/evaluate.ts';
import { load } from '../../src/stages/load.ts';
import { train } from '../../src/stages/train.ts';
import { Rig } from '../rig.ts';
import { takeRows } from '../take-all.ts';
import { runHere } from '../training/run-file.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  // Spaces are characters of index 0.
  rig.write('t.txt', Array.from({ length: 400 }, (_, i) => ['ab', 'cba', 'b', 'aac'][((i * i) % 7) % 4]).join(' '));
  engine = await loadEngine();
});
afterAll(() => rig.remove());

const text = `name: t
seed: 1
data: { source: { text: { file: t.txt, steps: 5 } }, split: { validation: 30 } }
model: { layers: [{ embedding: { inputDim: 4, outputDim: 5, maskZero: true } }, lstm 6 sequences, dense 4] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 2 }
evaluate: { metrics: [accuracy, balancedAccuracy, f1, cohenKappa, topK(2), auc, logLoss] }
`;

async function trained(folder: string) {
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 't.yaml'), text }).checked!;
  const data = await load({ ...pipeline.data, seed: 1, folder: rig.folder });
  const checkpoints = new CheckpointFolder<TrainingState>(join(rig.folder, folder), { everySteps: 1, keep: 100 }, () =>
    expect.unreachable(),
  );
  const { signal } = new AbortController();
  const events: RunEvent[] = [];
  const done = await train({
    engine,
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    checkpoints,
    wanted: ['probabilities', 'ranks'],
    seed: 1,
    emit: (event) => events.push(event),
    signal,
  });
  const evaluation = await evaluate({
    evaluator: done.evaluator,
    dataset: data.dataset,
    metrics: pipeline.evaluate.metrics!,
    signal,
  });
  done.dispose();
  return { ...done, data, evaluation, resumed: events.some(({ type }) => type === 'training-resumed') };
}

test('of a text, what is masked is in no number of the evaluation', async () => {
  const {
    evaluation,
    history,
    data: {
      dataset: { test: tested },
    },
  } = await trained('whole');
  const {
    x: [given],
  } = await takeRows(tested);
  const [result] = evaluation.outputs as Extract<(typeof evaluation.outputs)[number], { kind: 'class' }>[];
  const there = given!.map((index) => Number(index !== 0));
  const count = there.filter((one) => one === 1).length;
  expect(count).toBeLessThan(there.length);
  expect([...result!.there!]).toEqual([...there]);
  expect(result!.confusion!.flat().reduce((all, one) => all + one)).toBe(count);
  expect(result!.perClass.reduce((all, { support }) => all + support, 0)).toBe(count);
  const right = result!.actual.filter((label, i) => there[i] === 1 && label === result!.predicted[i]).length;
  expect(evaluation.metrics['test_accuracy']).toBeCloseTo(right / count, 10);
  // Two ways to one number: the loss in the graph, the metric from probabilities.
  expect(evaluation.metrics['test_logLoss']).toBeCloseTo(evaluation.metrics['test_loss']!, 5);
  expect(history.at(-1)!['accuracy']).toBeGreaterThan(history[0]!['accuracy']!);
  expect(evaluationForm(evaluation)).toBeUndefined();
  expect(evaluationForm({ ...evaluation, outputs: [{ ...result!, there: result!.there!.subarray(1) }] })).toMatch(
    /^outputs\.0/,
  );
});

test('a training under a mask goes on from the middle of an epoch to the same bits', async () => {
  const { weightsSha256, history } = await trained('from');
  const files = readdirSync(join(rig.folder, 'from')).toSorted();
  const middle = files[Math.floor(files.length / 4)]!;
  mkdirSync(join(rig.folder, 'on'));
  copyFileSync(join(rig.folder, 'from', middle), join(rig.folder, 'on', middle));
  const again = await trained('on');
  expect(again).toMatchObject({ weightsSha256, history, resumed: true });
});

test('where no sample of the test is there, the loss is 0 as in Keras, and of nothing there is no score', async () => {
  const rows = Array.from({ length: 24 }, (_, i) => `${i % 4},${i % 3},${i % 2 === 0 ? 'no' : 'yes'}`).join('\n');
  rig.write('train.csv', `a,b,k\n${rows}\n`);
  rig.write('test.csv', 'a,b,k\n0,0,no\n0,0,yes\n');
  const run = await runHere(
    rig,
    `name: nothing
seed: 1
data: { source: { csv: { file: train.csv, test: test.csv, standardize: false, \
targets: { k: ['no', 'yes'] } } }, split: { validation: 4 } }
model: { layers: [masking, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 8, epochs: 2 }
evaluate: { metrics: [accuracy, balancedAccuracy, f1, cohenKappa, auc, logLoss] }
visualize: { figures: [] }
`,
  );
  expect(run.error).toBeUndefined();
  expect(run.metrics).toMatchObject({ test_loss: 0, test_accuracy: Number.NaN, test_auc: Number.NaN });
});

test.each([
  [[], 1],
  [['training'], 1],
  [['validation'], 1],
  [['test'], 1],
  [['training', 'validation', 'test'], 1],
  [[], 2],
  [['training', 'validation', 'test'], 2],
])(
  'that nothing of %j is there is told once for each, of the output that it holds for (%d outputs)',
  async (masked, outputs) => {
    const rows = (part: string, count: number) =>
      Array.from(
        { length: count },
        (_, i) => `${masked.includes(part) ? '0,0' : `${i % 4},${1 + (i % 3)}`},${i % 2 === 0 ? 'no' : 'yes'},${i % 5}`,
      );
    rig.write('train.csv', `a,b,k,y\n${[...rows('training', 20), ...rows('validation', 4)].join('\n')}\n`);
    rig.write('test.csv', `a,b,k,y\n${rows('test', 4).join('\n')}\n`);
    const told: string[] = [];
    const run = await runHere(
      rig,
      `name: nothing
seed: 1
data: { source: { csv: { file: train.csv, test: test.csv, standardize: false, \
features: { input: [a, b] }, targets: { k: ['no', 'yes']${outputs === 1 ? '' : ', y: number'} } } }, \
split: { validation: 4, order: time } }
model: { layers: [masking, { dense: { units: 2 }, name: k }\
${outputs === 1 ? '' : ', { dense: { units: 1 }, name: y, from: input }'}] }
train: { optimizer: adam, batchSize: 8, epochs: 2, \
outputs: { k: { loss: softmaxCrossEntropy }${outputs === 1 ? '' : ', y: { loss: meanSquaredError }'} } }
visualize: { figures: [] }
`,
      (event) => {
        if (event.type === 'diagnostic' && event.diagnostic.code === 'all-masked') told.push(event.diagnostic.message);
      },
    );
    expect(run.error).toBeUndefined();
    expect(told).toEqual(
      masked.map(
        (part) =>
          `masks leave out all of \`k\` in the ${part} samples: ` +
          'its loss there is 0, and its other numbers are none (NaN)',
      ),
    );
  },
);
