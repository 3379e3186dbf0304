import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { either, hasForm, object, optional, such, text, whole } from './json-form.ts';
import { outputOf } from './start-program.ts';

/** A process, as the content of a claim tells it. */
export interface Owner {
  readonly pid: number;
  /** Within what the number means one process: the start of the system, and the PID namespace. */
  readonly space: string;
  /** When it was started, in the system's own terms: a number that is used again is another process. Empty: unknown. */
  readonly started: string;
  /** No other process has it, wherever it runs. */
  readonly nonce: string;
}

/** As versions before wrote it. */
interface FormerOwner {
  readonly pid: number;
  readonly host: string;
  /** On Linux with the id of the boot before it. */
  readonly started?: string;
}

const pid = such(whole, (number) => number > 0);
const form = either(
  object({ pid, space: text(), started: text(), nonce: text() }),
  such(object({ pid, host: text(), started: optional(text()) }), (owner) => !('space' in owner)),
);

let own: Owner | undefined;

/** This process. */
export function self(): Owner {
  own ??= { pid: process.pid, space: spaceOf() ?? randomUUID(), started: startOf('self') ?? '', nonce: randomUUID() };
  return own;
}

/** What a claim says of its owner; undefined for anything that is none. */
export function readOwner(content: string): Owner | FormerOwner | undefined {
  try {
    const owner: unknown = JSON.parse(content);
    return hasForm(form, owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a process lives; undefined where that cannot be seen from here: it is in another container, or on another
 * host.
 */
export function isAlive(owner: Owner | FormerOwner): boolean | undefined {
  const boot = bootOf();
  const isNear =
    'space' in owner
      ? owner.space === self().space
      : owner.host === hostname() && !(process.platform === 'linux' && boot === undefined);
  if (!isNear) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = 'space' in owner || boot === undefined ? owner.started : owner.started?.replace(`${boot} `, '');
  const now = startOf(owner.pid);
  if (now === undefined || started === undefined || started === '') return 'space' in owner ? undefined : true;
  return now === started;
}

/**
 * Whether the number of a process, of this very space, means another one now. Of one that has ended and of which
 * nobody has taken note it does not: the system gives a number again when that, and its group, are gone.
 */
export function isReused({ pid, started }: Owner): boolean {
  const now = ifTold(() => statOf(pid)?.[19]) ?? startOf(pid);
  return now !== undefined && now !== '' && now !== started;
}

function bootOf(): string | undefined {
  // Hardened containers hide it, or lay /dev/null over it.
  return ifTold(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || undefined);
}

function spaceOf(): string | undefined {
  switch (process.platform) {
    case 'linux': {
      // A namespace has its number from its first process to its last, in one boot. The first one's is the same on all
      // hosts.
      const boot = bootOf();
      return boot === undefined ? undefined : ifTold(() => `${boot} ${readlinkSync('/proc/self/ns/pid')}`);
    }
    case 'darwin':
      return ifTold(() => outputOf('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {}));
    default:
      return hostname();
  }
}

/**
 * When a process started; undefined where the system does not tell. One that only waits to be taken note of has no
 * start any more.
 */
function startOf(pid: number | 'self'): string | undefined {
  if (process.platform !== 'linux') {
    const number = String(pid === 'self' ? process.pid : pid);
    return ifTold(() => outputOf('/bin/ps', ['-o', 'lstart=', '-p', number], { LC_ALL: 'C', TZ: 'UTC' }));
  }
  return ifTold(() => {
    const fields = statOf(pid);
    return fields?.[0] === 'Z' || fields?.[0] === 'X' ? 'ended' : fields?.[19];
  });
}

/**
 * What proc(5) says of a process from field 3 on: its state; the ticks from the boot to its start are field 22. The
 * name in field 2 may hold blanks and parentheses. @throws where there is none, or no such file system
 */
function statOf(pid: number | 'self'): readonly string[] | undefined {
  // The numbers in /proc may be those of the namespace outside.
  if (pid !== 'self' && readlinkSync('/proc/self') !== String(process.pid)) return undefined;
  return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
}

function ifTold(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
