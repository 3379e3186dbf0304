import { setTimeout as sleep } from 'node:timers/promises';
import { claim } from '../../base/claim.ts';

/**
 * Runs `work` while no other process does so under the same lock; waits for another's end. The lock of a process that
 * ended without releasing it is taken over. One that was suspended for long and taken over goes on when it wakes up, so
 * `work` has to publish its result by one rename.
 *
 * @param onWait called once, where there is something to wait for
 * @throws the file system's own error where the lock cannot be written.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait: () => void = () => {}): Promise<T> {
  let claimed = claim(path);
  if (claimed === undefined) onWait();
  for (; claimed === undefined; claimed = claim(path)) await sleep(200);
  try {
    return await work();
  } finally {
    claimed.release();
  }
}
