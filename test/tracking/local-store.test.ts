import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { build } from 'rolldown';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Diagnostic, UserError } from '../../src/base/diagnostics.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { findOrCreateExperiment } from '../../src/tracking/store/local-experiments.ts';
import { editMeta, readMeta, writeMeta } from '../../src/tracking/store/meta-yaml.ts';
import { runFolderAt } from '../../src/tracking/store/run-folder.ts';
import type { RunStart } from '../../src/tracking/tracker.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-store-'));
const warnings: Diagnostic[] = [];
afterEach(() => warnings.splice(0));
afterAll(() => rmSync(directory, { recursive: true }));

const start: RunStart = { experiment: 'e', runName: 'r', startTime: 1, tags: {} };

function localStore(name: string, env = {}) {
  const runsDirectory = join(directory, name);
  return { runsDirectory, tracker: chooseTracker({ runsDirectory, warn: (warning) => warnings.push(warning), env }) };
}

async function errorOf(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => expect.unreachable(),
    (error: UserError) => error,
  );
}

test('nothing in the store is a dot-folder, and no file but a key is in a folder of keys', async () => {
  const { runsDirectory, tracker } = localStore('tidy');
  const run = await tracker.start({ ...start, tags: { 'mlflow.user': 'ada' } });
  run.params({ a: '1', 'b/c': '2' });
  run.metrics([{ key: 'loss', value: 1, step: 1, timestamp: 1 }]);
  await run.finish('FINISHED', 5);
  expect(readdirSync(runsDirectory).filter((name) => !/^\d{18}$/.test(name))).toEqual([]);
  const files = readdirSync(run.directory, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.startsWith('tags/') && statSync(join(run.directory, file)).isFile(),
  );
  expect(files.sort()).toEqual(['meta.yaml', 'metrics/loss', 'params/a', 'params/b/c']);
  expect(parse(readFileSync(join(run.directory, 'meta.yaml'), 'utf8'))).toMatchObject({
    status: 3,
    end_time: 5,
    user_id: 'ada',
    lifecycle_stage: 'active',
  });
});

test('keys and values as long as they may be are recorded, and the whole value is an artifact', async () => {
  const { tracker } = localStore('long');
  const run = await tracker.start(start);
  const [key, value] = ['가'.repeat(100), 'x'.repeat(7000)];
  run.params({ [key]: value });
  run.tags({ after: 'it' });
  expect(await run.finish('FINISHED', 5)).toEqual([]);
  const [allowed] = readdirSync(join(run.directory, 'params'));
  expect(readFileSync(join(run.directory, 'params', allowed!), 'utf8')).toHaveLength(6000);
  expect(readFileSync(join(run.artifactDirectory, `params/${allowed}.txt`), 'utf8')).toBe(value);
  expect(readFileSync(join(run.directory, 'tags/after'), 'utf8')).toBe('it');
});

test('a name that the UI gave the run meanwhile survives its end', async () => {
  const { tracker } = localStore('renamed');
  const run = await tracker.start(start);
  const meta = join(run.directory, 'meta.yaml');
  expect(readMeta(meta)!.end_time).toBeNull();
  editMeta(meta, { run_name: 'better' });
  await run.finish('FAILED', 7);
  expect(readMeta(meta)).toMatchObject({ run_name: 'better', status: 4, end_time: 7 });
});

test('a meta.yaml reads back whatever text it holds', () => {
  const path = join(directory, 'meta.yaml');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 200 }), (name, note) => {
      writeMeta(path, { name, note, nothing: null, count: 18, id: '018' });
      expect(readMeta(path)).toEqual({ name, note, nothing: null, count: 18, id: '018' });
      // What PyYAML refuses anywhere in a file.
      expect(readFileSync(path, 'utf8')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/);
    }),
    { numRuns: 40 },
  );
});

