import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer, request as pass } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketAddress, readS3Access } from '../../src/cache/remote/s3-access.ts';
import type { RemoteName } from '../../src/cache/remote-store.ts';
import { openRemoteStore } from '../../src/run/open-remote-store.ts';
import { type RealS3, startS3 } from './real-s3.ts';

let s3: RealS3;
let root: string;
let file: string;
beforeAll(async () => {
  s3 = await startS3();
  root = mkdtempSync(join(tmpdir(), 'layerline s3-'));
  file = join(root, 'own');
  writeFileSync(file, bytes);
});
afterAll(async () => {
  rmSync(root, { recursive: true });
  await s3.stop();
});

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));
const name = 'outcomes/train/abc' satisfies RemoteName;
const open = (address = 's3://shared/a/b', env: Readonly<Record<string, string>> = {}) =>
  openRemoteStore(address, { env: { ...s3.env, ...env } });
const copy = () => join(root, 'copy');

test('what one writes, botocore and another read, to the bit', async () => {
  const [one, other] = [await open(), await open('s3://shared/a/b/')];
  expect(await one.has(name)).toBe(false);
  expect(await one.read(name, copy(), 1e6)).toBe(false);
  await one.write(name, file);
  expect(await s3.ask({ do: 'list' })).toEqual(['a/b/outcomes/train/abc']);
  expect(await s3.ask({ do: 'get', key: `a/b/${name}` })).toBe(bytes.toString('hex'));
  expect(await other.has(name)).toBe(true);
  await expect(other.read(name, copy(), bytes.length - 1)).rejects.toMatchObject({
    diagnostics: [{ code: 'remote-too-large' }],
  });
  expect(readdirSync(root)).toEqual(['own']);
  expect(await other.read(name, copy(), bytes.length)).toBe(true);
  expect(readFileSync(copy()).equals(bytes)).toBe(true);
  writeFileSync(join(root, 'second'), 'second');
  await other.write(name, join(root, 'second'));
  await one.read(name, copy(), 1e6);
  expect(readFileSync(copy(), 'utf8')).toBe('second');
  rmSync(copy());
});

test.each<[string, (response: ServerResponse) => unknown]>([
  ['503', (response) => response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')],
  ['429 with the time to wait', (response) => response.writeHead(429, { 'retry-after': '1' }).end()],
  ['500', (response) => response.writeHead(500).end()],
  ['a broken connection', (response) => response.destroy()],
])('a store that answers twice with %s is asked again', async (kind, answer) => {
  const moto = new URL(s3.env['AWS_ENDPOINT_URL']!);
  const asked: number[] = [];
  const busy = createServer((request, response) => {
    asked.push(performance.now());
    if (asked.length % 3 !== 0) {
      request.resume();
      request.on('end', () => answer(response));
      return;
    }
    const { method, url, headers } = request;
    request.pipe(
      pass({ host: moto.hostname, port: moto.port, method, path: url, headers }, (told) => {
        response.writeHead(told.statusCode!, told.headers);
        told.pipe(response);
      }),
    );
  });
  await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done));
  const { port } = busy.address() as AddressInfo;
  const store = await open('s3://shared/busy', { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  try {
    await store.write(name, file);
    expect(await store.has(name)).toBe(true);
    expect(await store.read(name, copy(), bytes.length)).toBe(true);
    expect(readFileSync(copy()).equals(bytes)).toBe(true);
    rmSync(copy());
    expect(asked).toHaveLength(9);
    if (kind.startsWith('429')) expect(asked[1]! - asked[0]!).toBeGreaterThan(990);
  } finally {
    await store.close();
    busy.close();
    busy.closeAllConnections();
  }
});

test('what others put there is not taken for ours', async () => {
  await s3.ask({ do: 'put', key: 'a/b/outcomes/train/theirs', hex: '00' });
  const store = await open();
  for (const ask of [() => store.has('outcomes/train/theirs'), () => store.read('outcomes/train/theirs', copy(), 100)])
    await expect(ask()).rejects.toMatchObject({ diagnostics: [{ code: 'remote-not-ours' }] });
  expect(existsSync(copy())).toBe(false);
});

const secret = 'a-secret-that-nobody-may-see';
test.each([
  ['a wrong secret', 's3://shared', { AWS_SECRET_ACCESS_KEY: secret }, /403 \(\w+\)/, /s3:ListBucket/],
  ['an unknown key', 's3://shared', { AWS_ACCESS_KEY_ID: 'AKIANOBODY' }, /403 \(\w+\)/, /AWS_ACCESS_KEY_ID/],
  ['a bucket that is not there', 's3://no-such-bucket', {}, /404 \(NoSuchBucket\)/, /Make the bucket/],
  ['nobody who listens', 's3://shared', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, /cannot be reached/, /AWS_/],
])('%s: each way to ask says so, and what to do', async (_, address, env, why, way) => {
  const store = await open(address, env);
  for (const ask of [() => store.has(name), () => store.read(name, copy(), 100), () => store.write(name, file)]) {
    const error: unknown = await ask().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(why),
      diagnostics: [{ code: 'remote-unreachable', hint: expect.stringMatching(way) }],
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(secret);
  }
  expect(existsSync(copy())).toBe(false);
});

test.each([
  [{ AWS_ACCESS_KEY_ID: '' }, /AWS_ACCESS_KEY_ID/],
  [{ AWS_SECRET_ACCESS_KEY: '' }, /AWS_SECRET_ACCESS_KEY/],
  [{ AWS_ENDPOINT_URL: `http://user:${secret}@127.0.0.1` }, /AWS_ENDPOINT_URL/],
  [{ AWS_ENDPOINT_URL_S3: 'ftp://127.0.0.1' }, /AWS_ENDPOINT_URL/],
  [{ AWS_REGION: 'x.evil.example/' }, /AWS_REGION/],
])('without %o it is not opened', async (env, why) => {
  const error: unknown = await open('s3://shared', env).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(why), diagnostics: [{ code: 'remote-not-set-up' }] });
  expect(JSON.stringify(error) + String(error)).not.toContain(secret);
});

