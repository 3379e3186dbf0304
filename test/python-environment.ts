import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const installer = 'uv==0.13.9';

/** A Python environment of the tests' own, in the user's cache. */
export interface PythonEnvironment {
  /** A symbolic link to where it is. */
  readonly folder: string;
  /** The list of its packages, every version pinned. */
  readonly requirements: string;
  /** Makes what was installed smaller. */
  readonly trim?: (folder: string) => void;
}

/** The environment that holds a package in the version of its list of requirements. */
export function pythonEnvironment(
  name: string,
  requirements: string,
  trim?: PythonEnvironment['trim'],
): PythonEnvironment {
  const version = new RegExp(`^${name}==(.+)$`, 'm').exec(readFileSync(requirements, 'utf8'))![1]!;
  const folder = join(
    process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'layerline',
    `test-${name}-${version}`,
  );
  return { folder, requirements, ...(trim === undefined ? {} : { trim }) };
}

/** Path of one of its programs; there once it is installed. */
export function programOf({ folder }: PythonEnvironment, name: string): string {
  return join(folder, 'bin', name);
}

/**
 * Makes the environment, once per user and list of requirements. It is built in a folder of its own that a symbolic
 * link then points to, so that a kill half-way leaves nothing that looks whole; two at once build it twice, and the
 * last link wins.
 *
 * @throws Error that says why Python or pip could not
 */
export async function installEnvironment({ folder, requirements, trim }: PythonEnvironment): Promise<void> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  if (existsSync(join(folder, 'bin', 'python')) && readlinkSync(folder).includes(digest)) return;
  const built = `${folder}-${digest}-${process.pid}`;
  const run = promisify(execFile);
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', built]);
    const program = (name: string) => join(built, 'bin', name);
    const install = ['install', '--quiet', '--no-deps'];
    const pip = (...what: string[]) =>
      run(program('pip'), [...install, '--disable-pip-version-check', '--retries', '2', ...what]);
    const what = ['--requirement', requirements];
    // uv takes less than half of pip's time, but does not read pip's settings, such as those of a mirror. What it
    // installs is compiled at once, as servers that start together would each do it.
    await pip(installer)
      .then(() =>
        run(program('uv'), [
          'pip',
          ...install,
          '--no-cache',
          '--compile-bytecode',
          '--python',
          program('python'),
          ...what,
        ]),
      )
      .catch(() => pip(...what));
    trim?.(built);
    symlinkSync(basename(built), `${built}.link`);
    renameSync(`${built}.link`, folder);
  } catch (error) {
    rmSync(built, { recursive: true, force: true });
    throw new Error(reasonOf(error as Error & { readonly stderr?: string }), { cause: error });
  } finally {
    removeLeftovers(folder);
  }
}

/** What pip says last, or why it could not be started. */
function reasonOf({ message, stderr = '' }: Error & { readonly stderr?: string }): string {
  return /^ERROR: (.*)$/m.exec(stderr)?.[1] ?? message;
}

// What a killed set-up, or an older list of requirements, left: some 400 MB each.
function removeLeftovers(environment: string): void {
  const folder = dirname(environment);
  const used = existsSync(environment) ? readlinkSync(environment) : undefined;
  for (const name of readdirSync(folder).filter(
    (entry) => entry.startsWith(`${basename(environment)}-`) && entry !== used,
  )) {
    if (!isRunning(Number(/-(\d+)(\.link)?$/.exec(name)?.[1])))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
