import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { last, ran, stagesOf } from './told-stages.ts';

const rig = new Rig();
const text = `${digitsPipeline({ epochs: 2, figures: '[confusionMatrix]' })}evaluate: { metrics: [accuracy] }\n`;
let first: Ended;
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', text);
  first = await runJson();
});
afterAll(() => rig.remove());

const runJson = (...args: readonly string[]) => rig.run(['run', 'digits.yaml', '--json', ...args]);
const status = async (...args: readonly string[]) => (await rig.run(['status', 'digits.yaml', ...args])).stdout;
const entriesOf = (stage: string) =>
  readdirSync(join(rig.folder, '.layerline/cache/runs', stage)).map((name) =>
    join(rig.folder, '.layerline/cache/runs', stage, name),
  );
/** The folder of a run in the store. */
const folderOf = (ended: Ended) => {
  const { experimentId, runId } = last(ended);
  return join(rig.folder, 'runs', String(experimentId), String(runId));
};

test("of the environment, what changes numbers is named; other tools' secrets are not recorded or shown", async () => {
  const planted = {
    TF_TOKEN_app_terraform_io: 'planted-1',
    TF_VAR_db_password: 'planted-2',
    OMP_SECRET: 'planted-3',
    KMP_KEY: 'planted-4',
    ONEDNN_TOKEN: 'planted-5',
    MKL_LICENSE: 'planted-6',
  };
  const beside = await rig.run(['run', 'digits.yaml', '--json'], planted);
  expect(stagesOf(beside, 'stage-skipped')).toEqual(['load', 'train', 'evaluate', 'visualize']);
  const without = { ...planted, TF_ENABLE_ONEDNN_OPTS: '0' };
  const told = [
    await rig.run(['status', 'digits.yaml'], without),
    await rig.run(['status', 'digits.yaml', '--json'], without),
  ];
  for (const { stdout } of told) expect(stdout).toContain('environment.TF_ENABLE_ONEDNN_OPTS');
  const other = await rig.run(['run', 'digits.yaml', '--json'], without);
  expect(ran(other)).toEqual(['load', 'train', 'evaluate', 'visualize']);
  const written = ['runs', '.layerline']
    .flatMap((folder) => readdirSync(join(rig.folder, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(written.some((content) => content.includes('TF_ENABLE_ONEDNN_OPTS'))).toBe(true);
  for (const text of [...written, ...[beside, other, ...told].flatMap(({ stdout, stderr }) => [stdout, stderr])]) {
    for (const [name, value] of Object.entries(planted))
      expect(text.includes(name) || text.includes(value), name).toBe(false);
  }
}, 60_000);

test('--force runs all stages, or those from one of them on, to the same bits', async () => {
  const all = await runJson('--force');
  expect(ran(all)).toEqual(['load', 'train', 'evaluate', 'visualize']);
  const { runId: _, samplesPerSecond: __, ...same } = last(first);
  expect(last(all)).toMatchObject(same);
  expect(ran(await runJson('--force', 'evaluate'))).toEqual(['load', 'evaluate', 'visualize']);
  const wrong = await rig.run(['run', '--force', 'digits.yaml']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('pipeline run FILE --force')]);
}, 60_000);

test('more epochs go on from fewer, and say so', async () => {
  const more = ['--set', 'train.epochs=4'];
  expect(await status(...more)).toMatch(
    /train +runs +train\.epochs: 2 -> 4\n +goes on after epoch 2 of run [0-9a-f]{32}\n/,
  );
  const ended = await runJson(...more);
  const types = eventsOf(ended.stdout).map((event) => event['type']);
  expect(types).toContain('training-resumed');
  expect(types.filter((type) => type === 'epoch-finished')).toHaveLength(4);
  const scratch = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'scratch', ...more]);
  expect(last(ended)).toMatchObject({
    weightsSha256: last(scratch)['weightsSha256'],
    metrics: last(scratch)['metrics'],
  });
  // Fewer again: the longer one is of no use.
  expect(await status('--set', 'train.epochs=1')).toMatch(/train +runs +train\.epochs: \d -> 1\nevaluate/);
  expect(await status(...more, '--set', 'train.schedule=cosine')).not.toContain('goes on');
}, 60_000);

test('a kept outcome with a flipped bit is told of and made again', async () => {
  cpSync(join(rig.folder, '.layerline'), join(rig.folder, 'kept'), { recursive: true });
  for (const path of [...entriesOf('train'), ...entriesOf('visualize')]) {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path, bytes);
  }
  expect(await status()).toMatch(/train +runs +the kept outcome of train cannot be used: .*SHA-256/);
  const ended = await runJson();
  const told = eventsOf(ended.stdout)
    .filter(({ type }) => type === 'diagnostic')
    .map(({ diagnostic }) => (diagnostic as { code: string }).code);
  expect(told).toEqual(['cache-damaged', 'cache-damaged']);
  expect(ran(ended)).toEqual(['load', 'train', 'visualize']);
  expect(last(ended)['weightsSha256']).toBe(last(first)['weightsSha256']);
  expect(ran(await runJson())).toEqual([]);
}, 60_000);

test('two at once: both finish alike, and what they leave is whole', async () => {
  const args = ['run', 'digits.yaml', '--json', '--set', 'seed=3'];
  const [one, two, other] = await Promise.all([
    rig.run(args),
    rig.run(args),
    rig.run([...args, '--set', 'train.batchSize=50']),
  ]);
  expect([one.code, two.code, other.code]).toEqual([0, 0, 0]);
  expect(last(one)['weightsSha256']).toBe(last(two)['weightsSha256']);
  const after = await rig.run(args);
  expect(ran(after)).toEqual([]);
  expect(after.stdout).not.toContain('cache-damaged');
  expect(last(after)['weightsSha256']).toBe(last(one)['weightsSha256']);
  expect(ran(await rig.run([...args, '--set', 'train.batchSize=50']))).toEqual([]);
}, 60_000);

test('a run that was killed after its training goes on in the same run, with the training that was kept', async () => {
  const args = ['run', 'digits.yaml', '--json', '--set', 'seed=4'];
  const { child, ended } = rig.start(args);
  child.stdout.on('data', (part: string) => {
    if (/"stage-started","stage":"visualize"/.test(part)) child.kill('SIGKILL');
  });
  const killed = await ended;
  expect(killed.code).toBeNull();
  const again = await rig.run(args);
  expect(stagesOf(again, 'stage-skipped')).toEqual(['train', 'evaluate']);
  const runId = eventsOf(killed.stdout).find(({ type }) => type === 'run-started')!['runId'];
  expect(last(again)).toMatchObject({ status: 'FINISHED', runId });
  expect(
    readFileSync(join(folderOf(again), 'metrics/loss'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(2);
}, 60_000);
