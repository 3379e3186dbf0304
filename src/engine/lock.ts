import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFile } from '../base/files.ts';
import { isGone, type Owner, self } from '../base/owner.ts';

const beat = 2_000;
/** Some missed beats: the owner is gone, whatever its process id says (another host; a number used again). */
const silence = 15 * beat;

/**
 * Runs `work` while no other process does so under the same lock file; waits for another's end. The lock of a process
 * that ended without releasing it is taken over. It saves doubled work and no more: two processes that take over at the
 * same instant may both run, so `work` has to publish its result by one rename.
 *
 * @param onWait called once, with the process waited for
 * @throws the file system's own error where the lock file cannot be written.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait: (owner: Owner | undefined) => void = () => {}): Promise<T> {
  const mine = JSON.stringify(self());
  for (let waited = false; !createFile(path, mine); ) {
    const owner = readOwner(path);
    if (isStale(path, owner)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!waited) onWait(owner);
    waited = true;
    await sleep(200);
  }
  const heart = setInterval(() => touch(path), beat);
  try {
    return await work();
  } finally {
    clearInterval(heart);
    rmSync(path, { force: true });
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined; // released in the meantime, or just being written
  }
}

function isStale(path: string, owner: Owner | undefined): boolean {
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return false;
  return (owner !== undefined && isGone(owner)) || Date.now() - touched > silence;
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken over after a long sleep of the machine: going on is safe, see above.
  }
}
