import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { besideName, isLeftover, removeLeftovers } from '../../src/base/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => readdirSync(folder).forEach((name) => rmSync(join(folder, name), { recursive: true })));

function write(path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), '');
  return path;
}
const left = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();

test('what killed processes have left goes from a folder and all below it; nothing named otherwise does', () => {
  expect(isLeftover(besideName())).toBe(true);
  for (const path of [besideName(), join('metrics', besideName()), join('a/b', besideName())]) write(path);
  const stays = ['meta.yaml', '.hidden.tmp', 'model.tmp', besideName('engine')].map(write);
  removeLeftovers(folder);
  expect(left()).toEqual(stays.toSorted());
});

test('nothing is removed where a link leads', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'layerline-elsewhere-'));
  const theirs = join(elsewhere, besideName());
  writeFileSync(theirs, '');
  symlinkSync(elsewhere, join(folder, 'link'));
  symlinkSync(elsewhere, join(folder, besideName('engine')));
  removeLeftovers(folder);
  removeLeftovers(folder, 'engine');
  expect([existsSync(theirs), readdirSync(folder)]).toEqual([true, ['link']]);
  rmSync(elsewhere, { recursive: true });
});

test('of several things in a folder, what was made for one goes, whole folders too', () => {
  write(join(besideName('tensorflow-2.21'), 'deps/lib'));
  write(join('tensorflow-2.21.7@host.tmp.old.tmp', 'deps/lib'));
  const stays = [
    join('tensorflow-2.21', 'engine.json'),
    join(besideName('tensorflow-2.2'), 'others'),
    'tensorflow-2.21.lock.owner.1',
    besideName(),
  ].map(write);
  removeLeftovers(folder, 'tensorflow-2.21');
  expect(left()).toEqual(stays.map((path) => path.split('/').at(-1)!).sort());
});
