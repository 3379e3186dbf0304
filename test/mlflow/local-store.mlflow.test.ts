import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { correctMovedStore } from '../../src/tracking/store/moved-store.ts';
import type { TrackedRun } from '../../src/tracking/tracker.ts';
import { mlflow, python, type ReadExperiment, type ReadRun, readRuns } from './real-mlflow.ts';
import { epochMetrics, recordArtifacts, recordInputs, sampleParams, sampleStart } from './sample-run.ts';

// A path that has to be encoded in a URI.
const directory = mkdtempSync(join(tmpdir(), 'layerline 실행 #'));
const runs = join(directory, 'runs');
const oddKeys = [
  'loss/train',
  'a[0]',
  'a(0)',
  '../up',
  '..hidden',
  'x//y/',
  '가'.repeat(200),
  `${'k'.repeat(120)}/${'k'.repeat(200)}`,
  '',
  'ends with space ',
];
const longNote = '# note\n'.repeat(2000);
let artifacts: Record<string, string>;
let read: ReadExperiment;
let finished: TrackedRun;
const warnings: Diagnostic[] = [];

beforeAll(async () => {
  const tracker = chooseTracker({ runsDirectory: runs, warn: (warning) => warnings.push(warning), env: {} });
  finished = await tracker.start(sampleStart);
  finished.params(sampleParams);
  for (let epoch = 1; epoch <= 15; epoch++) {
    finished.metrics(epochMetrics(epoch));
    // A replay, whole or in part, leaves nothing twice.
    if (epoch % 5 === 0) finished.metrics([...epochMetrics(epoch - 1), ...epochMetrics(epoch)]);
  }
  finished.metrics(oddKeys.map((key, i) => ({ key, value: i, step: 0, timestamp: 1 })));
  finished.params(Object.fromEntries(oddKeys.map((key) => [key, key])));
  finished.tags({ 'mlflow.note.content': longNote });
  recordInputs(finished);
  artifacts = recordArtifacts(finished);
  expect(await finished.finish('FINISHED', 1_790_000_100_000.5)).toEqual([]);
  // One that still runs, and one that was killed half-way, beside it.
  await tracker.start({ ...sampleStart, runName: 'still running' });
  await (await tracker.start({ ...sampleStart, runName: 'killed' })).finish('KILLED', Date.now());
  read = await readRuns(pathToFileURL(runs).href, sampleStart.experiment);
});

afterAll(() => rmSync(directory, { recursive: true }));

function run(name: string): ReadRun {
  return read.runs.find((found) => found.name === name)!;
}

/** In one order: MLflow lists in the order of the file system. */
function sorted(list: readonly ReadRun[]): ReadRun[] {
  return list
    .map((one) => ({ ...one, inputs: [...one.inputs].sort((a, b) => a.digest.localeCompare(b.digest)) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

test('MLflow lists the runs with their status', () => {
  expect(read.tags).toMatchObject({ 'mlflow.experimentKind': 'custom_model_development' });
  expect(read.runs.map(({ name, status }) => `${name}: ${status}`).sort()).toEqual([
    'killed: KILLED',
    'mnist-1: FINISHED',
    'still running: RUNNING',
  ]);
  expect(run('still running').end_time).toBeNull();
  expect(run('mnist-1')).toMatchObject({
    run_id: finished.runId,
    user: 'ada',
    start_time: 1_790_000_000_000,
    end_time: 1_790_000_100_001,
  });
});

test('MLflow reads params and tags as they were', () => {
  expect(run('mnist-1').params).toMatchObject(sampleParams);
  expect(run('mnist-1').tags).toMatchObject({
    ...sampleStart.tags,
    'mlflow.runName': 'mnist-1',
    'mlflow.note.content': longNote.slice(0, 8000),
  });
});

test('MLflow reads 15 steps of each metric, NaN and infinity included', () => {
  const { loss, val_accuracy: accuracy, 'throughput/samples_per_second': throughput } = run('mnist-1').metrics;
  expect(loss!.map(([step]) => step)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  expect(loss!.map(([, , value]) => Number(value.replace('nan', 'NaN')))).toEqual(
    Array.from({ length: 15 }, (_, i) => (i === 2 ? NaN : 1 / (i + 1))),
  );
  expect(accuracy![2]).toEqual([3, 1_790_000_003_001, '-inf']);
  expect(throughput).toHaveLength(15);
});

test('MLflow reads what was recorded under keys that it would not take', () => {
  const { metrics, params } = run('mnist-1');
  expect(Object.keys(metrics)).toHaveLength(3 + oddKeys.length);
  expect(Object.values(params).sort()).toEqual([...Object.values(sampleParams), ...oddKeys].sort());
  expect(warnings.filter(({ code }) => code === 'tracking-key').length).toBeGreaterThan(10);
});

test('MLflow reads the data set inputs', () => {
  expect(run('mnist-1').inputs.sort((a, b) => a.digest.localeCompare(b.digest))).toMatchObject([
    {
      name: 'mnist',
      digest: 'a'.repeat(36),
      profile: '{"samples":55000}',
      tags: { 'mlflow.data.context': 'training' },
    },
    { name: 'mnist', digest: 'b'.repeat(36), tags: { 'mlflow.data.context': 'test' } },
  ]);
});

test('MLflow downloads the artifacts byte for byte, and the whole of a tag that is too long', () => {
  const note = createHash('sha256').update(longNote).digest('hex');
  expect(run('mnist-1').artifacts).toEqual({ ...artifacts, 'tags/mlflow.note.content.txt': note });
});

test('mlflow migrate-filestore moves all of it into a database', async () => {
  const database = `sqlite:///${directory}/migrated.db`;
  await mlflow('migrate-filestore', '--source', runs, '--target', database);
  const migrated = await readRuns(database, sampleStart.experiment);
  // A database has no infinities: MLflow keeps the largest number instead.
  const asDatabase = JSON.parse(
    JSON.stringify(sorted(read.runs)).replaceAll('"-inf"', '"-1.7976931348623157e+308"'),
  ) as ReadRun[];
  expect(sorted(migrated.runs)).toEqual(asDatabase);
});

test('the protocol is as MLflow itself describes it', async () => {
  const generated = await python(join(import.meta.dirname, '../../src/tracking/server/generate-mlflow-protocol.py'));
  expect(readFileSync(join(import.meta.dirname, '../../src/tracking/server/mlflow-protocol.ts'), 'utf8')).toBe(
    generated,
  );
});

test('after the folder moved, corrected addresses lead to the artifacts', async () => {
  const moved = join(directory, 'elsewhere', 'runs');
  cpSync(runs, moved, { recursive: true });
  renameSync(runs, `${runs}-gone`);
  expect(correctMovedStore(moved)).toBe(1);
  expect(correctMovedStore(moved)).toBe(0);
  const again = await readRuns(pathToFileURL(moved).href, sampleStart.experiment);
  expect(sorted(again.runs)).toEqual(sorted(read.runs));
});
