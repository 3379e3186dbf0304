import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/base/temporary-folder.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
const before = process.env['TMPDIR'];
beforeAll(() => void (process.env['TMPDIR'] = rig.folder));
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rig.remove();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600e3);

function left(name: string, days: number): string {
  const path = join(rig.folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'saved_model.pb'), 'x');
  utimesSync(path, daysAgo(days), daysAgo(days));
  return path;
}

test('what a killed process left behind a month ago goes, and nothing else', () => {
  const old = left('layerline-graph-a1b2c3', 31);
  const kept = [left('layerline-graph-d4e5f6', 29), left('layerline-verify-a1b2c3', 31), left('graph-a1b2c3', 400)];
  const link = join(rig.folder, 'layerline-graph-link');
  symlinkSync(kept[2]!, link);
  const made = temporaryFolder('graph');
  expect(basename(made)).toMatch(/^layerline-graph-.{6}$/);
  expect(existsSync(old)).toBe(false);
  for (const path of [made, link, ...kept]) expect(existsSync(path), path).toBe(true);
});
