import { afterAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { Rig } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const table = (columns: string, rows: readonly (readonly (number | string)[])[]) =>
  [columns, ...rows.map((row) => row.join(','))].join('\n');

async function eventsOf(text: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  await runHere(rig, text, (event) => events.push(event));
  return events;
}
const endOf = (events: readonly RunEvent[]) => events.find((event) => event.type === 'run-finished')!;

// Probabilities of the first class round to 1, or those of the second do: the ranks of the outputs tell them apart.
const far = [-24, -23.5, -23, -22.5, -22, -21.5, -21, -20.5, -20, -19.5];
const rows = far.map((z, i) => [z, i < 5 ? 'no' : 'yes'] as const);

test.each([
  ['one logit', 'dense: { units: 1, kernelInitializer: ones }', 'sigmoidCrossEntropy', 1],
  ['one logit on the other side', 'dense: { units: 1, kernelInitializer: ones }', 'sigmoidCrossEntropy', -1],
  ['a linear output, far outside of 0 to 1', 'dense: { units: 1, kernelInitializer: ones }', 'meanSquaredError', 1],
  ['scores', 'dense: { units: 1, kernelInitializer: ones }', 'hinge', 1],
])('auc of %s is of its ranks', async (_, layer, loss, sign) => {
  const text = table(
    'z,k',
    rows.map(([z, k]) => [sign * z, k]),
  );
  rig.write('train.csv', text);
  rig.write('test.csv', text);
  const events = await eventsOf(`
name: far
seed: 1
data: { source: { csv: { file: train.csv, test: test.csv, standardize: false, targets: { k: ['no', 'yes'] } } } }
model: { layers: [${layer}] }
train: { optimizer: sgd(1.0e-30), loss: ${loss}, batchSize: 10, epochs: 1, step: eager }
evaluate: { metrics: [auc] }
`);
  // sklearn.metrics.roc_auc_score([0] * 5 + [1] * 5, z): 1; of -z: 0.
  expect(endOf(events).metrics['test_auc']).toBe(sign === 1 ? 1 : 0);
});

const waiting = (waits: string, metrics = '') => `
name: nan
seed: 1
data: { source: { csv: { file: d.csv, targets: { k: ['no', 'yes'] } } }, split: { validation: 4 } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: sigmoidCrossEntropy, batchSize: 8, epochs: 5, step: eager, ${waits} }
${metrics}`;

test.each([
  ['early stopping', 'earlyStopping: { monitor: val_auc, patience: 1 }'],
  ['a schedule', 'schedule: { reduceOnPlateau: { monitor: val_auc, patience: 1 } }'],
  [
    'both',
    'earlyStopping: { monitor: val_auc, patience: 1 }, ' +
      'schedule: { reduceOnPlateau: { monitor: val_auc, patience: 1 } }',
  ],
])('%s that waits for what is NaN is told so, once, and why; it changes nothing', async (_, waits) => {
  rig.write(
    'd.csv',
    table(
      'a,b,k',
      Array.from({ length: 20 }, (__, i) => [i % 7, (i * i) % 5, 'no']),
    ),
  );
  const events = await eventsOf(waiting(waits));
  const epochs = events.flatMap((event) => (event.type === 'epoch-finished' ? [event.metrics] : []));
  expect(epochs.map((metrics) => metrics['val_auc'])).toEqual(Array.from({ length: 5 }, () => Number.NaN));
  expect(new Set(epochs.map((metrics) => metrics['learning_rate'])).size).toBe(1);
  const told = events.flatMap((event) =>
    event.type === 'diagnostic' && event.diagnostic.code === 'monitor-is-nan' ? [event.diagnostic] : [],
  );
  expect(told).toEqual([
    {
      code: 'monitor-is-nan',
      severity: 'warning',
      message:
        'val_auc is NaN after epoch 1: all validation samples are of the class `no`; ' +
        'epochs without a value are passed over, neither better nor worse',
      hint: 'Give validation samples of each class: raise `data.split.validation`, or monitor val_loss.',
    },
  ]);
});

test('f1 of two classes is that of the second; of any by its name; a class nowhere counts in no mean', async () => {
  const same = [
    [1, 'no'],
    [1, 'no'],
    [1, 'yes'],
    [-1, 'no'],
    [-1, 'yes'],
    [1, 'no'],
  ] as const;
  rig.write('train.csv', table('z,k', same));
  rig.write('test.csv', table('z,k', same));
  const metrics =
    'evaluate: { metrics: [f1, { f1: { of: "no" } }, { recall: { of: "yes" } }, { f1: { mean: macro } }, ' +
    '{ precision: { mean: weighted } }] }';
  const file = (classes: string, units: number) => `
name: two
seed: 1
data: { source: { csv: { file: train.csv, test: test.csv, standardize: false, targets: { k: [${classes}] } } } }
model: { layers: [dense: { units: ${units}, kernelInitializer: ${units === 1 ? 'ones' : 'zeros'} }] }
train: { optimizer: sgd(1.0e-30), loss: ${units === 1 ? 'sigmoidCrossEntropy' : 'softmaxCrossEntropy'}, \
batchSize: 10, epochs: 1, step: eager }
${metrics}
`;
  // sklearn.metrics.f1_score and the others of [0,0,1,0,1,0] and of what z > 0 predicts, [1,1,1,0,0,1].
  const { metrics: two } = endOf(await eventsOf(file("'no', 'yes'", 1)));
  expect(Object.fromEntries(Object.entries(two).filter(([name]) => /f1|recall|precision/.test(name)))).toEqual({
    test_f1: expect.closeTo(1 / 3, 12),
    test_f1_no: expect.closeTo(1 / 3, 12),
    test_recall_yes: 0.5,
    test_f1_macro: expect.closeTo(1 / 3, 12),
    test_precision_weighted: expect.closeTo((4 * 0.5 + 2 * 0.25) / 6, 12),
  });
  // All equal: the first is predicted, [0,0,0,0,0,0]; `maybe` is nowhere.
  const { metrics: three } = endOf(await eventsOf(file("'no', 'yes', maybe", 3)));
  expect(three['test_f1']).toBeCloseTo((0.8 + 0) / 2, 12);
});
