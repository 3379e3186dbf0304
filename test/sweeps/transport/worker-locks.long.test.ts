import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packProgram } from '../../../src/sweeps/transport/pack-program.ts';
import { workerCommand } from '../../../src/sweeps/transport/worker-script.ts';
import { until } from '../../until.ts';

// Side by side, as all of it waits: who sets up is taken for dead after ten seconds without a sign of life.
const folder = mkdtempSync(join(tmpdir(), 'layerline test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'p/dist'), { recursive: true });
writeFileSync(join(folder, 'p/package.json'), '{ "type": "module" }');
writeFileSync(join(folder, 'p/dist/cli.js'), 'console.log("at work");\n');
const { tar, sha256 } = packProgram(join(folder, 'p/dist/cli.js'));
const archive = join(folder, 'program');
writeFileSync(archive, tar);

/** A machine's cache, and jobs that come to it. */
class Worker {
  readonly engines: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #calls: string;

  /** @param seconds that npm takes there */
  constructor(name: string, seconds: number) {
    const own = join(folder, name);
    this.engines = join(own, 'layerline/engines');
    this.#calls = join(own, 'calls');
    mkdirSync(this.engines, { recursive: true });
    const npm = join(own, 'bin/npm');
    mkdirSync(dirname(npm));
    writeFileSync(npm, `#!/bin/sh\necho >>"${this.#calls}"\nexec sleep ${seconds}\n`);
    chmodSync(npm, 0o755);
    this.#env = {
      PATH: [dirname(npm), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      XDG_CACHE_HOME: own,
    };
  }

  start() {
    const [program, ...args] = workerCommand({ sha256, archive }, []);
    const child = spawn(program!, args, {
      env: this.#env,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (out += text));
    const ended = new Promise<{ readonly code: number | null; readonly out: string }>((done) =>
      child.on('close', (code) => done({ code, out })),
    );
    return { pid: child.pid!, ended };
  }

  /** How often npm was called. */
  get calls(): number {
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8').length : 0;
  }

  untilSetsUp = () => until('npm is called', () => this.calls > 0, 60);
}

test.concurrent('the lock of a machine that was started anew is waited for no longer than its silence', async () => {
  const worker = new Worker('rebooted', 2);
  const lock = join(worker.engines, `${sha256}.lock.1`);
  mkdirSync(lock);
  // As numbers of processes are given again: this one is at work, and is another.
  writeFileSync(join(lock, 'life'), `${process.pid} ${hostname()} 7\n`);
  mkdirSync(join(worker.engines, `${sha256}.1.tmp/dist`), { recursive: true });
  const ended = await Promise.all([worker.start().ended, worker.start().ended, worker.start().ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(worker.calls).toBe(1);
  expect(readdirSync(worker.engines)).toEqual([sha256]);
});

test.concurrent('who takes long, and lives, is waited for', async () => {
  const worker = new Worker('slow', 25);
  const first = worker.start();
  await worker.untilSetsUp();
  const ended = await Promise.all([first.ended, worker.start().ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(worker.calls).toBe(1);
  expect(readdirSync(worker.engines)).toEqual([sha256]);
});

test.concurrent('one of those that wait takes over from one that was killed', async () => {
  const worker = new Worker('killed', 3);
  const first = worker.start();
  await worker.untilSetsUp();
  const others = [worker.start(), worker.start()];
  process.kill(-first.pid, 'SIGKILL');
  const ended = await Promise.all(others.map((other) => other.ended));
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(worker.calls).toBe(2);
  expect(readdirSync(worker.engines)).toEqual([sha256]);
});

test.concurrent('one that is stopped leaves nothing to wait for', async () => {
  const worker = new Worker('stopped', 60);
  const first = worker.start();
  await worker.untilSetsUp();
  process.kill(-first.pid, 'SIGTERM');
  expect((await first.ended).code).toBe(143);
  expect(readdirSync(worker.engines)).toEqual([]);
});
