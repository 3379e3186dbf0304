import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createFile } from './files.ts';
import { isGone, type Owner, self } from './owner.ts';

/** The right to write something, which one process has at a time. */
export interface Claim {
  /** Gives it back; a process that ends without that is taken over. */
  release(): void;
}

/**
 * Claims a thing for this process, by a file `PATH.owner.N` that names it. A claim whose process has ended is taken
 * over by making the file of the next number, which only one process can; so a claim is never taken from a new owner.
 *
 * @returns undefined while a living process, or one on another host, has it
 * @throws the file system's own error where the file cannot be written
 */
export function claim(path: string): Claim | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const before = numbers(path);
  const last = before.at(-1);
  if (last !== undefined && isHeld(fileOf(path, last))) return undefined;
  const mine = fileOf(path, (last ?? 0) + 1);
  if (!createFile(mine, JSON.stringify(self()))) return undefined;
  const release = (): void => removeIfPossible(mine);
  // Meanwhile others may have taken over, given back and claimed again, from number 1 on.
  const others = numbers(path).map((number) => fileOf(path, number)).filter((file) => file !== mine);
  if (others.some(isHeld)) {
    release();
    return undefined;
  }
  others.forEach(removeIfPossible);
  return { release };
}

/** Whether a living process, or one on another host, has claimed the thing. */
export function isClaimed(path: string): boolean {
  const last = numbers(path).at(-1);
  return last !== undefined && isHeld(fileOf(path, last));
}

/** The thing that a file is a claim on, or undefined for any other file. @param name without its folder */
export function claimedBy(name: string): string | undefined {
  return /^(.+)\.owner\.\d+$/.exec(name)?.[1];
}

function fileOf(path: string, number: number): string {
  return `${path}.owner.${number}`;
}

function numbers(path: string): readonly number[] {
  const start = `${basename(path)}.owner.`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(start));
  return names.map((name) => Number(name.slice(start.length))).filter(Number.isInteger).sort((a, b) => a - b);
}

function isHeld(file: string): boolean {
  try {
    return !isGone(JSON.parse(readFileSync(file, 'utf8')) as Owner);
  } catch {
    // Just being written, or by a process that was killed while it wrote.
    const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Math.abs(Date.now() - touched) < 5000;
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
