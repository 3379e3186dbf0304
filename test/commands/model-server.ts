import type { Ended, Rig } from '../rig.ts';

/** `pipeline serve` at work. */
export interface RunningServer {
  readonly address: string;
  readonly pid: number;
  readonly told: () => string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** @param body as JSON, where it is no text and no bytes */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** Ends it as a supervisor does. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: () => unknown;
}

/**
 * Starts `pipeline serve` on a free port, and waits until it is ready.
 *
 * @throws Error with what it said, where it ends
 */
export async function startServe(
  rig: Rig,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const { child, ended } = rig.start(['serve', ...args, '--port', '0'], env);
  let told = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      told += text;
      const [, found] = /^(http:\S+) is ready/m.exec(told) ?? [];
      if (found !== undefined) resolve(found.replace('0.0.0.0', '127.0.0.1'));
    });
    void ended.then(({ code, stderr }) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  const ask = async (path: string, init: RequestInit): Promise<Answered> => {
    const answer = await fetch(`${address}${path}`, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) as unknown };
  };
  return {
    address,
    pid: child.pid!,
    told: () => told,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array
            ? (body as NonNullable<RequestInit['body']>)
            : JSON.stringify(body),
      }),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
