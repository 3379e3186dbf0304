import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { mlflowProgram, pythonProgram } from './setup.ts';

// Quiet, offline, and with the file store that MLflow would rather not read.
const mlflowEnvironment = {
  ...process.env,
  MLFLOW_ALLOW_FILE_STORE: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
};

/** A run as MLflow's own client read it. */
export interface ReadRun {
  readonly run_id: string;
  readonly name: string;
  readonly user: string;
  readonly status: string;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly params: Record<string, string>;
  readonly tags: Record<string, string>;
  /** Step, timestamp and Python's text of the value. */
  readonly metrics: Record<string, [number, number, string][]>;
  readonly inputs: { name: string; digest: string; profile: string; tags: Record<string, string> }[];
  readonly artifacts: Record<string, string>;
}

/** An experiment as MLflow's own client read it. */
export interface ReadExperiment {
  readonly experiment_id: string;
  readonly tags: Record<string, string>;
  readonly runs: ReadRun[];
}

let reader: ((...asked: string[]) => Promise<string>) | undefined;

/**
 * Reads an experiment back with MLflow's own Python client: one for all that this process reads, as starting it takes
 * seconds.
 *
 * @throws Error with what the client says
 */
export async function readRuns(uri: string, experiment: string): Promise<ReadExperiment> {
  reader ??= startReader();
  const answer = JSON.parse(await reader(uri, experiment)) as ReadExperiment | { readonly error: string };
  if ('error' in answer) throw new Error(`MLflow: ${answer.error}`);
  return answer;
}

/** Starts the client, which ends with this process: its input ends then. */
function startReader(): (...asked: string[]) => Promise<string> {
  const child = spawn(pythonProgram, [join(import.meta.dirname, 'read-runs.py')], {
    env: mlflowEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async (...asked) => {
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    // Asked for in the order of the questions, the lines come in it.
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`the process that reads with MLflow ended: ${said}`);
    return value;
  };
}

/** Runs a Python program that can import MLflow. */
export async function python(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(pythonProgram, args, { env: mlflowEnvironment, maxBuffer: 1e8 });
  return stdout;
}

/** Runs one command of the real MLflow. */
export async function mlflow(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(mlflowProgram, args, { env: mlflowEnvironment, maxBuffer: 1e8 });
  return stdout + stderr;
}

/** A real `mlflow server` with a database, that can be killed and started again. */
export interface RealServer {
  readonly address: string;
  start(): Promise<void>;
  /** SIGKILL to all of it: nothing is said goodbye to. */
  kill(): Promise<void>;
}

/**
 * Prepares a server that keeps everything in `directory`.
 *
 * @param store where it keeps its runs: a database, or a folder of files
 * @param artifacts options that say where it keeps artifacts; left out: it takes them itself
 */
export async function realServer(
  directory: string,
  store = `sqlite:///${directory}/mlflow.db`,
  artifacts: readonly string[] = ['--artifacts-destination', `${directory}/artifacts`],
): Promise<RealServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const args = [
    'server',
    '--backend-store-uri',
    store,
    ...artifacts,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--workers',
    '1',
  ];
  let child: ReturnType<typeof spawn> | undefined;
  return {
    address,
    async start() {
      child = spawn(mlflowProgram, args, { env: mlflowEnvironment, detached: true, stdio: 'ignore' });
      await untilHealthy(address);
    },
    async kill() {
      if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child!.once('exit', done));
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Waits for minutes: several servers that start at once, for the first time, take more than one. */
async function untilHealthy(address: string): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < 240_000;) {
    const isUp = await fetch(`${address}/health`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) return;
    await sleep(200);
  }
  throw new Error(`${address} did not start`);
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
