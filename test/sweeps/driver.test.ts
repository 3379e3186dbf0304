import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { claim } from '../../src/base/claim.ts';
import { type Diagnostic, UserError } from '../../src/base/diagnostics.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import type { Sweep } from '../../src/sweeps/checked-sweep.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';
import { sweepOf } from '../../src/sweeps/open-sweep.ts';
import { runSweep, stopJobs } from '../../src/sweeps/run-sweep.ts';
import type { SweepEvent } from '../../src/sweeps/sweep-events.ts';
import { type SweepLine, readJournal } from '../../src/sweeps/sweep-journal.ts';
import type { Promotions, SweepOutcome } from '../../src/sweeps/sweep-request.ts';
import { editMeta, readMeta } from '../../src/tracking/store/meta-yaml.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { LocalStore } from '../../src/tracking/store/local-store.ts';
import { Rig } from '../rig.ts';
import { program, ways } from './shell-trials.ts';

// The driver, the executor of this machine and the store are the real ones.
let rig: Rig;
afterEach(() => rig.remove());

interface Given extends Partial<Omit<Sweep, 'space'>> {
  readonly values: readonly number[];
  readonly fresh?: boolean;
  readonly promotions?: Promotions;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: SweepEvent) => void;
  /** The folder of its jobs; left out: its own. */
  readonly jobs?: string;
  /** Milliseconds between two looks at them. */
  readonly pause?: number;
}

const onThisMachine = (folder: string) => openExecutor({ type: 'local', options: {} }, { folder, grace: 1000 });

function prepare(): void {
  rig = new Rig();
  rig.write('trial.sh', program);
  rig.write('d.csv', `x,k\n${Array.from({ length: 60 }, (_, i) => `${i},${i < 30 ? 'low' : 'high'}`).join('\n')}\n`);
  rig.write(
    'p.yaml',
    `name: tiny
data: { source: { csv: { file: d.csv, targets: { k: [low, high] }, test: 0.2 } }, split: { validation: 10 } }
model: { layers: [dense 2] }
train: { optimizer: sgd, loss: softmaxCrossEntropy, batchSize: 10, epochs: 1 }
`,
  );
  rig.write('s.yaml', 'what it says is given otherwise');
}

async function sweep({
  values,
  fresh,
  promotions,
  signal,
  onEvent,
  jobs,
  pause = 5,
  ...rest
}: Given): Promise<SweepOutcome> {
  const source = { name: join(rig.folder, 's.yaml'), text: '' };
  const choices = [...values];
  const path = 'train.batchSize';
  return runSweep({
    checked: {
      source,
      base: await checkFile(join(rig.folder, 'p.yaml')),
      warnings: [],
      sweep: {
        name: 's',
        seed: 1,
        goal: { direction: 'maximize', metric: 'val_accuracy' },
        space: [{ path, distribution: { kind: 'choice', choices }, range: { source, start: 0, end: 1 } }],
        search: 'grid',
        trials: values.length,
        failures: values.length,
        parallel: 4,
        budget: {},
        on: { type: 'local', options: {} },
        ...rest,
      },
    },
    settingsOf: (of) => [`${path}=${String(of[path])}`],
    searcher: { suggest: async (number) => ({ [path]: values[number - 1] }), close: async () => {} },
    ...(promotions && { promotions }),
    openExecutor: (folder) => onThisMachine(jobs ?? folder),
    // Fewer cores than there are: what is tried needs several trials at once.
    need: { cpu: 0.2 },
    tracker: new LocalStore(join(rig.folder, 'runs'), (warning: Diagnostic) => expect.unreachable(warning.message), {}),
    program: ['/bin/sh', join(rig.folder, 'trial.sh')],
    args: [],
    fresh: fresh === true,
    pause,
    emit: (event) => onEvent?.(event),
    signal: signal ?? new AbortController().signal,
  });
}

