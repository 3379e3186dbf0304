import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsTable } from '../../src/commands/runs-table.ts';
import { findRun } from '../../src/models/find-run.ts';
import type { ListedRun } from '../../src/tracking/recorded-runs.ts';
import { Rig } from '../rig.ts';
import { type Planted, begin, plantRun } from './plant-run.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const plant = (id: string, run: Planted) => plantRun(rig, id, run);

const id = (beginning: string) => beginning.padEnd(32, '0');
const [first, second, third, tried, measured, killed, elsewhere] = ['ab1', 'ab2', 'c3', 'd4', 'e5', 'f6', '99'].map(id);

beforeAll(() => {
  rig.write('p.yaml', '');
  rig.write('q.yaml', '');
  plant(elsewhere!, {
    experiment: '8',
    minutes: 0,
    metrics: { val_accuracy: [1] },
    tags: { 'mlflow.source.name': 'q.yaml' },
  });
  const epochs = { epochs: '2', units: '8' };
  plant(first!, { minutes: 1, metrics: { val_accuracy: [0.5, 0.9], val_loss: [2, 1] }, params: epochs });
  plant(second!, {
    minutes: 2,
    metrics: { val_accuracy: [0.7, 0.8], val_loss: [1, 3] },
    params: { ...epochs, units: '16' },
  });
  plant(third!, { minutes: 3, metrics: { val_loss: [0.5], 'system/seconds_load': [1] }, params: epochs });
  plant(tried!, { minutes: 4, metrics: { val_accuracy: [1] }, tags: { 'pipeline.trial': 'smoke' } });
  plant(measured!, { minutes: 5, metrics: { val_accuracy: [1] }, tags: { 'pipeline.evaluates': first! } });
  plant(killed!, { minutes: 6, status: 5, name: 'a\u001b[2J lost one', metrics: { val_accuracy: [1] } });
});

beforeAll(() => {
  mkdirSync(join(rig.folder, `runs/7/${first}/artifacts/model`), { recursive: true });
  rig.write('bare/model.json', '{}');
});

const runs = (...args: readonly string[]) => rig.run(['runs', ...args]);

test('metrics are those of the epoch whose weights were kept', async () => {
  const kept = new Rig();
  try {
    const metrics = { val_loss: [3, 1, 2], val_accuracy: [0.1, 0.9, 0.5], test_loss: [4] };
    plantRun(kept, id('a1'), { minutes: 1, metrics, tags: { best_epoch: '2' } });
    plantRun(kept, id('a2'), { minutes: 2, metrics });
    const { stdout } = await kept.run(['runs', '--json', '--filter', 'val_loss < 4']);
    const listed = JSON.parse(stdout) as { readonly runs: readonly { readonly metrics: object }[] };
    expect(listed.runs.map((run) => run.metrics)).toEqual([
      { val_loss: 2, val_accuracy: 0.5, test_loss: 4 },
      { val_loss: 1, val_accuracy: 0.9, test_loss: 4 },
    ]);
    const found = await kept.run(['runs', '--filter', 'val_loss < 2', '--columns', 'val_loss']);
    expect(found.stdout.trimEnd().split('\n').slice(1)).toEqual([expect.stringMatching(/^a1000000 +1$/)]);
  } finally {
    kept.remove();
  }
});

test('a table has the newest first, its metrics, and the params that differ alone', async () => {
  const { code, stdout, stderr } = await runs('p.yaml');
  expect([code, stderr]).toEqual([0, '']);
  const [head, ...rows] = stdout.trimEnd().split('\n');
  expect(head!.split(/ {2,}/).map((word) => word.trim())).toEqual([
    'run',
    'name',
    'state',
    'started',
    'duration',
    'val_accuracy',
    'val_loss',
    'epochs',
    'units',
  ]);
  expect(rows.map((row) => row.split(' ')[0])).toEqual(
    [killed, measured, tried, third, second, first].map((run) => run!.slice(0, 8)),
  );
  expect(rows.at(-2)).toMatch(/^ab200000 {2}ab20 .* FINISHED {2}20\d\d-.* 1 min 30 s +0\.8000 +3 +2 +16$/);
  // Of a run from elsewhere, nothing moves the cursor.
  expect(rows[0]).toContain('a\u241b[2J lost one');
  expect(new Set(rows.map((row) => row.length)).size).toBeLessThan(4);
});

