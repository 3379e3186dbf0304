import { expect, test } from 'vitest';
import { artifact, Kept, metrics, pairs, receiver, recorderTo, unkept } from './recording-server.ts';

test('what a server seems to take is sent again until it is there', async () => {
  const inputs = { name: 'digits', digest: 'd', sourceType: 'local', source: '{}', schema: '', profile: '', context: 'training' } as const;
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
  for (const part of ['params', 'tags', 'datasets', 'metrics', 'status']) expect(all.filter(({ body }) => part in body)).toHaveLength(2);
});

test.each([
  ['params', { a: '1' }, /^not delivered yet: params \(1\), status: \S+ answered as if it took this, and does not have it$/],
  ['tags', { b: '2' }, /^not delivered yet: tags \(1\), status: /],
] as const)('a server that drops %s in silence is told of, after few tries, and has the rest', async (kind, values, message) => {
  const { all, client } = await receiver(({ body }) => (kind in body ? unkept : 200));
  const sender = recorderTo(client);
  sender.record(kind, pairs(values));
  sender.record('metrics', metrics(3));
  sender.record('status', [{ status: 'FINISHED', end_time: 5 }]);
  expect(await sender.finish('FINISHED')).toMatchObject([{ code: 'not-delivered', message: expect.stringMatching(message) }]);
  expect(all.filter(({ body }) => 'metrics' in body)).toHaveLength(1);
  expect(all.filter(({ body }) => kind in body).length).toBeLessThanOrEqual(4);
});

test('older values than the latest that a server has are looked for in its history, which says nothing where it is empty', async () => {
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

test('one question for the run confirms a batch', async () => {
  const { all, client } = await receiver();
  const sender = recorderTo(client);
  sender.record('metrics', metrics(500));
  artifact('once.txt', 'x');
  sender.record('artifacts', ['once.txt']);
  expect(await sender.finish('FINISHED')).toEqual([]);
  expect(all.map(({ path }) => path.split('/').at(-1)!.split('?')[0])).toEqual(['log-batch', 'get', 'once.txt', 'get']);
});
