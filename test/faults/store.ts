import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readKeys } from '../../src/tracking/store/read-run.ts';
import { withDisk } from '../disk.ts';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { expectEnd } from './expect-end.ts';
import type { Fault } from './fault.ts';
import { runsIn } from './runs-in.ts';

/** One trouble with the store or with time. Gives what is wrong, and what it saw, for the row. */
type Trouble = (rig: Rig, store: string) => Promise<readonly string[]>;

const set = (store: string) => ['--json', '--force', '--fresh', '--runs', store];

const troubles: Readonly<Record<string, Trouble>> = {
  'a disk that is full from the start': async (rig, store) =>
    onDisk(rig, store, '64k', async () => {
      fill(join(rig.folder, store));
      const full = await rig.run(['run', 'digits.yaml', ...set(`${store}/runs`)]);
      return [...expectEnd(full, [1], /no space is left/), ...again(full, await emptied(rig, store))];
    }),
  'a disk that fills up in mid-run': async (rig, store) =>
    onDisk(rig, store, '3m', async () => {
      const { child, ended } = rig.start(['run', 'digits.yaml', ...set(`${store}/runs`)]);
      await firstEpoch(child);
      fill(join(rig.folder, store));
      const full = await ended;
      return [
        ...expectEnd(full, [0, 1]),
        ...(/no space|ENOSPC/i.test(full.stdout + full.stderr) ? [] : ['nobody says that the disk is full']),
        ...again(full, await emptied(rig, store)),
      ];
    }),
  'a store that becomes read-only in mid-run': async (rig, store) =>
    onDisk(rig, store, '30m', async () => {
      const { child, ended } = rig.start(['run', 'digits.yaml', ...set(`${store}/runs`)]);
      await firstEpoch(child);
      execFileSync('mount', ['-o', 'remount,ro', join(rig.folder, store)], { stdio: 'ignore' });
      const refused = await ended;
      execFileSync('mount', ['-o', 'remount,rw', join(rig.folder, store)]);
      return [
        ...expectEnd(refused, [0, 1]),
        ...(/read-only|EROFS/i.test(refused.stdout + refused.stderr) ? [] : ['nobody says that it is read-only']),
        ...again(refused, await rig.run(['run', 'digits.yaml', ...set(`${store}/runs`)])),
      ];
    }),
  'EIO on one write in five, five times': async (rig, store) => {
    const problems: string[] = [];
    // Which writes fail is left to chance.
    for (const place of Array.from({ length: 5 }, (_, i) => `${store}-${i}`)) {
      const broken = await rig.run(['run', 'digits.yaml', ...set(place)], preload(rig, eio));
      problems.push(
        ...expectEnd(broken, [0, 1]),
        ...again(broken, await rig.run(['run', 'digits.yaml', ...set(place)])),
        ...storeProblems(join(rig.folder, place)),
      );
    }
    return problems;
  },
  'the run deleted in mid-run': async (rig, store) => {
    const { child, ended } = rig.start(['run', 'digits.yaml', ...set(store)]);
    await firstEpoch(child);
    for (const run of runsIn(join(rig.folder, store))) remove(run);
    const gone = await ended;
    return [...expectEnd(gone, [0, 1]), ...again(gone, await rig.run(['run', 'digits.yaml', ...set(store)]))];
  },
  'the metrics deleted in mid-run': async (rig, store) => {
    const { child, ended } = rig.start(['run', 'digits.yaml', ...set(store)]);
    await firstEpoch(child);
    for (const run of runsIn(join(rig.folder, store))) remove(join(run, 'metrics'));
    const gone = await ended;
    return [...expectEnd(gone, [0, 1]), ...again(gone, await rig.run(['run', 'digits.yaml', ...set(store)]))];
  },
  'a clock that is set back by an hour in mid-run': async (rig, store) => {
    const ended = await rig.run(['run', 'digits.yaml', ...set(store)], preload(rig, clockSetBack));
    return [
      ...expectEnd(ended, [0]),
      ...storeProblems(join(rig.folder, store)),
      ...stepProblems(join(rig.folder, store)),
    ];
  },
  'another time zone after an interruption': async (rig, store) => {
    const { child, ended } = rig.start(['run', 'digits.yaml', '--json', '--runs', store], { TZ: 'America/St_Johns' });
    await firstEpoch(child);
    child.kill('SIGKILL');
    await ended;
    const resumed = await rig.run(['run', 'digits.yaml', '--json', '--runs', store], { TZ: 'Pacific/Kiritimati' });
    const plain = await rig.run(['run', 'digits.yaml', ...set(`${store}-plain`)]);
    const same = weightsOf(resumed) === weightsOf(plain) ? [] : ['the weights differ'];
    return [
      ...expectEnd(resumed, [0]),
      ...same,
      ...storeProblems(join(rig.folder, store)),
      ...stepProblems(join(rig.folder, store)),
    ];
  },
  'names in many scripts, and as long as they may be': async (rig, store) => {
    const problems: string[] = [];
    for (const name of ['손글씨 ✎ Ünïcødé 猫 𝕏', '名'.repeat(100), 'x'.repeat(200), 'a/b\\\\c:d*e?f|g']) {
      rig.write('named.yaml', pipeline.replace('name: digits', `name: "${name}"`));
      problems.push(...expectEnd(await rig.run(['run', 'named.yaml', ...set(store)]), [0]));
    }
    return [
      ...problems,
      ...storeProblems(join(rig.folder, store)),
      ...(runsIn(join(rig.folder, store)).length === 4 ? [] : ['not each run is there']),
    ];
  },
};

