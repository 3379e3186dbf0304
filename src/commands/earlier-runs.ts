import { setTimeout as sleep } from 'node:timers/promises';
import { untilSecondLook } from '../base/claim.ts';
import { type Diagnostic, warning } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import { deliverBacklog, surveyBacklog } from '../tracking/server/deliver-backlog.ts';
import { closeOrphans } from '../tracking/server/orphans.ts';
import { addressWord, plainAddress, type ServerAddress } from '../tracking/server/server-address.ts';
import { firstOf, type OfRun, tellAlike } from './tell-alike.ts';

/** What earlier runs left undone, done beside this one. */
export interface EarlierRuns {
  /**
   * Closes the runs whose process is gone, and begins to deliver what this run's server does not have. To be called
   * once this run has begun.
   */
  begin(): void;
  /** Waits `patienceMs` for the rest, and tells what is left. */
  end(patienceMs: number): Promise<void>;
}

/**
 * Closes the runs whose process is gone, and removes what was only half made of one. For work whose runs are not this
 * process's alone: nothing is delivered, as whoever does that has the run meanwhile.
 *
 * @returns closes those too that were silent at this first look, to be called at the end
 */
export function closeEarlierRuns(
  runsDirectory: string,
  warn: (warning: Diagnostic) => void,
): (signal: AbortSignal) => Promise<void> {
  const found: OfRun[] = [];
  try {
    closeOrphans(runsDirectory, (warning) => void found.push({ warning }));
  } catch (error) {
    found.push({ warning: untended(error) });
  }
  tellAlike(found).forEach(warn);
  return async (signal) => {
    if (await untilSecondLook(signal)) closeOrphans(runsDirectory, () => undefined);
  };
}

/** @param server of this run: nothing goes to any other */
export function tendEarlierRuns(
  runsDirectory: string,
  server: ServerAddress | undefined,
  warn: (warning: Diagnostic) => void,
): EarlierRuns {
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    const found: OfRun[] = [];
    const told = new Set<string>();
    const note = (warning: Diagnostic): void => void found.push({ warning });
    try {
      try {
        closeOrphans(runsDirectory, note);
        if (server !== undefined) {
          for await (const { runId, waiting, undelivered } of deliverBacklog({
            runsDirectory,
            server,
            env: process.env,
            warn: note,
            signal: stop.signal,
          })) {
            if (waiting > 0 && undelivered.length === 0) told.add(runId);
          }
        }
      } finally {
        tellAlike(found).forEach(warn);
      }
      if (await untilSecondLook(stop.signal)) closeOrphans(runsDirectory, () => undefined);
      describeWaiting(await countWaiting(runsDirectory, told), server).forEach(warn);
    } catch (error) {
      warn(untended(error));
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

/** Earlier runs must never end this one. */
function untended(error: unknown): Diagnostic {
  return warning('earlier-runs', `earlier runs could not be tended: ${(error as Error).message}`);
}

/**
 * How many runs wait for which server, by the address that their journals have.
 *
 * @param told ids of runs that do not count
 */
export async function countWaiting(
  runsDirectory: string,
  told: ReadonlySet<string> = new Set(),
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { runId, address, waiting } of surveyBacklog(runsDirectory)) {
    if (address !== undefined && waiting > 0 && !told.has(runId)) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

/**
 * Says how what waits for servers gets there: one line for each, or for all where there are many.
 *
 * @param counts address -> how many runs
 * @param server that this command names: no other stands in one to be copied, as a journal may come from elsewhere
 */
export function describeWaiting(
  counts: ReadonlyMap<string, number>,
  server: ServerAddress | undefined,
): readonly Diagnostic[] {
  const named = server === undefined ? undefined : plainAddress(server.uri);
  if (counts.size <= mostServers)
    return [...counts].map(([address, count]) =>
      waiting(count, shorten(address, 200), address === named ? addressWord(address) : 'ADDRESS'),
    );
  const sum = [...counts.values()].reduce((all, count) => all + count, 0);
  return [waiting(sum, `${counts.size} servers (${firstOf([...counts.keys()])})`, 'ADDRESS')];
}

const mostServers = 3;

function waiting(count: number, where: string, to: string): Diagnostic {
  const message =
    `${count} earlier ${count === 1 ? 'run waits' : 'runs wait'} for ${where}: ` +
    `\`pipeline sync --to ${to}\` delivers ${count === 1 ? 'it' : 'them'}`;
  return warning('not-delivered', message);
}
