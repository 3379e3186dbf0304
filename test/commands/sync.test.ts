import { chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claim } from '../../src/base/claim.ts';
import { self } from '../../src/base/owner.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { beginJournal } from '../../src/tracking/server/open-journal.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { asUser, noOtherCache, noOtherUser, stranger } from '../other-user.ts';
import { type Ended, eventsOf, Rig } from '../rig.ts';
import { plantRuns, StandIn, waitFor, warningsIn } from './planted-runs.ts';

let rig: Rig;
beforeEach(() => (rig = new Rig()));
afterEach(() => rig.remove());

const tiny =
  'name: tiny\ndata: { source: { csv: { file: tiny.csv, targets: { y: number }, test: 0.2 } }, ' +
  'split: { validation: 5 } }\nmodel: { layers: [dense 1] }\n' +
  'train: { optimizer: sgd, loss: meanSquaredError, batchSize: 10, epochs: 1 }\nvisualize: { figures: [] }\n';

/** Gives a folder to a user who has no name. */
function give(folder: string): void {
  for (const path of [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) => join(folder, entry)),
  ])
    chownSync(path, stranger, stranger);
}

test.skipIf(noOtherUser !== undefined)(
  'runs of another user are told of once, and those of this one are delivered',
  async () => {
    const { address, runs } = await new StandIn().start();
    // Whichever is listed first.
    const others = [
      ...(await plantRuns(rig, 2, waitFor(address), 'a')),
      ...(await plantRuns(rig, 2, waitFor(address), 'z')),
    ];
    const [mine] = await plantRuns(rig, 1, waitFor(address), 'mine');
    chownSync(rig.folder, stranger, stranger);
    chownSync(join(rig.folder, 'runs'), stranger, stranger);
    give(dirname(mine!));
    const sync = await rig.run(['sync', '--to', address], {}, asUser(stranger));
    expect([sync.code, sync.stdout]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^run ${basename(mine!)}: [1-9]\\d* things delivered to ${address} as run \\S+\n$`),
      ),
    ]);
    expect(warningsIn(sync)).toEqual([
      expect.stringMatching(
        /^warning not-writable: 4 runs \(.* and 1 more\): left as they are in runs: you may not write there$/,
      ),
    ]);
    expect(runs.size).toBe(1);
    const again = await rig.run(['sync', '--again', basename(others[0]!), '--to', address], {}, asUser(stranger));
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error not-writable: the run [0-9a-f]{32} is left as it is: runs\/\d+: you may not write there\n.*help: .*run `pipeline sync` as a user who may write there\n$/,
      ),
    ]);
    // What a run does beside its own work.
    waitFor(address)(mine!);
    give(dirname(mine!));
    rig.write('tiny.csv', `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${i * 2}`).join('\n')}\n`);
    rig.write('tiny.yaml', tiny);
    const run = await rig.run(
      ['run', 'tiny.yaml', '--json', '--tracking-uri', address],
      { PIPELINE_ENGINE: 'wasm' },
      asUser(stranger),
    );
    expect(run.code, run.stderr).toBe(0);
    const told = eventsOf(run.stdout)
      .filter(({ type }) => type === 'diagnostic')
      .map(({ diagnostic }) => (diagnostic as { message: string }).message);
    expect(told.filter((message) => /earlier|left as/.test(message))).toEqual([
      expect.stringMatching(/^4 runs .*: left as they are in \S*runs: you may not write there$/),
    ]);
    expect(readdirSync(dirname(mine!)).filter((name) => name.endsWith('.journal'))).toEqual([]);
  },
  90_000,
);

test.skipIf(noOtherCache !== undefined)(
  'killed runs on a disk that is read-only are told of once, with those that wait there',
  async () => {
    const { address } = await new StandIn().start();
    await plantRuns(rig, 4, (directory, i) => {
      const meta = join(directory, 'meta.yaml');
      writeFileSync(
        meta,
        readFileSync(meta, 'utf8')
          .replace(/^status: .*$/m, 'status: 1')
          .replace(/^end_time: .*$/m, 'end_time: null'),
      );
      writeFileSync(`${directory}.owner.1`, JSON.stringify({ ...self(), pid: 4_194_305 }));
      if (i > 1) waitFor(address)(directory);
    });
    const readOnly = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount --bind runs runs && mount -o remount,bind,ro runs && exec "$0" "$@"',
    ];
    for (const args of [['--to', address], []]) {
      const sync = await rig.run(['sync', ...args], {}, readOnly);
      expect([sync.code, sync.stdout]).toEqual([1, '']);
      expect(warningsIn(sync).slice(0, 1)).toEqual([
        expect.stringMatching(
          /^warning not-writable: 4 runs \(.* and 1 more\): left as they are in runs: the file system is read-only$/,
        ),
      ]);
      // Those that wait are another matter where nothing was to be delivered.
      expect(warningsIn(sync).slice(1)).toEqual(
        args.length > 0 ? [] : [expect.stringMatching(/^warning not-delivered: 2 earlier runs wait for /)],
      );
    }
    expect((await rig.run(['sync', '--to', address])).stdout.match(/marked KILLED/g)).toHaveLength(4);
  },
);