/** Each trouble once, with the real binary; afterwards a run without it has to be right, in the same store. */
export const store: Fault = {
  title: `trouble with the store, time and names, each once: ${Object.keys(troubles).join('; ')}`,
  tries: { full: Object.keys(troubles).length, reduced: Object.keys(troubles).length },
  async run(count, tell) {
    const rig = new Rig();
    rig.writeDigits(400, 100);
    rig.write('digits.yaml', pipeline);
    const wrong: string[] = [];
    for (const [name, trouble] of Object.entries(troubles).slice(0, count)) {
      const found = await trouble(rig, `store-${wrong.length}-${name.replaceAll(/\W+/g, '-').slice(0, 40)}`).catch(
        (error: Error) => [error.message],
      );
      wrong.push(...found.map((line) => `${name}: ${line}`));
      tell(`${name}: ${found.length === 0 ? 'fine' : found.join('; ')}`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

const pipeline = digitsPipeline({
  figures: '[confusionMatrix]',
  epochs: 60,
  batchSize: 20,
  layers: '[flatten, dense 10]',
});
const weightsOf = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!['weightsSha256'];

/** A run after the trouble is a whole one, whatever the one before left. */
function again(before: Ended, after: Ended): string[] {
  const last = after.stdout === '' ? {} : eventsOf(after.stdout).at(-1)!;
  const problems =
    after.code === 0 && last['status'] === 'FINISHED' ? [] : [`afterwards: exit code ${after.code}: ${after.stderr}`];
  const weights = before.code === 0 && weightsOf(before) !== last['weightsSha256'] ? ['afterwards: other weights'] : [];
  return [...problems, ...weights];
}

async function firstEpoch(child: ReturnType<Rig['start']>['child']): Promise<void> {
  await new Promise<void>((resolve) =>
    child.stdout
      .on('data', (text: string) => text.includes('epoch-finished') && resolve())
      .on('close', () => resolve()),
  );
}

async function onDisk(
  rig: Rig,
  store: string,
  size: string,
  work: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const path = join(rig.folder, store);
  return withDisk(path, `size=${size}`, async () => {
    const problems = await work();
    return [...problems, ...(existsSync(join(path, 'runs')) ? storeProblems(join(path, 'runs')) : [])];
  });
}

/** At once, though another process writes there. */
function remove(path: string): void {
  renameSync(path, `${path}-removed`);
  rmSync(`${path}-removed`, { recursive: true });
}

function fill(path: string): void {
  try {
    for (;;) writeFileSync(join(path, 'filler'), Buffer.alloc(4096), { flag: 'a' });
  } catch {
    // It is full.
  }
}

async function emptied(rig: Rig, store: string): Promise<Ended> {
  rmSync(join(rig.folder, store, 'filler'));
  execFileSync('mount', ['-o', 'remount,size=30m', join(rig.folder, store)]);
  return rig.run(['run', 'digits.yaml', ...set(`${store}/runs`)]);
}

/** The environment in which every process begins with a script. */
function preload(rig: Rig, script: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${rig.write('preload.cjs', script)}` };
}

const eio = `
const fs = require('node:fs');
const fail = (path) => {
  if (String(path).includes('store-') && Math.random() < 0.2)
    throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO', syscall: 'write' });
};
for (const name of ['writeFileSync', 'renameSync', 'appendFileSync', 'copyFileSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    fail(path);
    return original(path, ...rest);
  };
}
require('node:module').syncBuiltinESMExports();
`;

const clockSetBack = `
const now = Date.now; const start = now();
Date.now = () => (now() - start > 1500 ? now() - 3600000 : now());
globalThis.Date = new Proxy(Date, {
  construct: (Target, args) => new Target(...(args.length === 0 ? [Date.now()] : args)),
});
`;

/** Whatever keeps MLflow from listing a run, or claims to be a run that goes on. */
function storeProblems(path: string): string[] {
  return runsIn(path).flatMap((run) => {
    if (!existsSync(join(run, 'meta.yaml'))) return [];
    const meta = parse(readFileSync(join(run, 'meta.yaml'), 'utf8')) as Record<string, unknown> | null;
    const metrics = readKeys(join(run, 'metrics'));
    const broken = metrics.filter(
      (key) => !/^(\d+ \S+ -?\d+\n)+$/.test(readFileSync(join(run, 'metrics', key), 'utf8')),
    );
    return [
      ...(meta !== null && 'end_time' in meta && 'run_id' in meta ? [] : [`${run}/meta.yaml is damaged`]),
      ...(meta?.['status'] === 1 ? [`${run} is RUNNING`] : []),
      ...broken.map((key) => `${run}/metrics/${key} is damaged`),
    ];
  });
}

/** Each epoch is there once. */
function stepProblems(path: string): string[] {
  return runsIn(path).flatMap((run) => {
    const steps = readFileSync(join(run, 'metrics/loss'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]));
    return String(steps) === String(Array.from({ length: 60 }, (_, i) => i + 1))
      ? []
      : [`${run} has the steps ${String(steps)}`];
  });
}
