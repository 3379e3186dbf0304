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
    /** The socket of the process that answers what Keras makes of cases. */
    readonly kerasJudge: string;
  }
}

const environment = pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt'), shareLibraries);

/**
 * Vitest's global set-up: the Python environment with Keras, and one process of it that answers the tests of all files;
 * without it, the tests that need it are skipped. Gives what ends the process.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reason = await installEnvironment(environment).then(
    () => '',
    ({ message }: Error) => `pip cannot install Keras: ${message.split('\n')[0]}`,
  );
  project.provide('kerasMissing', reason);
  if (reason === '') return startJudge(project);
  process.stdout.write(`keras: all its tests are skipped: ${reason}\n`);
  return undefined;
}

async function startJudge(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-keras-'));
  const path = join(folder, 'judge');
  const judge = spawn(programOf(environment, 'python'), [join(import.meta.dirname, 'judge.py'), path]);
  let said = '';
  judge.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(judge, 'exit').then(([code]) => {
    if (code !== null) process.stdout.write(`keras: its process ended: ${said}\n`);
  });
  await Promise.race([once(judge.stdout, 'data'), ended]);
  project.provide('kerasJudge', path);
  return async () => {
    judge.kill();
    await ended;
    rmSync(folder, { recursive: true });
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
