import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { anything } from '../../src/base/json-form.ts';
import { nearestTo } from '../../src/cache/explain-changes.ts';
import type { Fingerprint, Part } from '../../src/cache/fingerprints.ts';
import { saveCheckpoint } from '../../src/checkpoints/checkpoint-file.ts';
import { StageCache, cacheFolder } from '../../src/cache/stage-cache.ts';

let root: string;
let folder: string;
let warnings: Diagnostic[];
let cache: StageCache;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerline-cache-'));
  folder = cacheFolder(join(root, 'runs'));
  warnings = [];
  cache = new StageCache(folder, (warning) => warnings.push(warning));
});
afterEach(() => rmSync(root, { recursive: true }));

const fingerprint = (hash: string, parts: readonly Part[] = []): Fingerprint => ({
  stage: 'train',
  hash: hash.repeat(64),
  parts,
});
const weights = new Float32Array([1, Number.NaN, -0]);
const pathOf = (hash: string) => join(folder, 'train', `${hash.repeat(64)}.outcome`);

test('an outcome comes back as it was kept, under its fingerprint alone', () => {
  cache.keep(fingerprint('a'), 'run1', { history: [{ loss: 1 }], weights });
  expect(cache.find(fingerprint('a'), anything)).toMatchObject({
    runId: 'run1',
    outcome: { history: [{ loss: 1 }], weights },
    createdAt: expect.any(Number),
  });
  expect(cache.find(fingerprint('b'), anything)).toBeUndefined();
  expect(cache.find({ ...fingerprint('a'), stage: 'evaluate' }, anything)).toBeUndefined();
  expect(readFileSync(join(root, '.layerline/cache/runs/.gitignore'), 'utf8')).toBe('*\n');
  expect(warnings).toEqual([]);
});

test('a damaged one is said aloud, not used, and replaced by the next', () => {
  cache.keep(fingerprint('a'), 'run1', { weights });
  for (const edit of [
    (bytes: Buffer) => bytes.subarray(0, -7),
    (bytes: Buffer) => Buffer.concat([bytes, bytes]),
    () => Buffer.from(''),
    () => Buffer.from('no outcome'),
  ]) {
    writeFileSync(pathOf('a'), edit(readFileSync(pathOf('a'))));
    expect(cache.find(fingerprint('a'), anything)).toBeUndefined();
    expect(warnings.splice(0)).toMatchObject([
      { code: 'cache-damaged', severity: 'warning', message: expect.stringContaining('train') },
    ]);
  }
  cache.keep(fingerprint('a'), 'run2', 'second');
  expect(cache.find(fingerprint('a'), anything)).toMatchObject({ runId: 'run2', outcome: 'second' });
  expect(warnings).toEqual([]);
});

test('a folder that cannot be written costs a warning, not the run', () => {
  writeFileSync(join(root, '.layerline'), 'a file');
  cache.keep(fingerprint('a'), 'run1', 'lost');
  expect(warnings).toMatchObject([
    { code: 'cache-not-written', hint: expect.stringContaining(`a folder ${join(root, '.layerline')} to write in`) },
  ]);
  // One cause is one warning, however many stages meet it; another cause is told.
  cache.keep({ ...fingerprint('b'), stage: 'evaluate' }, 'run1', 'lost');
  expect(warnings.splice(1)).toEqual([]);
  expect(cache.find(fingerprint('a'), anything)).toBeUndefined();
  expect(cache.list('train')).toEqual([]);
  rmSync(join(root, '.layerline'));
  mkdirSync(folder, { recursive: true });
  symlinkSync(root, join(folder, 'train'));
  cache.keep(fingerprint('a'), 'run1', 'lost');
  expect(warnings.slice(1)).toMatchObject([
    { code: 'cache-not-written', message: expect.stringContaining('is a link') },
  ]);
});