const journal = () => {
  const found = sweepOf(join(rig.folder, 'runs'), join(rig.folder, 's.yaml'))!;
  return { ...found, ...readJournal(join(found.folder, 'journal.jsonl')) };
};
const attemptsAt = (way: keyof typeof ways) => {
  const path = join(rig.folder, `starts-${ways[way]}`);
  return existsSync(path) ? readFileSync(path, 'utf8').length / 2 : 0;
};
const endsOf = (trial: number, lines: readonly SweepLine[]) =>
  lines.flatMap((line) =>
    line.type === 'ended' && line.trial === trial ? [`${line.state}${line.again === undefined ? '' : ', again'}`] : [],
  );

/** Ends the driver in its tracks at an event, as a kill does: jobs run on, nothing is written down. */
class Killed extends Error {}

test('how a trial ended says whether it gets another attempt', async () => {
  prepare();
  const tried = [
    ['finishes', ['done']],
    ['badValues', ['failed']],
    ['outOfMemory', ['failed, again', 'failed']],
    ['outOfMemoryOnce', ['failed, again', 'done']],
    ['lost', ['lost, again', 'lost, again', 'lost']],
    ['lostTwice', ['lost, again', 'lost, again', 'done']],
    ['toldToEndOnce', ['failed, again', 'done']],
    ['endsWithoutResult', ['failed']],
  ] as const;
  const { record, why, best } = await sweep({ values: tried.map(([way]) => ways[way]) });
  expect(why).toBe('done');
  for (const [index, [way, ends]] of tried.entries()) {
    expect(endsOf(index + 1, journal().lines), way).toEqual(ends);
    expect(attemptsAt(way), way).toBe(ends.length);
    expect(record.trials[index]!.state, way).toBe(ends.at(-1) === 'done' ? 'finished' : 'failed');
  }
  expect(record.trials.map(({ reason }) => reason).filter((reason) => reason !== undefined)).toEqual([
    'that cannot be',
    'it was killed by SIGKILL',
    'its process was killed from outside',
    'it ended without a result',
  ]);
  expect(best!.number).toBe(1);
  // The same again trains nothing.
  expect((await sweep({ values: tried.map(([way]) => ways[way]) })).why).toBe('done');
  expect(attemptsAt('finishes')).toBe(1);
});

test('the end of a trial and an interrupt are heard of, however seldom the driver looks', async () => {
  prepare();
  const pause = 60_000;
  const all = await sweep({ values: [ways.finishes, ways.badValues, ways.finishes], parallel: 1, pause });
  expect(all.record.trials.map(({ state }) => state)).toEqual(['finished', 'failed', 'finished']);
  const stop = new AbortController();
  const onEvent = ({ type }: SweepEvent) => type === 'trial-started' && setTimeout(() => stop.abort(), 50);
  const { why } = await sweep({ values: [ways.sleeps], fresh: true, pause, signal: stop.signal, onEvent });
  expect(why).toBe('interrupted');
}, 20_000);

