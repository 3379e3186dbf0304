import { join } from 'node:path';
import { installEnvironment, pythonEnvironment } from '../python-environment.ts';

/** What has moto, a server of S3, and botocore, AWS's own client; there once `setup` has run. */
export const environment = pythonEnvironment('moto', join(import.meta.dirname, 'requirements.txt'));

/** Vitest's global set-up: the Python environment with moto. */
export default async function setup(): Promise<void> {
  await installEnvironment(environment).catch((error: Error) => {
    throw new Error(`cannot install the S3 that the tests use: ${error.message}`, { cause: error });
  });
}
