import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { MlflowClient } from '../../src/tracking/mlflow-client.ts';
import { Delivery } from '../../src/tracking/delivery.ts';
import { double } from '../../src/tracking/mlflow-client.ts';
import { Journal } from '../../src/tracking/journal.ts';
import { JournalRecorder } from '../../src/tracking/journal-recorder.ts';

interface Received {
  readonly path: string;
  readonly bytes: number;
  readonly body: Record<string, never[] | undefined>;
}

const directory = mkdtempSync(join(tmpdir(), 'layerline-sender-'));
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));
afterAll(() => rmSync(directory, { recursive: true }));

// A server over real sockets that keeps what it was sent; `status` decides each answer.
async function receiver(status: (received: Received, count: number) => number = () => 200) {
  const all: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const received: Received = { path: request.url!, bytes: Buffer.byteLength(text), body: request.method === 'POST' ? JSON.parse(text) : {} };
      all.push(received);
      const code = status(received, all.length);
      response.writeHead(code).end(code === 400 ? '{"error_code":"INVALID_PARAMETER_VALUE","message":"refused"}' : '{}');
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = new MlflowClient(new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}`), { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.01' });
  return { all, client };
}

let count = 0;

/** A run that the server has made already, and whose journal is new. */
function recorderTo(client: MlflowClient, artifactUri = 'mlflow-artifacts:/1/run/artifacts'): JournalRecorder {
  const journal = Journal.begin(join(directory, `${count++}.journal`), { address: client.address, experiment: { name: 'e' }, run: { run_name: 'r', user_id: 'u', start_time: 1 }, key: 'k' });
  journal.noteServer({ runId: 'run', experimentId: '1', artifactUri });
  return new JournalRecorder(journal, () => directory, new Delivery(client, journal, () => join(directory, 'artifacts'), () => true));
}

const pairs = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

function artifact(path: string, text: string): void {
  mkdirSync(dirname(join(directory, 'artifacts', path)), { recursive: true });
  writeFileSync(join(directory, 'artifacts', path), text);
}

const metrics = (count: number) => Array.from({ length: count }, (_, step) => ({ key: 'loss', value: double(step === 7 ? NaN : step), step, timestamp: 1 }));

test('no request is over the limits of MLflow, and nothing is sent twice or left out', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  sender.record('params', pairs(Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, '가'.repeat(6000)]))));
  sender.record('tags', pairs(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, 'v']))));
  sender.record('metrics', metrics(2345));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toEqual([]);
  for (const { bytes, body } of all) {
    expect(bytes).toBeLessThan(1_000_000);
    expect((body['metrics'] ?? []).length).toBeLessThanOrEqual(1000);
    expect((body['params'] ?? []).length + (body['tags'] ?? []).length).toBeLessThanOrEqual(100);
  }
  const sent = (kind: string) => all.flatMap(({ body }) => body[kind] ?? []) as { key: string; step?: number; value: unknown }[];
  expect(new Set(sent('params').map(({ key }) => key)).size).toBe(250);
  expect(sent('params')).toHaveLength(250);
  expect(sent('tags')).toHaveLength(101);
  expect(sent('metrics').map(({ step }) => step)).toEqual(Array.from({ length: 2345 }, (_, i) => i));
  expect(sent('metrics')[7]!.value).toBe('NaN');
  expect(all.at(-1)).toMatchObject({ path: '/api/2.0/mlflow/runs/update', body: { run_id: 'run', status: 'FINISHED', end_time: 5 } });
});

test('what fails for a while is sent again; nothing waits for it but finish', async () => {
  const { all, client } = await receiver((_, count) => (count <= 4 ? 503 : 200));
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  expect(all).toHaveLength(0);
  expect(await sender.finish('FINISHED')).toEqual([]);
  // After a failure the server is asked what it has; three of the four failures are answers to that.
  expect(all.filter(({ body }) => body['metrics'] !== undefined)).toHaveLength(2);
  expect(all.filter(({ path }) => path.includes('/metrics/get-history?run_id=run&metric_key=loss'))).toHaveLength(4);
});

test('of a batch that is refused, only the values at fault are lost, and they are named', async () => {
  const isBad = ({ body }: Received) => (body['metrics'] as { step: number }[] | undefined)?.some(({ step }) => step === 3 || step === 300) ?? false;
  const { all, client } = await receiver((received) => (isBad(received) ? 400 : 200));
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  expect(await sender.finish('FINISHED')).toMatchObject([{ code: 'not-taken', message: 'the server does not take metric values (2): refused (400 INVALID_PARAMETER_VALUE)' }]);
  const stored = all.filter((received) => !isBad(received)).flatMap(({ body }) => body['metrics'] ?? []);
  expect(stored).toHaveLength(498);
});

test('a server that answers 500 to one thing for ever does not hold up the rest', async () => {
  const { client } = await receiver(({ body }) => (body['params'] === undefined ? 200 : 500));
  const sender = recorderTo(client);
  sender.record('params', [{ key: 'a', value: '1' }]);
  sender.record('metrics', metrics(3));
  expect(await sender.finish('FINISHED')).toMatchObject([{ code: 'not-delivered', message: 'not delivered yet: params (1): Internal Server Error (500)' }]);
});

test('artifacts go through the proxy with their names encoded', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  artifact('reports/그림 1%.png', 'png');
  sender.record('artifacts', ['reports/그림 1%.png']);
  sender.record('artifacts', ['not/there']);
  expect(await sender.finish('FINISHED')).toMatchObject([{ code: 'not-taken', message: expect.stringMatching(/ artifacts \(not\/there\): ENOENT/) }]);
  expect(all[0]).toMatchObject({ path: `/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/reports/${encodeURIComponent('그림 1%.png')}`, bytes: 3 });
});

test('artifacts of a server on this machine are copied; those in a cloud store are named with the way out', async () => {
  const { client } = await receiver();
  const copying = recorderTo(client, join(directory, 'mlartifacts', '1', 'run', 'artifacts'));
  artifact('model/model.json', '{}');
  copying.record('artifacts', ['model/model.json']);
  expect(await copying.finish('FINISHED')).toEqual([]);
  expect(readFileSync(join(directory, 'mlartifacts/1/run/artifacts/model/model.json'), 'utf8')).toBe('{}');
  const { client: another } = await receiver();
  const cloud = recorderTo(another, 's3://bucket/1/run/artifacts');
  cloud.record('artifacts', ['model/model.json']);
  expect(await cloud.finish('FINISHED')).toMatchObject([{ message: 'the server does not take artifacts (model/model.json): the server keeps artifacts in s3://bucket/1/run/artifacts, which cannot be reached from here; start it with --serve-artifacts to send them through it' }]);
});