test('processes that start the first run of an experiment at once make one experiment', async () => {
  const runs = join(directory, 'racing');
  mkdirSync(runs);
  const program = join(directory, 'create.mjs');
  await build({
    input: join(import.meta.dirname, '../../src/tracking/store/local-experiments.ts'),
    platform: 'node',
    output: { file: program },
    logLevel: 'silent',
  });
  // All of them wait for the same moment.
  const script =
    `const { findOrCreateExperiment } = await import(${JSON.stringify(program)}); ` +
    `while (Date.now() < ${Date.now() + 1200}); ` +
    `console.log(findOrCreateExperiment(${JSON.stringify(runs)}, 'same').id)`;
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])),
  );
  const ids = new Set(outputs.map(({ stdout }) => stdout.trim()));
  expect(ids.size).toBe(1);
  expect(readdirSync(runs)).toEqual([...ids]);
  expect(findOrCreateExperiment(runs, 'same').id).toBe([...ids][0]);
});

test('a run is read while its process removes folders of it', async () => {
  const { runsDirectory, tracker } = localStore('at-work');
  const run = await tracker.start(start);
  const folder = JSON.stringify(join(run.directory, 'checkpoints'));
  const script = `const fs = require('node:fs'); for (;;) { fs.mkdirSync(${folder}); fs.rmdirSync(${folder}); }`;
  const worker = new Worker(script, { eval: true });
  await once(worker, 'online');
  try {
    const until = performance.now() + 1000;
    while (performance.now() < until)
      expect(runFolderAt(runsDirectory, relative(runsDirectory, run.directory))).toBe(run.directory);
  } finally {
    await worker.terminate();
  }
});

describe('experiments', () => {
  test('one that MLflow made is found by its name', () => {
    const runs = join(directory, 'mlflow-made');
    mkdirSync(join(runs, '123'), { recursive: true });
    writeFileSync(
      join(runs, '123', 'meta.yaml'),
      "artifact_location: /x/123\ncreation_time: 1\nexperiment_id: '123'\nlast_update_time: 1\n" +
        'lifecycle_stage: active\nname: mnist\n',
    );
    expect(findOrCreateExperiment(runs, 'mnist').id).toBe('123');
    expect(readFileSync(join(runs, '123', 'tags', 'mlflow.experimentKind'), 'utf8')).toBe('custom_model_development');
    expect(findOrCreateExperiment(runs, 'other').id).toMatch(/^\d{18}$/);
  });

  test('one whose name was given away gets a second id', () => {
    const runs = join(directory, 'given-away');
    const first = findOrCreateExperiment(runs, 'a');
    editMeta(join(first.directory, 'meta.yaml'), { name: 'b' });
    expect(findOrCreateExperiment(runs, 'a').id).not.toBe(first.id);
    expect(findOrCreateExperiment(runs, 'b').id).toBe(first.id);
  });

  test('a damaged one is passed over', () => {
    const runs = join(directory, 'damaged');
    mkdirSync(join(runs, '5'), { recursive: true });
    writeFileSync(join(runs, '5', 'meta.yaml'), 'name: [');
    expect(findOrCreateExperiment(runs, 'e').id).toMatch(/^\d{18}$/);
  });

  test('MLFLOW_EXPERIMENT_NAME and MLFLOW_EXPERIMENT_ID go before the file', async () => {
    const { tracker } = localStore('named', { MLFLOW_EXPERIMENT_NAME: 'from-env' });
    const { experimentId } = await tracker.start(start);
    expect((await localStore('named', { MLFLOW_EXPERIMENT_ID: experimentId }).tracker.start(start)).experimentId).toBe(
      experimentId,
    );
    const error = await errorOf(localStore('named', { MLFLOW_EXPERIMENT_ID: '77' }).tracker.start(start));
    expect(error.message).toContain('has no experiment 77');
  });
});

