import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, claim, isAtWork } from '../base/claim.ts';
import { misuse } from '../base/diagnostics.ts';
import { createFile } from '../base/files.ts';
import type { Executor } from './executor.ts';
import { type FoundSweep, claimOf, endingOf, jobsOf, sweepOf } from './open-sweep.ts';
import { jobsIn, stopJobs } from './run-sweep.ts';
import { stopFile } from './sweep-driver.ts';
import type { SweepEnding } from './sweep-events.ts';

/** A sweep that is to end. */
export interface StopRequest {
  readonly file: string;
  readonly runsDirectory: string;
  /** Called where a driver was killed, which may have left jobs. @param folder of the sweep's own */
  readonly openExecutor: (folder: string) => Executor;
  readonly tell: (text: string) => void;
}

/**
 * Ends the sweep that another process is at, or the jobs that one which was killed has left. What became of these the
 * next driver finds out, as after any kill.
 *
 * @returns how its last driver ended; undefined: it was killed
 * @throws UserError where there is none, or its executor cannot be reached
 */
export async function stopSweep(request: StopRequest): Promise<SweepEnding | undefined> {
  const claimed = await whenLeft(request);
  try {
    const found = foundOf(request);
    const ending = endingOf(found);
    if (ending === undefined) await stopLeft(found, request);
    return ending;
  } finally {
    claimed.release();
  }
}

/** Asks the drivers of a sweep to end until there is none, and keeps others from beginning. */
async function whenLeft(request: StopRequest): Promise<Claim> {
  const { file, runsDirectory, tell } = request;
  const path = claimOf(runsDirectory, file);
  const told = new Set<string>();
  const tellOnce = (text: string): void => {
    if (!told.has(text)) tell(text);
    told.add(text);
  };
  for (;;) {
    const { folder } = foundOf(request);
    if (await isAtWork(path, () => tellOnce('waiting for a sign of life of its driver'))) {
      // Each time: one that just begins removes what was meant for the driver before it, or begins another folder.
      createFile(stopFile(folder), '');
      tellOnce('stopping its trials ...');
      await sleep(100);
    } else {
      const claimed = claim(path);
      if (claimed !== undefined) return claimed;
    }
  }
}

async function stopLeft({ folder, head, former }: FoundSweep, { openExecutor, tell }: StopRequest): Promise<void> {
  const jobs = [...(former === undefined ? [] : [former]), { folder, jobs: jobsOf(head) }];
  for (const { folder: of, jobs: ids } of jobs)
    await stopJobs(openExecutor(jobsIn(of)), ids, (count) =>
      tell(`stopping ${count} ${count === 1 ? 'trial' : 'trials'} that a killed driver left ...`),
    );
}

function foundOf({ file, runsDirectory }: StopRequest): FoundSweep {
  const found = sweepOf(runsDirectory, file);
  if (found !== undefined) return found;
  const hint = 'name the folder of its runs with --runs';
  throw misuse('no-sweep', `no sweep of ${file} was begun in ${runsDirectory}`, hint);
}
