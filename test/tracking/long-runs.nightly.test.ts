import { readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { editMeta } from '../../src/tracking/store/meta-yaml.ts';
import { MetricFiles } from '../../src/tracking/store/metric-files.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

/** The longest training that there is. */
const epochs = 1_000_000;
const lines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${1_700_000_000_000 + i} ${1 / (i + 1)} ${i + 1}\n`).join('');

/** A run that was killed long ago. @returns its folder */
async function plantKilled(): Promise<string> {
  const run = await chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => undefined, env: {} }).start({
    experiment: 'e',
    runName: 'r',
    startTime: 1,
    tags: {},
  });
  run.metrics([{ key: 'loss', value: 1, step: 1, timestamp: 1 }]);
  await run.finish('FINISHED', 5);
  editMeta(join(run.directory, 'meta.yaml'), { status: 1, end_time: null });
  writeFileSync(`${run.directory}.owner.1`, JSON.stringify({ pid: 4_194_303, host: hostname(), started: 'long ago' }));
  utimesSync(`${run.directory}.owner.1`, 1e9, 1e9);
  return run.directory;
}

test('a run of the most epochs that there may be is taken up, goes on and is read', async () => {
  const folder = join(await plantKilled(), 'metrics');
  writeFileSync(join(folder, 'loss'), `${lines(epochs)}17 0.5`);
  const files = new MetricFiles(folder, join(rig.folder, 'aside'));
  expect([...files.recover()].map(([key, steps]) => [key, steps.size])).toEqual([['loss', epochs]]);
  files.append(
    Array.from({ length: 200_000 }, (_, i) => ({
      key: 'loss',
      value: 1,
      step: epochs + 1 + i,
      timestamp: 1_800_000_000_000,
    })),
  );
  expect(readFileSync(join(folder, 'loss'), 'utf8')).toMatch(/ 1000000\n1800000000000 1 1000001\n/);
  const { metrics } = readRun(join(folder, '..'));
  expect(metrics).toHaveLength(epochs + 200_000);
  expect(metrics[epochs - 1]).toEqual({ key: 'loss', value: 1e-6, step: epochs, timestamp: 1_700_000_999_999 });
}, 120_000);

test('sync closes runs with many values, and such that were filled with lines of nothing', async () => {
  const [long, filled, digits] = [await plantKilled(), await plantKilled(), await plantKilled()];
  writeFileSync(join(long, 'metrics/loss'), lines(300_000));
  writeFileSync(join(filled, 'metrics/loss'), `1 1 1\n${'1\n'.repeat(100e6)}`);
  writeFileSync(join(digits, 'metrics/loss'), '1'.repeat(200e6));
  expect(readRun(filled).metrics).toEqual([{ key: 'loss', value: 1, step: 1, timestamp: 1 }]);
  const { stdout, stderr } = await rig.run(['sync']);
  expect(stderr).not.toMatch(/stack|memory/);
  for (const run of [long, filled, digits])
    expect(stdout).toContain(`${run.slice(-32)}: its process is gone; marked KILLED`);
  expect(readFileSync(join(filled, 'metrics/loss'), 'utf8')).toBe('1 1 1\n');
  expect(readdirSync(join(digits, 'metrics'))).toEqual([]);
}, 120_000);

test('a run with more values than any has is left alone', async () => {
  const [many, other] = [await plantKilled(), await plantKilled()];
  for (let i = 0; i < 3; i++) writeFileSync(join(many, `metrics/loss${i}`), '1 1 1\n'.repeat(6e6));
  expect(() => readRun(many)).toThrow('metrics has more than 16,000,000 values: it is left alone');
  const { stdout, stderr } = await rig.run(['sync']);
  expect(stderr).toMatch(/metrics has more than 16,000,000 values: it is left alone/);
  expect(stdout).toContain(`${other.slice(-32)}: its process is gone; marked KILLED`);
  expect(stdout).not.toContain(many.slice(-32));
}, 120_000);
