import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(400, 200));
afterAll(() => rig.remove());

const options = `  clipNorm: 5
  schedule: { cosine: { warmUp: 1 } }
  ema: { decay: 0.9 }
  classWeights: { '3': 2 }
  earlyStopping: { monitor: val_accuracy, patience: 1, minDelta: 1 }
evaluate: { metrics: [accuracy, topK(3), auc] }
`;

test('a run with every option is compiled, says when it stopped, and records options, rates and metrics', async () => {
  rig.write('digits.yaml', `${digitsPipeline({ epochs: 9, train: 'adamW' })}${options}`);
  const { code, stdout, stderr } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'runs']);
  expect([code, stderr]).toEqual([0, '']);
  const events = eventsOf(stdout);
  // No epoch can be better than the first by 1, so the second is the last.
  expect(events.filter(({ type }) => type === 'epoch-finished')).toHaveLength(2);
  expect(events.find(({ type, stage }) => type === 'stage-finished' && stage === 'train')!['summary']).toMatch(
    /^2 epochs \(best: 1\)/,
  );
  const last = events.at(-1)!;
  expect(last).toMatchObject({ status: 'FINISHED', step: 'compiled' });
  const first = events.find(({ type }) => type === 'epoch-finished')!['metrics'] as Record<string, number>;
  expect(last['metrics']).toEqual({
    ...first,
    test_loss: expect.any(Number),
    test_accuracy: expect.any(Number),
    test_accuracy_ci_low: expect.any(Number),
    test_accuracy_ci_high: expect.any(Number),
    test_top3: expect.any(Number),
    test_auc: expect.any(Number),
  });

  const runs = readdirSync(join(rig.folder, 'runs')).find((name) => name !== '0' && !name.startsWith('.'));
  const run = readdirSync(join(rig.folder, 'runs', runs!)).find((name) => /^[0-9a-f]{32}$/.test(name))!;
  const read = (path: string) => readFileSync(join(rig.folder, 'runs', runs!, run, path), 'utf8').trim();
  const params = {
    optimizer: 'adamW',
    clipNorm: '5',
    schedule: 'cosine',
    'schedule.warmUp': '1',
    'ema.decay': '0.9',
    'classWeights.3': '2',
    'earlyStopping.monitor': 'val_accuracy',
  };
  for (const [name, value] of Object.entries(params)) expect(read(`params/${name}`), name).toBe(value);
  expect(read('metrics/learning_rate').split('\n')).toHaveLength(2);
  expect(read('metrics/test_top3')).toMatch(/^\d+ [\d.]+ 0$/);
}, 60_000);

test('whatever the evaluate stage measures can be waited for, measured on the validation samples', async () => {
  const waiting = `  earlyStopping: { monitor: val_f1, patience: 9 }
  schedule: { reduceOnPlateau: { monitor: val_logLoss } }
`;
  rig.write('waiting.yaml', `${digitsPipeline({ epochs: 2 })}${waiting}`);
  const { code, stdout, stderr } = await rig.run(['run', 'waiting.yaml', '--json', '--runs', 'waiting']);
  expect([code, stderr]).toEqual([0, '']);
  const epochs = eventsOf(stdout)
    .filter(({ type }) => type === 'epoch-finished')
    .map(({ metrics }) => metrics as Record<string, number>);
  expect(Object.keys(epochs[0]!)).toEqual([
    'loss',
    'accuracy',
    'val_loss',
    'val_accuracy',
    'val_f1',
    'val_logLoss',
    'learning_rate',
  ]);
  // The loss of training is that of the class's probability too.
  for (const { val_loss: loss, val_logLoss: logLoss, val_f1: f1 } of epochs) {
    expect(logLoss).toBeCloseTo(loss!, 4);
    expect(f1).toBeGreaterThan(0);
  }
}, 60_000);

test('so can what it measures of one of several outputs', async () => {
  rig.write('penguins.csv', readFileSync('pipelines/data/penguins.csv'));
  rig.write(
    'several.yaml',
    `name: penguins
data:
  source: { csv: { file: penguins.csv, targets: { species: [Adelie, Chinstrap, Gentoo], body_mass_g: number }, \
features: { input: [bill_length_mm, flipper_length_mm] } } }
  split: { validation: 0.2 }
model:
  layers:
    - { dense: { units: 8 }, name: both }
    - { dense: { units: 3 }, name: species, from: both }
    - { dense: { units: 1 }, name: body_mass_g, from: both }
train:
  optimizer: adam
  outputs: { species: { loss: softmaxCrossEntropy }, body_mass_g: { loss: meanSquaredError } }
  epochs: 3
  earlyStopping: { monitor: val_species_logLoss, patience: 9 }
  schedule: { reduceOnPlateau: { monitor: val_body_mass_g_rootMeanSquaredError } }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'several.yaml', '--json', '--runs', 'several']);
  expect([code, stderr]).toEqual([0, '']);
  const epochs = eventsOf(stdout)
    .filter(({ type }) => type === 'epoch-finished')
    .map(({ metrics }) => metrics as Record<string, number>);
  expect(epochs).toHaveLength(3);
  const model = readdirSync(join(rig.folder, 'several'), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('model.json'),
  );
  const { targets } = (
    JSON.parse(readFileSync(join(rig.folder, 'several', model!), 'utf8')) as {
      userDefinedMetadata: {
        targets: readonly { readonly standardized?: readonly { readonly deviation: number }[] }[];
      };
    }
  ).userDefinedMetadata;
  const { deviation } = targets[1]!.standardized![0]!;
  for (const metrics of epochs) {
    expect(metrics['val_species_logLoss']).toBeCloseTo(metrics['val_species_loss']!, 4);
    // The loss alone is of standardized numbers.
    const error = metrics['val_body_mass_g_rootMeanSquaredError']! / deviation;
    expect(error ** 2 / metrics['val_body_mass_g_loss']!).toBeCloseTo(1, 4);
  }
}, 60_000);

test('masked sequences train without a word of TensorFlow on the terminal', async () => {
  rig.write('fox.txt', 'the quick brown fox jumps over the lazy dog. '.repeat(100));
  rig.write(
    'masked.yaml',
    `name: masked
data: { source: { text: { file: fox.txt, steps: 20 } } }
model:
  layers:
    - { embedding: { inputDim: 28, outputDim: 8, maskZero: true }, from: input, name: one }
    - { embedding: { inputDim: 28, outputDim: 8, maskZero: true }, from: input, name: other }
    - { add: {}, from: [one, other] }
    - { lstm: { units: 8, returnSequences: true } }
    - dense 28
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'masked.yaml', '--smoke']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('step: compiled');
}, 60_000);
