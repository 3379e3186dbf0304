import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programOf } from '../python-environment.ts';
import { environment } from './setup.ts';

/** What botocore finds in the bucket `shared`, or puts there. */
type Asked =
  | { readonly do: 'list' }
  | { readonly do: 'get'; readonly key: string }
  | {
      readonly do: 'put';
      readonly key: string;
      readonly hex: string;
      readonly metadata?: Readonly<Record<string, string>>;
    };

/** A server of S3 that knows one user, and botocore beside it. */
export interface RealS3 {
  /** What a program needs to be that user. */
  readonly env: Readonly<Record<string, string>>;
  ask(asked: Asked): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts it; its bucket `shared` is empty. */
export async function startS3(): Promise<RealS3> {
  const child = spawn(programOf(environment, 'python'), [join(import.meta.dirname, 'serve-s3.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((done) => child.once('close', done));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the server of S3 ended: ${said}`);
    return JSON.parse(value);
  };
  const { port, key, secret } = (await next()) as { port: number; key: string; secret: string };
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: 'eu-central-1',
      NO_PROXY: '127.0.0.1',
    },
    ask(asked) {
      child.stdin.write(`${JSON.stringify(asked)}\n`);
      return next();
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
