import { join } from 'node:path';
import { isProgram } from './start-program.ts';

/** The Python of the environment that the user has activated, or the first on the PATH. */
export function pythonPath(): string {
  const active = join(process.env['VIRTUAL_ENV'] ?? '', 'bin', 'python');
  return process.env['VIRTUAL_ENV'] !== undefined && isProgram(active) ? active : 'python3';
}
