import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits());
afterAll(() => rig.remove());

const tag = (store: string, name: string) => {
  const experiment = readdirSync(join(rig.folder, store)).find((one) => one !== '0')!;
  const run = readdirSync(join(rig.folder, store, experiment)).find((one) => /^[0-9a-f]{32}$/.test(one))!;
  return readFileSync(join(rig.folder, store, experiment, run, 'tags', name), 'utf8');
};
const summaries = (stdout: string) =>
  eventsOf(stdout)
    .filter(({ type }) => type === 'stage-finished')
    .map(({ stage, summary }) => [stage, summary]);

describe('--smoke', () => {
  test('takes one batch through every stage', async () => {
    rig.write('digits.yaml', digitsPipeline({ epochs: 50, figures: true }));
    const { code, stdout, stderr } = await rig.run(['run', 'digits.yaml', '--smoke', '--json', '--runs', 'smoke']);
    expect([code, stderr]).toEqual([0, '']);
    const [load, train, evaluate, visualize] = summaries(stdout);
    expect(load).toEqual(['load', 'idx: 64 training, 64 validation, 64 test samples']);
    expect(train![1]).toMatch(/^1 epoch, /);
    expect([evaluate![0], visualize![0]]).toEqual(['evaluate', 'visualize']);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'run-finished', status: 'FINISHED' });
    expect(tag('smoke', 'pipeline.trial')).toBe('smoke');
  });
});

describe('--overfit', () => {
  test('trains until the samples are learnt by heart, then stops', async () => {
    rig.write('dense.yaml', digitsPipeline({ layers: '[flatten, dense 32 relu, dense 10]' }));
    const { code, stdout } = await rig.run(['run', 'dense.yaml', '--overfit', '10', '--json', '--runs', 'learnt']);
    expect(code).toBe(0);
    expect(summaries(stdout)[0]).toEqual(['load', 'idx: 10 training, 0 validation, 10 test samples']);
    const epochs = eventsOf(stdout).filter(({ type }) => type === 'epoch-finished');
    expect(epochs.length).toBeLessThan(500);
    const losses = epochs.map(({ metrics }) => (metrics as { loss: number }).loss);
    expect(losses.at(-1)).toBeLessThanOrEqual(0.01);
    expect(losses.slice(0, -1).every((loss) => loss > 0.01)).toBe(true);
    expect((eventsOf(stdout).at(-1)!['metrics'] as Record<string, number>)['test_accuracy']).toBe(1);
  });

  test('takes numbers near each other among far ones for no more learnt than others', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${(i * 37) % 11},${i === 50 ? 1e9 : (i * i * 7919) % 1009}\n`);
    rig.write('far.csv', `a,y\n${rows.join('')}`);
    rig.write(
      'far.yaml',
      'name: far\nseed: 1\ndata: { source: { csv: { file: far.csv, targets: { y: number } } } }\n' +
        'model: { layers: [dense 1] }\n' +
        'train: { optimizer: { adam: { learningRate: 0.05 } }, loss: meanSquaredError, batchSize: 10, epochs: 1 }\n',
    );
    const { code, stderr } = await rig.run(['run', 'far.yaml', '--overfit', '10', '--runs', 'far']);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/error not-overfitted: after 500 epochs the loss on 10 samples is still \d/);
  });

  test('says so when the model cannot learn them', async () => {
    const { code, stderr } = await rig.run([
      'run',
      'dense.yaml',
      '--overfit',
      '10',
      '--runs',
      'missed',
      '--set',
      'train.optimizer={ sgd: { learningRate: 1.0e-9 } }',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error not-overfitted: after 500 epochs the loss on 10 samples is still \d/);
    expect(stderr).not.toContain('    at ');
  });

  test.each([['0'], ['-3'], ['ten'], ['1.5']])('refuses %s', async (count) => {
    const { code, stderr } = await rig.run(['run', 'dense.yaml', `--overfit=${count}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('whole number');
  });

  test('is not smoke', async () => {
    expect((await rig.run(['run', 'dense.yaml', '--overfit', '3', '--smoke'])).code).toBe(2);
  });
});

test('--set is recorded: the tag as written, the resolved file with the value', async () => {
  const { code } = await rig.run([
    'run',
    'dense.yaml',
    '--smoke',
    '--runs',
    'set',
    '--set',
    'seed=99',
    '--set',
    'train.optimizer.adam.learningRate=0.25',
  ]);
  expect(code).toBe(0);
  expect(tag('set', 'pipeline.set')).toBe('seed=99\ntrain.optimizer.adam.learningRate=0.25');
  const experiment = readdirSync(join(rig.folder, 'set')).find((one) => one !== '0')!;
  const run = readdirSync(join(rig.folder, 'set', experiment)).find((one) => /^[0-9a-f]{32}$/.test(one))!;
  const resolved = readFileSync(join(rig.folder, 'set', experiment, run, 'artifacts/config/resolved.yaml'), 'utf8');
  expect(resolved).toContain('seed: 99');
  expect(resolved).toContain('learningRate: 0.25');
});
