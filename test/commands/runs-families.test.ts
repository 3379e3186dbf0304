import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';
import { plantRun } from './plant-run.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const id = (beginning: string) => beginning.padEnd(32, '0');
const [single, sweep, repeated, measured, orphan] = ['1', '2', '3', '4', '5'].map(id) as [
  string,
  string,
  string,
  string,
  string,
];
const trials = [0, 1, 2].map((k) => id(`2${k + 1}`));
const folds = [0, 1].map((k) => id(`3${k + 1}`));

beforeAll(() => {
  for (const file of ['p.yaml', 's.yaml', 'q.yaml']) rig.write(file, '');
  plantRun(rig, single, { minutes: 1, metrics: { val_loss: [0.4], loss: [1] }, params: { units: '8', loss: 'mse' } });
  plantRun(rig, sweep, {
    name: 's',
    minutes: 2,
    tags: { 'mlflow.source.name': 's.yaml', 'layerline.sweep': 'aa' },
    params: { goal: 'minimize val_loss', search: 'random' },
    metrics: { best_val_loss: [0.3, 0.2] },
  });
  trials.forEach((trial, k) =>
    plantRun(rig, trial, {
      minutes: 3 + k,
      name: `s-${k + 1}`,
      // One that a server has names its parent otherwise.
      tags: { 'layerline.sweep': 'aa', 'layerline.trial': String(k + 1), 'mlflow.parentRunId': id('9') },
      metrics: { test_accuracy: [0.9], val_loss: [0.5 - k / 10] },
      params: { units: String(8 + k), 'model.layers.0.units': String(8 + k), loss: k === 0 ? 'mse' : 'mae' },
    }),
  );
  const repetitions = { 'mlflow.source.name': 'q.yaml', 'pipeline.layerline': '', 'pipeline.repetitions': '2 folds' };
  plantRun(rig, repeated, {
    name: 'q',
    minutes: 10,
    tags: repetitions,
    metrics: { val_loss_mean: [0.35], val_loss_std: [0.1], val_loss_ci_low: [0.1], val_loss_ci_high: [0.6] },
  });
  folds.forEach((fold, k) =>
    plantRun(rig, fold, {
      minutes: 11 + k,
      tags: { 'mlflow.source.name': 'q.yaml', 'mlflow.parentRunId': repeated },
      metrics: { val_loss: [0.3 + k / 10] },
    }),
  );
  plantRun(rig, measured, { minutes: 20, tags: { 'pipeline.evaluates': single, 'mlflow.parentRunId': single } });
  plantRun(rig, orphan, { minutes: 21, tags: { 'layerline.sweep': 'bb', 'layerline.trial': '1' } });
});

const runs = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await rig.run(['runs', ...args]);
  expect(code, stderr).toBe(0);
  return { stderr, lines: stdout.trimEnd().split('\n'), stdout };
};
const ids = (lines: readonly string[]) => lines.slice(1).map((line) => line.split(' ')[0]);
const short = (...of: readonly string[]) => of.map((run) => run.slice(0, 8));

test('a sweep is one line with its best value, folds one with their mean', async () => {
  const { lines } = await runs();
  expect(ids(lines)).toEqual(short(orphan, measured, repeated, sweep, single));
  expect(lines[0]!.split(/ {2,}/)).toEqual([
    'run',
    'name',
    'state',
    'started',
    'duration',
    'val_loss',
    'loss',
    'units',
  ]);
  expect(lines[3]).toMatch(/ q \(2 runs\) .* 0\.3500$/);
  expect(lines[4]).toMatch(/ s \(3 trials\) .* 0\.2000$/);
});

test('--all has the trials below their sweep, in order; also sorted; each value is told once', async () => {
  const { lines } = await runs('--all', 's.yaml');
  expect(lines).toEqual((await runs('s.yaml')).lines);
  expect(ids(lines)).toEqual(short(sweep, ...trials));
  expect(lines[0]!.split(/ {2,}/).slice(5)).toEqual(['val_loss', 'test_accuracy', 'loss', 'units']);
  expect(lines[2]).toMatch(/^21000000 {4}s-1 /);
  const sorted = await runs('--all', '--sort', 'val_loss');
  expect(ids(sorted.lines)).toEqual(short(sweep, ...trials.toReversed(), repeated, ...folds, single, orphan, measured));
});

test('the sweep of a pipeline file is a line among its runs; JSON has all of them, each with its parent', async () => {
  expect(ids((await runs('p.yaml')).lines)).toEqual(short(orphan, measured, sweep, single));
  const { runs: listed, count } = JSON.parse((await runs('--json')).stdout) as {
    runs: { runId: string; parent: string | null }[];
    count: number;
  };
  expect([count, new Set(listed.map(({ runId }) => runId)).size]).toEqual([10, 10]);
  expect(listed.find(({ runId }) => runId === folds[0])!.parent).toBe(repeated);
});

test('a filter says how many trials are like that, too, and with --all one stands without its sweep', async () => {
  const { lines, stderr } = await runs('--filter', 'val_loss >= 0.4');
  expect(ids(lines)).toEqual(short(single));
  expect(stderr).toBe('of sweeps and repetitions 3 more runs are like that: --all\n');
  const all = await runs('--filter', 'val_loss >= 0.4', '--all');
  expect(ids(all.lines)).toEqual(short(folds[1]!, trials[0]!, trials[1]!, single));
  expect(all.lines[2]).toMatch(/^21000000 {2}s-1 /);
});
