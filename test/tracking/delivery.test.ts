import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Delivery } from '../../src/tracking/server/delivery.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import {
  artifact,
  directory,
  journalTo,
  json,
  Kept,
  lastTold,
  metrics,
  type Page,
  pairs,
  type Received,
  receiver,
  recorderTo,
  unkept,
} from './recording-server.ts';

test('no request is over the limits of MLflow, and nothing is sent twice or left out', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  sender.record(
    'params',
    pairs(Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, '가'.repeat(6000)]))),
  );
  sender.record('tags', pairs(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, 'v']))));
  sender.record('metrics', metrics(2345));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toEqual([]);
  for (const { bytes, body } of all) {
    expect(bytes).toBeLessThan(1_000_000);
    expect((body['metrics'] ?? []).length).toBeLessThanOrEqual(1000);
    expect((body['params'] ?? []).length + (body['tags'] ?? []).length).toBeLessThanOrEqual(100);
  }
  const sent = (kind: string) =>
    all.flatMap(({ body }) => body[kind] ?? []) as { key: string; step?: number; value: unknown }[];
  expect(new Set(sent('params').map(({ key }) => key)).size).toBe(250);
  expect(sent('params')).toHaveLength(250);
  expect(sent('tags')).toHaveLength(101);
  expect(sent('metrics').map(({ step }) => step)).toEqual(Array.from({ length: 2345 }, (_, i) => i));
  expect(sent('metrics')[7]!.value).toBe('NaN');
  expect(lastTold(all)).toMatchObject({
    path: '/api/2.0/mlflow/runs/update',
    body: { run_id: 'run', status: 'FINISHED', end_time: 5 },
  });
});

test('what fails for a while is sent again; nothing waits for it but finish', async () => {
  const { all, client } = await receiver((_, count) => (count <= 4 ? 503 : 200));
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  expect(all).toHaveLength(0);
  expect(await sender.finish('FINISHED')).toEqual([]);
  // After a failure the server is asked what it has; three of the four failures are answers to that, and the last
  // answer confirms it.
  expect(all.filter(({ body }) => body['metrics'] !== undefined)).toHaveLength(2);
  expect(all.filter(({ path }) => path.includes('/runs/get?'))).toHaveLength(5);
});

test('of a batch that is refused, only the values at fault are lost, and they are named', async () => {
  const isBad = ({ body }: Received) =>
    (body['metrics'] as { step: number }[] | undefined)?.some(({ step }) => step === 3 || step === 300) ?? false;
  const { all, client } = await receiver((received) => (isBad(received) ? json(400, 'INVALID_PARAMETER_VALUE') : 200));
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  expect(await sender.finish('FINISHED')).toMatchObject([
    { code: 'not-taken', message: 'the server does not take metric values (2): refused (400 INVALID_PARAMETER_VALUE)' },
  ]);
  const stored = all.filter((received) => !isBad(received)).flatMap(({ body }) => body['metrics'] ?? []);
  expect(stored).toHaveLength(498);
});

test('a server that answers 500 to one thing for ever does not hold up the rest', async () => {
  const { client } = await receiver(({ body }) => (body['params'] === undefined ? 200 : 500));
  const sender = recorderTo(client);
  sender.record('params', [{ key: 'a', value: '1' }]);
  sender.record('metrics', metrics(3));
  expect(await sender.finish('FINISHED')).toMatchObject([
    { code: 'not-delivered', message: 'not delivered yet: params (1): Internal Server Error (500)' },
  ]);
});

