import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const options =
  '  schedule: cosine\n  ema: { decay: 0.9 }\n  earlyStopping: { patience: 10 }\n  checkpoint: { everySteps: 4 }\n';
/** Of many short steps: whatever is killed or stopped after some of them has most before it. */
const shortSteps = '[flatten, dense 8 relu, batchNormalization, dropout 0.2, dense 10]';
const text = `${digitsPipeline({ epochs: 15, layers: shortSteps })}${options}`;
/** Of few long ones. */
const longSteps = '[conv 3x3x4 same relu, batchNormalization, flatten, dropout 0.2, dense 10]';
const slow = `${digitsPipeline({ epochs: 6, layers: longSteps })}${options}`;
const runWhole = async (content: string) => {
  rig.write('whole.yaml', content);
  return last(await rig.run(['run', 'whole.yaml', '--json', '--runs', 'whole']));
};
let whole: Record<string, unknown>;
beforeAll(async () => {
  rig.writeDigits();
  whole = await runWhole(text);
}, 120_000);
afterAll(() => rig.remove());

const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;
const first = ({ stdout }: Ended, type: string) => eventsOf(stdout).find((event) => event['type'] === type)!;
const runsOf = (store: string) => readdirSync(join(rig.folder, store)).find((name) => /^[1-9]\d*$/.test(name))!;
const folderOf = (store: string, runId: unknown) => join(rig.folder, store, runsOf(store), String(runId));
const runsIn = (store: string) => readdirSync(folderOf(store, '')).filter((name) => /^[0-9a-f]{32}$/.test(name));
const statusOf = (run: string) => /^status: (\d)$/m.exec(readFileSync(join(run, 'meta.yaml'), 'utf8'))![1];
const unfinished = (store: string) =>
  readdirSync(join(rig.folder, store)).filter((name) => name.startsWith('.unfinished'));

/** Runs a file until it says something of a kind so many times, and sends the signal then. */
async function runUntil(
  args: readonly string[],
  said: string,
  times: number,
  signal: NodeJS.Signals,
): Promise<Ended & { readonly answered: number }> {
  const { child, ended } = rig.start(['run', ...args, '--json']);
  let [count, sent] = [0, 0];
  child.stdout.on('data', (more: string) => {
    count += more.split(said).length - 1;
    if (count < times || sent > 0) return;
    sent = performance.now();
    child.kill(signal);
  });
  const result = await ended;
  return { ...result, answered: performance.now() - sent };
}

