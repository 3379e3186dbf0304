import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { afterAll, expect, test } from 'vitest';
import { sweepSchemaText } from '../../src/commands/schema.ts';
import { checkSweepFile } from '../../src/sweeps/check-sweep.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const root = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
rig.write('a/net.yaml', readFileSync(root('test/fixtures/invalid-sweeps/base/net.yaml')));

const whole = `sweep: ./a/net.yaml
seed: 7
goal: minimize val_loss
space:
  train.optimizer.adam.learningRate: log 1e-5..1e-1
  train.batchSize: [50, 100]
  model.layers[0].conv2d.filters: int 16..128 step 16
  model.layers[1]: [relu, { leakyReLU: { alpha: 0.1 } }]
  train.metrics: [null, [top5]]
  train.ema.decay: 0.9..0.99
search: tpe
trials: 60
asha: { factor: 2 }
failures: 10
parallel: 2
budget: { time: 2h }
on: { ray: { url: "http://head:8265" }, cpu: 2, memory: 4Gi }
`.replace('  train.metrics: [null, [top5]]\n', '');

test('all that a sweep says', async () => {
  rig.write('whole.yaml', whole);
  const { sweep, base, warnings } = await checkSweepFile(`${rig.folder}/whole.yaml`);
  expect(warnings).toEqual([]);
  expect(base.pipeline.name).toBe('net');
  const { space, ...rest } = sweep;
  expect(rest).toEqual({
    name: 'whole',
    seed: 7,
    goal: { direction: 'minimize', metric: 'val_loss' },
    search: 'tpe',
    trials: 60,
    asha: { from: 1, factor: 2 },
    failures: 10,
    parallel: 2,
    budget: { time: '2h' },
    on: { type: 'ray', options: { url: 'http://head:8265', cpu: 2, memory: '4Gi' } },
  });
  expect(space.map(({ path, distribution }) => [path, distribution])).toEqual([
    ['train.optimizer.adam.learningRate', { kind: 'float', low: 1e-5, high: 0.1, log: true }],
    ['train.batchSize', { kind: 'choice', choices: [50, 100] }],
    ['model.layers[0].conv2d.filters', { kind: 'int', low: 16, high: 128, step: 16, log: false }],
    ['model.layers[1]', { kind: 'choice', choices: ['relu', { leakyReLU: { alpha: 0.1 } }] }],
    ['train.ema.decay', { kind: 'float', low: 0.9, high: 0.99, log: false }],
  ]);
});

test('a grid has all its points, and what is left out its defaults', async () => {
  rig.write(
    'grid.yaml',
    'sweep: a/net.yaml\ngoal: maximize val_accuracy\n' +
      'space: { train.batchSize: int 10..50 step 10, train.epochs: [2, 3] }\nsearch: grid\n',
  );
  const { sweep } = await checkSweepFile(`${rig.folder}/grid.yaml`);
  expect(sweep).toMatchObject({ seed: 42, trials: 10, failures: 10, parallel: 1, on: { type: 'local', options: {} } });
});

const accepts = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(sweepSchemaText()));

test('the schema for editors is fresh (npm run schema writes it), and takes and refuses what the check does', () => {
  expect(readFileSync(root('schemas/sweep.schema.json'), 'utf8') === sweepSchemaText()).toBe(true);
  for (const file of ['pipelines/mnist-sweep.yaml', 'test/fixtures/invalid-sweeps/goal-test.yaml'])
    expect(accepts(parse(readFileSync(root(file), 'utf8'))), file).toBe(true);
  expect(accepts(parse(whole))).toBe(true);
  for (const name of ['keys-unknown', 'on-unknown', 'on-options', 'asha-factor', 'range-words', 'search-unknown'])
    expect(accepts(parse(readFileSync(root(`test/fixtures/invalid-sweeps/${name}.yaml`), 'utf8'))), name).toBe(false);
  expect(accepts({ sweep: 'a.yaml', goal: 'minimize val_loss' })).toBe(false);
});

test('init writes a sweep of the pipeline beside it, which validate takes and run names', async () => {
  const none = await rig.run(['init', 'sweep']);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('There is no pipeline file in . to be swept.')]);
  const { code, stdout } = await rig.run(['init', 'sweep', 'a/sweep.yaml']);
  expect([code, stdout]).toEqual([0, 'wrote a/sweep.yaml\nnext: npx pipeline sweep a/sweep.yaml\n']);
  expect((await rig.run(['validate', 'a/sweep.yaml'])).stdout).toMatch(/^ok a\/sweep\.yaml\n/);
  const run = await rig.run(['run', 'a/sweep.yaml']);
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('`npx pipeline sweep a/sweep.yaml` runs it')]);
  rig.write('a/sweep.yaml', rig.read('a/sweep.yaml').replace('log 1e-4..1e-2', 'log 0..1e-2'));
  const wrong = await rig.run(['validate', 'a/sweep.yaml']);
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/^a\/sweep\.yaml:\d+:\d+ error bad-distribution: The log/),
  ]);
});
