import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { closeOrphans } from '../../src/tracking/server/orphans.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { crashScript } from '../faults/crash-points.ts';
import { runsIn, statusOf } from '../faults/runs-in.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-killed-start-'));
afterAll(() => rmSync(directory, { recursive: true }));

const tags = { 'layerline.sweep': '0123456789ab', 'layerline.trial': '3', 'mlflow.user': 'ada' };
const start = { experiment: 'e', runName: 'r', startTime: 1, tags };

test('a run is there with all of its tags or not at all, wherever the process is killed that makes it', async () => {
  const store = join(directory, 'store.mjs');
  await build({
    input: join(import.meta.dirname, '../../src/tracking/store/local-store.ts'),
    platform: 'node',
    output: { file: store, codeSplitting: false },
    logLevel: 'silent',
  });
  writeFileSync(join(directory, 'crash.cjs'), crashScript);
  const script =
    `const { LocalStore } = await import(${JSON.stringify(store)}); ` +
    `const run = await new LocalStore('runs', () => {}, {}).start(${JSON.stringify(start)}); ` +
    `run.params({ a: '1' }); process.exit()`;
  const make = (at: number): string => {
    const folder = join(directory, String(at));
    mkdirSync(folder);
    const args = ['--require', join(directory, 'crash.cjs'), '--input-type=module', '-e', script];
    const { signal, status, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, CRASH_AT: String(at) },
      encoding: 'utf8',
    });
    expect([signal, status, stderr]).toEqual(at === Infinity ? [null, 0, ''] : ['SIGKILL', null, '']);
    return folder;
  };
  const points = Number(readFileSync(join(make(Infinity), 'crash-points'), 'utf8'));
  expect(points).toBeGreaterThan(20);
  let [whole, none] = [0, 0];
  for (let at = 0; at < points; at++) {
    const folder = make(at);
    const runs = join(folder, 'runs');
    const point = `${at}: ${readFileSync(join(folder, 'crash-point'), 'utf8')}`;
    const made = runsIn(runs).find((run) => statusOf(run) !== undefined);
    const expected = { ...tags, 'mlflow.runName': 'r' };
    if (made !== undefined) expect([point, readRun(made).tags]).toEqual([point, expected]);
    const closed = existsSync(runs) ? closeOrphans(runs, ({ message }) => expect.unreachable(message)) : [];
    expect([point, closed.map((run) => basename(run))]).toEqual([point, made === undefined ? [] : [basename(made)]]);
    expect([point, runsIn(runs)]).toEqual([point, made === undefined ? [] : [made]]);
    if (made === undefined) none++;
    else whole++;
  }
  expect(whole).toBeGreaterThan(0);
  expect(none).toBeGreaterThan(0);
});
