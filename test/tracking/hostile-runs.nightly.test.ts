import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import { findOrCreateExperiment } from '../../src/tracking/store/local-experiments.ts';
import { editMeta, readMeta } from '../../src/tracking/store/meta-yaml.ts';
import { correctMovedStore } from '../../src/tracking/store/moved-store.ts';
import { type Ended, Rig } from '../rig.ts';
import { contentOf, Outside, replaceByLink, secret } from './outside.ts';

const runId = 'b'.repeat(32);

let server: Server;
let address: string;
/** All that the server was sent. */
let received = '';

beforeAll(async () => {
  const run = { info: { run_id: runId, artifact_uri: `mlflow-artifacts:/1/${runId}/artifacts` } };
  const experiment = {
    experiment_id: '1',
    name: 'e',
    lifecycle_stage: 'active',
    tags: [{ key: 'mlflow.experimentKind', value: 'custom_model_development' }],
  };
  server = createServer((request, response) => {
    received += `${request.method} ${decodeURIComponent(request.url!)}\n`;
    request
      .setEncoding('utf8')
      .on('data', (text: string) => (received += text))
      .on('end', () => {
        received += '\n';
        response.end(JSON.stringify({ run, experiment, runs: [] }));
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => server.close());

let rig: Rig;
let outside: Outside;

beforeEach(() => {
  rig = new Rig();
  outside = new Outside(runId);
  received = '';
});

afterEach(() => {
  const [before, now] = outside.compared;
  expect(now).toEqual(before);
  expect(received).not.toContain(secret);
  rig.remove();
  outside.remove();
});

/** A run in the store as an earlier process left it. @returns its folder */
async function plantRun({
  status = 'FINISHED',
  owner = false,
}: { readonly status?: 'FINISHED' | 'RUNNING'; readonly owner?: boolean } = {}): Promise<string> {
  const run = await chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => undefined, env: {} }).start({
    experiment: 'e',
    runName: 'r',
    startTime: 1,
    tags: {},
  });
  run.metrics([{ key: 'loss', value: 1, step: 1, timestamp: 1 }]);
  writeFileSync(join(run.artifactDirectory, 'good.txt'), 'good');
  await run.finish('FINISHED', 5);
  if (status === 'RUNNING') editMeta(join(run.directory, 'meta.yaml'), { status: 1, end_time: null });
  if (owner) plantOwner(run.directory);
  return run.directory;
}

/** The claim of a process that ended long ago. */
function plantOwner(path: string): void {
  const file = `${path}.owner.1`;
  writeFileSync(file, JSON.stringify({ pid: 4_194_303, host: hostname(), started: 'long ago' }));
  utimesSync(file, 1e9, 1e9);
}

/** A journal of a run that waits for the server. */
function plantJournal(run: string, artifacts: readonly string[], path = `${run}.journal`): void {
  const journal = Journal.begin(path, {
    address,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key: run.slice(-32),
  });
  for (const artifact of artifacts) journal.append('artifacts', [artifact]);
  journal.close();
}

const sync = async (): Promise<Ended> => {
  const ended = await rig.run(['sync'], { MLFLOW_TRACKING_URI: address });
  expect(ended.stderr).not.toMatch(/mistake in Layerline|\n +at /);
  return ended;
};

describe('sync sends nothing from outside a run, and says so', () => {
  test.each([
    ['up', () => '../../../../outside/secret'],
    ['absolute', () => join(outside.folder, 'secret')],
    ['dots', () => './secret'],
    ['meta', () => '../meta.yaml'],
    ['nothing', () => ''],
  ])('a path of its journal that leads %s', async (_, path) => {
    const run = await plantRun();
    symlinkSync(outside.folder, join(rig.folder, 'outside'));
    plantJournal(run, [path(), 'good.txt']);
    const { stderr } = await sync();
    // The line says what no journal of ours says; what the run has is taken from the run.
    expect(stderr).toMatch(/1 lines of .* are damaged/);
    expect(received).toContain('/artifacts/good.txt\ngood');
    expect(received.match(/^PUT /gm)).toHaveLength(1);
  });

  test.each(['artifacts', 'artifacts/leak', 'params', 'tags/note', 'metrics/loss', 'inputs', 'meta.yaml'])(
    'a link in the place of %s',
    async (part) => {
      const run = await plantRun();
      replaceByLink(
        join(run, part),
        part.includes('/') || part === 'meta.yaml' ? join(outside.folder, 'secret') : outside.folder,
      );
      plantJournal(run, ['secret', 'leak', 'good.txt']);
      const { stderr } = await sync();
      expect(stderr).toMatch(part === 'meta.yaml' ? /./ : /leads out of .*: it is left alone/);
      expect(received).not.toContain('PUT');
    },
  );

  test.each(['artifacts', 'artifacts/leak', 'params', 'tags/note', 'metrics/loss', 'inputs', '.', 'journal'])(
    'anew, with a link in the place of %s',
    async (part) => {
      const run = await plantRun();
      if (part === '.') cpSync(run, join(outside.folder, run.slice(-32)), { recursive: true });
      outside.remember();
      let target = outside.folder;
      if (part === '.') target = join(outside.folder, run.slice(-32));
      else if (part.includes('/') || part === 'journal') target = join(outside.folder, 'secret');
      replaceByLink(join(run, part), target);
      const { code, stdout, stderr } = await rig.run(['sync', '--again', run.slice(-32), '--to', address]);
      expect([code, stdout, stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^error leads-out: .* leads out of .*: it is left alone/),
      ]);
      expect(received).toBe('');
    },
  );

  test.each([
    { run_name: { toString: 1, valueOf: 1 } },
    { user_id: null, start_time: 'x' },
    { start_time: 1.5, end_time: 1.5 },
    { start_time: [{}], end_time: [], status: {} },
  ])('anew, what a meta.yaml with %j says', async (changes) => {
    const run = await plantRun();
    editMeta(join(run, 'meta.yaml'), changes);
    const { code, stdout, stderr } = await rig.run(['sync', '--again', run.slice(-32), '--to', address]);
    expect(stderr).not.toMatch(/mistake in Layerline|\n +at /);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/things delivered/)]);
    expect(Journal.peek(`${run}.journal`)).toMatchObject({ damaged: 0, destination: { experiment: { name: 'e' } } });
  });

  test('names that are none, of a run and of its experiment', async () => {
    const run = await plantRun();
    for (const [path, key] of [
      [run, 'run_name'],
      [dirname(run), 'name'],
    ] as const)
      editMeta(join(path, 'meta.yaml'), { [key]: { toString: 1, valueOf: 1 } });
    for (const args of [
      ['sync'],
      ['sync', '--again', run.slice(-32), '--to', address],
      ['replay', run.slice(-32)],
      ['clean', '--dry-run'],
    ]) {
      const { stderr } = await rig.run(args);
      expect(stderr, args.join(' ')).not.toMatch(/mistake in Layerline|\n +at /);
    }
  });

  test('a link in the place of the run, of its journal, of a data set', async () => {
    const [run, other, third] = [await plantRun(), await plantRun(), await plantRun()];
    plantJournal(run, ['secret']);
    replaceByLink(run, outside.folder);
    replaceByLink(`${other}.journal`, join(outside.folder, 'run.journal'));
    mkdirSync(join(third, 'inputs/x'), { recursive: true });
    writeFileSync(join(third, 'inputs/x/meta.yaml'), 'source_id: ../../../outside\ntags: {}\n');
    plantJournal(third, ['../x']);
    symlinkSync(outside.folder, join(rig.folder, 'outside'));
    const { stderr } = await sync();
    expect(stderr).toContain(`${run} leads out of`.replace(rig.folder, '').slice(1));
    expect(stderr).toContain(`${other}.journal leads out of`.replace(rig.folder, '').slice(1));
  });

  test('a pipe does not hold it up', async () => {
    const run = await plantRun();
    plantJournal(run, []);
    execFileSync('mkfifo', [join(run, 'artifacts/pipe'), join(dirname(run), `${'e'.repeat(32)}.journal`)]);
    expect((await sync()).stderr).toMatch(/pipe is neither a file nor a folder: it is left alone/);
  });
});

