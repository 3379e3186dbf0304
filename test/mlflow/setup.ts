import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const requirements = join(import.meta.dirname, 'requirements.txt');
const version = /^mlflow==(.+)$/m.exec(readFileSync(requirements, 'utf8'))![1]!;
const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
const environment = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'layerline', `test-mlflow-${version}`);

/** Programs of the real MLflow that the tests run; there once `setup` has run. */
export const mlflowProgram = join(environment, 'bin', 'mlflow');
export const pythonProgram = join(environment, 'bin', 'python');

/**
 * Vitest's global set-up: makes the Python environment with the real MLflow, once per user and list of requirements.
 * It is built in a folder of its own that a symbolic link then points to, so that a kill half-way leaves nothing that
 * looks whole; two at once build it twice, and the last link wins.
 */
export default async function setup(): Promise<void> {
  if (existsSync(mlflowProgram) && readlinkSync(environment).includes(digest)) return;
  const built = `${environment}-${digest}-${process.pid}`;
  const run = promisify(execFile);
  mkdirSync(dirname(environment), { recursive: true });
  removeLeftovers();
  try {
    await run('python3', ['-m', 'venv', built]);
    await run(join(built, 'bin', 'pip'), ['install', '--quiet', '--no-deps', '--disable-pip-version-check', '--requirement', requirements]);
  } catch (error) {
    rmSync(built, { recursive: true, force: true });
    throw new Error(`cannot install the MLflow that the tests use: ${(error as Error).message}`, { cause: error });
  }
  symlinkSync(basename(built), `${built}.link`);
  renameSync(`${built}.link`, environment);
}

// What a killed set-up, or an older list of requirements, left: some 400 MB each.
function removeLeftovers(): void {
  const folder = dirname(environment);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${basename(environment)}-`))) {
    if (!isRunning(Number(/-(\d+)(\.link)?$/.exec(name)?.[1]))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