test('sorted by a metric the best comes first; by --columns only what is named is shown', async () => {
  const { stdout } = await runs('--sort', 'val_loss', '--columns', 'val_loss,units', '--filter', 'units>0');
  expect(stdout).toBe(
    'run       val_loss  units\n' + 'c3000000    0.5000      8\nab100000         1      8\nab200000         3     16\n',
  );
});

test('JSON has all of each run; a limit says what it leaves out', async () => {
  const { stdout, stderr } = await runs('--json', '--limit', '1', '--filter', 'state = finished and val_loss < 1');
  expect(stderr).toBe('');
  const { runs: listed, count } = JSON.parse(stdout) as { runs: object[]; count: number };
  expect(count).toBe(1);
  expect(listed).toEqual([
    {
      runId: third,
      name: 'c300',
      experimentId: '7',
      state: 'FINISHED',
      startTime: '2026-01-01T00:03:00.000Z',
      endTime: '2026-01-01T00:04:30.000Z',
      seconds: 90,
      file: 'p.yaml',
      evaluates: null,
      parent: null,
      metrics: { val_loss: 0.5, 'system/seconds_load': 1 },
      params: { epochs: '2', units: '8' },
    },
  ]);
  expect((await runs('--limit', '2')).stderr).toBe('the first 2 of 7 runs; --limit 7 lists all\n');
});

