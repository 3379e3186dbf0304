import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, JobState } from '../src/sweeps/executor.ts';

/**
 * Looks five times a second until something holds.
 *
 * @throws Error where it does not within so many seconds
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
  for (let looks = 0; looks < 5 * seconds; looks++) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error(`not after ${seconds} s: ${what}`);
}

/** As `until`, of the jobs of a sweep. @returns how they stand then */
export async function untilJobs(
  executor: Executor,
  sweep: string,
  holds: (states: readonly JobState[]) => boolean,
  seconds: number,
): Promise<readonly JobState[]> {
  let states: readonly JobState[] = [];
  const look = async () => holds((states = await executor.list(sweep)));
  await until(`what jobs of ${sweep} are to be`, look, seconds).catch((error: unknown) => {
    throw new Error(`they are ${JSON.stringify(states)}`, { cause: error });
  });
  return states;
}

/** Whether all jobs are in one of some states. */
export const all = (...wanted: readonly JobState['state'][]) => {
  return (states: readonly JobState[]) => states.every(({ state }) => wanted.includes(state));
};
