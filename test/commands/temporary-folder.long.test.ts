import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StageCache, cacheFolder } from '../../src/cache/stage-cache.ts';
import { originOf, stageStatus } from '../../src/run/freshness.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { findOutcomes } from '../../src/run/kept-outcomes.ts';
import { evaluateStage } from '../../src/stages/evaluate-stage.ts';
import type { Stage } from '../../src/stages/stage.ts';
import { stages } from '../../src/stages/stages.ts';
import { trainStage } from '../../src/stages/train-stage.ts';
import { noDisks, withDisk } from '../disk.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const temporary = join(rig.folder, 'tmp');
mkdirSync(temporary);

beforeAll(() => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline());
});
afterAll(() => rig.remove());

/** The compiled step cannot be written: the run says so before it trains, and nothing of it is kept. */
async function expectRefusal(folder: string, why: RegExp, more: readonly (readonly string[])[] = []): Promise<void> {
  for (const args of [['run', 'digits.yaml', '--json'], ...more]) {
    const { code, stdout, stderr } = await rig.run(args, { TMPDIR: folder });
    expect(code, stdout).toBe(1);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(
      /error (graph-not-written: the compiled step cannot be written for TensorFlow|no-temporary-folder: the two runs cannot be recorded) in /,
    );
    expect(stderr).toContain(folder);
    expect(stderr).toContain('TMPDIR=FOLDER');
    expect(stderr).not.toContain('mistake in Layerline');
    expect(stdout).not.toMatch(/epoch-finished|eager/);
  }
  expect((await rig.run(['status', 'digits.yaml'])).stdout).toMatch(/^train +runs +nothing is kept of it$/m);
}

describe('where the temporary folder takes no compiled step, no other bits come of it', () => {
  test(
    'none',
    () =>
      expectRefusal(join(rig.folder, 'none'), /ENOENT/, [
        ['plan', 'digits.yaml', '--calibrate'],
        ['verify-resume', 'digits.yaml'],
      ]),
    60_000,
  );

  test.skipIf(noDisks !== undefined)(
    'full',
    () =>
      withDisk(temporary, 'size=64k', async () => {
        writeFileSync(join(temporary, 'filler'), Buffer.alloc(60 * 1024));
        await expectRefusal(temporary, /ENOSPC/);
        expect(readdirSync(temporary)).toEqual(['filler']);
      }),
    60_000,
  );

  test.skipIf(noDisks !== undefined)(
    'read-only',
    () => withDisk(temporary, 'size=64k,ro', () => expectRefusal(temporary, /EROFS/)),
    60_000,
  );

  test('with room again, the run trains compiled and is kept', async () => {
    const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json'], { TMPDIR: temporary });
    expect(code).toBe(0);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ status: 'FINISHED', step: 'compiled' });
    expect((await rig.run(['status', 'digits.yaml'])).stdout).toMatch(/^train +fresh/m);
    expect(existsSync(temporary) && readdirSync(temporary)).toEqual([]);
  }, 60_000);
});

test('an outcome whose steps ran otherwise is not taken, nor what followed from it; status says why', async () => {
  const checked = await checkFile(join(rig.folder, 'digits.yaml'), ['seed=8']);
  const folder = join(rig.folder, 'cache');
  expect((await rig.run(['run', 'digits.yaml'])).code).toBe(0);
  const cache = new StageCache(cacheFolder(join(rig.folder, 'runs')), () => expect.unreachable());
  const of = <Outcome>(stage: Stage<string, Outcome>) =>
    cache.find(cache.list(stage.name)[0]!.fingerprint, stage.form(checked))!.outcome;
  const [trained, evaluation] = [of(trainStage), of(evaluateStage)];
  const { dataFiles } = originOf(checked, {});
  const rest = { stages, force: undefined, emit: () => expect.unreachable() };
  const kept = () => findOutcomes({ ...rest, checked, dataFiles, folder });
  const found = async () => {
    const { found: foundOf } = await kept();
    return stages.filter((stage) => foundOf(stage) !== undefined).map(({ name }) => name);
  };
  const run = '0123456789abcdef0123456789abcdef';
  const keep = async (ranAs: string) => {
    const { keep: keepOne } = await kept();
    keepOne(trainStage, run, { ...trained, ranAs });
    keepOne(evaluateStage, run, evaluation);
  };
  await keep('eager');
  expect(await found()).toEqual([]);
  await keep('compiled and eager');
  expect(await found()).toEqual([]);
  await keep('compiled');
  expect(await found()).toEqual(['train', 'evaluate']);

  rig.write('cached.yaml', digitsPipeline());
  const eager = await checkFile(join(rig.folder, 'cached.yaml'), ['seed=9']);
  const own = await findOutcomes({ ...rest, checked: eager, dataFiles: {}, folder: join(rig.folder, 'other') });
  own.keep(trainStage, run, { ...trained, ranAs: 'eager' });
  const [, train] = await stageStatus(eager, join(rig.folder, 'other'));
  expect(train).toMatchObject({
    fresh: false,
    changes: expect.arrayContaining([
      { name: 'step', before: '"eager"', now: '"compiled"', reason: expect.stringContaining('another order') },
    ]),
  });
}, 60_000);
