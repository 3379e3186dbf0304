import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { eventsOf } from '../rig.ts';
import { SweepRig, faultsOf } from './sweep-rig.ts';

let rig: SweepRig;
afterEach(() => rig.remove());

const sizes = (...batchSizes: readonly number[]) => batchSizes.map((size) => ({ 'train.batchSize': size }));

/** Waits for a line of the journal. */
async function until(holds: (line: Record<string, unknown>) => boolean): Promise<void> {
  for (let i = 0; i < 600; i++) {
    try {
      if (rig.journal.some(holds)) return;
    } catch {
      // Not begun yet, or half a line.
    }
    await sleep(50);
  }
}

test('trains every trial once below one run, and one that fails ends nothing', { timeout: 180_000 }, async () => {
  rig = new SweepRig(sizes(16, 0, 64));
  const { code, stdout, stderr } = await rig.drive().ended;
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const events = eventsOf(stdout);
  expect(events.at(-1)).toMatchObject({ type: 'sweep-finished', why: 'done', trials: 3, failed: 1 });
  expect(events.find(({ type, trial }) => type === 'trial-ended' && trial === 2)).toMatchObject({
    state: 'failed',
    again: false,
    reason: '`batchSize` must be a whole number >= 1, not 0.',
  });
  const runs = rig.trialRuns;
  const parent = runs.get('parent')![0]!;
  expect(parent['status']).toBe('3');
  for (const trial of ['1', '2', '3'])
    expect(runs.get(trial)).toMatchObject([{ 'mlflow.parentRunId': parent['run'], status: trial === '2' ? '4' : '3' }]);
  const best = events.at(-1)!['best'] as { readonly trial: number; readonly runId: string };
  expect(parent['layerline.best']).toBe(best.runId);
  expect(rig.read('s.best.yaml')).toContain(`trial ${best.trial}`);
  // Ready to run: all of it is kept, so that nothing is trained.
  const again = await rig.run(['run', 's.best.yaml', '--json'], { PIPELINE_CORES: '1', TF_NUM_INTEROP_THREADS: '1' });
  expect(again.code).toBe(0);
  // Failed ones get another attempt where the user says so, and nothing else runs again.
  const retried = await rig.drive('--retry', 'failed').ended;
  expect(eventsOf(retried.stdout).filter(({ type }) => type === 'trial-started')).toMatchObject([
    { trial: 2, attempt: 2 },
  ]);
});

test('a driver that is killed loses no trial and doubles none', { timeout: 180_000 }, async () => {
  rig = new SweepRig(sizes(16, 32, 64), {}, 6);
  const first = rig.drive();
  await until(({ type, trial }) => type === 'submitted' && trial === 2);
  first.child.kill('SIGKILL');
  await first.ended;
  // A kill may leave half a line.
  appendFileSync(join(rig.folder, rig.journalPath), '1234abcd {"type":"sugg');
  const { code, stdout } = await rig.drive().ended;
  expect(code).toBe(0);
  expect(eventsOf(stdout)[0]).toMatchObject({ type: 'sweep-started', begun: 2 });
  expect(faultsOf(rig, 3)).toEqual([]);
  expect(rig.journal.filter(({ type }) => type === 'submitted')).toHaveLength(3);
});

test('a second driver is refused, and --stop ends the first', { timeout: 180_000 }, async () => {
  rig = new SweepRig(sizes(16, 32, 64), {}, 20_000);
  const first = rig.drive();
  await until(({ type, trial }) => type === 'submitted' && trial === 2);
  const second = await rig.drive().ended;
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('sweep-at-work');
  const stop = await rig.drive('--stop').ended;
  expect(stop.code).toBe(0);
  const { code, stderr } = await first.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('npx pipeline sweep s.json');
  expect(rig.journal.at(-1)).toMatchObject({ type: 'ending', why: 'stopped' });
  expect(rig.journal.findLast(({ type }) => type === 'ended')).toMatchObject({ state: 'stopped' });
});

test('an edited pipeline and a damaged journal are told, with the way out', { timeout: 180_000 }, async () => {
  rig = new SweepRig(sizes(16, 32), {}, 40);
  const first = rig.drive();
  await until(({ type, trial }) => type === 'submitted' && trial === 1);
  first.child.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  const pipeline = rig.read('p.yaml');
  rig.write('p.yaml', pipeline.replace('epochs: 40', 'epochs: 41'));
  const edited = await rig.drive().ended;
  expect(edited.code).toBe(2);
  expect(edited.stderr).toContain('`train.epochs` of the pipeline changed');
  rig.write('p.yaml', pipeline);
  const path = join(rig.folder, rig.journalPath);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replace('"suggested"', '"suggestes"'));
  const damaged = await rig.drive().ended;
  expect(damaged.code).toBe(1);
  expect(damaged.stderr).toMatch(/line 3 of .*journal\.jsonl is damaged/);
  rig.write('p.yaml', pipeline.replace('epochs: 40', 'epochs: 2'));
  expect((await rig.drive('--fresh').ended).code).toBe(0);
});
