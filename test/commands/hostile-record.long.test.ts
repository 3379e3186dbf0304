import { createServer as createTcpServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { type Ended, Rig, digitsPipeline } from '../rig.ts';

let rig: Rig;
/** How often something asked the address that records name. */
let asked = 0;
const listener = createTcpServer((socket) => {
  asked++;
  socket.destroy();
});

beforeAll(() => new Promise<void>((done) => void listener.listen(0, '127.0.0.1', done)));
afterAll(() => listener.close());

beforeEach(() => {
  rig = new Rig();
  asked = 0;
  return () => {
    expect(asked).toBe(0);
    rig.remove();
  };
});

/** Replays a run that someone else recorded. */
async function replay(text: string, tags: Readonly<Record<string, string>> = {}, runName = 'r'): Promise<Ended> {
  const run = await chooseTracker({ runsDirectory: join(rig.folder, 'in/runs'), warn: () => undefined, env: {} }).start(
    { experiment: 'e', runName, startTime: 1, tags },
  );
  run.metrics([{ key: 'loss', value: 1, step: 1, timestamp: 1 }]);
  rig.write(
    join('in/runs', run.directory.slice(join(rig.folder, 'in/runs/').length), 'artifacts/config/resolved.yaml'),
    text,
  );
  await run.finish('FINISHED', 5);
  const ended = await rig.run(['replay', basename(run.directory)], {}, ['env', '-C', join(rig.folder, 'in')]);
  expect(ended.code).toBeGreaterThan(0);
  expect(ended.stderr).not.toMatch(/mistake in Layerline|\n +at |TOP-SECRET/);
  return ended;
}

const csv = (file: string) =>
  digitsPipeline()
    .replace(/source: .*/, `source: { csv: { file: ${file}, targets: { y: number } } }`)
    .replace(/layers: .*/, 'layers: [dense 1]')
    .replace('softmaxCrossEntropy', 'meanSquaredError');

test('a file outside is not opened, whatever names it and wherever paths count from', async () => {
  rig.write('secret.csv', 'TOP-SECRET\n1,2\n');
  for (const [file, tags] of [
    ['../secret.csv', {}],
    [join(rig.folder, 'secret.csv'), {}],
    [`{ url: "file://${join(rig.folder, 'secret.csv')}", sha256: ${'a'.repeat(64)} }`, {}],
    ['a/../../secret.csv', {}],
    ['../../../secret.csv', { 'mlflow.source.name': 'a/b/c.yaml' }],
  ] as const)
    expect((await replay(csv(file), tags)).stderr, file).toMatch(
      /error data-elsewhere: the run's data is .*secret\.csv, which is not below the folder that you are in/,
    );
  for (const source of [
    'images: { folder: .. }',
    'images: { folder: a, test: /etc }',
    'masks: { images: .., masks: a, classes: { a: 0, b: 1 } }',
    'text: { file: /etc/passwd }',
    'pairs: { of: { images: { folder: .. } } }',
  ]) {
    expect((await replay(digitsPipeline().replace(/source: .*/, `source: { ${source} }`))).stderr, source).toMatch(
      /^error data-elsewhere/m,
    );
  }
  // A folder that is not here leads nowhere: paths count from where one is.
  for (const name of ['/etc/x.yaml', '../x.yaml', 'a\0/x.yaml'])
    expect((await replay(csv('secret.csv'), { 'mlflow.source.name': name })).stderr).toMatch(
      /in\/secret\.csv does not exist/,
    );
}, 60_000);

test('an address is not asked, nor is a base looked up, nor data where there is a mistake', async () => {
  const { port } = listener.address() as { port: number };
  const url = `https://127.0.0.1:${port}/secret`;
  const address = `{ url: "${url}", sha256: ${'a'.repeat(64)} }`;
  expect((await replay(csv(address))).stderr).toMatch(
    /error data-not-fetched: the run's data is at https:\/\/127\.0\.0\.1:\d+\/secret, which is not fetched/,
  );
  rig.write(`in/.layerline/data/${'a'.repeat(64)}`, 'another');
  expect((await replay(csv(address))).stderr).toMatch(/the kept copy of .* is damaged, or another file/);
  rig.write('in/base.yaml', 'TOP-SECRET: 1\n');
  expect((await replay(`extends: ./base.yaml\n${csv('x.csv')}`)).stderr).toMatch(/error not-resolved/);
  expect((await replay(`${csv(join(rig.folder, 'secret.csv'))}  epochz: 1\n`)).stderr).toMatch(/epochz/);
}, 60_000);

test('what a record calls things is cut where it is shown', async () => {
  const long = 'x'.repeat(20_000);
  const { port } = listener.address() as { port: number };
  for (const text of [
    csv(`a/${long}.csv`),
    csv(`{ url: "https://127.0.0.1:${port}/${long}", sha256: ${'a'.repeat(64)} }`),
    csv(`/${long}`),
    csv('x.csv').replace('epochs:', 'epochz:'),
  ]) {
    const { stdout, stderr } = await replay(text, { 'mlflow.source.name': `a/${long}.yaml` }, `\u001b[31m${long}`);
    expect(stdout).toMatch(/^\u241b\[31mx+\.\.\., run /);
    expect((stdout + stderr).length, stderr).toBeLessThan(3500);
    expect(stdout + stderr).not.toContain('\u001b');
  }
}, 60_000);

test.each(['overfit-abc', 'overfit-0', 'overfit--1', 'overfit-1e9', 'x', 'smoke ', 'overfit-1234567890', ''])(
  'a trial that is called %j',
  async (trial) => {
    expect((await replay(csv('x.csv'), { 'pipeline.trial': trial })).stderr).toContain(
      `error unknown-trial: the run's tag pipeline.trial is '${trial}'`,
    );
  },
);
