import { shorten } from '../base/shorten.ts';
import type { Executor, JobState } from './executor.ts';
import type { TrialFacts } from './trial-runs.ts';

/** Why a job ended without a result, in one line: what its run says, else what it printed, else its executor. */
export async function whyFailed(
  executor: Executor,
  { id, reason }: JobState,
  { error }: Pick<TrialFacts, 'error'>,
): Promise<string> {
  if (error !== undefined) return shorten(error.split('\n')[0]!, 300);
  const logs = await executor.logs(id).catch(() => undefined);
  const told = /(?:^|\s)error [a-z-]+: (.+)$/m.exec(logs ?? '')?.[1];
  return shorten(told ?? reason ?? 'it ended without a result', 300);
}
