import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Delivery } from '../../src/tracking/server/delivery.ts';
import { Journal, type ServerRun } from '../../src/tracking/server/journal.ts';
import { MlflowClient, publicKey } from '../../src/tracking/server/mlflow-client.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';

// A journal that an earlier process left, or someone else: which run of the server it is for is the server's word.
const key = 'k'.repeat(32);
const [ours, theirs, made] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

interface KnownRun {
  readonly artifact_uri: string;
  readonly experiment_id: string;
  readonly lifecycle_stage?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

const runOf = (id: string, value: string | undefined, more: Partial<KnownRun> = {}): KnownRun => ({
  experiment_id: '1',
  artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
  ...(value === undefined ? {} : { tags: [{ key: 'pipeline.run_key', value }] }),
  ...more,
});

let directory: string;
let server: Server;
let address: string;
let runs: Record<string, KnownRun>;
type Pair = { readonly key: string; readonly value: string };
/** What each run was sent. */
let params: Map<string, readonly Pair[]>;
let tags: Map<string, readonly Pair[]>;
/** Whether the answer to getRun leaves out the tags. */
let hidesTags: boolean;
/** What was written: call, and the run or the path. */
let written: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'layerline-foreign-'));
  mkdirSync(join(directory, 'run/artifacts'), { recursive: true });
  writeFileSync(join(directory, 'run/artifacts/a.txt'), 'a');
  [runs, hidesTags, written, params, tags] = [{}, false, [], new Map(), new Map()];
  server = createServer((request, response) => {
    let body = '';
    request
      .on('data', (chunk: Buffer) => (body += chunk.toString()))
      .on('end', () => {
        const { pathname, searchParams } = new URL(request.url!, 'http://x');
        const call = pathname.replace('/api/2.0/mlflow/', '');
        const [status, answer] = answerTo(
          call,
          request.method === 'POST' ? (JSON.parse(body) as Record<string, unknown>) : Object.fromEntries(searchParams),
        );
        response.writeHead(status).end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

function answerTo(call: string, request: Readonly<Record<string, unknown>>): [number, object] {
  const { run_id: id = '', filter = '' } = request as Partial<Record<string, string>>;
  const tagsOf = (run: string) => ({ tags: [...(runs[run]!.tags ?? []), ...(tags.get(run) ?? [])] });
  const answered = (run: string, told: object = tagsOf(run)) => ({
    info: { run_id: run, lifecycle_stage: 'active', ...runs[run] },
    data: { params: params.get(run) ?? [], ...told },
  });
  if (call === 'experiments/get-by-name')
    return [200, { experiment: { experiment_id: '1', tags: [{ key: 'mlflow.experimentKind', value: 'x' }] } }];
  if (call === 'runs/search')
    return [
      200,
      {
        runs: Object.keys(runs)
          .filter((run) => runs[run]!.tags?.some(({ value }) => filter.includes(`'${value}'`)))
          .map((run) => answered(run)),
      },
    ];
  if (call === 'runs/get') {
    if (runs[id] === undefined) return [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no such run' }];
    return [200, { run: hidesTags ? answered(id, {}) : answered(id) }];
  }
  if (call === 'metrics/get-history' || call === 'artifacts/list') return [200, {}];
  for (const [kept, given] of [
    [params, request['params']],
    [tags, request['tags']],
  ] as const) {
    if (call === 'runs/log-batch' && Array.isArray(given))
      kept.set(id, [...(kept.get(id) ?? []), ...(given as Pair[])]);
  }
  written.push(call === 'runs/create' ? call : `${call} ${id}`.trim());
  if (call !== 'runs/create') return [200, {}];
  runs[made] = runOf(made, publicKey(key));
  return [200, { run: answered(made) }];
}

/** Delivers what a reopened journal holds. */
async function deliver(known: Partial<ServerRun> | undefined, journalAddress = address) {
  const path = join(directory, 'run.journal');
  const journal = Journal.begin(path, {
    address: journalAddress,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key,
  });
  if (known !== undefined)
    journal.noteServer({
      runId: ours,
      experimentId: '1',
      artifactUri: `mlflow-artifacts:/1/${ours}/artifacts`,
      ...known,
    });
  journal.append('tags', [{ key: 'done', value: 'before' }]);
  journal.noteDone(journal.pending);
  journal.append('params', [{ key: 'p', value: '1' }]);
  journal.append('artifacts', ['a.txt']);
  journal.close();
  const reopened = Journal.open(path);
  const client = new MlflowClient(serverAddress(address, true), {
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0',
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.01',
  });
  const undelivered = await new Delivery(
    client,
    reopened,
    () => join(directory, 'run'),
    () => true,
  ).finish({ answering: 5000, silent: 5000 });
  reopened.close();
  return {
    undelivered,
    server: reopened.server,
    pending: reopened.pending.length,
    address: reopened.destination!.address,
  };
}

const put = (id: string) => `/api/2.0/mlflow-artifacts/artifacts/1/${id}/artifacts/a.txt`;
const toOurs = [`runs/log-batch ${ours}`, put(ours)];
/** All of it, in a new run. */
const anew = ['runs/create', `runs/log-batch ${made}`, `runs/log-batch ${made}`, put(made)];

test('the run of the journal is gone on with; where its artifacts go, the server says', async () => {
  runs = { [ours]: runOf(ours, publicKey(key)) };
  const { undelivered, server: known } = await deliver({
    experimentId: '7',
    artifactUri: `mlflow-artifacts:/7/${theirs}/artifacts/model`,
  });
  expect([undelivered, written]).toEqual([[], toOurs]);
  expect(known).toBeDefined();
});

test('no folder of this machine is made because a journal names it', async () => {
  runs = { [ours]: runOf(ours, publicKey(key)) };
  const place = join(directory, 'store', 'boot', ours, 'artifacts');
  mkdirSync(join(directory, 'store'));
  expect((await deliver({ experimentId: 'boot', artifactUri: place })).undelivered).toEqual([]);
  expect(existsSync(join(directory, 'store/boot'))).toBe(false);
  expect(written).toEqual(toOurs);
});

test.each([
  ['of another key', publicKey('other')],
  ['whose tag is the key itself, which its journal alone knows', key],
  ['without a key', undefined],
])('a run %s gets nothing: all goes into one of its own', async (_, value) => {
  runs = { [theirs]: runOf(theirs, value) };
  const {
    undelivered,
    server: known,
    pending,
  } = await deliver({ runId: theirs, artifactUri: `mlflow-artifacts:/1/${theirs}/artifacts/model` });
  expect([undelivered, pending, known?.runId]).toEqual([[], 0, made]);
  expect(written).toEqual(anew);
});

test('who sees a run on its server cannot write a journal for it', async () => {
  // The tag, in the place of the key.
  runs = { [theirs]: runOf(theirs, key) };
  await deliver(undefined);
  expect(written.filter((line) => line.includes(theirs))).toEqual([]);
});

test('a server that tells no tags of one run is asked for the run of the key, and nothing is sent twice', async () => {
  [hidesTags, runs] = [true, { [ours]: runOf(ours, publicKey(key)), [theirs]: runOf(theirs, publicKey('other')) }];
  expect((await deliver({})).undelivered).toEqual([]);
  expect(written).toEqual(toOurs);
});

test('the same server under another address has the run already; another server gets all of it', async () => {
  runs = { [ours]: runOf(ours, publicKey(key)) };
  expect((await deliver({}, 'http://127.0.0.1:2')).undelivered).toEqual([]);
  expect(written).toEqual(toOurs);
  [runs, written] = [{}, []];
  rmSync(join(directory, 'run.journal'));
  expect(await deliver({}, 'http://127.0.0.1:2')).toMatchObject({ undelivered: [], address, server: { runId: made } });
  expect(written).toEqual(anew);
});

test("what fails by a mistake of this program's own is not taken for refused", async () => {
  const path = join(directory, 'run.journal');
  const journal = Journal.begin(path, {
    address,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key,
  });
  journal.append('artifacts', ['a.txt']);
  let isBroken = true;
  const place = (): string => {
    if (isBroken) throw new RangeError('Maximum call stack size exceeded');
    return join(directory, 'run');
  };
  const delivery = new Delivery(new MlflowClient(serverAddress(address, true), {}), journal, place, () => true);
  await sleep(200);
  isBroken = false;
  expect(await delivery.finish({ answering: 5000, silent: 5000 })).toEqual([]);
  expect([written, journal.refused]).toEqual([['runs/create', put(made)], []]);
  journal.close();
});

test('a journal with more refusals than a call takes arguments can be read', () => {
  const path = join(directory, 'many.journal');
  const journal = Journal.begin(path, {
    address,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key,
  });
  for (let i = 0; i < 300; i++)
    journal.noteDone(
      [],
      Array.from({ length: 1000 }, () => ({ kind: 'tags' as const, items: [], reason: 'r', cause: 'c' })),
    );
  journal.close();
  expect(Journal.peek(path).refused).toHaveLength(300_000);
});

test.each([
  ['gone', {}],
  ['deleted', { [ours]: runOf(ours, publicKey(key), { lifecycle_stage: 'deleted' }) }],
])('a run that is %s gets nothing, and no other in its place without a word', async (_, known) => {
  runs = known;
  const { undelivered, pending } = await deliver({});
  expect(undelivered).toMatchObject([
    {
      code: 'not-delivered',
      message: 'not delivered yet: params (1), artifacts (a.txt): the server no longer has the run',
    },
  ]);
  expect([pending, written]).toEqual([2, []]);
});
