import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRemoteStore } from '../../src/run/open-remote-store.ts';
import type { RemoteName } from '../../src/cache/remote-store.ts';

let root: string;
let shared: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerline-remote-'));
  shared = join(root, 'shared space');
  mkdirSync(shared);
  file = join(root, 'own');
  writeFileSync(file, 'content');
});
afterEach(() => rmSync(root, { recursive: true }));

const open = () => openRemoteStore(pathToFileURL(shared).href);
const name = 'outcomes/train/abc' satisfies RemoteName;
const copy = () => join(root, 'copy');

test('what one writes, another reads; nothing else is left', async () => {
  const [one, other] = [await open(), await open()];
  expect(await one.has(name)).toBe(false);
  expect(await one.read(name, copy(), 100)).toBe(false);
  await one.write(name, file);
  expect(await other.has(name)).toBe(true);
  expect(await other.read(name, copy(), 7)).toBe(true);
  expect(readFileSync(copy(), 'utf8')).toBe('content');
  expect(readdirSync(root).toSorted()).toEqual(['copy', 'own', 'shared space']);
  expect(readdirSync(shared, { recursive: true }).map(String).toSorted()).toEqual([
    'layerline-store',
    'outcomes',
    'outcomes/train',
    'outcomes/train/abc',
  ]);
  writeFileSync(file, 'second');
  await Promise.all(Array.from({ length: 8 }, () => other.write(name, file)));
  await one.read(name, copy(), 100);
  expect(readFileSync(copy(), 'utf8')).toBe('second');
});

test('what is larger than it may be is not written', async () => {
  const store = await open();
  await store.write(name, file);
  await expect(store.read(name, copy(), 6)).rejects.toThrow('has more than 6 B');
  expect(readdirSync(root).toSorted()).toEqual(['own', 'shared space']);
});

test('a folder with what is not ours is read and never written to', async () => {
  writeFileSync(join(shared, 'thesis.tex'), '');
  await expect((await open()).write(name, file)).rejects.toThrow('holds what Layerline did not put there');
  expect(readdirSync(shared)).toEqual(['thesis.tex']);
  expect(await (await open()).has(name)).toBe(false);
});

test('a folder that is not there is not made, and is told apart from an empty one', async () => {
  rmSync(shared, { recursive: true });
  const store = await open();
  for (const ask of [() => store.write(name, file), () => store.read(name, copy(), 100), () => store.has(name)])
    await expect(ask()).rejects.toMatchObject({ diagnostics: [{ code: 'remote-unreachable' }] });
  expect(readdirSync(root)).toEqual(['own']);
  writeFileSync(shared, 'a file');
  await expect((await open()).has(name)).rejects.toThrow('cannot be read from');
});

test('no link of the folder is followed, to read or to write', async () => {
  const store = await open();
  await store.write(name, file);
  const elsewhere = join(root, 'elsewhere');
  renameSync(join(shared, 'outcomes/train'), elsewhere);
  symlinkSync(elsewhere, join(shared, 'outcomes/train'));
  await expect(store.write(name, file)).rejects.toThrow('it is a link');
  await expect(store.read(name, copy(), 100)).rejects.toThrow('it is a link');
  rmSync(join(shared, 'outcomes/train'));
  mkdirSync(join(shared, 'outcomes/train'));
  symlinkSync(join(elsewhere, 'abc'), join(shared, name));
  await expect(store.read(name, copy(), 100)).rejects.toThrow('it is a link');
  // A write takes its place, and leaves alone where it led.
  writeFileSync(file, 'new');
  await store.write(name, file);
  expect(readFileSync(join(elsewhere, 'abc'), 'utf8')).toBe('content');
  expect(await store.has(name)).toBe(true);
});

test.each(['outcomes/../x', 'outcomes/..', 'outcomes/train/A', 'outcomes', 'outcomes//a', 'data/a/b/c/d'])(
  'no name leads elsewhere: %s',
  async (wrong) => {
    const store = await open();
    await expect(store.write(wrong as RemoteName, file)).rejects.toThrow('is no name');
    await expect(store.read(wrong as RemoteName, copy(), 9)).rejects.toThrow('is no name');
  },
);

test.each([
  ['/mnt/cache', 'it is a path'],
  ['../cache', 'it is a path'],
  ['file://mnt/cache', 'no folder with all of its path'],
  ['file:///mnt/../etc', 'is on its way'],
  ['file:///mnt/%2e%2E/etc', 'is on its way'],
  ['file:///mnt/a%2Fb', 'cannot be read'],
  ['file:///mnt/cache?x', 'one of ?, # and \\'],
  ['ftp://host/cache', 'does not begin with'],
  ['s3://Bucket/a', 'names no bucket'],
  ['s3://key:secret@bucket', 'names no bucket'],
  ['s3://bucket/a/../b', 'names no bucket'],
  ['s3://bucket/a?x=1', 'names no bucket'],
  ['mlflow-artifacts:/', 'names no folder'],
  ['mlflow-artifacts://host:5000/a', 'names no folder'],
  ['mlflow-artifacts:/a/../../b', 'names no folder'],
  ['mlflow-artifacts:/a b', 'names no folder'],
  [' file:///mnt', 'a blank'],
])('%s is none of its addresses', async (address, why) => {
  await expect(openRemoteStore(address)).rejects.toThrow(why);
});
