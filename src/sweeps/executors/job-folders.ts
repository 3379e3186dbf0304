import { closeSync, fstatSync, readSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createFile, makeFolder } from '../../base/files.ts';
import { openFile, readFileWithin } from '../../base/read-file.ts';
import type { JobState } from '../executor.ts';

/** Names as jobs have them: they become names of folders, of Ray's and of Slurm's jobs. */
const jobId = /^[A-Za-z0-9][\w.-]{0,199}$/;

/** Bytes of a log that are read, from its end. */
export const longestLog = 1 << 20;

/** @throws Error where it cannot be one: who makes the ids is to blame */
export function expectId(id: string): void {
  if (!jobId.test(id)) throw new Error(`'${id}' cannot be the id of a job`);
}

/** Whether a job is one of a sweep's. @param sweep the beginning of its jobs' ids, without the dash */
export function belongsTo(id: string, sweep: string): boolean {
  return jobId.test(id) && id.startsWith(`${sweep}-`);
}

/**
 * What a shell does for a job whose folder is `$folder`, once it has made `$mine`: it takes the job by a link, which
 * only one can make, runs it, and says by a rename how it ended. A signal to all of the group ends the program, and not
 * the shell.
 *
 * @param other what is done where another has taken it: `exit 0`, unless a condition holds
 */
export function takeAndRun(other: string): string {
  return `
ln "$mine" "$folder/claim" 2>/dev/null || ${other}
rm -f "$mine"
exec >>"$folder/log" 2>&1
trap : TERM INT HUP
cd "$work" && [ ! -e "$folder/stopping" ] && "$@"
echo "$?" >"$folder/exit.$$" && mv "$folder/exit.$$" "$folder/exit"
`;
}

/** The folders that the jobs of an executor have, each called as the job: who has taken it, its output, its end. */
export class JobFolders {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(id: string): string {
    expectId(id);
    return join(this.#folder, id);
  }

  /** Makes the folder of a job, with one to work in. @returns its path @throws the file system's own error */
  make(id: string): string {
    const folder = this.pathOf(id);
    makeFolder(join(folder, 'work'));
    return folder;
  }

  /** Every job that has a folder. @param sweep left out: of all sweeps */
  ids(sweep?: string): readonly string[] {
    try {
      return readdirSync(this.#folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && jobId.test(entry.name))
        .map(({ name }) => name)
        .filter((id) => sweep === undefined || belongsTo(id, sweep));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** A small file of a job's; undefined where there is none. */
  read(id: string, name: string): string | undefined {
    try {
      return Buffer.from(readFileWithin(join(this.pathOf(id), name), 4096)).toString();
    } catch {
      return undefined;
    }
  }

  /** Notes that a job is to be stopped, so that its end is known for that. @throws the file system's own error */
  markStopping(id: string): void {
    createFile(join(this.pathOf(id), 'stopping'), '');
  }

  isStopping(id: string): boolean {
    return this.read(id, 'stopping') !== undefined;
  }

  /** How a job ended by its own record; undefined where it has none. */
  endOf(id: string): JobState | undefined {
    const code = /^(\d{1,3})\n$/.exec(this.read(id, 'exit') ?? '')?.[1];
    return code === undefined ? undefined : endedWith(id, Number(code), this.isStopping(id));
  }

  /** The end of what a job printed; undefined where nothing is kept of it. */
  logOf(id: string): string | undefined {
    let file: number;
    try {
      file = openFile(join(this.pathOf(id), 'log'));
    } catch {
      return undefined;
    }
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, longestLog));
      const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.subarray(0, length).toString();
    } finally {
      closeSync(file);
    }
  }
}

/** How a job stands that ended by itself, or by a signal. @param code as a shell has it: 128 and more for signals */
export function endedWith(id: string, code: number, isStopped: boolean): JobState {
  if (isStopped) return { id, state: 'stopped', exitCode: code };
  if (code === 0) return { id, state: 'done', exitCode: 0 };
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return {
    id,
    state: 'failed',
    exitCode: code,
    reason: signal === undefined ? `it ended with exit code ${code}` : `it was killed by ${signal}`,
  };
}
