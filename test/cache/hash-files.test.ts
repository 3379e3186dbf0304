import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hashFiles } from '../../src/cache/hash-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-hash-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is called the same whichever links lead to it and to the folder', async () => {
  for (const place of ['project/data/deep', 'elsewhere']) {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, 'rows.csv'), 'a,b\n');
  }
  symlinkSync(join(folder, 'project'), join(folder, 'link'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'project/mounted'));
  const names = async (from: string, path: string) =>
    Object.keys(await hashFiles([join(folder, path)], join(folder, from)));
  for (const from of ['project', 'link']) {
    for (const to of ['project', 'link'])
      expect(await names(from, `${to}/data/deep/rows.csv`)).toEqual([join('data', 'deep', 'rows.csv')]);
    expect(await names(from, `${from}/mounted/rows.csv`)).toEqual([join('mounted', 'rows.csv')]);
    expect(await names(from, 'elsewhere/rows.csv')).toEqual([join('elsewhere', 'rows.csv')]);
  }
});
