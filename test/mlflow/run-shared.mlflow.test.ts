import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRemoteStore } from '../../src/run/open-remote-store.ts';
import { SharedMachines, allStages, expectSame, saidOfPlace, stagesOf } from '../shared-machines.ts';
import { type RealServer, realServer } from './real-mlflow.ts';

const machines = new SharedMachines();
let folder: string;
let server: RealServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerline-artifacts-'));
  server = await realServer(folder);
  await server.start();
});
afterAll(async () => {
  machines.remove();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

test('a second machine trains nothing that the first has trained', async () => {
  const remote = 'mlflow-artifacts:/team/cache';
  const address = `${remote} of ${server.address}`;
  const env = { MLFLOW_TRACKING_URI: server.address };
  const [one, two, three] = [machines.add(remote), machines.add(remote), machines.add(remote)];
  const first = await one.run(['run', 'p.yaml', '--json'], env);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(saidOfPlace(first)).toEqual([]);
  const kept = join(folder, 'artifacts/team/cache/outcomes');
  expect(readdirSync(kept).toSorted()).toEqual(allStages.toSorted());
  expect((await two.run(['status', 'p.yaml'], env)).stdout).toContain(
    `train      kept   in ${address}: a run fetches it`,
  );
  const second = await two.run(['run', 'p.yaml', '--json'], env);
  expect(stagesOf(second, address)).toEqual({ fetched: allStages, run: [] });
  expectSame(first, second);

  const [entry] = readdirSync(join(kept, 'train'));
  const train = join(kept, 'train', entry!, 'content');
  const bytes = readFileSync(train);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(train, bytes);
  const third = await three.run(['run', 'p.yaml', '--json'], env);
  expect(saidOfPlace(third)).toEqual([['remote-damaged', expect.stringContaining('keeps of train')]]);
  expect(stagesOf(third, address).run).toContain('train');
  expectSame(first, third);
  // What came of the stage has taken its place.
  const store = await openRemoteStore(remote, { tracking: { uri: server.address } });
  expect(await store.read(`outcomes/train/${entry!}`, join(folder, 'mended'), 1e9)).toBe(true);
  expect(readFileSync(join(folder, 'mended')).equals(bytes)).toBe(false);
  await expect(store.read(`outcomes/train/${entry!}`, join(folder, 'large'), bytes.length - 1000)).rejects.toThrow(
    'has more than',
  );
  expect(await store.has('outcomes/train/0123')).toBe(false);
  await store.close();

  const alone = await three.run(['run', 'p.yaml', '--json', '--fresh']);
  expect(alone.code).toBe(0);
  expect(saidOfPlace(alone)).toEqual([['remote-not-set-up', expect.stringContaining('none is named')]]);
});

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp]>([
  ['a page', (_, response) => response.end('<html>Sign in</html>'), /not MLflow's|not JSON/],
  [
    'a redirect',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end(),
    /redirects to/,
  ],
  ['one that lets nobody in', (_, response) => response.writeHead(403).end('Permission denied'), /403/],
  [
    'one that serves no artifacts',
    (_, response) => response.writeHead(503).end('{"error_code":"X","message":"Artifact serving is disabled"}'),
    /serving is disabled/,
  ],
  [
    'one that gives another file than it told of',
    ({ url = '', method }, response) =>
      url.includes('?') && method === 'GET'
        ? response.end('{"files":[{"path":"content","is_dir":false,"file_size":50}]}')
        : response.end('<html>Sign in</html>'),
    /20 bytes of 50|not JSON/,
  ],
])('%s is never taken for content, nor for a word that it was kept', async (_, answer, why) => {
  const other = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  const port = await new Promise<number>((done) =>
    other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
  );
  const own = join(folder, 'own');
  writeFileSync(own, 'x');
  const uri = `http://127.0.0.1:${port}`;
  const store = await openRemoteStore('mlflow-artifacts:/a', { tracking: { uri } });
  try {
    for (const ask of [
      () => store.read('outcomes/train/a', join(folder, 'copy'), 100),
      () => store.write('outcomes/train/a', own),
    ])
      await expect(ask()).rejects.toMatchObject({
        message: expect.stringMatching(why),
        diagnostics: [{ code: 'remote-unreachable', hint: expect.stringMatching(/\.$/) }],
      });
    expect(readdirSync(folder)).not.toContain('copy');
  } finally {
    await store.close();
    other.closeAllConnections();
    other.close();
  }
});

test("the environment's credentials go to the server that the user named, and to no other", async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer(({ headers }, response) => {
    seen.push(headers.authorization);
    response.end('{}');
  });
  const port = await new Promise<number>((done) =>
    other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
  );
  const uri = `http://127.0.0.1:${port}`;
  for (const isTrusted of [false, true]) {
    const env = { MLFLOW_TRACKING_TOKEN: 'token' };
    const store = await openRemoteStore('mlflow-artifacts:/a', { env, tracking: { uri, isTrusted } });
    expect(await store.has('outcomes/train/a')).toBe(false);
    await store.close();
  }
  expect(seen).toEqual([undefined, 'Bearer token']);
  other.close();
});
