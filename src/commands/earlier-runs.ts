import { setTimeout as sleep } from 'node:timers/promises';
import { untilSecondLook } from '../base/claim.ts';
import type { Diagnostic } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { deliverBacklog, surveyBacklog } from '../tracking/deliver-backlog.ts';
import { closeOrphans } from '../tracking/orphans.ts';
import { isServerUri, type ServerAddress } from '../tracking/server-address.ts';

/** What earlier runs left undone, done beside this one. */
export interface EarlierRuns {
  /** Closes the runs whose process is gone, and begins to deliver what this run's server does not have. To be called once this run has begun. */
  begin(): void;
  /** Waits `patienceMs` for the rest, and tells what is left. */
  end(patienceMs: number): Promise<void>;
}

/** @param server of this run: nothing goes to any other */
export function tendEarlierRuns(runsDirectory: string, server: ServerAddress | undefined, warn: (warning: Diagnostic) => void): EarlierRuns {
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    try {
      closeOrphans(runsDirectory, warn);
      if (server !== undefined) for await (const _ of deliverBacklog({ runsDirectory, server, env: process.env, warn, signal: stop.signal }));
      if (await untilSecondLook(stop.signal)) closeOrphans(runsDirectory, () => undefined);
      for (const [address, count] of await countWaiting(runsDirectory)) warn(describeWaiting(address, count));
    } catch (error) {
      // Earlier runs must never end this one.
      warn({ code: 'earlier-runs', severity: 'warning', message: `earlier runs could not be tended: ${(error as Error).message}` });
    }
  };
  return {
    begin: () => {
      working ??= work();
    },
    end: async (patienceMs) => {
      await Promise.race([working, sleep(patienceMs, undefined, { ref: false })]);
      stop.abort();
      await working;
    },
  };
}

/** How many runs wait for which server, by the address that their journals have. @param told ids of runs that do not count */
export async function countWaiting(runsDirectory: string, told: ReadonlySet<string> = new Set()): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { runId, address, waiting } of surveyBacklog(runsDirectory)) {
    if (address !== undefined && waiting > 0 && !told.has(runId)) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

/** Says how what waits for a server gets there: one line. */
export function describeWaiting(address: string, count: number): Diagnostic {
  // A journal may come from elsewhere, and name anything: a flag, too.
  const to = isServerUri(address) && URL.canParse(address) ? shellWord(address) : 'ADDRESS';
  const message = `${count} earlier ${count === 1 ? 'run waits' : 'runs wait'} for ${address}: \`pipeline sync --to ${to}\` delivers ${count === 1 ? 'it' : 'them'}`;
  return { code: 'not-delivered', severity: 'warning', message };
}