const pages: readonly (readonly [string, Page])[] = [
  ['404', { code: 404, text: '<h1>Not Found</h1>' }],
  ['404 of JSON', { code: 404, text: '{"detail":"Not Found"}' }],
  ['405', { code: 405, text: '' }],
  ['a redirect', { code: 302, text: '' }],
  ['a page', { code: 200, text: '<html>Sign in</html>' }],
  ['nothing', { code: 200, text: '' }],
  ['JSON of another shape', { code: 200, text: '[]' }],
  ['null', { code: 200, text: 'null' }],
  ['{}', unkept],
  ['400 without a code', { code: 400, text: 'Bad Request' }],
  ['403', { code: 403, text: 'Forbidden' }],
  ['a refusal of everything', json(400, 'INVALID_PARAMETER_VALUE')],
  ['no run of anybody', json(404, 'RESOURCE_DOES_NOT_EXIST')],
  ['too much of everything', { code: 413, text: '' }],
];

// Side by side, as each waits a second for the next try.
test.concurrent.each(pages)(
  '%s in the middle of a run costs nothing: all waits, and FINISHED comes last',
  async (_, page) => {
    let isOut = false;
    const { all, client } = await receiver(() => (isOut ? page : 200));
    const sender = recorderTo(client);
    sender.record('metrics', metrics(10));
    await untilSent(all, 1);
    isOut = true;
    artifact('out/a.txt', 'a');
    sender.record('params', pairs({ a: '1' }));
    sender.record('tags', pairs({ b: '2' }));
    sender.record('metrics', metrics(30).slice(10));
    sender.record('artifacts', ['out/a.txt']);
    const before = all.length;
    await untilSent(all, before + 3);
    isOut = false;
    const after = all.length;
    sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
    expect(await sender.finish('FINISHED')).toEqual([]);
    const taken = all.slice(after);
    expect(taken.flatMap(({ body }) => body['params'] ?? [])).toEqual([{ key: 'a', value: '1' }]);
    expect(taken.flatMap(({ body }) => body['tags'] ?? [])).toEqual([{ key: 'b', value: '2' }]);
    expect(taken.flatMap(({ body }) => (body['metrics'] ?? []) as { step: number }[]).map(({ step }) => step)).toEqual(
      Array.from({ length: 20 }, (_unused, i) => i + 10),
    );
    expect(taken.filter(({ path }) => path.endsWith('/out/a.txt'))).toHaveLength(1);
    expect(lastTold(taken)).toMatchObject({ path: '/api/2.0/mlflow/runs/update', body: { status: 'FINISHED' } });
  },
);

async function untilSent(all: readonly Received[], length: number): Promise<void> {
  while (all.length < length) await sleep(10);
}

test('an artifact that vanishes without a word is not taken for delivered', async () => {
  let isOut = true;
  const { all, client } = await receiver(({ path }) =>
    isOut && !path.endsWith('/update') ? { code: 200, text: '' } : 200,
  );
  const sender = recorderTo(client);
  artifact('quiet.txt', 'x');
  sender.record('artifacts', ['quiet.txt']);
  await untilSent(all, 4);
  isOut = false;
  const after = all.length;
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toEqual([]);
  // The outage may end between the answer to the file and the question whether it is there.
  expect(
    all
      .slice(after)
      .map(({ path }) => path.split('/').at(-1)!.split('?')[0])
      .join(),
  ).toMatch(/^((get|list),)*quiet\.txt,get,list,get,list,update,get$/);
});

test('a server is not told FINISHED while something of the run waits, but it is when that was refused', async () => {
  const failing = await receiver(({ body }) => (body['params'] === undefined ? 200 : 500));
  const sender = recorderTo(failing.client);
  sender.record('params', pairs({ a: '1' }));
  sender.record('metrics', metrics(3));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toMatchObject([
    { code: 'not-delivered', message: 'not delivered yet: params (1), status: Internal Server Error (500)' },
  ]);
  expect(failing.all.filter(({ body }) => body['metrics'] !== undefined)).toHaveLength(1);
  expect(failing.all.filter(({ path }) => path.endsWith('/update'))).toEqual([]);

  const refusing = await receiver(({ body }) =>
    body['params'] === undefined ? 200 : json(400, 'INVALID_PARAMETER_VALUE'),
  );
  const other = recorderTo(refusing.client);
  other.record('params', pairs({ a: '1' }));
  other.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await other.finish('FINISHED')).toMatchObject([
    { code: 'not-taken', hint: expect.stringContaining('pipeline sync --again ') },
  ]);
  expect(lastTold(refusing.all)).toMatchObject({ path: '/api/2.0/mlflow/runs/update', body: { status: 'FINISHED' } });
});

