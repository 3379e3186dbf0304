import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

beforeAll(() => {
  mkdirSync(join(rig.folder, 'data'));
  const pipelines = join(import.meta.dirname, '../../pipelines');
  copyFileSync(join(pipelines, 'data/iris.csv'), join(rig.folder, 'data/iris.csv'));
  const text = readFileSync(join(pipelines, 'iris.yaml'), 'utf8').replace('epochs: 60', 'epochs: 2');
  rig.write('iris.yaml', `${text}\nvisualize: { figures: [] }\n`.replace('data:\n', 'data:\n  folds: 2\n'));
});

interface Finished {
  readonly runId: string;
  readonly metrics: Readonly<Record<string, { readonly values: readonly number[]; readonly mean: number }>>;
}

test('folds are runs below a parent, a second time nothing is trained, and one of them can be asked for', async () => {
  const first = await rig.run(['run', 'iris.yaml', '--json']);
  expect(first.code, first.stderr).toBe(0);
  const events = eventsOf(first.stdout);
  const { metrics, runId } = events.at(-1)! as unknown as Finished;
  expect(metrics['test_accuracy']!.values).toHaveLength(2);
  const written = await rig.run(['report', runId, '--out', 'folds.html']);
  expect(written.code, written.stderr).toBe(0);
  expect(rig.read('folds.html')).toMatch(/>Time<\/th>[\s\S]*<td[^>]*>\d[\d.]* (s|ms|min)\b/);
  expect(rig.read('folds.html')).toContain('val_loss of 2 runs over their epochs');
  const runs = (await rig.run(['runs', '--json'])).stdout;
  expect(runs).toContain('data.fold');
  const again = await rig.run(['run', 'iris.yaml']);
  expect(again.stdout).not.toContain('train ...');
  expect(again.stdout).toContain('2 of 2 finished');
  const mean = again.stdout.match(/^test_accuracy +([\d.]+)/m)?.[1];
  expect(Number(mean)).toBeCloseTo(metrics['test_accuracy']!.mean, 3);
  const single = await rig.run(['run', 'iris.yaml', '--set', 'data.fold=2']);
  expect(single.stdout).toMatch(/test_accuracy +[\d.]+ \(95 %: [\d.]+ to [\d.]+\)/);
  expect(single.stdout).not.toContain('train ...');
  const replayed = await rig.run(['replay', 'last']);
  expect(replayed.code, replayed.stderr).toBe(0);
  expect(runId).toMatch(/^[0-9a-f]{32}$/);
});

test('plan, status and a trial know the folds', async () => {
  const plan = await rig.run(['plan', 'iris.yaml', '--set', 'repeat=3']);
  expect(plan.stdout).toContain('trainings   6 such (3 repetitions of 2 folds, each the test once)');
  expect(plan.stdout).toMatch(/75 test/);
  const status = await rig.run(['status', 'iris.yaml']);
  expect(status.stdout).toContain('data.fold=2\nload ');
  const smoke = await rig.run(['run', 'iris.yaml', '--smoke']);
  expect(smoke.code, smoke.stderr).toBe(0);
  expect(smoke.stdout).toContain('one of the 2 trainings');
});

test.each([
  ['data.fold=3', 'There is no fold 3 of 2'],
  ['data.folds=1', '`folds` must be a whole number from 2 to 100'],
  ['data.folds=100', undefined],
  ['data.split.order=time', 'what came later would be trained on'],
  ['data.split.group=nowhere', 'nowhere'],
])('%s is told at once, where it is wrong', async (setting, problem) => {
  const { code, stderr } = await rig.run(['validate', 'iris.yaml', '--set', setting]);
  expect(code, stderr).toBe(problem === undefined ? 0 : 2);
  if (problem !== undefined) expect(stderr).toContain(problem);
});
