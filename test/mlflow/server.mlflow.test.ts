import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { type RealServer, readRuns, realServer } from './real-mlflow.ts';
import { epochMetrics, recordArtifacts, recordInputs, sampleParams, sampleStart } from './sample-run.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-server-'));
const warn = (warning: unknown) => expect.unreachable(JSON.stringify(warning));
let server: RealServer;

beforeAll(async () => {
  server = await realServer(directory);
  await server.start();
});

afterAll(async () => {
  await server.kill();
  rmSync(directory, { recursive: true });
});

function tracker() {
  return chooseTracker({ uri: server.address, runsDirectory: join(directory, 'runs'), warn, env: {} });
}

test('a run is on the server as it is in the local store, though the server was killed meanwhile', async () => {
  const run = await tracker().start(sampleStart);
  run.params(sampleParams);
  const perBatch = Array.from({ length: 3000 }, (_, step) => ({
    key: 'batch_loss',
    value: 1 / (step + 1),
    step,
    timestamp: 1_790_000_000_000 + step,
  }));
  for (let epoch = 1; epoch <= 15; epoch++) {
    run.metrics([...epochMetrics(epoch), ...perBatch.slice((epoch - 1) * 200, epoch * 200)]);
    await sleep(5);
    // In mid-request: 500 values were waiting after epoch 3.
    if (epoch === 4) await server.kill();
  }
  recordInputs(run);
  const artifacts = recordArtifacts(run);
  // On a busy machine it takes longer to start than a run waits for it at its end.
  await server.start();
  expect(await run.finish('FINISHED', 1_790_000_100_000)).toEqual([]);

  const { runs, tags } = await readRuns(server.address, sampleStart.experiment);
  const [read] = runs;
  expect(runs).toHaveLength(1);
  expect(tags).toEqual({ 'mlflow.experimentKind': 'custom_model_development' });
  expect(read).toMatchObject({
    run_id: run.runId,
    name: 'mnist-1',
    user: 'ada',
    status: 'FINISHED',
    start_time: 1_790_000_000_000,
    end_time: 1_790_000_100_000,
    params: sampleParams,
    artifacts,
  });
  expect(read!.tags).toMatchObject(sampleStart.tags);
  expect(read!.metrics['loss']!.map(([step]) => step).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
  expect(read!.metrics['loss']!.find(([step]) => step === 3)![2]).toBe('nan');
  expect(
    read!.metrics['batch_loss']!.map(([step, timestamp, value]) => [step, timestamp, Number(value)]).sort(
      (a, b) => a[0]! - b[0]!,
    ),
  ).toEqual(perBatch.map(({ step, timestamp, value }) => [step, timestamp, value]));
  expect(
    read!.inputs.map(({ digest, tags: inputTags }) => `${digest[0]} ${inputTags['mlflow.data.context']}`).sort(),
  ).toEqual(['a training', 'b test']);
  expect(readFileSync(join(run.directory, 'metrics', 'batch_loss'), 'utf8').split('\n')).toHaveLength(3001);
});

test('a lost answer to runs/create makes no second run', async () => {
  const client = new MlflowClient(serverAddress(server.address, true), {});
  const destination = {
    address: server.address,
    experiment: { name: 'ghosts' },
    run: { run_name: 'once', user_id: 'ada', start_time: 1 },
    key: 'key-1',
  };
  expect(await client.findRun(destination)).toBeUndefined();
  const lost = await client.findOrCreateRun(destination, false);
  expect(await client.findOrCreateRun(destination, true)).toEqual(lost);
  expect(await client.findRun(destination)).toEqual(lost);
  const { runs } = await client.call('searchRuns', { experiment_ids: [lost.experimentId] });
  expect(runs).toHaveLength(1);
  client.close();
});

test('the server lists every artifact by the name that it was sent with, and no other', async () => {
  const client = new MlflowClient(serverAddress(server.address, true), {});
  const { runId, experimentId } = await client.findOrCreateRun(
    {
      address: server.address,
      experiment: { name: 'names' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'names',
    },
    false,
  );
  const file = join(directory, 'file');
  writeFileSync(file, 'x');
  const upload = { signal: new AbortController().signal, onProgress: () => undefined };
  for (const name of [
    'a b',
    '100%',
    'a%20b',
    'a+b',
    'a&b=c',
    "it's",
    'a;b:c',
    '(1)',
    '[a]',
    'é'.normalize('NFC'),
    'é'.normalize('NFD'),
    '빈 파일',
    '-',
    'x'.repeat(200),
  ]) {
    for (const path of [`${name}.txt`, `folder of ${name}/deep/${name}`]) {
      expect((await client.listArtifacts(runId, posix.dirname(path)))!.has(path), path).toBe(false);
      await client.putArtifact(`${experimentId}/${runId}/artifacts/${path}`, file, upload);
      // It lists such names otherwise.
      expect((await client.listArtifacts(runId, posix.dirname(path)))!.has(path), path).toBe(!path.includes('%20'));
    }
  }
  client.close();
});

test('one key that the server refuses costs no other value of its batch', async () => {
  const run = await tracker().start({ ...sampleStart, experiment: 'refusals', runName: 'r' });
  run.params({ 'learning rate': '1' });
  // A param cannot change: the server refuses the whole batch that holds it.
  run.params({ 'learning rate': '2', momentum: '0.9', nesterov: 'true' });
  const undelivered = await run.finish('FINISHED', Date.now());
  expect(undelivered).toHaveLength(1);
  expect(undelivered[0]!.message).toMatch(/ params \(1\): .*learning rate/s);
  const { runs } = await readRuns(server.address, 'refusals');
  expect(runs[0]!.params).toEqual({ 'learning rate': '1', momentum: '0.9', nesterov: 'true' });
});

test('a deleted experiment is restored; MLFLOW_EXPERIMENT_ID and _NAME choose another', async () => {
  const client = new MlflowClient(serverAddress(server.address, true), {});
  const { experimentId: experiment_id } = await client.findOrCreateRun(
    {
      address: server.address,
      experiment: { name: 'deleted' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'k',
    },
    false,
  );
  await fetch(`${server.address}/api/2.0/mlflow/experiments/delete`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ experiment_id }),
  });
  const run = await tracker().start({ ...sampleStart, experiment: 'deleted' });
  expect(run.experimentId).toBe(experiment_id);
  expect(await run.finish('FAILED', Date.now())).toEqual([]);
  const place = { uri: server.address, runsDirectory: join(directory, 'runs'), warn };
  const byId = await chooseTracker({ ...place, env: { MLFLOW_EXPERIMENT_ID: experiment_id } }).start(sampleStart);
  expect(byId.experimentId).toBe(experiment_id);
  const byName = await chooseTracker({ ...place, env: { MLFLOW_EXPERIMENT_NAME: 'deleted' } }).start(sampleStart);
  expect(byName.experimentId).toBe(experiment_id);
  await Promise.all([byId.finish('KILLED', 1), byName.finish('KILLED', 1)]);
  client.close();
});

test('a server that stays away is named at the end, and the run is whole in the local store', async () => {
  const run = await tracker().start({ ...sampleStart, experiment: 'away' });
  await server.kill();
  run.metrics(epochMetrics(1));
  recordArtifacts(run);
  const start = performance.now();
  const undelivered = await run.finish('KILLED', 1_790_000_000_000);
  expect(performance.now() - start).toBeLessThan(9000);
  expect(undelivered).toMatchObject([
    {
      code: 'not-delivered',
      message:
        'not delivered yet: tags (4), metric values (3), ' +
        'artifacts (config/pipeline.yaml, model/group1-shard1of1.bin, reports/빈 파일 (1).txt), status: ' +
        `${server.address} did not answer (connect ECONNREFUSED ${server.address.slice('http://'.length)})`,
      hint: expect.stringContaining(`\`pipeline sync --to ${server.address}\``),
    },
  ]);
  expect(readFileSync(join(run.directory, 'meta.yaml'), 'utf8')).toContain('status: 5\n');
  expect(readFileSync(join(run.directory, 'metrics', 'loss'), 'utf8')).toBe('1790000001001 1 1\n');
});
