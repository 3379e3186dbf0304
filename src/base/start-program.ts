import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** How a program is started. */
export interface ProgramOptions {
  /** Left out: this process' own. Either way without what leads an interpreter to code of the current folder. */
  readonly env?: NodeJS.ProcessEnv;
  /** Left out: the program's own folder. */
  readonly cwd?: string;
  /** Whether it leads a process group of its own. */
  readonly detached?: boolean;
  /** Its abortion kills the program. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a program: the one place where it is done, so that nothing of the folder that the user stands in becomes code.
 * It is not looked for there, and does not work there: it works in the folder that it lies in itself, since whoever can
 * put a file there can replace the program too.
 *
 * @param command a path, which is the user's word, or a name on the PATH
 * @throws ENOENT where there is no such program
 */
export function startProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): ChildProcessByStdio<null, Readable, Readable> {
  const program = findProgram(command);
  return spawn(program, args, { ...surroundings(program, options), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts a program that is also written to, in the same way. @throws ENOENT where there is no such program */
export function startDialogue(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  const program = findProgram(command);
  return spawn(program, args, { ...surroundings(program, options), stdio: ['pipe', 'pipe', 'pipe'] });
}

function surroundings(program: string, { env, cwd, detached, signal }: ProgramOptions) {
  return {
    cwd: cwd ?? dirname(program),
    env: environment(env),
    detached: detached ?? false,
    ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const }),
  };
}

/** What a short program of the system prints. @throws Error where it is not there, or fails */
export function outputOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const program = findProgram(command);
  const more = { PATH: programFolders().join(delimiter), ...env };
  return execFileSync(program, args, {
    cwd: dirname(program),
    encoding: 'utf8',
    env: more,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/**
 * The folders of the PATH that programs are taken from: not the current one, however it is named, nor the
 * `node_modules/.bin` of it and of all above it, which npx puts before the user's own.
 */
export function programFolders(path = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'): readonly string[] {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !isBin(folder) && realPath(folder) !== realPath('.'));
}

/** Whether a path leads to a program that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function findProgram(command: string): string {
  const isPath = isAbsolute(command) || command.includes('/');
  const found = isPath
    ? resolve(command)
    : programFolders()
        .map((folder) => join(folder, command))
        .find(isProgram);
  if (found !== undefined && isProgram(found)) return found;
  throw Object.assign(new Error(`there is no program ${command}`), { code: 'ENOENT' });
}

const isBin = (folder: string) => basename(folder) === '.bin' && basename(dirname(folder)) === 'node_modules';

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/**
 * Python takes code from where PYTHONPATH, PYTHONHOME or PYTHONSTARTUP lead, and with `-m` from the folder that it
 * works in.
 */
function environment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !name.startsWith('PYTHON'));
  return { ...Object.fromEntries(own), PATH: programFolders(env['PATH']).join(delimiter), PYTHONSAFEPATH: '1' };
}
