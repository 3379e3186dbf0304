import { type IncomingMessage, createServer, request as plainRequest } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';

/** A real proxy, for tunnels and for plain requests. */
export interface Proxy {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What was asked of it: `CONNECT localhost:443`, `GET http://...`, in order. */
  readonly asked: string[];
  /** All that went through it, as it could read it. */
  readonly seen: () => string;
  close(): void;
}

/**
 * Starts a proxy.
 *
 * @param user `name:password` that it asks for
 * @param refuse a status that it answers instead of working
 */
export async function startProxy({
  user,
  refuse,
}: { readonly user?: string; readonly refuse?: number } = {}): Promise<Proxy> {
  const asked: string[] = [];
  const seen: Buffer[] = [];
  const sockets = new Set<Socket>();
  const note = (request: IncomingMessage) => {
    asked.push(`${request.method} ${request.url}`);
    seen.push(Buffer.from(`${asked.at(-1)}\n${request.rawHeaders.join('\n')}\n`));
    if (
      user !== undefined &&
      request.headers['proxy-authorization'] !== `Basic ${Buffer.from(user).toString('base64')}`
    )
      return 407;
    return refuse;
  };
  const server = createServer((request, response) => {
    const status = note(request);
    if (status !== undefined) return void response.writeHead(status).end('the proxy says no');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    request.pipe(
      plainRequest(request.url!, { method: request.method, headers }, (answer) =>
        answer.pipe(response.writeHead(answer.statusCode!, answer.headers)),
      ),
    );
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const status = note(request);
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(request.url!)!;
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('data', (data) => void seen.push(data)).pipe(target);
      target.pipe(socket);
    });
    for (const end of [socket, target]) end.on('error', () => [socket, target].forEach((other) => other.destroy()));
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    seen: () => Buffer.concat(seen).toString('latin1'),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
