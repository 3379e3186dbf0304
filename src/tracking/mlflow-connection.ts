import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import type * as https from 'node:https';
import type { Readable } from 'node:stream';
import { failure } from '../base/diagnostics.ts';
import { explainConnection } from '../base/explain-connection.ts';
import { ProxyError, type Route, openRoute } from '../base/route.ts';
import { userInfoOf } from '../base/secrets.ts';

/** Why a request did not do what it should. */
export class RequestError extends Error {
  /** 0 where no answer came. */
  readonly status: number;
  /** MLflow's `error_code`, or the system's code such as ECONNREFUSED; '' where there is none. */
  readonly code: string;
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | undefined;

  constructor(message: string, { status = 0, code = '', retryAfter }: { status?: number; code?: string; retryAfter?: number | undefined } = {}) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may go through later. */
  get mayPass(): boolean {
    // Answered so by a server that was started with --no-serve-artifacts: it will not change its mind.
    if (/Artifact serving is disabled/i.test(this.message)) return false;
    return this.status === 0 || [408, 429, 500, 502, 503, 504].includes(this.status);
  }
}

/** One request to a server. */
export interface Request {
  readonly method: string;
  /** Below the server's base address, percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// As MLflow's Python client: MLFLOW_HTTP_REQUEST_TIMEOUT.
const defaultTimeoutSeconds = 120;
const connectTimeoutMs = 10_000;

/** The way to one MLflow server: address, credentials, TLS, keep-alive. Makes one attempt per request. */
export class MlflowConnection {
  /** The server's address without credentials. */
  readonly address: string;
  readonly #uri: URL;
  readonly #route: Route;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  /**
   * @param uri `http:` or `https:`, with a path where the server lives under one, perhaps with credentials
   * @throws UserError when a file that the environment names cannot be read
   */
  constructor(uri: URL, env: Environment) {
    this.#headers = authorization(uri, env);
    this.#uri = uri;
    this.address = `${uri.origin}${uri.pathname.replace(/\/+$/, '')}`;
    this.#timeoutMs = numberFrom(env, 'MLFLOW_HTTP_REQUEST_TIMEOUT', defaultTimeoutSeconds) * 1000;
    this.#route = openRoute(uri, { keepAlive: true, ...(uri.protocol === 'https:' && tlsOptions(env)) }, env);
  }

  /** Whether the server is on this machine, by its name. */
  get isLocal(): boolean {
    return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.#uri.hostname);
  }

  /**
   * Sends one request and reads the whole answer.
   *
   * @throws RequestError when the answer is not 2xx, or when none came
   */
  async send({ method, path, headers, body }: Request, signal?: AbortSignal): Promise<string> {
    const options: http.RequestOptions = { method, headers: { ...this.#headers, ...headers }, ...(signal && { signal }) };
    const url = new URL(this.address + path);
    return new Promise((done, failed) => {
      const request = this.#route.request(url, options, (response) => {
        readText(response).then((text) => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) done(text);
          else failed(status === 407 ? this.#noAnswer(new ProxyError('', { status })) : errorFrom(status, text, response.headers));
        }, (error: Error) => failed(this.#noAnswer(error)));
      });
      request.on('error', (error) => failed(this.#noAnswer(error)));
      request.setTimeout(this.#timeoutMs, () => request.destroy(timedOut(`silent for ${this.#timeoutMs / 1000} s`)));
      giveUpConnecting(request);
      if (body === undefined || typeof body === 'string') request.end(body);
      else body.on('error', (error) => request.destroy(error)).pipe(request);
    });
  }

  #noAnswer(error: NodeJS.ErrnoException): RequestError {
    const trust = 'MLFLOW_TRACKING_SERVER_CERT_PATH=FILE.pem, or for a trial MLFLOW_TRACKING_INSECURE_TLS=true';
    const { reason, hint } = explainConnection(error, { url: this.#uri, proxy: this.#route.proxy, trust });
    return new RequestError(`${this.address} did not answer (${reason})${hint === undefined ? '' : `; ${hint.charAt(0).toLowerCase()}${hint.slice(1, -1)}`}`, { code: error.code ?? '' });
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

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

// Bodies are JSON for MLflow's own errors, but HTML or plain text from proxies, authentication and unknown paths.
function errorFrom(status: number, text: string, headers: http.IncomingHttpHeaders): RequestError {
  const retryAfter = Number(headers['retry-after'] ?? NaN);
  const wait = Number.isFinite(retryAfter) ? retryAfter : undefined;
  try {
    const { error_code: code, message } = JSON.parse(text) as { error_code?: string; message?: string };
    return new RequestError(`${message || http.STATUS_CODES[status] || text} (${status}${code === undefined ? '' : ` ${code}`})`, { status, code: code ?? '', retryAfter: wait });
  } catch {
    const line = text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
    return new RequestError(`${line || http.STATUS_CODES[status] || 'no reason given'} (${status})`, { status, retryAfter: wait });
  }
}

function authorization(uri: URL, env: Environment): Record<string, string> {
  const workspace: Record<string, string> = env.MLFLOW_WORKSPACE ? { 'X-MLFLOW-WORKSPACE': env.MLFLOW_WORKSPACE } : {};
  const own = userInfoOf(uri);
  const user = env.MLFLOW_TRACKING_USERNAME || own.user;
  const password = env.MLFLOW_TRACKING_USERNAME ? (env.MLFLOW_TRACKING_PASSWORD ?? '') : own.password;
  if (user !== '') return { ...workspace, Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return env.MLFLOW_TRACKING_TOKEN ? { ...workspace, Authorization: `Bearer ${env.MLFLOW_TRACKING_TOKEN.trim()}` } : workspace;
}

function tlsOptions(env: Environment): https.AgentOptions {
  const read = (name: string): Buffer | undefined => {
    const path = env[name];
    if (!path) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      throw failure('tracker-certificate', `cannot read ${path}, which ${name} names: ${(error as Error).message}`, 'correct the variable or unset it', error);
    }
  };
  const ca = read('MLFLOW_TRACKING_SERVER_CERT_PATH');
  // One PEM file holds both the certificate and its key, as for Python's requests.
  const own = read('MLFLOW_TRACKING_CLIENT_CERT_PATH');
  const isInsecure = ['true', '1'].includes((env.MLFLOW_TRACKING_INSECURE_TLS ?? '').toLowerCase());
  return { ...(ca && { ca }), ...(own && { cert: own, key: own }), ...(isInsecure && { rejectUnauthorized: false }) };
}