describe('a place that cannot be written', () => {
  test('a file where the store should be', async () => {
    writeFileSync(join(directory, 'a-file'), '');
    const error = await errorOf(localStore('a-file').tracker.start(start));
    expect(error).toMatchObject({
      exitCode: 1,
      message: `cannot record the run in ${join(directory, 'a-file')}: it is not a folder`,
    });
    expect((await errorOf(localStore('a-file/runs').tracker.start(start))).message).toContain('it is not a folder');
  });

  // Both need the right to mount; the first stands for a disk that is full, the second for one that may not be written.
  const canMount = mounted('probe', 'size=64k') !== undefined;

  test.runIf(canMount)('a full disk: nothing of the run is left, and the message says why', async () => {
    const full = mounted('full', 'size=64k,nr_inodes=64')!;
    fill(full);
    const error = await errorOf(localStore('full/runs').tracker.start(start));
    expect(error.message).toMatch(/cannot record the run in .*full\/runs: no space is left/);
    expect(
      readdirSync(full, { recursive: true, encoding: 'utf8' }).filter(
        (file) => file.endsWith('meta.yaml') || file.endsWith('.tmp'),
      ),
    ).toEqual([]);
  });

  test.runIf(canMount)('a read-only file system', async () => {
    const path = mounted('read-only', 'size=64k')!;
    execFileSync('mount', ['-o', 'remount,ro', path]);
    for (const runs of ['read-only', 'read-only/runs', 'read-only/a/b'])
      expect((await errorOf(localStore(runs).tracker.start(start))).message).toBe(
        `cannot record the run in ${join(directory, runs)}: the file system is read-only`,
      );
  });

  test.runIf(canMount)(
    'a disk that fills up in mid-run never throws, and all is there once there is room again',
    async () => {
      const path = mounted('filling', 'size=512k')!;
      const run = await localStore('filling/runs').tracker.start(start);
      run.metrics([{ key: 'loss', value: 0, step: 0, timestamp: 1 }]);
      fill(path);
      const many = Array.from({ length: 400 }, (_, step) => ({
        key: 'loss',
        value: Math.random(),
        step: step + 1,
        timestamp: 2 + step,
      }));
      run.metrics(many.slice(0, 200));
      run.params({ a: '1' });
      expect(readFileSync(join(run.directory, 'metrics', 'loss'), 'utf8')).toBe('1 0 0\n');
      expect(warnings).toMatchObject([{ code: 'tracking-write', message: expect.stringContaining('no space left') }]);
      rmSync(join(path, 'filler'));
      run.metrics(many.slice(200));
      expect(await run.finish('FINISHED', 9)).toEqual([]);
      expect(readFileSync(join(run.directory, 'metrics', 'loss'), 'utf8').split('\n')).toHaveLength(402);
      expect(readFileSync(join(run.directory, 'params', 'a'), 'utf8')).toBe('1');
    },
  );

  test.runIf(canMount)('a disk that stays full is told of at the end', async () => {
    const path = mounted('stays-full', 'size=512k')!;
    const run = await localStore('stays-full/runs').tracker.start(start);
    fill(path);
    run.params({ a: 'x'.repeat(9000) });
    for (let step = 0; step < 50; step++)
      run.metrics([
        { key: 'loss', value: 0, step, timestamp: 1 },
        { key: 'accuracy', value: 0, step, timestamp: 1 },
      ]);
    expect(await run.finish('FINISHED', 9)).toEqual([
      {
        code: 'not-recorded',
        severity: 'warning',
        message:
          "the whole of 'a', 1 params, 100 metric values and the status could not be written " +
          `to ${run.directory}: no space is left`,
      },
    ]);
    expect(readMeta(join(run.directory, 'meta.yaml'))).toMatchObject({ status: 1, end_time: null });
    // By it, the next process finds a run that has no end.
    expect(existsSync(`${run.directory}.owner.1`)).toBe(true);
  });
});

const mounts: string[] = [];
afterAll(() => mounts.forEach((path) => execFileSync('umount', [path])));

function mounted(name: string, options: string): string | undefined {
  const path = join(directory, name);
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  mounts.push(path);
  return path;
}

function fill(path: string): void {
  try {
    for (;;) writeFileSync(join(path, 'filler'), Buffer.alloc(4096), { flag: 'a' });
  } catch {
    expect(existsSync(join(path, 'filler'))).toBe(true);
  }
}
