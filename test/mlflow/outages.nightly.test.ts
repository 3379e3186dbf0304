import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHistory } from '../../src/tracking/server/metric-history.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { type FaultyProxy, startFaultyProxy } from '../faults/faulty-proxy.ts';
import { breakDown, compare, untilTold } from '../faults/tracker.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { type RealServer, realServer } from './real-mlflow.ts';
import setUpMlflow from './setup.ts';

const rig = new Rig();
let server: RealServer;
let proxy: FaultyProxy;
// Short waits, so that seconds of an outage have several tries.
const env = { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.4' };

beforeAll(async () => {
  await setUpMlflow();
  rig.writeDigits(400, 100);
  rig.write(
    'digits.yaml',
    digitsPipeline({ epochs: 12, batchSize: 50, layers: '[flatten, dense 10]' }).replace(
      'validation: 100',
      'validation: 50',
    ),
  );
  server = await realServer(rig.folder);
  await server.start();
  proxy = await startFaultyProxy(server.address);
}, 600_000);

afterAll(async () => {
  await proxy.down();
  await server.kill();
  rig.remove();
});

const runArgs = (name: string) => [
  'run',
  'digits.yaml',
  '--force',
  '--fresh',
  '--runs',
  name,
  '--tracking-uri',
  proxy.address,
  '--set',
  `tracking.experiment=${name}`,
];
const sync = (name: string, ...args: string[]) => rig.run(['sync', '--runs', name, ...args], env);
/** What the server has otherwise than the local store, the status among it. */
const differences = (name: string) =>
  compare(join(rig.folder, name), server.address, name, join(rig.folder, 'artifacts'));
const journals = (name: string) =>
  readdirSync(join(rig.folder, name), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.journal'),
  );

test.each(['404', '302', 'html', '{}'] as const)(
  'seconds of %s in the middle of a run lose nothing',
  async (mishap) => {
    const name = `out-${mishap === '{}' ? 'nothing' : mishap}`;
    const { child, ended } = rig.start([...runArgs(name), '--json'], env);
    await breakDown(child.stdout, proxy, [mishap], 2000);
    const { code, stderr, stdout } = await ended;
    expect(code, stderr).toBe(0);
    expect(eventsOf(stdout).filter(({ type }) => type === 'diagnostic')).toEqual([]);
    expect(await differences(name)).toEqual([]);
    expect(await sync(name)).toMatchObject({ code: 0, stdout: `nothing in ${name} waits for a server\n` });
  },
  90_000,
);

test('a server that comes back from a backup has all of the run in the end', async () => {
  const name = 'backup';
  const { child, ended } = rig.start([...runArgs(name), '--json', '--set', 'train.epochs=3000'], env);
  const database = join(rig.folder, 'mlflow.db');
  const values = async (): Promise<number> => {
    const client = new MlflowClient(serverAddress(server.address, true), {});
    const { experiment } = await client.call('getExperimentByName', { experiment_name: name });
    const { runs } = await client.call('searchRuns', { experiment_ids: [experiment.experiment_id] });
    return (await readHistory(client, runs![0]!.info.run_id, 'loss')).length;
  };
  const more = async (least: number): Promise<number> => {
    for (let count = 0; ; await sleep(100)) if ((count = await values()) > least) return count;
  };
  /**
   * Waits for more values than these, and for some after them: then those are confirmed. The run stands still from
   * there, as training is over sooner than a server is up.
   */
  const untilMore = async (least: number): Promise<number> => {
    const count = await more(await more(least));
    child.kill('SIGSTOP');
    return count;
  };
  const restart = async (copy: () => void): Promise<void> => {
    await server.kill();
    copy();
    await server.start();
  };
  await untilTold(child.stdout, '"epoch-finished"');
  await untilMore(0);
  await restart(() => copyFileSync(database, `${database}.backup`));
  const kept = await values();
  child.kill('SIGCONT');
  const before = await untilMore(kept);
  await restart(() => copyFileSync(`${database}.backup`, database));
  expect(await values()).toBeLessThan(before);
  child.kill('SIGCONT');
  const { code, stderr, stdout } = await ended;
  expect(code, stderr).toBe(0);
  expect(eventsOf(stdout).filter(({ type }) => type === 'diagnostic')).toEqual([]);
  expect(await differences(name)).toEqual([]);
}, 300_000);

test('what a proxy finds too large is told once, and by sync, until it is sent anew', async () => {
  const name = 'too-large';
  proxy.mishap = (path) => (path.includes('/mlflow-artifacts/') ? '413' : undefined);
  const { code, stdout } = await rig.run(runArgs(name), env);
  expect(code).toBe(0);
  expect(stdout.split('not-taken')).toHaveLength(2);
  expect(stdout).toMatch(/the server does not take artifacts \(.* and \d+ more\): not now \(413\)/);
  expect(stdout).toMatch(
    new RegExp(`recorded in {4}${name} \\(run [0-9a-f]{32}\\); ${proxy.address} did not take all of it`),
  );
  // All that it takes is there, and that was all.
  expect((await differences(name)).filter((line) => !line.endsWith('"nothing" there'))).toEqual([]);
  const run = /run ([0-9a-f]{32})/.exec(stdout)![1]!;
  const told = await sync(name);
  expect([told.code, told.stdout]).toEqual([0, '']);
  expect(told.stderr).toMatch(
    new RegExp(
      `run ${run}: the server at ${proxy.address} does not take artifacts .*\n` +
        `.*pipeline sync --again ${run} --to ADDRESS`,
    ),
  );
  proxy.mishap = () => undefined;
  const again = await sync(name, '--again', run.slice(0, 8), '--to', proxy.address);
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(again.stdout).toMatch(new RegExp(`^run ${run}: \\d+ things delivered to ${proxy.address}\n$`));
  expect(await differences(name)).toEqual([]);
  expect((await sync(name)).stdout).toBe(`nothing in ${name} waits for a server\n`);
}, 90_000);

test('a run of a deleted experiment, or of a wiped database, is sent anew; what is missing is told so', async () => {
  const name = 'gone';
  const { child, ended } = rig.start([...runArgs(name), '--json'], env);
  let text = '';
  child.stdout.on('data', (piece: string) => (text += piece));
  await untilTold(child.stdout, '"epoch-finished"');
  const experiment_id = /"experimentId":"(\d+)"/.exec(text)![1];
  await fetch(`${server.address}/api/2.0/mlflow/experiments/delete`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ experiment_id }),
  });
  const { code, stdout, stderr } = await ended;
  expect(code, stderr).toBe(0);
  const run = String(eventsOf(stdout).at(-1)!['runId']);
  expect(stdout).toMatch(
    new RegExp(`not-delivered.*the server no longer has the run.*pipeline sync --again ${run} --to`),
  );
  expect(journals(name)).toHaveLength(1);
  // Told with the same way by sync, which does not bring it back by itself.
  expect(await sync(name, '--to', proxy.address)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`--again ${run}`),
  });
  expect(await sync(name, '--again', run)).toMatchObject({ code: 1, stderr: expect.stringContaining('no-server') });
  expect((await sync(name, '--again', 'fff0')).stderr).toContain('no-server');
  expect((await sync(name, '--again', 'fff0', '--to', proxy.address)).stderr).toContain('unknown-run');
  // The experiment is restored, and with it the run.
  expect(await sync(name, '--again', run, '--to', proxy.address)).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.not.stringContaining(' as run '),
  });
  expect(await differences(name)).toEqual([]);

  await server.kill();
  for (const file of readdirSync(rig.folder).filter((file) => file.startsWith('mlflow.db')))
    rmSync(join(rig.folder, file));
  await server.start();
  expect(await sync(name, '--again', run.slice(0, 10), '--tracking-uri', proxy.address)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`^run ${run}: \\d+ things delivered to ${proxy.address} as run [0-9a-f]{32}\n$`),
    ),
  });
  expect(await differences(name)).toEqual([]);
}, 180_000);