test('AWS itself is asked over https, by the name of the bucket where its certificate allows that', () => {
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'eu-west-1' };
  const addressOf = (bucket: string, more = {}) => bucketAddress(bucket, readS3Access({ ...env, ...more })).href;
  expect(addressOf('shared')).toBe('https://shared.s3.eu-west-1.amazonaws.com/');
  expect(addressOf('shared.org')).toBe('https://s3.eu-west-1.amazonaws.com/shared.org');
  expect(addressOf('shared', { AWS_REGION: 'cn-north-1' })).toBe('https://shared.s3.cn-north-1.amazonaws.com.cn/');
  expect(addressOf('shared', { AWS_ENDPOINT_URL_S3: 'https://minio:9000/s3/', AWS_ENDPOINT_URL: 'http://x' })).toBe(
    'https://minio:9000/s3/shared',
  );
});

/** Asks a server that answers in its own way. */
async function hostile(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  work: (store: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  );
  try {
    await work(await open('s3://shared', { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp]>([
  ['a page', (_, response) => response.end('<html>Sign in</html>'), /not put there by Layerline|as S3 does/],
  ['a page that says 404', (_, response) => response.writeHead(404).end('<html>Not here</html>'), /answers 404$/],
  [
    'a redirect',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end(),
    /answers 307$/,
  ],
  [
    'another region',
    (_, response) =>
      response
        .writeHead(301, { 'x-amz-bucket-region': 'eu-north-1' })
        .end('<Error><Code>PermanentRedirect</Code></Error>'),
    /301 \(PermanentRedirect\)$/,
  ],
  [
    'half of what it told of',
    (request, response) => {
      request.resume();
      response.writeHead(200, { 'x-amz-meta-layerline': '1', 'content-length': '50' }).write('half');
      setTimeout(() => response.destroy(), 50);
    },
    /cannot be reached|as S3 does/,
  ],
])('%s is never taken for content, nor for a word that it was kept', async (_, answer, why) => {
  await hostile(answer, async (store) => {
    await expect(store.read(name, copy(), 100)).rejects.toThrow(why);
    await expect(store.write(name, file)).rejects.toThrow(why);
  });
  expect(existsSync(copy())).toBe(false);
  expect(readdirSync(root).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
});

test.concurrent('what sends no end is cut off at the limit', async () => {
  await hostile(
    (_, response) => {
      response.writeHead(200, { 'x-amz-meta-layerline': '1' });
      const more = setInterval(() => response.write(Buffer.alloc(1 << 16)), 1);
      response.on('close', () => clearInterval(more));
    },
    async (store) => {
      await expect(store.read(name, join(root, 'endless'), 1e6)).rejects.toMatchObject({
        diagnostics: [{ code: 'remote-too-large' }],
      });
      expect(existsSync(join(root, 'endless'))).toBe(false);
    },
  );
});

test.concurrent('a server that is silent is given up after half a minute', async () => {
  await hostile(
    (request) => void request.resume(),
    async (store) => {
      const asked = [store.read(name, join(root, 'never'), 100), store.write(name, file)];
      for (const one of asked) await expect(one).rejects.toThrow('it was silent for 30 s');
    },
  );
});

test.concurrent('one that sends byte by byte is given up too', async () => {
  await hostile(
    (_, response) => {
      response.writeHead(200, { 'x-amz-meta-layerline': '1' });
      const more = setInterval(() => response.write('x'), 500);
      response.on('close', () => clearInterval(more));
    },
    async (store) => {
      await expect(store.read(name, join(root, 'dribble'), 1e6)).rejects.toThrow('less than 10 kB a second');
    },
  );
});

test.concurrent('closing ends what is under way', async () => {
  await hostile(
    (request) => void request.resume(),
    async (store) => {
      const asked = store.has(name);
      setTimeout(() => void store.close(), 100);
      await expect(asked).rejects.toThrow('aborted');
    },
  );
});

test('a session token is signed and sent', async () => {
  let sent: IncomingMessage['headers'] = {};
  const server = createServer(({ headers }, response) => {
    sent = headers;
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  });
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  );
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_SESSION_TOKEN: secret };
  const store = await open('s3://shared', env);
  expect(await store.has(name)).toBe(false);
  expect(sent['x-amz-security-token']).toBe(secret);
  expect(sent.authorization).toMatch(/SignedHeaders=[^,]*x-amz-security-token/);
  await store.close();
  server.close();
});