test.each([
  [['--filter', 'val_los > 1'], /--filter:1:1 error unknown-run-key[\s\S]*Did you mean `val_loss`\?/],
  [['--filter', 'val_loss == 1'], /--filter:1:10 error bad-filter[\s\S]*Did you mean `=`\?/],
  [['--filter', 'val_loss > high'], /--filter:1:12 error bad-filter: `>` compares numbers/],
  [['--filter', 'val_loss > 1 or units = 8'], /--filter:1:14 error bad-filter: Expected `and`/],
  [['--filter', "name = 'a b"], /--filter:1:8 error bad-filter: The quotation mark is not closed/],
  [['--filter', ''], /error bad-filter: Expected the name of a column/],
  [['--filter', 'val_loss > 1 and'], /--filter:1:17 error bad-filter: Expected the name of a column/],
  [['--sort', 'val_acc'], /error unknown-run-key: No run has `val_acc`[\s\S]*Did you mean `val_accuracy`/],
  [['--columns', 'val_loss,../../x'], /error unknown-run-key/],
  [['none.yaml'], /error unreadable-file: There is no file none\.yaml/],
  [['pp.yaml'], /There is no file pp\.yaml[\s\S]*Did you mean `p\.yaml`\?/],
  [['--limit', '0'], /whole number from 1/],
])('runs %j is told what is wrong', async (args, message) => {
  const { code, stdout, stderr } = await runs(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('filters hold together; keys may stand in quotes, and a run is also what the table shows of its id', async () => {
  const found = async (...filters: readonly string[]) => {
    const { stdout } = await runs(...filters.flatMap((filter) => ['--filter', filter]), '--columns', 'units');
    return stdout.split('\n').slice(1, -1).join();
  };
  expect(await found('units > 0', '"units" != 8')).toBe('ab200000     16');
  expect(await found(`run = ${first!.slice(0, 8)}`)).toBe('ab100000      8');
  expect(await runs('--filter', 'val_loss > 99')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'none of 7 runs is like that\n',
  });
});

test('no runs are no mistake', async () => {
  expect(await runs('--runs', 'nothing')).toMatchObject({ code: 0, stdout: 'no runs in nothing\n', stderr: '' });
});

const watch = { warn: () => undefined, signal: new AbortController().signal };
const find = async (reference: string) => {
  const before = process.cwd();
  process.chdir(rig.folder);
  try {
    return (await findRun(reference, { runs: 'runs', trackingUri: undefined }, watch)).runId;
  } finally {
    process.chdir(before);
  }
};

test.each([
  ['an id', first!, first],
  ['its beginning', 'ab2', second],
  ['the last finished one, no trial and no evaluation', 'last', third],
  ['one before', 'last~2', first],
  ['the best of the newest experiment', 'best:val_accuracy', first],
  ['the least of a loss', 'best:val_loss', third],
  ['a file', 'p.yaml', third],
  ['another file', './q.yaml', elsewhere],
  ['its folder', `runs/7/${first}`, first],
  ['its model in the store', `runs/7/${first}/artifacts/model/`, first],
])('%s names a run', async (_, reference, runId) => {
  expect(await find(reference)).toBe(runId);
});

test.each([
  ['ab', /2 runs begin with ab/],
  ['abc', /has no run abc/],
  ['last~4', /no last~4/],
  ['best:val_acc', /has a value of `val_acc`/],
  [id('0'), /has no run 0000/],
  ['runs', /runs is a folder, and no run/],
  ['bare', /bare holds a model, and is no folder of a run/],
  [' ', /the name of the run is empty/],
  ['../../etc/passwd', /has no run|no finished run/],
])('%s names none', async (reference, message) => {
  await expect(find(reference)).rejects.toThrow(message);
});

test('a part of a run that is a link is not read', async () => {
  const linked = id('77');
  plant(linked, { minutes: 9 });
  rig.write('outside/secret', '1 42 1\n');
  symlinkSync(join(rig.folder, 'outside'), join(rig.folder, `runs/7/${linked}/metrics`));
  const { stdout } = await runs('--json', '--filter', `run = ${linked}`);
  expect((JSON.parse(stdout) as { runs: { metrics: object }[] }).runs[0]!.metrics).toEqual({});
});

test('a terminal has no line that is wider than it; what finds no room is named', () => {
  const run: ListedRun = {
    runId: first!,
    name: 'a name that is longer than any column of a terminal may be',
    experimentId: '7',
    state: 'FINISHED',
    startTime: begin,
    endTime: begin + 1000,
    metrics: { test_accuracy: 0.9, val_loss: 1, 'system/seconds_load': 3 },
    params: {},
    metric: (key) => ({ test_accuracy: 0.9, val_loss: 1 })[key],
    param: () => undefined,
    tag: () => undefined,
  };
  const notes: string[] = [];
  const wide = (columns: number) =>
    runsTable([{ run, count: 0, isIndented: false }], undefined, { isTTY: true, columns }, (note) => notes.push(note))
      .trimEnd()
      .split('\n');
  for (const columns of [40, 60, 80, 90])
    for (const line of wide(columns)) expect(line.length, line).toBeLessThanOrEqual(columns);
  expect(notes).toEqual([
    'no room for started, duration, val_loss: choose with --columns',
    'no room for started, duration, val_loss: choose with --columns',
    'no room for duration, val_loss: choose with --columns',
    'no room for duration, val_loss: choose with --columns',
  ]);
  // The state and the first metric are the last to go, and the name is cut before.
  expect(wide(40)[0]).toMatch(/^run +name +state +test_accuracy$/);
  expect(wide(40)[1]).toMatch(/^ab100000 {2}\S.* {2}FINISHED +0\.9000$/);
  expect(wide(120)[0]).toMatch(/test_accuracy {2}val_loss$/);
});

test('a model is registered in the local store, again and again; what lies there may be hostile', async () => {
  rig.write(`runs/7/${first}/artifacts/model/model.json`, '{}');
  const register = (...args: readonly string[]) => rig.run(['register', 'ab1', ...args]);
  expect(await register('--name', 'a b', '--alias', 'best')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `models:/a b/1, models:/a b@best: ab10, run ${first} in runs\n`,
  });
  expect(JSON.parse((await register('--name', 'a b', '--json')).stdout)).toMatchObject({ version: 2, alias: null });
  expect([await find('models:/a b/2'), await find('models:/a b@best')]).toEqual([first, first]);
  await expect(find('models:/a b/3')).rejects.toThrow('the model a b has no version 3');
  await expect(find('models:/a b@worst')).rejects.toThrow('the model a b has no alias worst');
  await expect(find('models:/../1')).rejects.toThrow(/leads out|has no registered model/);
  rig.write('outside/meta.yaml', 'name: "x"\n');
  symlinkSync(join(rig.folder, 'outside'), join(rig.folder, 'runs/models/linked'));
  expect(await register('--name', 'linked')).toMatchObject({ code: 1, stderr: expect.stringMatching(/leads out/) });
  expect(rig.read('outside/meta.yaml')).toBe('name: "x"\n');
  expect(await rig.run(['register', 'c3', '--name', 'a b'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error no-model: the run c30+ has no model: it is FINISHED/),
  });
  for (const [name, alias] of [
    ['a/b', 'x'],
    ['..', 'x'],
    ['a', 'v3'],
    ['a', 'latest'],
    ['a', '../x'],
    ['', 'x'],
  ] as const)
    expect((await register('--name', name, '--alias', alias)).stderr).toMatch(/error bad-model-name/);
});

test('runs are compared by what is different, the best marked; the rest is counted', async () => {
  const { code, stdout, stderr } = await rig.run(['compare', first!, 'ab2', 'c3']);
  expect([code, stderr]).toEqual([0, 'the same in all: 1 settings, 2 facts of data and versions; --all shows them\n']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['run', 'ab100000', 'ab200000', 'c3000000'],
    ['name', 'ab10', 'ab20', 'c300'],
    ['state', 'FINISHED', 'FINISHED', 'FINISHED'],
    ['started', ...[1, 2, 3].map(() => expect.stringMatching(/^202\d-/))],
    ['duration', '1 min 30 s', '1 min 30 s', '1 min 30 s'],
    [''],
    // Of one that has no value nothing stands there.
    ['val_accuracy', '0.9000 *', '0.8000'],
    ['val_loss', '1', '3', '0.5000 *'],
    [''],
    ['units', '8', '16', '8'],
  ]);
  const { stdout: all } = await rig.run(['compare', 'ab1', 'ab2', '--all']);
  expect(all).toMatch(/^epochs +2 +2$/m);
  expect(all).toMatch(/^pipeline.layerline +0 +0$/m);
  const { stdout: json } = await rig.run(['compare', 'ab1', 'ab2', '--json']);
  expect(JSON.parse(json)).toMatchObject({
    runs: [{ runId: first, metrics: { val_accuracy: 0.9 } }, { runId: second }],
    different: { params: ['units'], tags: [] },
  });
  expect(await rig.run(['compare', 'ab1'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('error one-run: One run is compared with nothing.'),
  });
  expect(await rig.run(['compare', 'ab1', 'ab3'])).toMatchObject({ code: 1, stdout: '' });
});

test('the report of a run is written where one wants it; of a run without one nothing is', async () => {
  rig.write(`runs/7/${first}/artifacts/report.html`, '<!doctype html>');
  expect(await rig.run(['report', 'ab1'])).toMatchObject({
    code: 0,
    stdout: `report-ab100000.html: ab10, run ${first} in runs\n`,
    stderr: '',
  });
  expect(rig.read('report-ab100000.html')).toBe('<!doctype html>');
  const { code, stderr } = await rig.run(['report', 'ab2', '--out', 'second.html']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error [a-z-]+: .*report\.html/);
  expect(existsSync(join(rig.folder, 'second.html'))).toBe(false);
  for (const out of ['runs', 'p.yaml/x.html', ''])
    expect(await rig.run(['report', 'ab1', '--out', out])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error unwritable-file: .* cannot be written: E[A-Z]+\.\n$/),
    });
});
