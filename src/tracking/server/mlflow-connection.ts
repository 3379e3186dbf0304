import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import type * as https from 'node:https';
import type { Readable } from 'node:stream';
import { failure } from '../../base/diagnostics.ts';
import { explainConnection } from '../../base/explain-connection.ts';
import { ProxyError, type Route, openRoute } from '../../base/route.ts';
import { basicCredentials, userInfoOf } from '../../base/secrets.ts';
import { shorten } from '../../base/shorten.ts';
import { piecesOf, readText } from './read-answer.ts';
import { plainAddress, type ServerAddress } from './server-address.ts';

/** Why a request did not do what it should. */
export class RequestError extends Error {
  /** 0 where no answer came. */
  readonly status: number;
  /** MLflow's `error_code`, or the system's code such as ECONNREFUSED; '' where there is none. */
  readonly code: string;
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | undefined;
  /** What the user can do about it, where that is known. */
  readonly wayOut: string | undefined;

  constructor(
    message: string,
    {
      status = 0,
      code = '',
      retryAfter,
      wayOut,
    }: { readonly [Key in 'status' | 'code' | 'retryAfter' | 'wayOut']?: RequestError[Key] | undefined } = {},
  ) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.wayOut = wayOut;
  }

  /**
   * Whether the server will never take this request, for what is in it; whatever else it answered may be otherwise
   * later.
   */
  get isRefusal(): boolean {
    // Answered so by a server that was started with --no-serve-artifacts: it will not change its mind.
    if (/Artifact serving is disabled/i.test(this.message)) return true;
    return (
      this.status === 413 ||
      (refusals.has(this.code) && (this.status === 501 || (this.status >= 400 && this.status < 500)))
    );
  }

  /** Whether the server wants to know who asks, or does not let him in. */
  get isForbidden(): boolean {
    return this.status === 401 || this.status === 403;
  }

  /** Whether nobody listens at the address. */
  get isUnheard(): boolean {
    return this.status === 0 && ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'].includes(this.code);
  }

  /**
   * Whether a server is down or overloaded, or what stands before it says so (Cloudflare has 520 to 527); other answers
   * come from what may be none.
   */
  get isOutage(): boolean {
    return !this.isRefusal && (this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status));
  }
}

/** MLflow's code for what it does not have. */
export const noSuchThing = 'RESOURCE_DOES_NOT_EXIST';

/** MLflow's codes for what a request holds. A proxy, a login page or a wrong path answers without any of them. */
const refusals: ReadonlySet<string> = new Set([
  'BAD_REQUEST',
  'ENDPOINT_NOT_FOUND',
  'INVALID_PARAMETER_VALUE',
  'MALFORMED_REQUEST',
  'MAX_BLOCK_SIZE_EXCEEDED',
  'NOT_IMPLEMENTED',
  'RESOURCE_ALREADY_EXISTS',
]);

/** One request to a server. */
export interface Request {
  readonly method: string;
  /** Below the server's base address, percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
  /** Bytes that the answer may have; left out: 1 MB. */
  readonly longest?: number;
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// As MLflow's Python client: MLFLOW_HTTP_REQUEST_TIMEOUT.
const defaultTimeoutSeconds = 120;
const connectTimeoutMs = 10_000;
// An answer is held in memory, and JSON takes thirty times its length there.
const longestAnswer = 1 << 20;
// Of a page, or of what MLflow says of an error.
const longestError = 4096;

// What the environment says of the server that it names, and of no other one.
const ofServer = [
  'MLFLOW_TRACKING_USERNAME',
  'MLFLOW_TRACKING_PASSWORD',
  'MLFLOW_TRACKING_TOKEN',
  'MLFLOW_TRACKING_CLIENT_CERT_PATH',
  'MLFLOW_TRACKING_SERVER_CERT_PATH',
  'MLFLOW_TRACKING_INSECURE_TLS',
  'MLFLOW_WORKSPACE',
] as const;

/** The way to one MLflow server: address, credentials, TLS, keep-alive. Makes one attempt per request. */
export class MlflowConnection {
  /** The server's address without credentials. */
  readonly address: string;
  readonly #uri: URL;
  readonly #route: Route;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  /** Variables that are set and not heeded, as the address is not trusted. */
  readonly #withheld: readonly string[];

  /** @throws UserError when a file that the environment names cannot be read */
  constructor({ uri, isTrusted }: ServerAddress, env: Environment) {
    const own = isTrusted ? env : {};
    this.#withheld = isTrusted ? [] : ofServer.filter((name) => env[name]);
    this.#headers = authorization(uri, own);
    this.#uri = uri;
    this.address = plainAddress(uri);
    this.#timeoutMs = numberFrom(env, 'MLFLOW_HTTP_REQUEST_TIMEOUT', defaultTimeoutSeconds) * 1000;
    this.#route = openRoute(uri, { keepAlive: true, ...(uri.protocol === 'https:' && tlsOptions(own)) }, env);
  }

