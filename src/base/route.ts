import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Proxy, proxyFor } from './proxies.ts';
import { basicCredentials, userInfoOf } from './secrets.ts';

/** The way to one server: direct, or through the proxy that the environment names. */
export interface Route {
  readonly proxy: Proxy | undefined;
  /** Begins a request, as Node's own `request`. @param url of the server that the route was opened to */
  request(
    url: URL,
    options: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest;
  /** Closes idle sockets. */
  close(): void;
}

/** A proxy that does not let a request through. */
export class ProxyError extends Error {
  readonly code: string;
  /** What the proxy answered; 0 where it did not. */
  readonly status: number;

  constructor(
    message: string,
    { code = 'EPROXY', status = 0 }: { readonly code?: string; readonly status?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Opens the way to a server. What is sent to an https server goes through the proxy unread, in a tunnel; what is sent
 * to an http server, the proxy reads.
 *
 * @param options keep-alive, and the server's TLS; a proxy's certificate is always Node's affair. Left out: as Node's
 * own requests
 * @throws UserError when a variable names no proxy
 */
export function openRoute(
  target: URL,
  options?: https.AgentOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Route {
  const proxy = proxyFor(target, env);
  const isTls = target.protocol === 'https:';
  const own =
    proxy !== undefined && isTls
      ? new TunnelAgent(proxy, options ?? {})
      : options && (isTls ? new https.Agent(options) : new http.Agent(options));
  const agent = own ?? (isTls ? https.globalAgent : http.globalAgent);
  const close = () => own?.destroy();
  if (isTls || proxy === undefined)
    return {
      proxy,
      request: (url, given, onResponse) =>
        withOutcome((isTls ? https : http).request(url, { ...given, agent }, onResponse)),
      close,
    };
  return {
    proxy,
    request: (url, given, onResponse) => {
      const headers = {
        ...(given.headers as http.OutgoingHttpHeaders | undefined),
        host: url.host,
        ...proxyAuthorization(proxy),
      };
      return withOutcome(
        throughProxy(proxy).request(
          {
            ...given,
            ...placeOf(proxy),
            path: `${url.origin}${url.pathname}${url.search}`,
            headers,
            ...(proxy.url.protocol === 'http:' && { agent }),
          },
          onResponse,
        ),
      );
    },
    close,
  };
}

/** Sees to it that a request has an answer or an error: one that is answered with 101, Node closes without a word. */
function withOutcome(request: http.ClientRequest): http.ClientRequest {
  let hasOutcome = false;
  const note = (): void => void (hasOutcome = true);
  return request
    .on('response', note)
    .on('error', note)
    .on('close', () => {
      if (!hasOutcome)
        request.emit(
          'error',
          Object.assign(new Error('it closed the connection without an answer'), { code: 'ECONNRESET' }),
        );
    });
}

/** Milliseconds that a proxy may take to open a tunnel. */
const patience = 10_000;

/** Reaches an https server through a tunnel, one for each kept connection. */
class TunnelAgent extends https.Agent {
  readonly #proxy: Proxy;
  /** Tunnels that are being opened. */
  readonly #opening = new Set<http.ClientRequest>();

  constructor(proxy: Proxy, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: https.RequestOptions,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { host, port } = options;
    const authority = `${host?.includes(':') === true ? `[${host}]` : host}:${port}`;
    const failed = callback as (error: Error) => void;
    const request = throughProxy(this.#proxy).request({
      ...placeOf(this.#proxy),
      method: 'CONNECT',
      path: authority,
      agent: false,
      timeout: patience,
      headers: { host: authority, ...proxyAuthorization(this.#proxy) },
    });
    this.#opening.add(request);
    request.on('connect', ({ statusCode = 0, statusMessage = '' }: http.IncomingMessage, socket: Socket) => {
      if (statusCode >= 200 && statusCode < 300) {
        socket.setTimeout(0);
        callback(null, super.createConnection({ ...options, socket } as https.RequestOptions)!);
        return;
      }
      socket.destroy();
      failed(
        new ProxyError(`it answers ${statusCode}${statusMessage === '' ? '' : ` (${statusMessage})`}`, {
          status: statusCode,
        }),
      );
    });
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error(`it was silent for ${patience / 1000} s`), { code: 'ETIMEDOUT' })),
    );
    request.on('error', ({ message, code = '' }: NodeJS.ErrnoException) =>
      failed(new ProxyError(message || code, { code })),
    );
    request.on('close', () => this.#opening.delete(request));
    request.end();
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#opening) request.destroy();
    super.destroy();
  }
}

function throughProxy({ url }: Proxy): typeof http | typeof https {
  return url.protocol === 'https:' ? https : http;
}

function placeOf({ url }: Proxy): { readonly host: string; readonly port: string } {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || (url.protocol === 'https:' ? '443' : '80') };
}

/** For the proxy alone: it is in no request that goes through a tunnel. */
function proxyAuthorization({ url }: Proxy): { readonly 'proxy-authorization'?: string } {
  const { user, password } = userInfoOf(url);
  return user.length + password.length === 0
    ? {}
    : { 'proxy-authorization': `Basic ${basicCredentials(user, password)}` };
}
