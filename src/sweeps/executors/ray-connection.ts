import type { IncomingMessage } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Range, UserError, mistake } from '../../base/diagnostics.ts';
import { isWithin } from '../../base/json-limits.ts';
import { readFileWithin } from '../../base/read-file.ts';
import { type Route, openRoute } from '../../base/route.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shorten } from '../../base/shorten.ts';
import { makeVisible } from '../../base/visible-text.ts';
import { readText } from '../../tracking/server/read-answer.ts';

/** What Ray answers. */
export interface RayAnswer {
  /** 200..299, or 404, or 500: what Ray says of a known id too. */
  readonly status: number;
  readonly text: string;
}

/** Environment variables, as `process.env` has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes that an answer may have: a cluster tells of all jobs that it has had. */
const longest = 64 << 20;

const limits = { depth: 30, holders: 1e6, values: 1e7 };

/** Milliseconds of silence, and of a whole answer. */
const [silence, whole] = [15_000, 60_000];

/** Milliseconds from one attempt to the next: a head that is busy, or just started, is none that is gone. */
const pauses = [500, 2000];

/** The way to the dashboard of one Ray cluster, which its Jobs API is a part of. */
export class RayConnection {
  readonly address: string;
  readonly #range: Range | undefined;
  readonly #route: Route;
  readonly #token: string | undefined;
  /** Whether there is a token that this address is not given. */
  readonly #isWithheld: boolean;

  /**
   * @param range where the address is written
   * @throws UserError where the address is none, or the file of the token cannot be read
   */
  constructor(url: string, range: Range | undefined, env: Environment = process.env) {
    this.#range = range;
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (target === undefined || !/^https?:$/.test(target.protocol) || target.username + target.password !== '')
      throw this.#told('executor-refused', `'${hideSecrets(url)}' is no address of Ray`, 'Write http://HOST:8265.');
    this.address = `${target.origin}${target.pathname.replace(/\/+$/, '')}`;
    const isOwn = isNamed(target, env);
    const token = this.#tokenOf(env);
    this.#token = isOwn ? token : undefined;
    this.#isWithheld = token !== undefined && !isOwn;
    this.#route = openRoute(target, { keepAlive: true }, env);
  }

  /** Asks for something, several times where nothing answers. @throws UserError where Ray cannot be reached */
  async get(path: string): Promise<RayAnswer> {
    for (const pause of pauses) {
      const answer = await this.#send('GET', path).catch(() => undefined);
      if (answer !== undefined && answer.status <= 500) return this.#checked(answer);
      await sleep(pause);
    }
    return this.#checked(await this.#sendOrTell('GET', path));
  }

  /** Asks once. @throws UserError where Ray cannot be reached: it may have done it */
  async post(path: string, body?: unknown): Promise<RayAnswer> {
    return this.#checked(await this.#sendOrTell('POST', path, JSON.stringify(body ?? {})));
  }

  /** What an answer says as JSON. @throws UserError where it says none, or too much */
  parse({ text }: RayAnswer): unknown {
    try {
      const said: unknown = isWithin(text, limits) ? JSON.parse(text) : undefined;
      if (said !== undefined) return said;
    } catch {
      // Told below.
    }
    throw this.notUnderstood(text);
  }

  /** What is thrown of an answer that is none of Ray's. */
  notUnderstood(text: string): UserError {
    const said = lastLine(text);
    const message = `${this.address} does not answer as Ray does${said === '' ? '' : `: ${said}`}`;
    return this.#told('executor-refused', message, 'Give the address of the dashboard, as http://HOST:8265.');
  }

  /** What is thrown where Ray does not do what it was asked for. */
  refused(what: string, { status, text }: RayAnswer): UserError {
    return this.#told('executor-refused', `Ray at ${this.address} ${what}: ${lastLine(text) || `it says ${status}`}`);
  }

  close(): void {
    this.#route.close();
  }

  #checked(answer: RayAnswer): RayAnswer {
    const { status, text } = answer;
    if (status === 403 && this.#token !== undefined) {
      const hint = 'Correct RAY_AUTH_TOKEN, or the file that holds the token.';
      throw this.#told('executor-refused', `Ray at ${this.address} does not take the token`, hint);
    }
    if (status === 401 || status === 403) {
      const hint = this.#isWithheld
        ? `The token goes only to the cluster that you name yourself: set RAY_ADDRESS=${this.address}.`
        : `Set RAY_AUTH_TOKEN, and RAY_ADDRESS=${this.address}.`;
      throw this.#told('executor-refused', `Ray at ${this.address} wants a token`, hint);
    }
    if ((status >= 200 && status < 300) || status === 404 || status === 500) return answer;
    if (status > 500) throw this.#unreachable(`it answers ${status}`);
    throw this.notUnderstood(text || `it says ${status}`);
  }

  async #sendOrTell(method: string, path: string, body?: string): Promise<RayAnswer> {
    try {
      return await this.#send(method, path, body);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      throw this.#unreachable(message || code || 'nothing answers');
    }
  }

  #unreachable(reason: string): UserError {
    const said = hideSecrets(makeVisible(shorten(reason, 200)));
    const message = `Ray cannot be reached at ${this.address}: ${said}`;
    const hint = 'Start it, or correct `url`. Trials that run go on; the same command takes them up again.';
    return this.#told('executor-unreachable', message, hint);
  }

  #told(code: 'executor-refused' | 'executor-unreachable', message: string, hint?: string): UserError {
    return new UserError(mistake(code, message, this.#range, hint), 1);
  }

  // Node's own fetch says that it is a browser, which Ray stops and uploads nothing for.
  #send(method: string, path: string, body?: string): Promise<RayAnswer> {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
    };
    return new Promise((done, failed) => {
      const answered = (response: IncomingMessage): void => {
        readText(response, longest).then((text) => done({ status: response.statusCode ?? 0, text }), failed);
      };
      const options = { method, headers, timeout: silence, signal: AbortSignal.timeout(whole) };
      const request = this.#route.request(new URL(this.address + path), options, answered);
      request.on('timeout', () => request.destroy(new Error(`it was silent for ${silence / 1000} s`)));
      request.on('error', failed);
      request.end(body);
    });
  }

  /** As Ray itself looks for it. */
  #tokenOf(env: Environment): string | undefined {
    const own = env['RAY_AUTH_TOKEN']?.trim();
    if (own) return own;
    const named = env['RAY_AUTH_TOKEN_PATH'];
    try {
      const path = named || join(homedir(), '.ray', 'auth_token');
      return Buffer.from(readFileWithin(path, 4096)).toString().trim() || undefined;
    } catch (error) {
      if (!named) return undefined;
      const message = `the file that RAY_AUTH_TOKEN_PATH names cannot be read: ${(error as Error).message}`;
      throw this.#told('executor-refused', message);
    }
  }
}

/** Whether the environment names the cluster as the user's, as Ray's own programs read it, or it is on this machine. */
function isNamed(target: URL, env: Environment): boolean {
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname)) return true;
  return [env['RAY_API_SERVER_ADDRESS'], env['RAY_ADDRESS']].some(
    (address) => address !== undefined && URL.canParse(address) && new URL(address).origin === target.origin,
  );
}

/** A traceback says what was wrong in its last line. */
function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return hideSecrets(makeVisible(shorten(line.trim(), 200)));
}
