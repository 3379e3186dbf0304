import { expect, test } from 'vitest';
import { artifact, json, Kept, lastTold, metrics, pairs, receiver, recorderTo, unkept } from './recording-server.ts';

test('what a server seems to take is sent again until it is there', async () => {
  const inputs = {
    name: 'digits',
    digest: 'd',
    sourceType: 'local',
    source: '{}',
    schema: '',
    profile: '',
    context: 'training',
  } as const;
  const paths = ['/log-batch', '/log-inputs', '/update'];
  const unheard = new Set(['params', 'tags', 'metrics', 'datasets', 'status']);
  const { all, client } = await receiver(({ path, body }) => {
    const first = paths.some((end) => path.endsWith(end)) ? [...unheard].find((part) => part in body) : undefined;
    return first !== undefined && unheard.delete(first) ? unkept : 200;
  });
  const sender = recorderTo(client);
  sender.record('params', pairs({ a: '1' }));
  sender.record('tags', pairs({ b: '2' }));
  sender.record('inputs', [inputs]);
  sender.record('metrics', metrics(10));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toEqual([]);
  for (const part of ['params', 'tags', 'datasets', 'metrics', 'status'])
    expect(all.filter(({ body }) => part in body)).toHaveLength(2);
});

test.each([
  [
    'params',
    { a: '1' },
    /^not delivered yet: params \(1\), status: \S+ answered as if it took this, and does not have it$/,
  ],
  ['tags', { b: '2' }, /^not delivered yet: tags \(1\), status: /],
] as const)(
  'a server that drops %s in silence is told of, after few tries, and has the rest',
  async (kind, values, message) => {
    const { all, client } = await receiver(({ body }) => (kind in body ? unkept : 200));
    const sender = recorderTo(client);
    sender.record(kind, pairs(values));
    sender.record('metrics', metrics(3));
    sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
    expect(await sender.finish('FINISHED')).toMatchObject([
      { code: 'not-delivered', message: expect.stringMatching(message) },
    ]);
    expect(all.filter(({ body }) => 'metrics' in body)).toHaveLength(1);
    expect(all.filter(({ body }) => kind in body).length).toBeLessThanOrEqual(4);
  },
);

test("values older than a server's latest are looked for in its history, which says nothing where empty", async () => {
  const kept = new Kept();
  kept.take({ path: '', bytes: 0, body: { metrics: metrics(10).slice(9) as never[] } });
  let isUnheard = true;
  let isEmpty = true;
  const { all, client } = await receiver(({ path, body }) => {
    if ('metrics' in body && isUnheard) {
      isUnheard = false;
      return unkept;
    }
    if (path.includes('/get-history?') && isEmpty) {
      isEmpty = false;
      return unkept;
    }
    return 200;
  }, kept);
  const sender = recorderTo(client);
  sender.record('metrics', metrics(9));
  expect(await sender.finish('FINISHED')).toEqual([]);
  expect(all.filter(({ body }) => 'metrics' in body)).toHaveLength(2);
  expect(all.filter(({ path }) => path.includes('/get-history?')).length).toBeGreaterThanOrEqual(3);
});

test('an artifact that was answered as if it were taken is sent again, until the server lists it', async () => {
  let isLost = false;
  const { all, client } = await receiver(({ path }) =>
    path.endsWith('/lost.txt') && !isLost && (isLost = true) ? { code: 200, text: '' } : 200,
  );
  const sender = recorderTo(client);
  artifact('out/lost.txt', 'x');
  sender.record('artifacts', ['out/lost.txt']);
  expect(await sender.finish('FINISHED')).toEqual([]);
  expect(all.filter(({ path }) => path.endsWith('/lost.txt'))).toHaveLength(2);
  expect(all.find(({ path }) => path.includes('/artifacts/list?'))!.path).toMatch(/\?run_id=run&path=out$/);
});

