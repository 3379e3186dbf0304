import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { layout } from '../../src/engine/install/engine-entry.ts';
import { engineSite } from '../../src/engine/install/engine-site.ts';
import { installEnvironment, programOf, pythonEnvironment } from '../python-environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why Keras cannot be had on this machine; empty where it is there. */
    readonly kerasMissing: string;
    /** The sockets of the processes that answer what Keras makes of cases, one for each process of tests. */
    readonly kerasJudges: readonly string[];
  }
}

/** What has the real Keras, scikit-learn and ONNX Runtime; there once `setup` has run. */
export const environment = pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt'), shareLibraries);

/**
 * Vitest's global set-up: the Python environment with Keras, and two processes of it that answer the tests of all
 * files; without it, the tests that need it are skipped. Gives what ends the processes.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reason = await installEnvironment(environment).then(
    () => '',
    ({ message }: Error) => `pip cannot install Keras: ${message.split('\n')[0]}`,
  );
  project.provide('kerasMissing', reason);
  if (reason !== '') {
    process.stdout.write(`keras: all its tests are skipped: ${reason}\n`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'layerline-keras-'));
  const paths = ['one', 'other'].map((name) => join(folder, name));
  const ends = await Promise.all(paths.map(startJudge));
  project.provide('kerasJudges', paths);
  return async () => {
    await Promise.all(ends.map((end) => end()));
    rmSync(folder, { recursive: true });
  };
}

/** Starts a process that answers at a socket. @returns what ends it */
async function startJudge(path: string): Promise<() => Promise<void>> {
  const judge = spawn(programOf(environment, 'python'), [join(import.meta.dirname, 'judge.py'), path]);
  let said = '';
  judge.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(judge, 'exit').then(([code]) => {
    if (code !== null) process.stdout.write(`keras: its process ended: ${said}\n`);
  });
  await Promise.race([once(judge.stdout, 'data'), ended]);
  return async () => {
    judge.kill();
    await ended;
  };
}

/**
 * The environment has 1.4 GB: the headers are not needed, and the libraries are, to the byte, those that the engine was
 * set up from. 0.3 GB are left.
 */
function shareLibraries(folder: string): void {
  const python = readdirSync(join(folder, 'lib')).find((name) => name.startsWith('python'))!;
  const tensorflow = join(folder, 'lib', python, 'site-packages', 'tensorflow');
  rmSync(join(tensorflow, 'include'), { recursive: true });
  const { entry, wheel } = engineSite();
  for (const file of Object.keys(wheel.libraries)) {
    const [ours, theirs] = [join(entry, layout.libraries, file), join(tensorflow, file)];
    if (spawnSync('cmp', ['-s', ours, theirs]).status !== 0) continue;
    linkSync(ours, `${theirs}.link`);
    renameSync(`${theirs}.link`, theirs);
  }
}
