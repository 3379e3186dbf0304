import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from '../base/diagnostics.ts';
import { connectTo } from '../tracking/choose-tracker.ts';
import { type Delivered, deliverBacklog } from '../tracking/deliver-backlog.ts';
import { closeOrphans } from '../tracking/orphans.ts';

/** What earlier runs left undone, done beside this one. */
export interface EarlierRuns {
  /** Closes the runs whose process is gone, and begins to deliver what servers do not have. To be called once this run has begun. */
  begin(): void;
  /** Waits `patienceMs` for the rest, and tells what is left. */
  end(patienceMs: number): Promise<void>;
}

/** @param uri the tracking URI of this run, whose credentials are good for its server */
export function tendEarlierRuns(runsDirectory: string, uri: string | undefined, warn: (warning: Diagnostic) => void): EarlierRuns {
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    const left: Delivered[] = [];
    try {
      closeOrphans(runsDirectory, warn);
      for await (const done of deliverBacklog({ runsDirectory, connect: (address) => connectTo(address, uri), warn, signal: stop.signal })) {
        if (done.waiting > 0) left.push(done);
      }
    } catch (error) {
      // Earlier runs must never end this one.
      warn({ code: 'earlier-runs', severity: 'warning', message: `earlier runs could not be tended: ${(error as Error).message}` });
    }
    const addresses = [...new Set(left.map(({ address }) => address))];
    if (left.length > 0) warn({ code: 'not-delivered', severity: 'warning', message: `${left.length} earlier ${left.length === 1 ? 'run waits' : 'runs wait'} for ${addresses.join(', ')}`, hint: '`pipeline sync` tells why, and delivers them' });
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