describe('sync takes neither long nor much memory for', () => {
  /** Takes no room on a disk. */
  const enlarge = (path: string): void => truncateSync(path, 1.9e9);

  test.each(['run', 'experiment'])(
    'keys and aliases without end in the meta.yaml of the %s',
    async (what) => {
      const run = await plantRun({ status: 'RUNNING', owner: true });
      const meta = join(what === 'run' ? run : dirname(run), 'meta.yaml');
      const many = (line: (i: number) => string) => Array.from({ length: 60_000 }, (_, i) => line(i)).join('');
      for (const text of [
        many((i) => `k${i}: 1\n`),
        many((i) => `k${i}: &a${i} 1\n`) + many((i) => `l${i}: *a${i}\n`),
        'a: &a 1\nb: *a\n',
      ]) {
        writeFileSync(meta, text);
        const started = Date.now();
        await sync();
        expect(Date.now() - started).toBeLessThan(10_000);
      }
    },
    60_000,
  );

  test('a large meta.yaml, journal, owner, param, tag, metric', async () => {
    const [experiment, second, third, fourth] = [
      await plantRun(),
      await plantRun(),
      await plantRun(),
      await plantRun({ status: 'RUNNING', owner: true }),
    ];
    const [fifth, sixth] = [
      await plantRun({ status: 'RUNNING', owner: true }),
      await plantRun({ status: 'RUNNING', owner: true }),
    ];
    writeFileSync(join(fifth, 'metrics/accuracy'), '');
    truncateSync(join(fifth, 'metrics/accuracy'), 20e9);
    writeFileSync(join(sixth, 'metrics/accuracy'), '\n'.repeat(200e6));
    for (const [run, part] of [
      [second, 'params/lr'],
      [third, 'metrics/loss'],
    ] as const) {
      plantJournal(run, []);
      // A damaged line makes it anew from the run.
      writeFileSync(`${run}.journal`, 'x\n', { flag: 'a' });
      writeFileSync(join(run, part), '');
      enlarge(join(run, part));
    }
    plantJournal(experiment, ['good.txt']);
    enlarge(`${experiment}.journal`);
    enlarge(`${fourth}.owner.1`);
    utimesSync(`${fourth}.owner.1`, 1e9, 1e9);
    const { stdout, stderr } = await sync();
    expect(stderr).toMatch(/warning record-too-large: .*\.journal has more than 256,000,000 bytes: it is left alone/);
    expect(stderr).toMatch(/params\/lr has more than 1,000,000 bytes/);
    expect(stderr).toMatch(/metrics\/loss has more than 256,000,000 bytes/);
    expect(stderr).toMatch(/metrics\/accuracy has more than 256,000,000 bytes/);
    for (const run of [fourth, sixth])
      expect(stdout).toMatch(`${run.split('/').at(-1)}: its process is gone; marked KILLED`);
    enlarge(join(dirname(experiment), 'meta.yaml'));
    expect((await sync()).stderr).toMatch(
      /warning unreadable-experiment: .*meta\.yaml cannot be read: the runs beside it are left out/,
    );
  }, 60_000);
});

