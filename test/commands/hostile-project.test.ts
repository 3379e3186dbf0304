import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StageCache } from '../../src/cache/stage-cache.ts';
import { digitsPipeline, Rig } from '../rig.ts';
import { Outside } from '../tracking/outside.ts';

const runId = 'b'.repeat(32);
let rig: Rig;
let outside: Outside;

beforeEach(() => {
  rig = new Rig();
  outside = new Outside(runId);
});

afterEach(() => {
  const [before, now] = outside.compared;
  expect(now).toEqual(before);
  rig.remove();
  outside.remove();
});

describe('what is kept beside a store', () => {
  test.each(['.layerline', '.layerline/cache', '.layerline/cache/runs', '.layerline/data'])(
    'clean removes nothing through a link in the place of %s',
    async (place) => {
      mkdirSync(dirname(join(rig.folder, place)), { recursive: true });
      for (const folder of ['cache/runs', 'runs', 'data'])
        cpSync(join(outside.folder, 'train'), join(outside.folder, folder), { recursive: true });
      outside.remember();
      symlinkSync(outside.folder, join(rig.folder, place));
      const { code, stderr } = await rig.run(['clean', '--max-age', '0m']);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/is a link: nothing is kept or removed where it leads/),
      ]);
    },
  );

  test('clean looks into no link', async () => {
    mkdirSync(join(rig.folder, '.layerline/cache/runs'), { recursive: true });
    symlinkSync(outside.folder, join(rig.folder, '.layerline/cache/runs/train'));
    symlinkSync(join(outside.folder, 'a.outcome'), join(rig.folder, '.layerline/cache/runs/b.outcome'));
    expect((await rig.run(['clean'])).stdout).toMatch(/removed 0 kept outcomes/);
  });
});

test('a store that is a file, or holds what is none of it, ends in a message', async () => {
  rig.write('store', '');
  for (const command of [['sync'], ['ui'], ['replay', runId]]) {
    const { code, stderr } = await rig.run([...command, '--runs', 'store']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error store-not-readable: the runs in store cannot be read: ENOTDIR/),
    ]);
  }
  rig.write('runs/1/meta.yaml', 'name: e');
  rig.write('runs/2', '');
  mkdirSync(join(rig.folder, `runs/1/${runId}.journal`));
  const { code, stderr } = await rig.run(['sync']);
  expect([code, stderr.match(/^warning .*$/gm)]).toEqual([
    0,
    [expect.stringMatching(/runs\/2 is no folder/), expect.stringMatching(/\.journal is no file/)],
  ]);
});

test('status shows a kept outcome of any content as text', async () => {
  rig.writeDigits(200, 100);
  rig.write('p.yaml', digitsPipeline());
  const cache = new StageCache(
    join(rig.folder, '.layerline/cache/runs'),
    (warning) => expect.unreachable(warning.message),
    join(rig.folder, 'p.yaml'),
  );
  cache.keep({ stage: 'train', hash: 'f'.repeat(64), parts: [['engine', '"\u001b[2J']] }, runId, null);
  const { code, stdout, stderr } = await rig.run(['status', 'p.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('engine: "\u241b[2J -> native');
});
