import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { numbers } from '../engine/graph/rig.ts';
import { csvOf, textOf } from '../regression.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
const [a, b] = [1, 2].map((seed) => [...numbers(120, seed)]) as [number[], number[]];
const y = a.map((x, i) => 1e25 * (5 + x - Math.abs(b[i]!)));
const n = b.map((x) => Math.round(4 + 3 * x));
const given = {
  source: 'targets: { y: number, n: number }, features: { input: [a, b] }',
  layers:
    '[{ dense: { units: 16, activation: relu }, name: all }, { dense: { units: 1 }, name: y }, ' +
    '{ dense: { units: 1, activation: softplus }, name: n, from: all }]',
  train: 'outputs: { y: { loss: meanSquaredError }, n: { loss: poisson } }',
};

beforeAll(() => {
  rig.write('table.csv', csvOf({ a, b, y, n }));
  rig.write('numbers.yaml', textOf(given));
});
afterAll(() => rig.remove());

/** A run's artifact; of the newest run of a folder of one. */
const artifact = (runs: string, name: string) => {
  const path = readdirSync(join(rig.folder, runs), { recursive: true, encoding: 'utf8' }).find((one) =>
    one.endsWith(`artifacts/${name}`),
  );
  return readFileSync(join(rig.folder, runs, path!), 'utf8');
};
const r2In = (stdout: string) => Number(/^test_y_r2Score +(\S+)$/m.exec(stdout)![1]);

test('the plan says which numbers are standardized, and why others are not', async () => {
  const { code, stdout, stderr } = await rig.run(['plan', 'numbers.yaml']);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(
    /^numbers +y standardized for training, told in its own unit; n as it is: poisson depends on their size$/m,
  );
});

test('report and model say by what, also where the training is kept', async () => {
  const first = await rig.run(['run', 'numbers.yaml', '--runs', 'one']);
  expect(first.code, first.stderr).toBe(0);
  expect(r2In(first.stdout)).toBeGreaterThan(0.8);
  const report = artifact('one', 'report.html')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(report).toMatch(
    /Numbers to predict Target Trained on Mean Deviation y standardized 4\.\d+e\+25 \d\.\d+e\+24 n as they are: poisson depends on their size – – The loss of a standardized target is of its standardized numbers/,
  );
  const model = JSON.parse(artifact('one', 'model/model.json')) as {
    userDefinedMetadata: { targets: readonly object[] };
  };
  expect(model.userDefinedMetadata.targets).toEqual([
    {
      kind: 'number',
      name: 'y',
      shape: [1],
      standardized: [{ mean: expect.any(Number) as number, deviation: expect.any(Number) as number }],
    },
    { kind: 'number', name: 'n', shape: [1] },
  ]);
  const file = artifact('one', 'model/model.json');
  const again = await rig.run(['run', 'numbers.yaml', '--runs', 'one', '--set', 'evaluate.metrics=[r2Score]']);
  expect(again.stdout).toContain('kept from run');
  expect(r2In(again.stdout)).toBe(r2In(first.stdout));
  const files = readdirSync(join(rig.folder, 'one'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('model.json'),
  );
  expect(files).toHaveLength(2);
  for (const path of files) expect(readFileSync(join(rig.folder, 'one', path), 'utf8')).toBe(file);
}, 120_000);

test('a target that is constant is told once', async () => {
  rig.write('same.csv', csvOf({ a, b, y: a.map(() => 7), n }));
  rig.write('same.yaml', textOf(given).replace('table.csv', 'same.csv'));
  for (const command of [
    ['validate', 'same.yaml'],
    ['run', 'same.yaml', '--smoke'],
  ]) {
    const { code, stdout, stderr } = await rig.run(command);
    expect(code, stderr).toBe(0);
    expect(`${stdout}${stderr}`.match(/`y`, which is to be predicted, is the same \(7\)/g)).toHaveLength(1);
  }
}, 120_000);

test('the wasm engine learns them as well', async () => {
  const { code, stdout, stderr } = await rig.run(['run', 'numbers.yaml', '--runs', 'wasm'], {
    PIPELINE_ENGINE: 'wasm',
  });
  expect(code, stderr).toBe(0);
  expect(r2In(stdout)).toBeGreaterThan(0.8);
}, 120_000);

test('a trial has the scale of the run', async () => {
  const { code, stderr } = await rig.run(['run', 'numbers.yaml', '--runs', 'smoke', '--smoke']);
  expect(code, stderr).toBe(0);
  const of = (runs: string) =>
    (JSON.parse(artifact(runs, 'model/model.json')) as { userDefinedMetadata: { targets: readonly object[] } })
      .userDefinedMetadata.targets;
  expect(of('smoke')).toEqual(of('wasm'));
}, 60_000);

test('large numbers that are trained on as they are bring a warning, unless the net has a way to them', async () => {
  rig.write('large.csv', csvOf({ a, b, price: a.map((x) => 200_000 + 90_000 * x) }));
  const told = async (layers: string, loss: string) => {
    rig.write(
      'large.yaml',
      textOf({ source: 'targets: { price: number }', layers, train: `loss: ${loss}` }).replace(
        'table.csv',
        'large.csv',
      ),
    );
    const { code, stdout, stderr } = await rig.run(['run', 'large.yaml', '--runs', 'large', '--smoke']);
    expect(code, stderr).toBe(0);
    return /`price` is trained on as it is: (.+?)\. Its numbers are about 300,000/.exec(stdout + stderr)?.[1];
  };
  expect(await told('[dense 1 relu]', 'meanSquaredError')).toBe('`dense_1` gives values of 0 or more (relu)');
  expect(await told('[dense 1]', 'meanAbsolutePercentageError')).toMatch(/depends on their size/);
  for (const layers of [
    '[dense 1]',
    '[dense 1 relu, { rescaling: { scale: 100000 } }]',
    '[dense 1 relu bias=constant(200000)]',
  ])
    expect(await told(layers, 'meanSquaredError'), layers).toBeUndefined();
}, 120_000);
