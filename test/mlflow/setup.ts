import { join } from 'node:path';
import { installEnvironment, programOf, pythonEnvironment } from '../python-environment.ts';

/** What has the real MLflow; there once `setup` has run. */
export const environment = pythonEnvironment('mlflow', join(import.meta.dirname, 'requirements.txt'));

/** Programs of the real MLflow that the tests run; there once `setup` has run. */
export const mlflowProgram = programOf(environment, 'mlflow');
export const pythonProgram = programOf(environment, 'python');

/** Vitest's global set-up: the Python environment with the real MLflow. */
export default async function setup(): Promise<void> {
  await installEnvironment(environment).catch((error: Error) => {
    throw new Error(`cannot install the MLflow that the tests use: ${error.message}`, { cause: error });
  });
}
