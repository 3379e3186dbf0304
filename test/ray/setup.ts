import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installEnvironment, pythonEnvironment } from '../python-environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why Ray cannot be had on this machine; empty where it is there. */
    readonly rayMissing: string;
  }
}

/** What has the real Ray; there once `setup` has run. */
export const environment = pythonEnvironment('ray', join(import.meta.dirname, 'requirements.txt'));

/** Vitest's global set-up: the Python environment with Ray; without it, the tests that need it are skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const reason = await installEnvironment(environment).then(
    () => '',
    ({ message }: Error) => `pip cannot install Ray: ${message.split('\n')[0]}`,
  );
  project.provide('rayMissing', reason);
  if (reason !== '') process.stdout.write(`ray: all its tests are skipped: ${reason}\n`);
}