  /** Whether the server is on this machine, by its name. */
  get isLocal(): boolean {
    return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.#uri.hostname);
  }

  /** Whether credentials go to another machine without TLS. */
  get sendsInClear(): boolean {
    return 'Authorization' in this.#headers && this.#uri.protocol === 'http:' && !this.isLocal;
  }

  /**
   * Sends one request and reads the whole answer. A redirect is an answer like any other: nothing follows it.
   *
   * @throws RequestError when the answer is not 2xx, is too long, or when none came in time
   */
  async send(request: Request, signal?: AbortSignal): Promise<string> {
    const { longest = longestAnswer } = request;
    const response = await this.#open(request, signal, true);
    return readText(response, longest).catch((error: Error) => {
      throw this.#noAnswer(error);
    });
  }

  /**
   * Sends one request, and gives the answer piece by piece, as long as it takes.
   *
   * @throws RequestError as `send`
   */
  async *receive(request: Request, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const { longest = longestAnswer } = request;
    const response = await this.#open(request, signal, false);
    try {
      yield* piecesOf(response, longest);
    } catch (error) {
      throw this.#noAnswer(error as Error);
    }
  }

  /** @param isShort whether all of the answer comes within the time that silence has */
  #open(
    { method, path, headers, body, longest = longestAnswer }: Request,
    signal: AbortSignal | undefined,
    isShort: boolean,
  ): Promise<http.IncomingMessage> {
    const options: http.RequestOptions = {
      method,
      headers: { ...this.#headers, ...headers },
      ...(signal && { signal }),
    };
    const url = new URL(this.address + path);
    return new Promise((done, failed) => {
      const request = this.#route.request(url, options, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          done(response);
          return;
        }
        readText(response, longest).then(
          (text) =>
            failed(
              status === 407
                ? this.#noAnswer(new ProxyError('', { status }))
                : this.#explain(errorFrom(status, text, response.headers, url)),
            ),
          (error: Error) => failed(this.#noAnswer(error)),
        );
      });
      request.on('error', (error) => failed(this.#noAnswer(error)));
      request.setTimeout(this.#timeoutMs, () => request.destroy(timedOut(`silent for ${this.#timeoutMs / 1000} s`)));
      giveUpConnecting(request);
      if (isShort) giveUpReading(request, this.#timeoutMs);
      if (body === undefined || typeof body === 'string') request.end(body);
      else body.on('error', (error) => request.destroy(error)).pipe(request);
    });
  }

  #noAnswer(error: NodeJS.ErrnoException): RequestError {
    const trust = 'MLFLOW_TRACKING_SERVER_CERT_PATH=FILE.pem, or for a trial MLFLOW_TRACKING_INSECURE_TLS=true';
    const { reason, hint } = explainConnection(error, { url: this.#uri, proxy: this.#route.proxy, trust });
    const wayOut = hint === undefined ? '' : `; ${hint.charAt(0).toLowerCase()}${hint.slice(1, -1)}`;
    return this.#explain(
      new RequestError(`${this.address} did not answer (${reason})${wayOut}`, { code: error.code ?? '' }),
    );
  }

  /** Says of an error what it may come from: that the environment's credentials stayed here. */
  #explain(error: RequestError): RequestError {
    const isOfTrust = [401, 403].includes(error.status) || /CERT|SSL|TLS|SIGNATURE/.test(error.code);
    if (this.#withheld.length === 0 || !isOfTrust) return error;
    const message =
      `${error.message}; ${this.#withheld.join(', ')} did not count, ` + 'as only the pipeline file names this address';
    const { status, code, retryAfter } = error;
    return new RequestError(message, {
      status,
      code,
      retryAfter,
      wayOut: 'if the address is yours, say so once: `pipeline run --trust-tracking`',
    });
  }

  /** Closes idle sockets. */
  close(): void {
    this.#route.close();
  }
}

/** A number from the environment, or the default where it is not set or no number. */
export function numberFrom(env: Environment, name: string, otherwise: number): number {
  const value = Number(env[name] || NaN);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}

function giveUpConnecting(request: http.ClientRequest): void {
  const timer = setTimeout(() => request.destroy(timedOut('no connection within 10 s')), connectTimeoutMs);
  const stop = (): void => clearTimeout(timer);
  request.on('socket', (socket) => (socket.connecting ? socket.once('connect', stop) : stop()));
  request.on('close', stop);
}

function timedOut(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

/** Byte by byte, a server would never be silent: the whole answer has as long as silence has. */
function giveUpReading(request: http.ClientRequest, timeoutMs: number): void {
  let answer: http.IncomingMessage | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer ??= setTimeout(() => {
      const late = timedOut(`its answer did not end within ${timeoutMs / 1000} s`);
      answer?.destroy(late);
      request.destroy(late);
    }, timeoutMs);
  };
  request
    .on('finish', begin)
    .on('response', (response) => {
      answer = response;
      begin();
    })
    .on('close', () => clearTimeout(timer));
}

// Bodies are JSON for MLflow's own errors, but HTML or plain text from proxies, authentication and unknown paths.
function errorFrom(status: number, text: string, headers: http.IncomingHttpHeaders, asked: URL): RequestError {
  const retryAfter = Number(headers['retry-after'] ?? NaN);
  const wait = Number.isFinite(retryAfter) ? retryAfter : undefined;
  if (headers.location !== undefined)
    return new RequestError(`it redirects to ${shorten(headers.location, 200)} (${status})`, {
      status,
      retryAfter: wait,
      wayOut: wayAround(headers.location, asked),
    });
  const wayOut = waysOut[status];
  try {
    const { error_code, message } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const code = typeof error_code === 'string' && /^[A-Z_]{1,64}$/.test(error_code) ? error_code : '';
    const told = (typeof message === 'string' && message.slice(0, 500)) || http.STATUS_CODES[status];
    return new RequestError(`${told || 'no reason given'} (${status}${code === '' ? '' : ` ${code}`})`, {
      status,
      code,
      retryAfter: wait,
      wayOut,
    });
  } catch {
    const line = text
      .slice(0, longestError)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200);
    return new RequestError(`${line || http.STATUS_CODES[status] || 'no reason given'} (${status})`, {
      status,
      retryAfter: wait,
      wayOut,
    });
  }
}

const wantsCredentials = 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';

/** What a 413 comes from: MLflow itself has no such limit. */
export const tooLarge =
  'a proxy in front of the server limits the size of requests: raise its limit (nginx: `client_max_body_size`)';

/** What to do about an answer, by its status. */
const waysOut: Readonly<Record<number, string>> = { 401: wantsCredentials, 413: tooLarge };

/** What to do about an answer that is no MLflow server's. */
export function notMlflow({ status }: RequestError): string {
  const login =
    status < 300
      ? '; where it is a login page, give what it asks for (MLFLOW_TRACKING_TOKEN and the like), ' +
        'or an address that programs reach without it'
      : '';
  return `check the tracking URI and its path${login}`;
}

/** What to do about a redirect. */
function wayAround(location: string, asked: URL): string {
  const target = URL.canParse(location, asked.href) ? new URL(location, asked) : undefined;
  const isSecured =
    target !== undefined &&
    target.protocol === 'https:' &&
    asked.protocol === 'http:' &&
    target.hostname === asked.hostname &&
    target.pathname === asked.pathname;
  if (isSecured) return `the server is at ${target.origin}: begin the address with https://`;
  return (
    'where that is a login page, it stands between here and the server: ' +
    'give what it asks for (MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD), ' +
    'or an address of the server that programs reach without it; else correct the address and its path'
  );
}

function authorization(uri: URL, env: Environment): Record<string, string> {
  const workspace: Record<string, string> = env.MLFLOW_WORKSPACE ? { 'X-MLFLOW-WORKSPACE': env.MLFLOW_WORKSPACE } : {};
  const own = userInfoOf(uri);
  const user = env.MLFLOW_TRACKING_USERNAME || own.user;
  const password = env.MLFLOW_TRACKING_USERNAME ? (env.MLFLOW_TRACKING_PASSWORD ?? '') : own.password;
  if (user.length > 0) return { ...workspace, Authorization: `Basic ${basicCredentials(user, password)}` };
  return env.MLFLOW_TRACKING_TOKEN
    ? { ...workspace, Authorization: `Bearer ${env.MLFLOW_TRACKING_TOKEN.trim()}` }
    : workspace;
}

function tlsOptions(env: Environment): https.AgentOptions {
  const read = (name: string): Buffer | undefined => {
    const path = env[name];
    if (!path) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      throw failure(
        'tracker-certificate',
        `cannot read ${path}, which ${name} names: ${(error as Error).message}`,
        'correct the variable or unset it',
        error,
      );
    }
  };
  const ca = read('MLFLOW_TRACKING_SERVER_CERT_PATH');
  // One PEM file holds both the certificate and its key, as for Python's requests.
  const own = read('MLFLOW_TRACKING_CLIENT_CERT_PATH');
  const isInsecure = ['true', '1'].includes((env.MLFLOW_TRACKING_INSECURE_TLS ?? '').toLowerCase());
  return { ...(ca && { ca }), ...(own && { cert: own, key: own }), ...(isInsecure && { rejectUnauthorized: false }) };
}