describe('--again', () => {
  const again = (run: string, address: string) => rig.run(['sync', '--again', basename(run), '--to', address]);

  test('fills the run that the server has, whatever its experiment is called; makes one where it is gone', async () => {
    const { address, experiments, runs } = await new StandIn().start();
    const [run] = await plantRuns(rig, 1, waitFor(address));
    expect(await again(run!, address)).toMatchObject({ code: 0, stderr: '' });
    const made = [...runs];
    expect(made).toHaveLength(1);
    experiments.set('1', 'nicer');
    expect(await again(run!, address)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(` as run ${made[0]![0]}\n`),
    });
    expect([[...runs], [...experiments]]).toEqual([made, [['1', 'nicer']]]);
    runs.clear();
    expect(await again(run!, address)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/: [1-9]\d* things delivered/),
    });
    expect([[...runs].map(([, { experiment }]) => experiment), [...experiments]]).toEqual([
      ['2'],
      [
        ['1', 'nicer'],
        ['2', 'e'],
      ],
    ]);
  });

  test('keeps to the experiment that the run was started for', async () => {
    const { address, runs } = await new StandIn().start();
    const [run] = await plantRuns(rig, 1, (directory) =>
      beginJournal(directory, address, { experiment: { id: '7', name: 'e' } }).close(),
    );
    expect(await again(run!, address)).toMatchObject({ code: 0, stderr: '' });
    expect([...runs].map(([, { experiment }]) => experiment)).toEqual(['7']);
  });

  test('changes nothing of what waits for another server until this one has the run', async () => {
    const [mine, other] = [await new StandIn().start(), await new StandIn().start()];
    const [run] = await plantRuns(rig, 1, waitFor(mine.address));
    const journal = () => readFileSync(`${run}.journal`, 'utf8');
    const before = journal();
    other.down = 503;
    for (const address of ['http://127.0.0.1:9', other.address]) {
      const sent = await again(run!, address);
      expect([sent.code, sent.stdout]).toEqual([1, '']);
      expect(sent.stderr).toMatch(
        new RegExp(
          `^error not-sent-again: the run ${basename(run!)} is not sent to ${address}: .*\n` +
            '.*help: .*nothing is changed: what waits for another server waits as before\n$',
        ),
      );
      expect(journal()).toBe(before);
    }
    other.down = undefined;
    const sync = await rig.run(['sync', '--to', mine.address]);
    expect([sync.code, sync.stdout, mine.runs.size]).toEqual([
      0,
      expect.stringMatching(/: [1-9]\d* things delivered/),
      1,
    ]);
    expect(await again(run!, other.address)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(new RegExp(`: [1-9]\\d* things delivered to ${other.address} as run `)),
    });
    expect(other.runs.size).toBe(1);
    expect((await rig.run(['sync'])).stdout).toBe('nothing in runs waits for a server\n');
  });
});

describe('runs that another process is at', () => {
  /** Plants a run, claims it in this process, and has `sync` look at it. */
  async function lookWhileClaimed(address: string, isDelivered: boolean): Promise<Ended> {
    const [run] = await plantRuns(rig, 1, (directory) => {
      const journal = beginJournal(directory, address);
      if (isDelivered) journal.noteDone(journal.pending);
      journal.close();
    });
    const claimed = claim(run!)!;
    try {
      return await rig.run(['sync', '--to', address]);
    } finally {
      claimed.release();
    }
  }

  test('with something that waits: the command fails', async () => {
    const sync = await lookWhileClaimed('http://127.0.0.1:9', false);
    expect([sync.code, sync.stdout, warningsIn(sync)]).toEqual([
      1,
      '',
      [
        expect.stringMatching(
          /^warning at-work: 1 run is being recorded or delivered by another process; [1-9] things of it wait$/,
        ),
      ],
    ]);
  });

  test('with nothing that waits', async () => {
    expect(await lookWhileClaimed('http://127.0.0.1:9', true)).toMatchObject({
      code: 0,
      stdout: '1 run is being recorded or delivered by another process\n',
      stderr: '',
    });
  });
});

test('a warning, and that nothing waits, are not told beside each other', async () => {
  await plantRuns(rig, 1, () => undefined);
  const sync = await rig.run(['sync'], {
    MLFLOW_TRACKING_URI: 'http://mlflow.invalid',
    MLFLOW_TRACKING_TOKEN: 'abcdefgh',
  });
  expect([sync.code, sync.stdout, warningsIn(sync)]).toEqual([
    0,
    '',
    [expect.stringMatching(/^warning credentials-in-clear/)],
  ]);
});

test('a run that was killed before it began is closed on its server, which is asked whether it is', async () => {
  const { address, runs } = await new StandIn().start();
  const [run] = await plantRuns(rig, 1, waitFor(address));
  rmSync(join(run!, 'meta.yaml'));
  const client = new MlflowClient(serverAddress(address, true), {});
  const { runId } = await client.findOrCreateRun(Journal.peek(`${run}.journal`).destination!, false);
  client.close();
  const { kept } = runs.get(runId)!;
  const take = kept.take.bind(kept);
  kept.take = () => undefined;
  const lost = await rig.run(['sync', '--to', address]);
  expect([lost.code, lost.stderr]).toEqual([
    1,
    expect.stringContaining(`${address} answered as if it took this, and does not have it`),
  ]);
  kept.take = take;
  expect(await rig.run(['sync', '--to', address])).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(`${run}.journal`)).toBe(false);
  expect(kept.answer('/runs/get?')).toContain('"status":"KILLED"');
});

test('what waits for this machine by one of its names goes to it by another', async () => {
  const { address, runs } = await new StandIn().start();
  await plantRuns(rig, 1, waitFor(address.replace('127.0.0.1', 'localhost')));
  expect(await rig.run(['sync', '--to', address])).toMatchObject({ code: 0, stderr: '' });
  expect(runs.size).toBe(1);
});
