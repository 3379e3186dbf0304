import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Limits, clean } from '../../src/cache/clean-cache.ts';
import type { Fingerprint } from '../../src/cache/fingerprints.ts';
import { anything } from '../../src/base/json-form.ts';
import { StageCache } from '../../src/cache/stage-cache.ts';

const day = 86_400_000;
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'layerline-clean-'))));
afterEach(() => rmSync(root, { recursive: true }));

const folders = () => ({
  cache: join(root, '.layerline/cache/runs'),
  data: join(root, '.layerline/data'),
  packed: join(root, '.layerline/packed'),
  hashes: join(root, '.layerline/hashes'),
});
const fingerprint = (hash: string): Fingerprint => ({ stage: 'train', hash, parts: [] });
const cacheOf = () => new StageCache(folders().cache, (warning) => expect.unreachable(warning.message));
const outcome = (hash: string) => join(folders().cache, 'train', `${hash}.outcome`);
const fetched = () => join(folders().data, 'a'.repeat(64));
const leftover = (folder: string) => join(folder, '.00000000-0000-4000-8000-000000000000.tmp');

function write(path: string, usedAgo: number, bytes = 1000): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes));
  const usedAt = (Date.now() - usedAgo) / 1000;
  utimesSync(path, usedAt, usedAt);
}

/** How many outcomes, fetched files and leftovers are removed, and are left. */
const counts = (limits: Limits & { readonly dryRun?: boolean }) => {
  const { removed, left } = clean({ ...folders(), dryRun: false, ...limits });
  return [removed, left].map(({ outcomes, fetched: { files }, leftovers }) => [outcomes.files, files, leftovers.files]);
};

test('what was used last stays, within the limits; being used counts, not being made', () => {
  for (const [i, hash] of ['old', 'middle', 'new'].entries()) write(outcome(hash), (3 - i) * day);
  expect(counts({ age: 10 * day })).toEqual([
    [0, 0, 0],
    [3, 0, 0],
  ]);
  expect(counts({ age: 2.5 * day })).toEqual([
    [1, 0, 0],
    [2, 0, 0],
  ]);
  expect(existsSync(outcome('old'))).toBe(false);
  cacheOf().keep(fingerprint('middle'), 'run', 'x');
  utimesSync(outcome('middle'), 0, 0);
  expect(cacheOf().find(fingerprint('middle'), anything)).toBeDefined();
  expect(counts({ bytes: statSync(outcome('middle')).size })).toEqual([
    [1, 0, 0],
    [1, 0, 0],
  ]);
  expect(existsSync(outcome('middle'))).toBe(true);
});

test('fetched files go by limits alone: their addresses may be gone', () => {
  write(outcome('a'), 0);
  write(fetched(), day);
  expect(counts({})).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(counts({ bytes: 1000 })).toEqual([
    [0, 0, 0],
    [0, 1, 0],
  ]);
  write(outcome('a'), 0);
  expect(counts({ bytes: 1000 })).toEqual([
    [0, 1, 0],
    [1, 0, 0],
  ]);
});

test('half-written files go when no process can be at them any more, whatever the limits', () => {
  const { cache, data } = folders();
  for (const folder of [cache, join(cache, 'train'), data]) write(leftover(folder), 2 * 3_600_000);
  write(join(cache, 'load/.11111111-1111-4111-8111-111111111111.tmp'), 60_000);
  expect(counts({ bytes: 1e9 })).toEqual([
    [0, 0, 3],
    [0, 0, 1],
  ]);
});

test('a dry run removes nothing, and tells the same', () => {
  write(outcome('a'), 0);
  write(leftover(folders().data), day);
  const told = counts({ dryRun: true });
  expect(readdirSync(dirname(outcome('a')))).toEqual(['a.outcome']);
  expect(counts({})).toEqual(told);
  expect(told).toEqual([
    [1, 0, 1],
    [0, 0, 0],
  ]);
});

test('runs, other stores and what is not ours stay', () => {
  const others = [
    'runs/1/meta.yaml',
    '.layerline/cache/others/train/a.outcome',
    '.layerline/cache/runs/.gitignore',
    '.layerline/data/notes.txt',
    '.layerline/data/.mine.tmp',
  ].map((path) => join(root, path));
  for (const path of others) write(path, 100 * day);
  expect(counts({})).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(counts({ age: day, bytes: 0 })).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(others.filter((path) => !existsSync(path))).toEqual([]);
  rmSync(join(root, '.layerline'), { recursive: true });
  expect(counts({})).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('packed samples go as outcomes do, what a killed process left of them as its other leftovers', () => {
  const key = 'b'.repeat(64);
  const path = (name: string) => join(folders().packed, name);
  const half = path(`${key}.00000000-0000-4000-8000-000000000000.tmp`);
  write(path(`${key}.rows`), 0);
  write(path(`${key}.index`), 0);
  write(path(`${key}.owner.1`), 0);
  write(half, 0);
  const { removed, left } = clean({ ...folders(), dryRun: false });
  expect([removed.packed.files, left.leftovers.files]).toEqual([2, 1]);
  expect(existsSync(path(`${key}.owner.1`))).toBe(true);
  utimesSync(half, 0, 0);
  expect(clean({ ...folders(), dryRun: false }).removed.leftovers.files).toBe(1);
});
