import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { outputOf } from './start-program.ts';

/** A process, as the name of a file or the content of a lock can tell it. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it was started, in the system's own terms: a number that is used again is another process. */
  readonly started?: string;
}

let own: Owner | undefined;

/** This process. */
export function self(): Owner {
  own ??= { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
  return own;
}

/** Whether a process is known to have ended. One on another host is not known to. */
export function isGone({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = started === undefined || started === '' ? undefined : startOf(pid);
  return now !== undefined && now !== started;
}

/** When a process started; undefined where the system does not tell. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return outputOf('ps', ['-o', 'lstart=', '-p', String(pid)], { LC_ALL: 'C', TZ: 'UTC' });
    // proc(5): field 22, in ticks since the boot; the name in field 2 may hold blanks and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
