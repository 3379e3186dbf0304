import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installEnvironment, pythonEnvironment } from '../python-environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why Optuna cannot be had on this machine; empty where it is there. */
    readonly optunaMissing: string;
  }
}

/** What has the real Optuna; there once `setup` has run. */
export const environment = pythonEnvironment('optuna', join(import.meta.dirname, 'requirements.txt'));

/** Vitest's global set-up: the Python environment with Optuna; without it, the tests that need it are skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const reason = await installEnvironment(environment).then(
    () => '',
    ({ message }: Error) => `pip cannot install Optuna: ${message.split('\n')[0]}`,
  );
  project.provide('optunaMissing', reason);
  if (reason !== '') process.stdout.write(`optuna: all its tests are skipped: ${reason}\n`);
}
