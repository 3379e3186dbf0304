import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import type { RunStatus } from '../../src/base/events.ts';
import { self } from '../../src/base/owner.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import { openJournal } from '../../src/tracking/server/open-journal.ts';
import { closeOrphans } from '../../src/tracking/server/orphans.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-journal-'));
afterAll(() => rmSync(directory, { recursive: true }));

const destination = {
  address: 'http://127.0.0.1:1',
  experiment: { name: 'e' },
  run: { run_name: 'r', user_id: 'u', start_time: 1 },
  key: 'k',
};
const server = { runId: 'a'.repeat(32), experimentId: '1', artifactUri: 'mlflow-artifacts:/1/a/artifacts' };
let count = 0;
const newPath = (): string => join(directory, `${count++}.journal`);

test('what was added and not delivered is there again, in order, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 3 }), fc.boolean()), {
        maxLength: 12,
      }),
      (steps) => {
        const path = newPath();
        const journal = Journal.begin(path, destination);
        const expected: unknown[] = [];
        for (const [values, isDelivered] of steps) {
          const items = values.map(([key, value]) => ({ key, value }));
          journal.append('tags', items);
          if (isDelivered) journal.noteDone([journal.pending.at(-1)!]);
          else expected.push(items);
        }
        journal.noteServer(server);
        journal.close();
        const again = Journal.open(path);
        expect(again.pending.map(({ items }) => items)).toEqual(JSON.parse(JSON.stringify(expected)));
        expect([again.destination, again.server, again.damaged, again.isReopened]).toEqual([
          destination,
          server,
          0,
          true,
        ]);
        again.close();
      },
    ),
    { numRuns: 50 },
  );
});

test('another server is told all of it', () => {
  const path = newPath();
  const journal = Journal.begin(path, destination);
  journal.append('artifacts', ['a']);
  journal.noteServer(server);
  journal.noteDone(journal.pending);
  expect(journal.pending).toEqual([]);
  journal.redirect({ ...destination, address: 'http://127.0.0.1:2' });
  journal.append('artifacts', ['b']);
  journal.close();
  const again = Journal.open(path);
  expect([again.destination!.address, again.server, again.pending.map(({ items }) => items[0])]).toEqual([
    'http://127.0.0.1:2',
    undefined,
    ['a', 'b'],
  ]);
});

async function recordedRun(name: string, status: RunStatus = 'FINISHED') {
  const tracker = chooseTracker({
    uri: destination.address,
    runsDirectory: join(directory, name),
    warn: () => undefined,
    env: {},
  });
  const run = await tracker.start({ experiment: 'e', runName: 'r', startTime: 5, tags: { 'mlflow.user': 'ada' } });
  run.params({ lr: '0.1' });
  run.metrics([
    { key: 'loss', value: NaN, step: 1, timestamp: 7 },
    { key: 'loss', value: 0.5, step: 2, timestamp: 8 },
  ]);
  run.inputs([
    { name: 'mnist', digest: 'd', sourceType: 'local', source: '{}', schema: '{}', profile: '{}', context: 'training' },
  ]);
  writeFileSync(join(run.artifactDirectory, 'a.txt'), 'a');
  run.artifact('a.txt');
  await run.finish(status, 9);
  return run.directory;
}

/** Items by kind. */
function contents(journal: Journal): Record<string, unknown[]> {
  const byKind: Record<string, unknown[]> = {};
  for (const { kind, items } of journal.pending) (byKind[kind] ??= []).push(...items);
  for (const items of Object.values(byKind)) items.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  return byKind;
}

test('each flipped bit is noticed, and what the journal held is taken from the run', async () => {
  const run = await recordedRun('flipped');
  const path = `${run}.journal`;
  const whole = readFileSync(path);
  const journal = openJournal(run, () => expect.unreachable())!;
  const expected = contents(journal);
  expect(Object.keys(expected).sort()).toEqual(['artifacts', 'inputs', 'metrics', 'params', 'status', 'tags']);
  journal.close();
  for (let flip = 0; flip < 300; flip++) {
    const bytes = Buffer.from(whole);
    const bit = (flip * 7919) % (bytes.length * 8);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(path, bytes);
    const warnings: Diagnostic[] = [];
    const repaired = openJournal(run, (warning) => warnings.push(warning))!;
    expect(
      warnings.map(({ code }) => code),
      `bit ${bit}`,
    ).toEqual(['journal-damaged']);
    expect(contents(repaired), `bit ${bit}`).toEqual(expected);
    expect(repaired.destination).toMatchObject({ address: destination.address, experiment: { name: 'e' } });
    repaired.close();
  }
});

