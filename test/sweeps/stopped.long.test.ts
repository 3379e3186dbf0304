import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { isAlive, readOwner } from '../../src/base/owner.ts';
import { sweepOf } from '../../src/sweeps/open-sweep.ts';
import { SweepJournal } from '../../src/sweeps/sweep-journal.ts';
import { eventsOf } from '../rig.ts';
import { SweepRig, faultsOf } from './sweep-rig.ts';

let rig: SweepRig;
afterEach(async () => {
  await rig.run(args('--stop'));
  rig.remove();
});

/** A sweep of three trials, two at a time, none of which ends by itself while it is looked at. */
function begin(epochs: number, store = 'runs'): void {
  rig = new SweepRig([], {}, epochs, store);
  rig.write(
    's.yaml',
    `sweep: ./p.yaml
seed: 5
goal: minimize val_loss
space: { train.batchSize: [25, 50, 100] }
search: grid
parallel: 2
on: { local: {}, cpu: 1 }
`,
  );
}

const args = (...more: readonly string[]) => [
  'sweep',
  's.yaml',
  ...(rig.store === 'runs' ? [] : ['--runs', rig.store]),
  ...more,
];

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 3600; i++) {
    if (holds()) return;
    await sleep(50);
  }
  throw new Error('it never came to that');
}

/** The processes of trials that run, of all sweeps that were begun. */
function trialsAtWork(): readonly string[] {
  const root = join(rig.folder, '.layerline/sweeps', rig.store);
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((path) => {
    const owner = /jobs\/[^/]+\/claim$/.test(path) ? readOwner(readFileSync(join(root, path), 'utf8')) : undefined;
    return owner !== undefined && 'space' in owner && isAlive(owner) === true;
  });
}

/** The runs of trials that have trained an epoch. */
const trained = () =>
  readdirSync(join(rig.folder, rig.store), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('/metrics/val_loss'),
  );

/** Begins it, and kills the driver once two trials train. */
async function killDriver(...more: readonly string[]): Promise<void> {
  const { child, ended } = rig.start(args('--json', ...more));
  const before = existsSync(join(rig.folder, rig.store)) ? trained().length : 0;
  await until(() => trialsAtWork().length === 2 && trained().length === before + 2);
  child.kill('SIGKILL');
  expect((await ended).code).toBe(null);
  expect(trialsAtWork()).toHaveLength(2);
}

const statuses = () =>
  Object.fromEntries([...rig.trialRuns].map(([trial, runs]) => [trial, runs.map(({ status }) => status)]));
const killed = '5';

/** Some ten seconds of training, which a stop comes before the end of. */
const epochs = 2000;

test('--stop ends what a killed driver left, and the sweep goes on from there', async () => {
  begin(epochs);
  const never = await rig.run(args('--stop'));
  expect([never.code, never.stderr]).toEqual([2, expect.stringContaining('no sweep of s.yaml was begun in runs')]);
  expect(existsSync(join(rig.folder, '.layerline'))).toBe(false);

  await killDriver();
  // Nothing but where they run is asked of files that were edited.
  const pipeline = rig.read('p.yaml');
  rig.write('p.yaml', 'nothing: right\n');
  // A kill may leave half a line.
  appendFileSync(join(rig.folder, rig.journalPath), '1234abcd {"type":"sugg');
  const stopped = await rig.run(args('--stop'));
  const [way, ...told] = stopped.stdout.trim().split('\n').toReversed();
  expect([stopped.code, stopped.stderr]).toEqual([0, '']);
  expect(told).toEqual(['stopping 2 trials that a killed driver left ...']);
  expect(way).toBe('The sweep is stopped. Go on with: npx pipeline sweep s.yaml');
  expect(trialsAtWork()).toEqual([]);
  expect(statuses()).toEqual({ 1: [killed], 2: [killed], parent: [killed] });
  const before = trained().map((path) => rig.read(join(rig.store, path)).split('\n').length);

  const twice = await rig.run(args('--stop'));
  expect([twice.code, twice.stdout]).toEqual([0, `${way}\n`]);

  rig.write('p.yaml', pipeline);
  const { code, stdout, stderr } = await rig.run(args('--json'));
  expect([code, stderr]).toEqual([0, '']);
  const events = eventsOf(stdout);
  expect(events.find(({ type }) => type === 'sweep-started')).toMatchObject({ begun: 2 });
  expect(events.at(-1)).toMatchObject({ type: 'sweep-finished', why: 'done', trials: 3, failed: 0 });
  expect(faultsOf(rig, 3)).toEqual([]);
  // They went on where they were, and each epoch stands there once.
  expect(Math.min(...before)).toBeGreaterThan(1);
  for (const path of trained()) {
    const steps = rig
      .read(join(rig.store, path))
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]));
    expect(steps).toEqual(Array.from({ length: epochs }, (_, epoch) => epoch + 1));
  }

  const done = await rig.run(args('--stop'));
  expect([done.code, done.stdout]).toEqual([0, 'The sweep is done: nothing of it runs.\n']);
  expect(rig.trialRuns.get('parent')).toMatchObject([{ status: '3' }]);
});

test(
  '--stop ends the trials of a sweep that was given up, whatever its journal is like',
  { timeout: 300_000 },
  async () => {
    begin(20_000, 'kept here');
    await killDriver();
    const journal = join(rig.folder, rig.journalPath);
    const { head } = sweepOf(join(rig.folder, rig.store), join(rig.folder, 's.yaml'))!;
    // As a driver leaves it that is killed when it has just begun anew, with the trials before it still at work.
    const next = journal.replace(/-1(?=.journal)/, '-2');
    expect(next).not.toBe(journal);
    SweepJournal.begin(next, { ...head, id: '0123456789ab', generation: 2 }).close();
    for (const path of [journal, next]) appendFileSync(path, 'damaged\n');
    const stopped = await rig.run(args('--stop'));
    expect([stopped.code, stopped.stderr]).toEqual([0, '']);
    expect(stopped.stdout.trim().split('\n')).toEqual([
      'stopping 2 trials that a killed driver left ...',
      "The sweep is stopped. Go on with: npx pipeline sweep s.yaml --runs 'kept here'",
    ]);
    expect(trialsAtWork()).toEqual([]);
    expect(statuses()).toEqual({ 1: [killed], 2: [killed], parent: [killed] });
  },
);

test('--stop reaches a driver that is just beginning', async () => {
  begin(20_000);
  const { child, ended } = rig.start(args('--json'));
  await until(() => trialsAtWork().length === 2);
  child.kill('SIGSTOP');
  const stop = rig.start(args('--stop'));
  const file = join(rig.folder, dirname(rig.journalPath), 'stop');
  await until(() => existsSync(file));
  // One that begins removes what was meant for the driver before it.
  rmSync(file);
  child.kill('SIGCONT');
  const stopped = await stop.ended;
  expect([stopped.code, stopped.stdout]).toEqual([
    0,
    'stopping its trials ...\nThe sweep is stopped. Go on with: npx pipeline sweep s.yaml\n',
  ]);
  const { code, stdout } = await ended;
  expect(code).toBe(1);
  expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'sweep-finished', why: 'stopped' });
  expect(trialsAtWork()).toEqual([]);
});