describe('a run that was killed', () => {
  test('goes on in the same run, and ends with the same bits; the tracker has each value once', async () => {
    rig.write('killed.yaml', text);
    const killed = await runUntil(['killed.yaml', '--runs', 'killed'], '"checkpoint-written"', 4, 'SIGKILL');
    const { runId } = first(killed, 'run-started');
    expect(killed.code).toBeNull();
    expect(statusOf(folderOf('killed', runId))).toBe('1');
    const leftover = rig.write(
      join('killed', runsOf('killed'), String(runId), 'artifacts/figures/.00000000-0000-4000-8000-000000000000.tmp'),
      'half',
    );
    const resumed = await rig.run(['run', 'killed.yaml', '--json', '--runs', 'killed']);
    expect(resumed.stderr).toBe('');
    expect(first(resumed, 'training-resumed')['step']).toBeGreaterThanOrEqual(16);
    expect(last(resumed)).toMatchObject({
      status: 'FINISHED',
      runId,
      weightsSha256: whole['weightsSha256'],
      metrics: whole['metrics'],
    });
    expect(runsIn('killed')).toEqual([runId]);
    expect(unfinished('killed')).toEqual([]);
    expect([leftover, join(folderOf('killed', runId), 'checkpoints')].filter(existsSync)).toEqual([]);
    const metrics = (store: string, id: unknown, key: string) =>
      readFileSync(join(folderOf(store, id), 'metrics', key), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(1).join(' '));
    for (const key of ['loss', 'val_loss', 'learning_rate', 'test_loss'])
      expect(metrics('killed', runId, key)).toEqual(metrics('whole', whole['runId'], key));
    expect(statusOf(folderOf('killed', runId))).toBe('3');
  }, 120_000);

  test('says that its newest checkpoint is damaged, and goes on from the one before', async () => {
    rig.write('damaged.yaml', text);
    const killed = await runUntil(['damaged.yaml', '--runs', 'damaged'], '"checkpoint-written"', 4, 'SIGKILL');
    const folder = join(folderOf('damaged', first(killed, 'run-started')['runId']), 'checkpoints');
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.ckpt'))
      .toSorted();
    expect(files.length).toBeGreaterThanOrEqual(2);
    const newest = join(folder, files.at(-1)!);
    const bytes = readFileSync(newest);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(newest, bytes);
    const resumed = await rig.run(['run', 'damaged.yaml', '--runs', 'damaged']);
    expect(resumed.stdout).toMatch(/warning damaged-checkpoint: .*SHA-256.*the one before it is used/);
    expect(resumed.stdout).toMatch(
      new RegExp(`goes on in epoch \\d+, after batch \\d+ \\(step ${Number(files.at(-2)!.slice(5, 17))}\\)`),
    );
    expect(readFileSync(join(folderOf('damaged', runsIn('damaged')[0]), 'tags/pipeline.weights_sha256'), 'utf8')).toBe(
      whole['weightsSha256'],
    );
  }, 120_000);

  test('starts over with --fresh, and where the file trains otherwise: the old run is closed as KILLED', async () => {
    rig.write('fresh.yaml', text);
    const killed = await runUntil(['fresh.yaml', '--runs', 'fresh'], '"checkpoint-written"', 2, 'SIGKILL');
    const again = await runUntil(['fresh.yaml', '--runs', 'fresh', '--fresh'], '"checkpoint-written"', 2, 'SIGKILL');
    expect(first(again, 'training-resumed')).toBeUndefined();
    expect(statusOf(folderOf('fresh', first(killed, 'run-started')['runId']))).toBe('5');
    rig.write('fresh.yaml', text.replace('decay: 0.9', 'decay: 0.8'));
    const changed = await rig.run(['run', 'fresh.yaml', '--runs', 'fresh']);
    expect(changed.stdout).toMatch(
      /warning started-over: the run [0-9a-f]{32}, which was interrupted, is not gone on with: train\.ema\.decay changed since/,
    );
    expect(statusOf(folderOf('fresh', first(again, 'run-started')['runId']))).toBe('5');
    expect(runsIn('fresh')).toHaveLength(3);
    expect(runsIn('fresh').filter((run) => existsSync(join(folderOf('fresh', run), 'checkpoints')))).toEqual([]);
    expect(unfinished('fresh')).toEqual([]);
  }, 120_000);

  test('whose record is damaged starts over, and says so', async () => {
    rig.write('record.yaml', text);
    await runUntil(['record.yaml', '--runs', 'record'], '"checkpoint-written"', 1, 'SIGKILL');
    const path = join(rig.folder, 'record', unfinished('record')[0]!);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":7', '"seed":5'));
    const again = await rig.run(['run', 'record.yaml', '--json', '--runs', 'record']);
    expect(again.stdout).toMatch(/"unfinished-record-damaged".*is damaged/);
    expect(last(again)).toMatchObject({ status: 'FINISHED', weightsSha256: whole['weightsSha256'] });
    expect([runsIn('record').length, unfinished('record')]).toEqual([2, []]);
  }, 120_000);

  test('does not go on with changed data, but with the old; what had no checkpoint starts over', async () => {
    rig.write('data.yaml', text);
    const killed = await runUntil(['data.yaml', '--runs', 'data-changed'], '"checkpoint-written"', 2, 'SIGKILL');
    const { runId } = first(killed, 'run-started');
    const path = join(rig.folder, 'data/t10k-labels');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    const refused = await rig.run(['run', 'data.yaml', '--runs', 'data-changed']);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`data/t10k-labels changed since the run ${String(runId)} was interrupted.*\n.*--fresh`),
      ),
    ]);
    const early = await runUntil(['data.yaml', '--runs', 'early'], '"run-started"', 1, 'SIGKILL');
    writeFileSync(path, bytes);
    const resumed = await rig.run(['run', 'data.yaml', '--json', '--runs', 'data-changed']);
    expect(last(resumed)).toMatchObject({
      status: 'FINISHED',
      runId,
      weightsSha256: whole['weightsSha256'],
      metrics: whole['metrics'],
    });
    expect(runsIn('data-changed')).toEqual([runId]);
    const anew = await rig.run(['run', 'data.yaml', '--runs', 'early']);
    expect(anew.stdout).toMatch(
      new RegExp(
        `started-over: the run ${String(first(early, 'run-started')['runId'])}.* data/t10k-labels changed since`,
      ),
    );
    expect(runsIn('early')).toHaveLength(2);
  }, 120_000);
});

