import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { failure, type UserError } from '../../base/diagnostics.ts';
import { isProgram, programFolders, startProgram } from '../../base/start-program.ts';
import { userCache } from '../../base/user-cache.ts';
import type { Environment } from './mlflow-connection.ts';

// The newest MLflow that this program's store was tested with.
const testedVersion = '3.17.2';
// A first start compiles Python's modules; it took up to 18 s on two cores.
const startLimitMs = 90_000;

/**
 * Where an MLflow of the user's may be: MLFLOW_BIN, the PATH, then the folder that our own message names. Not the
 * folder that the user stands in: what lies there is not his word.
 */
export function findMlflow(env: Environment): string {
  if (env.MLFLOW_BIN) {
    if (isProgram(env.MLFLOW_BIN)) return resolve(env.MLFLOW_BIN);
    throw failure(
      'bad-mlflow-bin',
      `MLFLOW_BIN names '${env.MLFLOW_BIN}', which is no program`,
      'correct the variable or unset it',
    );
  }
  const own = join(userCache(), 'mlflow');
  const found = [...programFolders(env.PATH), join(own, 'bin')].map((folder) => join(folder, 'mlflow')).find(isProgram);
  if (found !== undefined) return found;
  const here = join('.venv', 'bin', 'mlflow');
  if (isProgram(here))
    throw failure(
      'mlflow-not-named',
      `MLflow is not on the PATH; ${here} is there, but a folder's own programs run only where you name them`,
      `name it: \`MLFLOW_BIN=${here} pipeline ui\`, or activate its environment`,
    );
  throw failure(
    'mlflow-not-found',
    'MLflow is not installed; its UI needs it (training does not)',
    `install it: \`python3 -m venv ${own} && ${own}/bin/pip install mlflow==${testedVersion}\`, ` +
      'then `pipeline ui` again; or set MLFLOW_BIN',
  );
}

/** An `mlflow server` that was started. */
export interface MlflowServer {
  readonly address: string;
  /** Resolves when it answers; rejects with a UserError when it ends before that, or does not answer in 90 s. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** Ends it and its children. */
  stop(): Promise<void>;
}

/**
 * Starts the MLflow UI on a local store, on this machine's loopback address alone.
 *
 * @param runsDirectory an existing local store
 */
export function startMlflowServer(program: string, runsDirectory: string, port: number): MlflowServer {
  const address = `http://127.0.0.1:${port}`;
  // What other programs send it goes into the folder that the user stands in, as with MLflow itself.
  // As addresses: MLflow decodes paths too, so that it would look for `a%20b` under the name `a b`.
  const [store, artifacts] = [runsDirectory, 'mlartifacts'].map((folder) => pathToFileURL(resolve(folder)).href) as [
    string,
    string,
  ];
  const args = [
    'server',
    '--backend-store-uri',
    store,
    '--artifacts-destination',
    artifacts,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--workers',
    '1',
  ];
  const env = {
    ...process.env,
    MLFLOW_ALLOW_FILE_STORE: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
  };
  // Its own process group: the parent of MLflow 2 leaves its workers behind when it alone is ended.
  const child = startProgram(program, args, { detached: true, env });
  const log = lastLines(child);
  const ended = new Promise<void>((done) => child.once('error', () => done()).once('exit', () => done()));
  const ready = untilHealthy(address, ended).then((problem) => {
    if (problem !== undefined) throw notStarted(`${program} ${problem}`, log());
  });
  return { address, ready, ended, stop: () => stopGroup(child, ended) };
}

/** @returns what went wrong, in words that follow the program's name */
async function untilHealthy(address: string, ended: Promise<void>): Promise<string | undefined> {
  const hasEnded = ended.then(() => true);
  for (const start = performance.now(); performance.now() - start < startLimitMs;) {
    if (await Promise.race([hasEnded, sleep(200, false)])) return 'ended at once';
    if (await isHealthy(address)) return undefined;
  }
  return `did not answer at ${address} within ${startLimitMs / 1000} s`;
}

function notStarted(message: string, log: string): UserError {
  return failure(
    'mlflow-not-started',
    `${message}${log === '' ? '' : `:\n${log}`}`,
    'it was started as `MLFLOW_ALLOW_FILE_STORE=true mlflow server --backend-store-uri RUNS ' +
      `--port PORT --workers 1\`; MLflow ${testedVersion} is known to work`,
  );
}

async function stopGroup(child: ReturnType<typeof startProgram>, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
  signalGroup(child.pid, 'SIGKILL');
  await ended;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

function lastLines(child: ReturnType<typeof startProgram>): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - 12);
    });
  }
  return () => lines.join('\n');
}

async function isHealthy(address: string): Promise<boolean> {
  return new Promise((done) => {
    const request = get(`${address}/health`, { timeout: 2000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    request.on('error', () => done(false)).on('timeout', () => request.destroy());
  });
}