describe('sync closes no run that is none', () => {
  test.each(['..', '.', '...', '....', 'x', '..\\x', ''])('an owner of %j', async (name) => {
    const run = await plantRun();
    const store = contentOf(join(rig.folder, 'runs'));
    plantOwner(`${dirname(run)}/${name}`);
    await sync();
    expect(contentOf(join(rig.folder, 'runs')).filter((line) => !line.includes('.owner.'))).toEqual(store);
  });

  test('a run without its meta.yaml goes only as far as it is empty', async () => {
    const [run, empty] = [await plantRun({ owner: true }), await plantRun({ owner: true })];
    rmSync(join(run, 'meta.yaml'));
    rmSync(empty, { recursive: true });
    for (const part of ['params', 'metrics', 'tags', 'artifacts']) mkdirSync(join(empty, part), { recursive: true });
    writeFileSync(join(empty, '.00000000-0000-4000-8000-000000000000.tmp'), 'half');
    await sync();
    expect(existsSync(empty)).toBe(false);
    expect(readFileSync(join(run, 'artifacts/good.txt'), 'utf8')).toBe('good');
  });

  test.each(['metrics', 'tags', 'checkpoints', '.'])('a killed run with a link in the place of %s', async (part) => {
    const run = await plantRun({ status: 'RUNNING', owner: true });
    replaceByLink(join(run, part), part === '.' || part === 'tags' ? outside.folder : join(outside.folder, part));
    const { stderr, stdout } = await sync();
    expect(stderr).toMatch(/leads out of/);
    expect(stdout).not.toContain('marked KILLED');
    if (part !== '.') expect(readMeta(join(run, 'meta.yaml'))?.status).toBe(1);
  });

  test.each(['', 'tags', 'datasets'])('an experiment with a link in the place of itself or its %s', async (part) => {
    const run = await plantRun({ status: 'RUNNING', owner: true });
    if (part === '') {
      // All of it lies outside: the link is the only thing in the store.
      cpSync(dirname(run), join(outside.folder, '8'), { recursive: true });
      plantOwner(join(outside.folder, '8', run.slice(-32)));
      outside.remember();
      replaceByLink(dirname(run), join(outside.folder, '8'));
    } else replaceByLink(join(dirname(run), part), outside.folder);
    const { stderr, stdout } = await sync();
    expect(stderr).toMatch(/leads out of .*runs.*: it is left alone/);
    expect(stdout).not.toContain('marked KILLED');
  });
});

