import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can happen to one request on its way to a server and back. */
export type Mishap =
  /** Passed on after a while. */
  | 'slow'
  /** Taken and never answered. */
  | 'hang'
  /** Answered so without asking the server. */
  | '404'
  | '413'
  | '429'
  | '500'
  | '503'
  /** Sent elsewhere, as to a page that asks who one is. */
  | '302'
  /** Answered with a page, as if all were well. */
  | 'html'
  /** Answered as MLflow answers most of what it takes. */
  | '{}'
  /** The connection is reset after half of the request; the server sees nothing of it. */
  | 'cut-request'
  /** The server takes it; the connection is reset after half of the answer. */
  | 'cut-answer'
  /** The server takes it; the connection is reset before the answer. */
  | 'lose-answer';

/** A server between a client and a real server, that does harm. */
export interface FaultyProxy {
  readonly address: string;
  /** Decides for each request, by its path; undefined: passed on at once. */
  mishap: (path: string) => Mishap | undefined;
  /** Nobody listens any more; open connections are reset. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts a proxy to the server at `target`, on a port that stays its own. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const proxy: FaultyProxy = {
    address: `http://127.0.0.1:${port}`,
    mishap: () => undefined,
    async down() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
    async up() {
      server = await listen(port);
    },
  };
  return proxy;

  async function listen(wanted: number): Promise<Server> {
    const listening = createServer(
      (incoming, outgoing) => void pass(incoming, outgoing, target, proxy.mishap(incoming.url ?? '')),
    );
    await new Promise<void>((done) => listening.listen(wanted, '127.0.0.1', done));
    return listening;
  }
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: string,
  mishap: Mishap | undefined,
): Promise<void> {
  if (mishap === 'cut-request') {
    incoming.once('data', () => incoming.socket.resetAndDestroy());
    if (incoming.method === 'GET') incoming.socket.resetAndDestroy();
    return;
  }
  const body: Buffer[] = [];
  try {
    for await (const chunk of incoming) body.push(chunk as Buffer);
  } catch {
    return;
  }
  if (mishap === 'hang') return;
  if (mishap === '{}') {
    outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    return;
  }
  if (mishap === 'html' || /^\d/.test(mishap ?? '')) {
    outgoing
      .writeHead(mishap === 'html' ? 200 : Number(mishap), answerHeaders[mishap!] ?? {})
      .end('<html>not now</html>');
    return;
  }
  if (mishap === 'slow') {
    await sleep(200 + Math.random() * 1000);
    // The client has given up: a late request would be taken twice.
    if (outgoing.closed) return;
  }
  const answer = await ask(incoming, target, Buffer.concat(body));
  if (mishap === 'lose-answer' || answer === undefined) {
    incoming.socket.resetAndDestroy();
    return;
  }
  outgoing.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': answer.body.length });
  if (mishap !== 'cut-answer') {
    outgoing.end(answer.body);
    return;
  }
  outgoing.write(answer.body.subarray(0, answer.body.length >> 1), () => incoming.socket.resetAndDestroy());
}

const answerHeaders: Partial<Record<Mishap, Record<string, string>>> = {
  '429': { 'Retry-After': '0' },
  '302': { Location: '/login' },
};

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

async function ask(
  { method, url, headers }: IncomingMessage,
  target: string,
  body: Buffer,
): Promise<Answer | undefined> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...kept } = headers;
  return new Promise((done) => {
    const asked = request(
      `${target}${url}`,
      { method: method!, headers: { ...kept, 'content-length': body.length } },
      (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () =>
            done({
              status: response.statusCode!,
              type: response.headers['content-type'] ?? 'text/plain',
              body: Buffer.concat(chunks),
            }),
          )
          .on('error', () => done(undefined));
      },
    );
    asked.on('error', () => done(undefined)).end(body);
  });
}