test('what is counted is what the server took now: nothing that it refused, or had already', async () => {
  const kept = new Kept();
  kept.take({ path: '', bytes: 0, body: { metrics: metrics(2) as never[] } });
  const isBad = ({ body }: Received) =>
    (body['params'] as { key: string }[] | undefined)?.some(({ key }) => key === 'bad') ?? false;
  const { client } = await receiver((received) => (isBad(received) ? json(400, 'INVALID_PARAMETER_VALUE') : 200), kept);
  const journal = journalTo(client);
  journal.append('params', pairs({ a: '1', bad: '2', c: '3' }));
  journal.append('metrics', metrics(3));
  const delivery = new Delivery(
    client,
    journal,
    () => directory,
    () => true,
  );
  expect(await delivery.finish({ answering: 5000, silent: 5000 })).toMatchObject([{ code: 'not-taken' }]);
  expect(delivery.taken).toBe(3);
  expect(journal.refused).toMatchObject([{ kind: 'params', items: [{ key: 'bad', value: '2' }] }]);
  journal.close();
  // It is there again for whoever opens the journal, until all of it is sent to another server.
  const again = Journal.open(journal.path);
  expect(again.refused).toEqual(journal.refused);
  again.redirect({ ...again.destination!, address: 'http://127.0.0.1:2' });
  expect([again.refused, again.pending.length]).toEqual([[], 2]);
  again.close();
});

test('one cause is one warning, of however many things and kinds', async () => {
  const { client } = await receiver(({ path, body }) =>
    path.includes('/artifacts/') || body['params'] !== undefined ? { code: 413, text: '<h1>Too large</h1>' } : 200,
  );
  const sender = recorderTo(client);
  const paths = Array.from({ length: 46 }, (_, i) => `many/${i}.bin`);
  for (const path of paths) artifact(path, 'x');
  for (const path of paths) sender.record('artifacts', [path]);
  sender.record('params', pairs({ a: '1' }));
  const told = await sender.finish('FINISHED');
  expect(told).toMatchObject([
    {
      code: 'not-taken',
      message:
        'the server does not take artifacts (many/0.bin, many/1.bin, many/2.bin and 43 more), ' +
        'params (1): Too large (413)',
    },
  ]);

  const { client: another } = await receiver();
  const missing = recorderTo(another);
  for (let i = 0; i < 5; i++) missing.record('artifacts', [`gone/${i}`]);
  expect(await missing.finish('FINISHED')).toMatchObject([
    { code: 'not-taken', message: expect.stringContaining('artifacts (gone/0, gone/1, gone/2 and 2 more)') },
  ]);
});

test('artifacts that a proxy never lets through hold up nothing else', async () => {
  const { all, client } = await receiver(({ path }) => (path.includes('/artifacts/') ? { code: 405, text: '' } : 200));
  const sender = recorderTo(client);
  const paths = Array.from({ length: 20 }, (_, i) => `held/${i}.bin`);
  for (const path of paths) artifact(path, 'x');
  for (const path of paths) sender.record('artifacts', [path]);
  sender.record('metrics', metrics(3));
  expect(await sender.finish('FINISHED')).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringMatching(
        /^not delivered yet: artifacts \(held\/0.bin, held\/1.bin, held\/2.bin and 17 more\): Method Not Allowed \(405\)/,
      ),
    },
  ]);
  expect(all.filter(({ body }) => body['metrics'] !== undefined)).toHaveLength(1);
});