test('a goal that no trial reports ends the sweep, with what they report', async () => {
  prepare();
  const error = await sweep({ values: [ways.otherMetric, ways.sleeps], parallel: 2 }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  const [{ code, message, hint } = { code: '', message: '', hint: '' }] = (error as UserError).diagnostics;
  expect(code).toBe('goal-not-reported');
  expect(message).toMatch(/^the run [0-9a-f]{32} reports no `val_accuracy`/);
  expect(hint).toContain('It reports `val_loss`');
  const { head, folder } = journal();
  const left = await onThisMachine(join(folder, 'jobs')).list(`s-${head.id}`);
  expect(left.map(({ state }) => state).toSorted()).toEqual(['done', 'stopped']);
});

test('an interrupted sweep stops its trials, which go on with the next command', async () => {
  prepare();
  const stop = new AbortController();
  const values = [ways.sleeps, ways.finishes];
  const first = await sweep({
    values,
    signal: stop.signal,
    onEvent: (event) => void (event.type === 'trial-ended' && event.trial === 2 && stop.abort()),
  });
  expect(first.why).toBe('interrupted');
  expect(first.record.trials.map(({ state }) => state)).toEqual(['stopped', 'finished']);
  expect(endsOf(1, journal().lines)).toEqual(['stopped, again']);
  const again = new AbortController();
  await sweep({
    values,
    signal: again.signal,
    onEvent: (event) => void (event.type === 'trial-started' && again.abort()),
  });
  expect(journal().lines.flatMap((line) => (line.type === 'submitted' ? [[line.trial, line.attempt]] : []))).toEqual([
    [1, 1],
    [2, 1],
    [1, 2],
  ]);
});

test('what is begun anew over trials that run stops them first', async () => {
  prepare();
  const killed = sweep({
    values: [ways.sleeps, ways.sleeps],
    onEvent: (event) => {
      if (event.type === 'trial-started' && event.trial === 2) throw new Killed();
    },
  });
  await expect(killed).rejects.toThrow(Killed);
  const former = journal();
  const jobs = () => onThisMachine(join(former.folder, 'jobs')).list(`s-${former.head.id}`);
  // The second one is noted, and not started yet.
  expect((await jobs()).map(({ state }) => state)).toEqual(['running']);
  expect((await sweep({ values: [ways.finishes], fresh: true })).why).toBe('done');
  expect((await jobs()).map(({ state }) => state)).toEqual(['stopped']);
  expect(basename(journal().folder)).toMatch(/-2$/);
});

test('trials that a killed driver left are stopped by their names, and go on', async () => {
  prepare();
  const values = [ways.sleeps, ways.finishes];
  const killed = sweep({
    values,
    onEvent: (event) => {
      if (event.type === 'trial-started' && event.trial === 2) throw new Killed();
    },
  });
  await expect(killed).rejects.toThrow(Killed);
  const { head, folder } = journal();
  await stopJobs(onThisMachine(join(folder, 'jobs')), `s-${head.id}`);
  const states = (await onThisMachine(join(folder, 'jobs')).list(`s-${head.id}`)).map(({ state }) => state);
  expect(states).toContain('stopped');
  expect(states).not.toContain('running');
  const stop = new AbortController();
  const { record } = await sweep({
    values,
    signal: stop.signal,
    onEvent: (event) => void (event.type === 'trial-started' && stop.abort()),
  });
  expect(endsOf(1, journal().lines)).toEqual(['stopped, again', 'stopped, again']);
  expect(record.trials.map(({ state }) => state)).toEqual(['stopped', 'finished']);
});

test('a budget of time that is used up ends the sweep, and a larger one lets it go on', async () => {
  prepare();
  const values = [ways.sleeps, ways.finishes];
  expect((await sweep({ values, parallel: 1, budget: { time: '300ms' } })).why).toBe('budget');
  expect(endsOf(1, journal().lines)).toEqual(['stopped, again']);
  // The seconds of the driver before count.
  const started: number[] = [];
  const onEvent = (event: SweepEvent) => void (event.type === 'trial-started' && started.push(event.trial));
  expect((await sweep({ values, parallel: 1, budget: { time: '300ms' }, onEvent })).why).toBe('budget');
  expect(started).toEqual([]);
  const stop = new AbortController();
  const more = await sweep({
    values,
    parallel: 2,
    budget: { time: '1h' },
    signal: stop.signal,
    onEvent: (event) => void (event.type === 'trial-ended' && stop.abort()),
  });
  expect(more.record.trials[1]!.state).toBe('finished');
});

test('while others have all that trials run on, a sweep waits', async () => {
  prepare();
  const jobs = join(rig.folder, 'jobs');
  const all = { env: {}, need: { cpu: availableParallelism() } };
  const fill = (id: string, seconds: string) => onThisMachine(jobs).submit({ id, argv: ['sleep', seconds], ...all });
  await fill('other-1-0-0', '1');
  const { why, record } = await sweep({ values: [ways.finishes, ways.badValues], jobs });
  expect([why, record.trials.map(({ state }) => state)]).toEqual(['done', ['finished', 'failed']]);
  await fill('other-2-0-0', '60');
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const more = await sweep({ values: [ways.finishes, ways.badValues, ways.pauses], jobs, signal: stop.signal });
  expect(more.why).toBe('interrupted');
  await stopJobs(onThisMachine(jobs), 'other');
});

test('more failures than are allowed end the sweep, and the others are stopped', async () => {
  prepare();
  const { why, record } = await sweep({ values: [ways.sleeps, ways.badValues, ways.endsWithoutResult], failures: 1 });
  expect(why).toBe('failures');
  expect(record.trials.map(({ state }) => state)).toEqual(['stopped', 'failed', 'failed']);
});

test('the best so far is no worse where its trial goes on below another driver', async () => {
  prepare();
  const promotions: Promotions = {
    rungs: [1, 2],
    next: ([first]) => (first?.state === 'paused' ? { trial: 1, rung: 1 } : undefined),
    closing: () => undefined,
  };
  const values = [ways.pausesThenSleeps, ways.pauses];
  const killed = sweep({
    values,
    promotions,
    parallel: 1,
    onEvent: (event) => {
      if (event.type === 'trial-started' && event.rung === 1) throw new Killed();
    },
  });
  await expect(killed).rejects.toThrow(Killed);
  const stop = new AbortController();
  const { artifactDirectory } = await sweep({
    values,
    promotions,
    parallel: 2,
    signal: stop.signal,
    onEvent: (event) => void (event.type === 'trial-ended' && stop.abort()),
  });
  const told = readFileSync(join(artifactDirectory, '../metrics/best_val_accuracy'), 'utf8').trim().split('\n');
  expect(told.map((line) => line.split(' ').slice(1))).toEqual([
    ['0.9', '1'],
    ['0.9', '2'],
  ]);
});

test('a parent run that another process is just closing is waited for', async () => {
  prepare();
  const { artifactDirectory } = await sweep({ values: [ways.finishes] });
  const directory = join(artifactDirectory, '..');
  editMeta(join(directory, 'meta.yaml'), { status: 1 });
  const closing = claim(directory)!;
  const again = sweep({ values: [ways.finishes] });
  setTimeout(() => closing.release(), 300);
  expect((await again).why).toBe('done');
});

test('a trial that was left behind is FINISHED and pruned, until a sweep that goes on promotes it', async () => {
  prepare();
  const leaving: Promotions = { rungs: [1, 2], next: () => undefined, closing: () => undefined };
  const values = [ways.finishes, ways.pausesThenFinishes, ways.pauses];
  const { record } = await sweep({ values, promotions: leaving });
  expect(record.trials.map(({ state }) => state)).toEqual(['finished', 'pruned', 'pruned']);
  const directories = record.trials.map(({ runId }) => foundRun(runId!));
  const told = () =>
    directories.map((directory) => [
      readMeta(join(directory, 'meta.yaml'))!['status'],
      readRun(directory).tags['layerline.pruned'],
    ]);
  expect(told()).toEqual([
    [3, undefined],
    [3, 'after epoch 1'],
    [3, 'after epoch 1'],
  ]);
  const end = () => readMeta(join(directories[2]!, 'meta.yaml'))!['end_time'];
  const ended = end();
  // As a driver leaves the third that is killed while it prunes it.
  editMeta(join(directories[2]!, 'meta.yaml'), { status: 5 });
  const promoting: Promotions = {
    ...leaving,
    next: ([, second]) => (second?.state === 'paused' ? { trial: 2, rung: 1 } : undefined),
  };
  const again = await sweep({ values, promotions: promoting });
  expect(again.record.trials.map(({ state }) => state)).toEqual(['finished', 'finished', 'pruned']);
  expect(told()).toEqual([
    [3, undefined],
    [3, ''],
    [3, 'after epoch 1'],
  ]);
  // The time that it trained stays what it was.
  expect(end()).toBe(ended);
  expect([attemptsAt('finishes'), attemptsAt('pausesThenFinishes'), attemptsAt('pauses')]).toEqual([1, 2, 1]);
});

const foundRun = (runId: string) =>
  join(
    rig.folder,
    'runs',
    readdirSync(join(rig.folder, 'runs')).find(
      (name) => /^\d+$/.test(name) && existsSync(join(rig.folder, 'runs', name, runId)),
    )!,
    runId,
  );