test('what a server lost after it had taken it is sent again before the run is said to have finished', async () => {
  const kept = new Kept();
  let isLost = false;
  const { all, client } = await receiver(({ path }) => {
    if (path.endsWith('/last.txt') && !isLost) {
      isLost = true;
      kept.loseAll();
    }
    return 200;
  }, kept);
  const sender = recorderTo(client);
  sender.record('params', pairs({ a: '1', b: '2' }));
  sender.record('tags', pairs({ c: '3' }));
  for (let i = 0; i < 10; i++) sender.record('metrics', metrics(i * 70).slice((i - 1) * 70));
  for (const path of ['first.txt', 'out/second.txt', 'out/last.txt']) {
    artifact(path, path);
    sender.record('artifacts', [path]);
  }
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toEqual([]);
  const told = (kind: string) => all.flatMap(({ body }) => body[kind] ?? []) as { key: string; step?: number }[];
  expect(told('params').map(({ key }) => key)).toEqual(['a', 'b', 'a', 'b']);
  expect(told('tags').map(({ key }) => key)).toEqual(['c', 'c']);
  expect(told('metrics').map(({ step }) => step)).toEqual(
    [...Array(2)].flatMap(() => Array.from({ length: 630 }, (_, step) => step)),
  );
  const puts = all.filter(({ path }) => path.endsWith('.txt')).map(({ path }) => path.split('/artifacts/').at(-1));
  expect(puts).toEqual(['first.txt', 'out/second.txt', 'out/last.txt', 'first.txt', 'out/second.txt']);
  expect(lastTold(all)).toMatchObject({ body: { status: 'FINISHED' } });
});

test('a server that loses the same again and again is not told FINISHED, and its user is told', async () => {
  const kept = new Kept();
  let before = '';
  const { all, client } = await receiver(({ path }) => {
    // It is asked at once whether it has what it was sent, and once more before the end.
    if (path.includes('/runs/get?') && !before.endsWith('/log-batch')) kept.loseAll();
    before = path;
    return 200;
  }, kept);
  const sender = recorderTo(client);
  sender.record('params', pairs({ a: '1' }));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringMatching(/^not delivered yet: params \(1\), status: \S+ has lost what it took$/),
    },
  ]);
  expect(all.filter(({ path }) => path.endsWith('/update'))).toEqual([]);
});

const folderOnly = { code: 200, text: JSON.stringify({ root_uri: 'r', files: [{ path: 'lost.txt.bak' }] }) };

test('a server that never lists an artifact is told of', async () => {
  const { client } = await receiver(({ path }) => (path.includes('/artifacts/list?') ? folderOnly : 200));
  const sender = recorderTo(client);
  artifact('lost.txt', 'x');
  sender.record('artifacts', ['lost.txt']);
  expect(await sender.finish('FINISHED')).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringMatching(/artifacts \(lost\.txt\): \S+ answered as if it took this, and does not have it$/),
    },
  ]);
});

test.each([
  ['nothing', { code: 200, text: '{}' }],
  [
    'one page of several',
    { code: 200, text: JSON.stringify({ ...JSON.parse(folderOnly.text), next_page_token: 'more' }) },
  ],
  ['that it cannot reach its store', json(500, 'INTERNAL_ERROR')],
])('a server that answers the question for an artifact with %s is believed', async (_, page) => {
  const { all, client } = await receiver(({ path }) => (path.includes('/artifacts/list?') ? page : 200));
  const sender = recorderTo(client);
  artifact('once.txt', 'x');
  sender.record('artifacts', ['once.txt']);
  expect(await sender.finish('FINISHED')).toEqual([]);
  expect(all.filter(({ path }) => path.endsWith('/once.txt'))).toHaveLength(1);
});

test('one question for the run confirms a batch, a second one a file', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  artifact('once.txt', 'x');
  sender.record('artifacts', ['once.txt']);
  expect(await sender.finish('FINISHED')).toEqual([]);
  expect(all.map(({ path }) => path.split('/').at(-1)!.split('?')[0])).toEqual([
    'log-batch',
    'get',
    'once.txt',
    'get',
    'list',
  ]);
});
