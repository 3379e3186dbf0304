import { spawnSync } from 'node:child_process';
import { linkSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { layout } from '../../src/engine/install/engine-entry.ts';
import { engineSite } from '../../src/engine/install/engine-site.ts';
import { installEnvironment, programOf, pythonEnvironment } from '../python-environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why Keras cannot be had on this machine; empty where it is there. */
    readonly kerasMissing: string;
  }
}

const environment = pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt'), shareLibraries);

/** The Python that has Keras; there once `setup` has run. */
export const pythonProgram = programOf(environment, 'python');

/** Vitest's global set-up: the Python environment with Keras; without it, the tests that need it are skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const reason = await installEnvironment(environment).then(
    () => '',
    ({ message }: Error) => `pip cannot install Keras: ${message.split('\n')[0]}`,
  );
  if (reason !== '') process.stdout.write(`keras: all its tests are skipped: ${reason}\n`);
  project.provide('kerasMissing', reason);
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
