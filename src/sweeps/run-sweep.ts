import { join } from 'node:path';
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Executor } from './executor.ts';
import { openSweep } from './open-sweep.ts';
import { SweepDriver } from './sweep-driver.ts';
import type { SweepOutcome, SweepRequest } from './sweep-request.ts';

/**
 * Begins the sweep of a file, or goes on with it: with what its journal, the executor and the runs of its trials say,
 * so that a driver that was killed at any moment loses no trial and doubles none.
 *
 * @throws UserError where another process is at it, its file changed in mid-sweep, its journal is damaged, no trial
 *   reports the metric of its goal, or nothing can be recorded
 */
export async function runSweep(request: SweepRequest): Promise<SweepOutcome> {
  const { checked, tracker, need, fresh = false, emit } = request;
  const warn = (diagnostic: Diagnostic) => emit({ type: 'diagnostic', diagnostic });
  const opened = await openSweep({ checked, runsDirectory: tracker.runsDirectory, cpu: need.cpu, fresh, warn });
  try {
    const { former } = opened;
    if (former !== undefined) await stopJobs(request.openExecutor(jobsIn(former.folder)), former.jobs);
    const executor = request.openExecutor(jobsIn(opened.folder));
    try {
      return await new SweepDriver(request, opened, executor).run();
    } finally {
      await executor.close();
    }
  } finally {
    opened.close();
  }
}

/** Where an executor keeps what it has of the jobs of a sweep. */
export const jobsIn = (folder: string) => join(folder, 'jobs');

/**
 * Stops all jobs of a sweep, and lets go of the executor.
 *
 * @param jobs the beginning of their ids
 * @param onSome told how many there are, where there are any
 */
export async function stopJobs(executor: Executor, jobs: string, onSome?: (count: number) => void): Promise<void> {
  try {
    const known = await executor.list(jobs);
    const open = known.filter(({ state }) => state === 'queued' || state === 'running');
    if (open.length > 0) onSome?.(open.length);
    await Promise.all(open.map(({ id }) => executor.stop(id)));
  } finally {
    await executor.close();
  }
}