test.each([
  ['no longer there', () => json(404, 'RESOURCE_DOES_NOT_EXIST')],
  [
    'deleted',
    ({ path }: Received) =>
      path.includes('/runs/get?')
        ? { code: 200, text: new Kept().answer(path).replace('active', 'deleted') }
        : json(400, 'INVALID_PARAMETER_VALUE'),
  ],
])('a run that is %s at the server keeps all that it has for it, and says the way back', async (_, answer) => {
  const { client } = await receiver(answer);
  const sender = recorderTo(client);
  sender.record('params', pairs({ a: '1' }));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toMatchObject([
    {
      code: 'not-delivered',
      message: 'not delivered yet: params (1), status: the server no longer has the run',
      hint: expect.stringMatching(/`pipeline sync --again \S+ --to http:\/\/127\.0\.0\.1:\d+` sends it anew/),
    },
  ]);
});

test('who no longer wants to wait does not: the delivery ends at once, and all is in the journal', async () => {
  let isOut = false;
  const { all, client } = await receiver(() => (isOut ? 503 : 200));
  const sender = recorderTo(client);
  sender.record('metrics', metrics(3));
  await untilSent(all, 2);
  isOut = true;
  sender.record('params', pairs({ a: '1' }));
  const stop = new AbortController();
  const finishing = sender.finish('FINISHED', stop.signal);
  await untilSent(all, 3);
  const stopped = performance.now();
  stop.abort();
  expect(await finishing).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringContaining('params (1)'),
      hint: expect.stringContaining('`pipeline sync --to '),
    },
  ]);
  expect(performance.now() - stopped).toBeLessThan(1000);
});

test('a run that the server never had is delivered as any other', async () => {
  const { client } = await receiver(() => json(404, 'RESOURCE_DOES_NOT_EXIST'));
  const journal = Journal.begin(join(directory, 'never.journal'), {
    address: client.address,
    experiment: { name: 'e', id: '1' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key: 'k',
  });
  journal.append('params', pairs({ a: '1' }));
  const delivery = new Delivery(
    client,
    journal,
    () => directory,
    () => true,
  );
  expect(await delivery.finish({ answering: 5000, silent: 5000 })).toMatchObject([
    { code: 'not-delivered', hint: expect.not.stringContaining('--again') },
  ]);
  journal.close();
});

test('artifacts go through the proxy with their names encoded', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  artifact('reports/그림 1%.png', 'png');
  sender.record('artifacts', ['reports/그림 1%.png']);
  sender.record('artifacts', ['not/there']);
  expect(await sender.finish('FINISHED')).toMatchObject([
    { code: 'not-taken', message: expect.stringMatching(/ artifacts \(not\/there\): ENOENT/) },
  ]);
  expect(all[0]).toMatchObject({
    path: `/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/reports/${encodeURIComponent('그림 1%.png')}`,
    bytes: 3,
  });
});

test('artifacts of a server on this machine are copied; of those in a cloud store the way out is told', async () => {
  const listed = {
    code: 200,
    text: JSON.stringify({ root_uri: '/mlartifacts', files: [{ path: 'model/model.json' }] }),
  };
  const { client } = await receiver(({ path }) => (path.includes('/artifacts/list?') ? listed : 200));
  const copying = recorderTo(client, join(directory, 'mlartifacts', '1', 'run', 'artifacts'));
  artifact('model/model.json', '{}');
  copying.record('artifacts', ['model/model.json']);
  expect(await copying.finish('FINISHED')).toEqual([]);
  expect(readFileSync(join(directory, 'mlartifacts/1/run/artifacts/model/model.json'), 'utf8')).toBe('{}');
  const { client: another } = await receiver();
  const cloud = recorderTo(another, 's3://bucket/1/run/artifacts');
  cloud.record('artifacts', ['model/model.json']);
  expect(await cloud.finish('FINISHED')).toMatchObject([
    {
      message:
        'the server does not take artifacts (model/model.json): ' +
        'the server keeps artifacts in s3://bucket/1/run/artifacts, which cannot be reached from here; ' +
        'start it with --serve-artifacts to send them through it',
    },
  ]);
});
