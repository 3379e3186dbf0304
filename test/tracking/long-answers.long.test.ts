import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openRuns } from '../../src/tracking/open-runs.ts';
import { readHistory } from '../../src/tracking/server/metric-history.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { calls } from '../../src/tracking/server/mlflow-protocol.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';

const runId = 'a'.repeat(32);
const metric = { key: 'loss', value: 1, step: 1, timestamp: 1 };
const run = { info: { run_id: runId, run_name: 'r' }, data: { metrics: [metric] } };
const experiment = { experiment_id: '1', name: 'e' };
const proper = { getRun: { run }, getExperiment: { experiment } };

let address: string;
/** What the server answers. */
let answers: Readonly<Record<string, unknown>>;
/** What it was asked. */
const asked: string[] = [];
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  asked.push(request.url!);
  const [name] = Object.entries(calls).find(([, { path }]) => request.url!.split('?')[0] === `/api/2.0${path}`)!;
  const answer = answers[name];
  response.end(typeof answer === 'function' ? (answer as () => string)() : JSON.stringify(answer));
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void (asked.length = 0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = () => new MlflowClient(serverAddress(address, true), { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });

const metricsOf = async (signal: AbortSignal) =>
  (await openRuns('runs', address, { warn: () => undefined, signal }).fetch(runId)).metrics();

test('pages of values that lead on for ever have an end, and stop at once when that is asked for', async () => {
  const page = Array.from({ length: 100_000 }, (_, step) => ({ value: 1, step, timestamp: 1 }));
  answers = { getMetricHistory: () => JSON.stringify({ metrics: page, next_page_token: String(asked.length) }) };
  await expect(readHistory(client(), runId, 'loss')).rejects.toThrow('more than 1000000 values');
  expect(asked).toHaveLength(11);
  const stop = new AbortController();
  const history = { metrics: [metric], next_page_token: '' };
  answers = {
    ...proper,
    getMetricHistory: () => {
      if (asked.length === 20) stop.abort();
      return JSON.stringify({ ...history, next_page_token: String(asked.length) });
    },
  };
  await expect(metricsOf(stop.signal)).rejects.toThrow('aborted');
  expect(asked.length).toBeLessThan(22);
});

test('a page of more values than a call takes arguments is read; an answer is as long as its call needs', async () => {
  const values = Array.from({ length: 200_000 }, (_, step) => ({ value: 1, step, timestamp: 1 }));
  answers = { ...proper, getMetricHistory: { metrics: values } };
  expect(await readHistory(client(), runId, 'loss')).toHaveLength(200_000);
  expect(await metricsOf(new AbortController().signal)).toHaveLength(200_000);
  const long = (bytes: number) => ({
    ...proper,
    getExperiment: { experiment, more: 'x'.repeat(bytes) },
    getRun: { run, more: 'x'.repeat(bytes) },
  });
  answers = long(2 << 20);
  await expect(client().call('getExperiment', { experiment_id: '1' })).rejects.toThrow(
    'its answer is longer than 1024 kB',
  );
  await client().call('getRun', { run_id: runId });
  answers = long(9 << 20);
  await expect(client().call('getRun', { run_id: runId })).rejects.toThrow('its answer is longer than 8192 kB');
});

test('a run of more values than any has is not fetched to its end, and nothing of it but epochs', async () => {
  const metrics = Array.from({ length: 400 }, (_, i) => ({ ...metric, key: `k${i}` }));
  const page = JSON.stringify({ metrics: Array.from({ length: 1_000_000 }, () => ({})) });
  answers = {
    ...proper,
    getRun: { run: { ...run, data: { metrics: [{ ...metric, key: 'test_loss', step: 0 }, ...metrics] } } },
    getMetricHistory: () => page,
  };
  await expect(metricsOf(new AbortController().signal)).rejects.toThrow(
    'more than 16000000 values of one run: is it an MLflow server?',
  );
  expect(asked.filter((url) => url.includes('get-history'))).toHaveLength(17);
  expect(asked.filter((url) => url.includes('test_loss'))).toEqual([]);
}, 120_000);