test('a store whose own folder is a link is the word of the user', async () => {
  const run = await plantRun({ status: 'RUNNING', owner: true });
  cpSync(join(rig.folder, 'runs'), join(rig.folder, 'disk'), { recursive: true });
  plantOwner(join(rig.folder, 'disk', run.split('/').slice(-2).join('/')));
  replaceByLink(join(rig.folder, 'runs'), join(rig.folder, 'disk'));
  const { stdout } = await sync();
  expect(stdout).toContain('marked KILLED');
});

describe('a new run', () => {
  test('is not written into an experiment that lies elsewhere', async () => {
    const run = await plantRun();
    replaceByLink(dirname(run), join(outside.folder, '8'));
    const start = () =>
      chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => undefined, env: {} }).start({
        experiment: 'e',
        runName: 'r',
        startTime: 1,
        tags: {},
      });
    mkdirSync(join(outside.folder, '8'));
    outside.remember();
    await expect(start()).rejects.toThrow('leads out of');
    writeFileSync(join(outside.folder, '8/meta.yaml'), 'name: e\n');
    outside.remember();
    await expect(start()).rejects.toThrow('leads out of');
  });

  test('restores no experiment from elsewhere', () => {
    const runs = join(rig.folder, 'runs');
    mkdirSync(runs);
    mkdirSync(join(outside.folder, '7'));
    cpSync(join(outside.folder, 'meta.yaml'), join(outside.folder, '7/meta.yaml'));
    outside.remember();
    symlinkSync(outside.folder, join(runs, '.trash'));
    expect(findOrCreateExperiment(runs, secret).id).not.toBe('7');
  });

  test('restores a deleted experiment and no run outside it', async () => {
    const run = await plantRun();
    const runs = join(rig.folder, 'runs');
    mkdirSync(join(runs, '.trash'));
    symlinkSync(outside.folder, join(dirname(run), runId));
    cpSync(dirname(run), join(runs, '.trash', '7'), { recursive: true, verbatimSymlinks: true });
    rmSync(dirname(run), { recursive: true });
    expect(findOrCreateExperiment(runs, 'e').id).toBe('7');
  });

  test('is not corrected where it only links to', async () => {
    const run = await plantRun();
    const experiment = dirname(run);
    editMeta(join(experiment, 'meta.yaml'), { artifact_location: `file:///elsewhere/${experiment.split('/').at(-1)}` });
    symlinkSync(outside.folder, join(experiment, runId));
    symlinkSync(dirname(outside.folder), join(experiment, 'models'));
    expect(correctMovedStore(join(rig.folder, 'runs'))).toBe(1);
  });
});
