import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type Socket, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../../src/models/serve/server.ts';
import { Rig } from '../rig.ts';
import { type RunningServer, startServe } from './model-server.ts';

const rig = new Rig();
let server: RunningServer;

beforeAll(async () => {
  rig.write('t.csv', `x,y\n${Array.from({ length: 40 }, (_, k) => `${k},${2 * k}\n`).join('')}`);
  rig.write(
    'p.yaml',
    `name: p
data: { source: { csv: { file: t.csv, targets: { y: number }, test: 0.2 } } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 8, epochs: 1 }
`,
  );
  const { code, stderr } = await rig.run(['run', 'p.yaml']);
  expect(code, stderr).toBe(0);
  server = await startServe(rig, ['last']);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rig.remove();
});

const good = { dataframe_records: [{ x: 3 }] };

interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** As fetch cannot: any method, and a path as it is. */
async function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
  const { hostname, port } = new URL(server.address);
  const sent = request({ hostname, port, method, path, headers }).end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
}

/** A connection that sends what it is told. */
async function open(): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  const answer = text(socket).catch((error: Error) => `broken: ${error.message}`);
  await once(socket, 'connect');
  return { socket, answer };
}

test.each([
  ['GET', '/invocations', 'POST'],
  ['OPTIONS', '/invocations', 'POST'],
  ['PUT', '/invocations', 'POST'],
  ['POST', '/ping', 'GET, HEAD'],
  ['DELETE', '/', 'GET, HEAD'],
  ['PATCH', '/metrics', 'GET, HEAD'],
  ['GET', '/v2/models/p/infer', 'POST'],
  ['POST', '/v2/models/p', 'GET, HEAD'],
])('%s of %s is refused with the methods that are taken', async (method, path, allowed) => {
  const { status, headers, body } = await ask(method, path);
  expect([status, headers['allow']]).toEqual([405, allowed]);
  expect(headers['access-control-allow-origin']).toBeUndefined();
  const said = JSON.parse(body) as { error?: string; message?: string };
  expect(said.error ?? said.message).toContain(`${method} is not for ${path.replace('models/p', 'models/:name')}`);
});

test.each(['/ping', '/version', '/', '/metrics', '/v2/models/p'])(
  'HEAD of %s is GET without its body',
  async (path) => {
    const [head, whole] = [await ask('HEAD', path), await ask('GET', path)];
    expect([head.status, head.body, head.headers['content-type']]).toEqual([200, '', whole.headers['content-type']]);
    if (path !== '/metrics') expect(head.headers['content-length']).toBe(whole.headers['content-length']);
  },
);

test.each([
  ['GET', '/nothing', 404],
  ['POST', '/nothing', 404],
  ['POST', '/v2/nothing?a=1', 404],
  ['PROPFIND', '/ping', 404],
  ['GET', '/../../etc/passwd', 404],
  ['GET', '//etc/passwd', 404],
  ['GET', '/..%2f..%2fetc/passwd', 404],
  ['GET', '/%00', 404],
  ['GET', '/%', 400],
  ['GET', '/v2/models/%E0%A4%A/ready', 400],
  ['GET', '/v2/models/..%2f..%2fetc', 404],
  ['GET', '/v2/models/__proto__/ready', 404],
  ['GET', `/v2/models/${'a'.repeat(600)}`, 414],
  ['GET', '/constructor', 404],
])('%s of %s is answered in JSON', async (method, path, expected) => {
  const { status, headers, body } = await ask(method, path);
  expect([status, headers['content-type']]).toEqual([expected, expect.stringContaining('application/json')]);
  const said = JSON.parse(body) as { error?: string; error_code?: string; message?: string };
  expect(said.error !== undefined).toBe(path.startsWith('/v2'));
  expect(said.message ?? said.error).toMatch(/./);
  expect(body.length).toBeLessThan(400);
});

test('a body in another encoding is refused before it is unpacked', async () => {
  const { status, text: said } = await server.post('/invocations', 'x', { 'content-encoding': 'gzip' });
  expect([status, said]).toEqual([415, expect.stringContaining('Content-Encoding is gzip')]);
});

/** Megabytes (10^6 bytes) that the server has had at most. */
function peakMegabytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))!;
  return (Number(kilobytes) * 1024) / 1e6;
}

test.each(['content-length: 1000000000', 'transfer-encoding: chunked'])(
  'a body of 1 GB (%s) is refused without being held',
  async (length) => {
    const before = peakMegabytes();
    const { socket, answer } = await open();
    socket.write(
      `POST /invocations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`,
    );
    const part = Buffer.alloc(1e6, 0x20);
    let sent = 0;
    for (; sent < 1000 && socket.bytesRead === 0; sent++) {
      const framed = length.startsWith('t') ? [`${part.length.toString(16)}\r\n`, part, '\r\n'] : [part];
      for (const bytes of framed) if (!socket.write(bytes)) await once(socket, 'drain');
    }
    // What the sockets hold, and the body up to its limit.
    expect(sent).toBeLessThan(100);
    expect(peakMegabytes() - before).toBeLessThan(100);
    socket.end();
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [^]*larger than 16 MiB/);
    expect(await server.post('/invocations', good)).toMatchObject({ status: 200 });
  },
);

test('who is slow, and who hangs up in the middle, keeps nobody waiting', async () => {
  const head = 'POST /invocations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
  const slow = await Promise.all(Array.from({ length: 200 }, open));
  slow.forEach(({ socket }, k) => socket.write(k % 2 === 0 ? head : `${head}content-length: 100\r\n\r\n{"inputs"`));
  await sleep(300);
  const { ms } = await timed(() => server.post('/invocations', good));
  expect(ms).toBeLessThan(5_000);
  for (const { socket } of slow) socket.resetAndDestroy();
  // Whole, and nobody is there to take the answer.
  const body = JSON.stringify(good);
  const gone = await Promise.all(Array.from({ length: 50 }, open));
  for (const { socket } of gone)
    socket.end(`${head}content-length: ${body.length}\r\n\r\n${body}`, () => socket.destroy());
  await sleep(300);
  expect(await server.post('/invocations', good)).toMatchObject({ status: 200 });
});

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly done: T }> {
  const start = performance.now();
  const done = await work();
  return { ms: performance.now() - start, done };
}

test('before it has its model it is alive, not ready, and says so to probes', async () => {
  const early = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    runId: undefined,
    report: (told) => expect.fail(told),
  });
  try {
    const live = await fetch(`${early.address}/v2/health/live`);
    expect(live.status).toBe(200);
    for (const path of ['/v2/health/ready', '/ping', '/health', '/v2/models/p/ready']) {
      const answer = await fetch(`${early.address}${path}`);
      expect([answer.status, answer.headers.get('retry-after')], path).toEqual([503, '1']);
      expect(await answer.text(), path).toContain('not ready yet');
    }
  } finally {
    await early.close();
  }
});
