import { type Socket, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';
import { type RunningServer, startServe } from './model-server.ts';

const rig = new Rig();
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
});
afterAll(() => rig.remove());

const body = JSON.stringify({ dataframe_records: [{ x: 3 }] });

/** A client that sends what it is told, as a slow one does. */
async function open(server: RunningServer): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  const answer = text(socket).catch((error: Error) => `broken: ${error.message}`);
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, answer };
}

const head =
  `POST /invocations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
  `content-length: ${body.length}\r\n\r\n`;

test('what has been sent by halves at the end, in its head or in its body, is answered', async () => {
  const server = await startServe(rig, ['last']);
  const [inHead, inBody] = [await open(server), await open(server)];
  inHead.socket.write(head.slice(0, 40));
  inBody.socket.write(head + body.slice(0, 10));
  await sleep(300);
  const ended = server.stop();
  await sleep(300);
  inHead.socket.write(head.slice(40) + body);
  await sleep(1500);
  inBody.socket.write(body.slice(10));
  for (const { answer } of [inHead, inBody]) {
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"predictions":\[/);
  }
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^2 requests answered$/m);
});

test('who never sends the rest is not waited for longer than half a minute', async () => {
  const server = await startServe(rig, ['last']);
  const { socket, answer } = await open(server);
  socket.write(head + body.slice(0, 10));
  await sleep(300);
  const start = performance.now();
  const { code, stderr } = await server.stop();
  expect([code, stderr]).toEqual([0, '']);
  // The limit, and what a busy machine takes to end.
  expect(performance.now() - start).toBeGreaterThan(29_000);
  expect(performance.now() - start).toBeLessThan(55_000);
  expect(await answer).not.toContain('200');
});