test('the nearest is the one with the fewest differences, and of those the newest', () => {
  cache.keep(
    fingerprint('a', [
      ['epochs', '2'],
      ['seed', '1'],
    ]),
    'far',
    0,
  );
  cache.keep(
    fingerprint('b', [
      ['epochs', '3'],
      ['seed', '2'],
      ['gone', '1'],
    ]),
    'near',
    0,
  );
  cache.keep(
    fingerprint('c', [
      ['epochs', '4'],
      ['seed', '2'],
    ]),
    'nearest',
    0,
  );
  const nearest = nearestTo(
    fingerprint('d', [
      ['epochs', '5'],
      ['seed', '2'],
    ]),
    cache.list('train'),
  )!;
  expect(nearest.entry.runId).toBe('nearest');
  expect(nearest.changes).toMatchObject([{ name: 'epochs', before: '4', now: '5' }]);
  expect(
    nearestTo(
      fingerprint('d', [
        ['epochs', '3'],
        ['seed', '2'],
      ]),
      cache.list('train'),
    )!.changes,
  ).toHaveLength(1);
});

test('of files in the cache, none is opened but those of a fingerprint, and of these only what is said of them', () => {
  cache.keep(fingerprint('a'), 'run', {
    svg: 'x'.repeat(20e6),
    history: Array.from({ length: 200_000 }, () => ({ loss: 1 })),
  });
  expect(cache.list('train')).toMatchObject([{ runId: 'run' }]);
  for (const name of ['x', 'a', 'A'.repeat(64), 'a'.repeat(65), `${'a'.repeat(64)}x`]) {
    // As it says itself it is an entry; one that is opened is found.
    saveCheckpoint(join(folder, 'train', `${name}.outcome`), {
      state: { fingerprint: { stage: 'train', hash: name, parts: [] }, runId: 'other', createdAt: 1 },
      arrays: [],
    });
  }
  const json = Buffer.from(`{"state":[{}${',{}'.repeat(50e6)}],"arrays":[]}`);
  const head = Buffer.from('LLCHECK1    ');
  head.writeUInt32LE(json.length, 8);
  writeFileSync(pathOf('b'), Buffer.concat([head, json]));
  const started = performance.now();
  expect(cache.list('train')).toMatchObject([{ runId: 'run' }]);
  expect(performance.now() - started).toBeLessThan(5000);
}, 60_000);

test('an entry with any flipped bit at its beginning is looked at without harm', () => {
  cache.keep(
    fingerprint('a', [
      ['epochs', '2'],
      ['seed', '1'],
    ]),
    'run',
    null,
  );
  const bytes = readFileSync(pathOf('a'));
  const headerBits = (12 + bytes.readUInt32LE(8)) * 8;
  const now = fingerprint('b', [
    ['epochs', '3'],
    ['seed', '1'],
  ]);
  for (let bit = 0; bit < headerBits; bit++) {
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(pathOf('a'), bytes);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    const entries = cache.list('train');
    expect(
      () => [nearestTo(now, entries), entries.map(({ createdAt }) => new Date(createdAt).toISOString())],
      `bit ${bit}`,
    ).not.toThrow();
  }
});

test('processes that keep the same outcome at once leave whole ones to whoever reads meanwhile', async () => {
  const writer = `
    const { StageCache } = await import(process.argv[1]);
    const cache = new StageCache(process.argv[2], (warning) => { throw new Error(warning.message); });
    const fingerprint = { stage: 'train', hash: 'a'.repeat(64), parts: [] };
    for (let i = 0; i < 60; i++) {
      cache.keep(fingerprint, String(process.pid), new Float32Array(50000).fill(process.pid));
      const found = cache.find(fingerprint, () => undefined);
      if (found === undefined || found.outcome.some((value) => value !== Number(found.runId)))
        throw new Error('a mixed entry');
    }`;
  const module = join(root, 'stage-cache.js');
  await build({
    input: join(import.meta.dirname, '../../src/cache/stage-cache.ts'),
    platform: 'node',
    output: { file: module },
    logLevel: 'silent',
  });
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', writer, module, folder]);
  await Promise.all([run(), run()]);
  expect(readdirSync(join(folder, 'train'))).toEqual([`${'a'.repeat(64)}.outcome`]);
});
