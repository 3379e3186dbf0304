import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { paramsOf } from '../../src/run/written-params.ts';
import { type Trial, forTrial } from '../../src/run/trial.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const rows = Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 11},${3 * i + 1}`);
rig.write('d.csv', `a,b,y\n${rows.join('\n')}\n`);
rig.write('e.csv', `a,b,y,z\n${rows.map((row, i) => `${row},${i % 2}`).join('\n')}\n`);

const text = `name: lines
seed: 1
data:
  source: { csv: { file: d.csv, targets: { y: number }, test: 0.25 } }
  split: { validation: 0.2 }
model: { layers: [dense 4 relu, dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 2 }
`;
const usual = {
  seed: '1',
  'data.source': 'csv',
  'data.file': 'd.csv',
  'data.targets': '{"y":"number"}',
  'data.test': '0.25',
  'data.split.validation': '0.2',
  optimizer: 'adam',
  learningRate: '0.001',
  loss: 'meanSquaredError',
  batchSize: '4',
  epochs: '2',
  layers: '2',
  parameters: '17',
  'model.dense_1': 'dense',
  'model.dense_1.units': '4',
  'model.dense_1.activation': 'relu',
  'model.dense_2': 'dense',
  'model.dense_2.units': '1',
};

function params(settings: readonly string[] = [], trial?: Trial, of = text) {
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'p.yaml'), text: of }, settings);
  if (checked === undefined) throw new Error(JSON.stringify(diagnostics));
  return paramsOf(trial === undefined ? checked : forTrial(checked, trial));
}

test("the params of a run are what was set, the data's options among it, and the few that always tell", () => {
  expect(params()).toEqual(usual);
});

test.each([
  // What is set to its default is set all the same.
  ['data.source.csv.standardize=true', { 'data.standardize': 'true' }],
  ['data.split.stratified=true', { 'data.split.stratified': 'true' }],
  ['train.optimizer.adam.beta1=0.8', { beta1: '0.8' }],
  ['train.optimizer=sgd(0.1)', { optimizer: 'sgd', learningRate: '0.1' }],
  ['model.layers[1].dense.kernelInitializer=zeros', { 'model.dense_2.kernelInitializer.zeros': '{}' }],
  ['train.loss={ huberLoss: { delta: 2 } }', { loss: 'huberLoss', 'loss.delta': '2' }],
  ['train.earlyStopping={ patience: 3 }', { 'earlyStopping.patience': '3' }],
  ['train.schedule={ cosine: { warmUp: 1 } }', { schedule: 'cosine', 'schedule.warmUp': '1' }],
  ['train.clipNorm=5', { clipNorm: '5' }],
  ['budget={ time: 1h }', { 'budget.time': '1h' }],
  // It may be another when a run goes on, and a param may not.
  ['train.checkpoint.keep=3', {}],
])('with %s', (setting, more) => {
  expect(params([setting])).toEqual({ ...usual, ...more });
});

test('of several outputs each has its own', () => {
  const several = text
    .replace('d.csv', 'e.csv')
    .replace('y: number }', "y: number, z: ['0', '1'] }")
    .replace(
      '[dense 4 relu, dense 1]',
      '[dense 4 relu, { dense: { units: 1 }, name: y }, { dense: { units: 2 }, name: z, from: dense_1 }]',
    )
    .replace(
      'loss: meanSquaredError',
      'outputs: { y: { loss: meanSquaredError, weight: 0.5 }, z: { loss: softmaxCrossEntropy, ' +
        'classWeights: balanced } }',
    );
  expect(params([], undefined, several)).toMatchObject({
    'outputs.y.loss': 'meanSquaredError',
    'outputs.y.weight': '0.5',
    'outputs.z.loss': 'softmaxCrossEntropy',
    'outputs.z.classWeights': 'balanced',
  });
});

test('those of a trial are what it trained with', () => {
  expect(
    params(['train.earlyStopping={ patience: 3 }', 'train.schedule=cosine'], { kind: 'overfit', samples: 2 }),
  ).toEqual({ ...usual, batchSize: '2', epochs: '500' });
  expect(params([], { kind: 'smoke' })).toEqual({ ...usual, epochs: '1' });
});