test('Ctrl-C is answered within a second by a checkpoint, KILLED, 130, and the command that goes on', async () => {
  rig.write('my nets/stop.yaml', slow.replaceAll('data/', '../data/').replace('everySteps: 4', 'everySeconds: 1000'));
  const stopped = await runUntil(
    ['my nets/stop.yaml', '--runs', 'stop', '--set', 'train.epochs=6'],
    '"epoch-finished"',
    2,
    'SIGINT',
  );
  expect(stopped.answered).toBeLessThan(1000);
  expect(stopped.code).toBe(130);
  const { runId } = first(stopped, 'run-started');
  expect(statusOf(folderOf('stop', runId))).toBe('5');
  const command = /Go on with: npx pipeline (.*)\n/.exec(stopped.stderr)![1]!;
  expect(command).toBe("run 'my nets/stop.yaml' --set train.epochs=6 --runs stop");
  const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
  const resumed = await rig.run([...args, '--json']);
  expect(stopped.stderr).toContain(`after step ${String(first(resumed, 'training-resumed')['step'])}`);
  const { weightsSha256 } = await runWhole(slow);
  expect(last(resumed)).toMatchObject({ status: 'FINISHED', runId, weightsSha256 });
}, 120_000);

test('a second Ctrl-C ends it at once, and the file goes on all the same', async () => {
  rig.write('twice.yaml', text);
  const { child, ended } = rig.start(['run', 'twice.yaml', '--json', '--runs', 'twice']);
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (more: string) => more.includes('"checkpoint-written"') && resolve()),
  );
  const pressed = performance.now();
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect((await ended).code).toBe(130);
  expect(performance.now() - pressed).toBeLessThan(1000);
  const resumed = await rig.run(['run', 'twice.yaml', '--json', '--runs', 'twice']);
  expect(first(resumed, 'training-resumed')['step']).toBeGreaterThanOrEqual(4);
  expect(last(resumed)).toMatchObject({ status: 'FINISHED', weightsSha256: whole['weightsSha256'] });
  expect(runsIn('twice')).toHaveLength(1);
}, 120_000);

test('a second process at the same file does not touch the run of the first', async () => {
  rig.write('both.yaml', text);
  const outcomes = await Promise.all([
    rig.run(['run', 'both.yaml', '--json', '--runs', 'both']),
    rig.run(['run', 'both.yaml', '--json', '--runs', 'both']),
  ]);
  for (const outcome of outcomes)
    expect(last(outcome)).toMatchObject({ status: 'FINISHED', weightsSha256: whole['weightsSha256'] });
  expect(new Set(outcomes.map((outcome) => last(outcome)['runId'])).size).toBe(2);
}, 120_000);
