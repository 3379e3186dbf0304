import { closeSync, constants, fstatSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { besideName, createFile, makeFolder } from './files.ts';
import { silence, startBeating, stopBeating } from './heartbeat.ts';
import { isAlive, readOwner, self } from './owner.ts';
import { readWithin } from './read-file.ts';

/** The right to write something, which one process has at a time. */
export interface Claim {
  /** Gives it back; a process that ends without that is taken over. */
  release(): void;
}

/** Milliseconds that a claim may take to be written. */
const writing = 5000;

/**
 * Milliseconds after which what seems to be silent is looked at again: two beats and some. A clock may have been set,
 * or a machine just woken up, with the beat still to come.
 */
const again = 4500;

/** Claims that were silent for too long at a first look, and when that was. */
const suspects = new Map<string, { readonly written: number; readonly since: number }>();

/** The files of this process's claims, by what they are on. */
const held = new Map<string, string>();

/**
 * Claims a thing for this process, by a file `PATH.owner.N` that names it, and that it writes anew every two seconds. A
 * claim whose process has ended is taken over by making the file of the next number, which only one process can; so a
 * claim is never taken from a new owner. Whether a process has ended is seen at once in the same system and PID
 * namespace; of one in another container or on another host, by its silence.
 *
 * @returns undefined while a process has it that lives, or may live
 * @throws the file system's own error where the file cannot be written
 */
export function claim(path: string): Claim | undefined {
  makeFolder(dirname(path));
  const last = numbers(path).at(-1);
  if (last !== undefined && isHeld(fileOf(path, last))) return undefined;
  const mine = fileOf(path, (last ?? 0n) + 1n);
  const content = JSON.stringify(self());
  if (!createFile(mine, content)) return undefined;
  // Meanwhile others may have taken over, given back and claimed again, from number 1 on.
  const others = numbers(path)
    .map((number) => fileOf(path, number))
    .filter((file) => file !== mine);
  if (others.some(isHeld)) {
    removeIfPossible(mine);
    return undefined;
  }
  others.forEach(removeIfPossible);
  held.set(path, mine);
  startBeating(mine, content);
  return {
    release: () => {
      stopBeating(mine);
      if (isMine(path)) removeIfPossible(mine);
      held.delete(path);
    },
  };
}

/** Whether a process that lives, or may live, has claimed the thing. */
export function isClaimed(path: string): boolean {
  const last = numbers(path).at(-1);
  return last !== undefined && isHeld(fileOf(path, last));
}

/**
 * Whether this process still has what it claimed. One that was suspended (a closed lid, a paused container, SIGSTOP)
 * seems to be dead, and may have been taken over: it has to ask before it writes.
 */
export function isMine(path: string): boolean {
  const file = held.get(path);
  try {
    return file !== undefined && textOf(file) === JSON.stringify(self());
  } catch (error) {
    // A disk in trouble says nothing of it.
    return !isAbsent(error) && (error as NodeJS.ErrnoException).code !== 'EFBIG';
  }
}

/**
 * Finds out whether the process that claimed the thing lives, however long that takes: some seconds where it is in
 * another container or on another host.
 *
 * @param onWatch called once, where it takes long
 */
export async function isAtWork(path: string, onWatch: () => void): Promise<boolean> {
  const [last] = numbers(path).slice(-1);
  if (last === undefined) return false;
  const file = fileOf(path, last);
  const seen = timeOf(file);
  let lives = judge(file);
  if (lives === undefined) onWatch();
  for (; lives === undefined; lives = judge(file)) {
    await sleep(200);
    if (timeOf(file) !== seen) return isClaimed(path);
  }
  return lives;
}

/**
 * Waits until all that seemed silent may be looked at again.
 *
 * @param signal aborted to leave it at one look
 * @returns whether anything did, and may be
 */
export async function untilSecondLook(signal?: AbortSignal): Promise<boolean> {
  const last = [...suspects.values()].reduce((latest, { since }) => Math.max(latest, since), -Infinity);
  if (last === -Infinity) return false;
  // A timer may be early by a fraction of a millisecond.
  return sleep(Math.max(0, last + again - performance.now()) + 20, true, { ...(signal && { signal }) }).catch(
    () => false,
  );
}

/** The thing that a file is a claim on, or undefined for any other file. @param name without its folder */
export function claimedBy(name: string): string | undefined {
  return /^(.+)\.owner\.[1-9]\d*$/.exec(name)?.[1];
}

function fileOf(path: string, number: bigint): string {
  return `${path}.owner.${number}`;
}

/**
 * In their order. A file from elsewhere may have any, and where there is none above it, the claim could never be taken
 * over.
 */
function numbers(path: string): readonly bigint[] {
  const start = `${basename(path)}.owner.`;
  const ends = readdirSync(dirname(path))
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
  return ends
    .filter((end) => /^[1-9]\d*$/.test(end))
    .map(BigInt)
    .sort((a, b) => (a < b ? -1 : 1));
}

function isHeld(file: string): boolean {
  return judge(file) !== false;
}

/** Whether the owner that a file names lives; undefined: time will tell. */
function judge(file: string): boolean | undefined {
  const owner = readOwner(contentOf(file));
  const lives = owner === undefined ? undefined : isAlive(owner);
  if (lives !== undefined) return lives;
  const written = timeOf(file);
  if (written === undefined) return false;
  // A clock that was set back makes a file of the future of it.
  const age = Math.abs(timeNow(dirname(file)) - written);
  // Without an owner: just being written, or by a process that was killed while it wrote.
  if (owner === undefined) return age > writing ? false : undefined;
  return age > silence && isStillSilent(file, written) ? false : undefined;
}

function isStillSilent(file: string, written: number): boolean {
  const before = suspects.get(file);
  if (before?.written === written) return performance.now() - before.since >= again;
  suspects.set(file, { written, since: performance.now() });
  return false;
}

/** @throws the file system's own error; one with the code EFBIG where it is none of a claim */
function textOf(file: string): string {
  return opened(file, reading, (handle) => new TextDecoder().decode(readWithin(handle, 4096)));
}

function contentOf(file: string): string {
  try {
    return textOf(file);
  } catch (error) {
    // Another user's claim that this one may not read: only its silence tells of its owner.
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') ? JSON.stringify(hiddenOwner) : '';
  }
}

/**
 * When a file was written; undefined where it is gone. It is opened for that, as a network file system tells old times
 * otherwise.
 */
function timeOf(file: string): number | undefined {
  try {
    return opened(file, reading, (handle) => fstatSync(handle).mtimeMs);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  }
}

const hiddenOwner = { pid: 1, space: 'hidden', started: '', nonce: '' };

/** The time now, by the clock of whoever has the disk: that of a file which is made for it. */
function timeNow(folder: string): number {
  const probe = join(folder, besideName());
  try {
    return opened(probe, 'wx', (handle) => fstatSync(handle).mtimeMs);
  } catch {
    return Date.now();
  } finally {
    removeIfPossible(probe);
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A pipe in the place of a file holds nobody up. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function opened<T>(path: string, flags: number | 'wx', look: (handle: number) => T): T {
  const handle = openSync(path, flags);
  try {
    return look(handle);
  } finally {
    closeSync(handle);
  }
}

// A disk that cannot be written any more ends nothing: when this process has ended, the claim counts no longer.
function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // See above.
  }
}

/**
 * Milliseconds since the last sign of life of the process that claimed a thing, where only its silence can tell;
 * otherwise undefined.
 */
export function silentFor(path: string): number | undefined {
  const last = numbers(path).at(-1);
  if (last === undefined) return undefined;
  const file = fileOf(path, last);
  const written = judge(file) === undefined ? timeOf(file) : undefined;
  return written === undefined ? undefined : Math.abs(timeNow(dirname(file)) - written);
}