test('what a process had recorded before it was killed, and its journal not yet, is added from the run', async () => {
  const run = await recordedRun('between');
  const path = `${run}.journal`;
  const lines = readFileSync(path, 'utf8').split(/(?<=\n)/);
  const journal = openJournal(run, () => expect.unreachable())!;
  const { artifacts: _, ...expected } = contents(journal);
  journal.close();
  const isEntry = (line: string) => line.includes('"n":');
  expect(lines.filter(isEntry)).toHaveLength(6);
  for (let end = lines.findIndex(isEntry); end <= lines.length; end++) {
    writeFileSync(path, lines.slice(0, end).join(''));
    const completed = openJournal(run, () => expect.unreachable())!;
    const { artifacts: __, ...held } = contents(completed);
    expect(held, `${end} lines`).toEqual(expected);
    completed.close();
  }
  const text = readFileSync(path, 'utf8');
  openJournal(run, () => expect.unreachable())!.close();
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a process that was killed between the end of its run and the line of it has the server told', async () => {
  const run = await recordedRun('ended');
  const path = `${run}.journal`;
  const lines = readFileSync(path, 'utf8').split(/(?<=\n)/);
  writeFileSync(path, lines.filter((line) => !line.includes('"kind":"status"')).join(''));
  // A process that cannot be.
  const owner = `${run}.owner.1`;
  writeFileSync(owner, JSON.stringify({ ...self(), pid: 2 ** 30 }));
  expect(closeOrphans(join(directory, 'ended'), () => expect.unreachable())).toEqual([]);
  expect(existsSync(owner)).toBe(false);
  expect(Journal.peek(path).pending.filter(({ kind }) => kind === 'status')).toMatchObject([
    { items: [{ status: 'FINISHED', end_time: 9 }] },
  ]);
});

test('a journal that was cut in mid-line is made anew too; one that no longer names its server says so', async () => {
  const run = await recordedRun('cut');
  const path = `${run}.journal`;
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, -20));
  const warnings: Diagnostic[] = [];
  const repaired = openJournal(run, (warning) => warnings.push(warning))!;
  expect(warnings).toHaveLength(1);
  expect(contents(repaired)['status']).toEqual([{ status: 'FINISHED', end_time: 9 }]);
  repaired.close();
  writeFileSync(path, text.replaceAll('http://', 'HTTP://'));
  expect(() => openJournal(run, () => undefined)).toThrow(/no longer tells which server/);
});

test('a run that goes on keeps what it had, and leaves out values of steps that it has', async () => {
  const run = await recordedRun('again', 'FAILED');
  appendFileSync(join(run, 'metrics', 'loss'), '9 0.2');
  const tracker = chooseTracker({ runsDirectory: join(directory, 'again'), warn: () => undefined, env: {} });
  const again = (await tracker.reopen(run))!;
  expect(await tracker.reopen(run)).toBeUndefined();
  again.params({ lr: '0.1' });
  again.metrics([
    { key: 'loss', value: 0.5, step: 2, timestamp: 20 },
    { key: 'loss', value: 0.25, step: 3, timestamp: 21 },
  ]);
  expect(readFileSync(join(run, 'meta.yaml'), 'utf8')).toMatch(/^status: 1$/m);
  expect(await again.finish('KILLED', 30)).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringContaining('which this run was not given'),
      hint: expect.stringContaining('`pipeline sync --to ADDRESS`'),
    },
  ]);
  expect(readFileSync(join(run, 'metrics', 'loss'), 'utf8')).toBe('7 NaN 1\n8 0.5 2\n21 0.25 3\n');
  expect(readFileSync(join(run, 'meta.yaml'), 'utf8')).toMatch(/^status: 5$/m);
  const journal = openJournal(run, () => undefined)!;
  expect(contents(journal)['metrics']).toHaveLength(3);
  expect(journal.pending.filter(({ kind }) => kind === 'status').flatMap(({ items }) => items)).toEqual([
    { status: 'FAILED', end_time: 9 },
    { status: 'RUNNING' },
    { status: 'KILLED', end_time: 30 },
  ]);
  journal.close();
});
