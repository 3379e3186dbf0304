import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { hasForm } from '../../../src/base/json-form.ts';
import { openRemoteStore } from '../../../src/run/open-remote-store.ts';
import {
  filesBelow,
  heldAs,
  heldFile,
  pullFile,
  pullKept,
  pushFile,
} from '../../../src/sweeps/transport/held-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-test-'));
mkdirSync(join(folder, 'store'));
const store = await openRemoteStore(pathToFileURL(join(folder, 'store')).href);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('files come to another folder as they were, and from the cache the second time', async () => {
  write('here/a/one.txt', 'one');
  write('here/two.txt', 'two');
  const files = await filesBelow(join(folder, 'here'));
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['a/one.txt', 3],
    ['two.txt', 3],
  ]);
  for (const held of files) await pushFile(store, join(folder, 'here', held.path), held);
  const cache = join(folder, 'cache');
  for (const round of ['first', 'second']) {
    for (const held of files) await pullKept(store, held, { cache, target: join(folder, round, held.path) });
    expect(readFileSync(join(folder, round, 'a/one.txt'), 'utf8')).toBe('one');
    // What is in the cache is enough from then on.
    rmSync(join(folder, 'store/data'), { recursive: true, force: true });
  }
  expect(statSync(join(folder, 'second/two.txt')).ino).toBe(statSync(join(folder, 'first/two.txt')).ino);
});

test('a file that changes between its hash and the push is not pushed', async () => {
  const file = write('moving.txt', 'before');
  const held = await heldAs('moving.txt', file);
  writeFileSync(file, 'after!');
  await expect(pushFile(store, file, held)).rejects.toThrow(/moving\.txt changed while it was brought to/);
  expect(await store.has(`data/${held.sha256}`)).toBe(false);
});

test('what arrives with another hash is refused, and what does not arrive is told', async () => {
  const sha256 = createHash('sha256').update('right').digest('hex');
  const target = join(folder, 'target');
  await expect(pullFile(store, { sha256, bytes: 5 }, target)).rejects.toThrow(/does not hold data\//);
  await store.write(`data/${sha256}`, write('wrong', 'wrong'));
  await expect(pullFile(store, { sha256, bytes: 5 }, target)).rejects.toThrow(/has another hash/);
  expect(statSync(target, { throwIfNoEntry: false })).toBeUndefined();
});

test.each(['../a', '/etc/passwd', 'a/../../b', 'a\\b', '', 'a//b', './a'])('no file is called %j', (path) => {
  expect(hasForm(heldFile, { path, sha256: '0'.repeat(64), bytes: 1 })).toBe(false);
});
