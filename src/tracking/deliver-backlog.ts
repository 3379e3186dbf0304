import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { claim, claimedBy, isClaimed, isMine } from '../base/claim.ts';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { Delivery } from './delivery.ts';
import { Journal } from './journal.ts';
import { listExperiments } from './local-experiments.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { closeJournal, journalPath, openJournal, runOfJournal } from './open-journal.ts';
import type { Undelivered } from './tracker.ts';

/** What became of one run that its server did not have whole. */
export interface Delivered {
  readonly runId: string;
  /** The run's id on the server, where it is known. */
  readonly serverRunId: string | undefined;
  /** Of the server, without credentials. */
  readonly address: string;
  /** How many params, metric values, files, ... were delivered, and how many were not. */
  readonly delivered: number;
  readonly waiting: number;
  readonly undelivered: Undelivered;
}

/** Where earlier runs are delivered from, and to. */
export interface Backlog {
  readonly runsDirectory: string;
  /** A client for a server's address. @throws UserError where there can be none */
  readonly connect: (address: string) => MlflowClient;
  readonly warn: (warning: Diagnostic) => void;
  /** Aborted to leave the rest for later. */
  readonly signal: AbortSignal;
}

// How long a server may take nothing of a run.
const patienceMs = 30_000;

/** The folders of the runs that no process records and whose servers do not have all of them. */
export function listBacklog(runsDirectory: string): string[] {
  return listExperiments(runsDirectory).flatMap(({ directory }) => {
    const names = readdirSync(directory);
    const waiting = names.map(runOfJournal).filter((id) => id !== undefined);
    // One look at a folder of thousands is enough: most have no claim on them.
    const owned = new Set(names.map(claimedBy));
    return waiting.map((id) => join(directory, id)).filter((run) => !(owned.has(run.slice(-32)) && isClaimed(run)));
  });
}

/** Delivers what earlier runs left, one run at a time; a server that does not answer is asked once. Hundreds may wait for it: other work goes on in between. */
export async function* deliverBacklog({ runsDirectory, connect, warn, signal }: Backlog): AsyncGenerator<Delivered> {
  const silent = new Set<string>();
  for (const directory of listBacklog(runsDirectory)) {
    await setImmediate();
    if (signal.aborted) return;
    const passed = silent.size === 0 ? undefined : passOver(directory, connect, silent);
    if (passed !== undefined) {
      yield passed;
      continue;
    }
    const claimed = claim(directory);
    if (claimed === undefined) continue;
    try {
      const journal = openJournal(directory, warn);
      if (journal === undefined) continue;
      const client = connect(journal.destination!.address);
      const done = await deliver(journal, client, directory, signal);
      if (done.waiting > 0) silent.add(client.address);
      yield done;
    } catch (error) {
      // Of one run that cannot be read, or of one server's address: the others are delivered all the same.
      for (const diagnostic of error instanceof UserError ? error.diagnostics : [{ code: 'not-delivered', severity: 'warning' as const, message: (error as Error).message }]) warn({ ...diagnostic, severity: 'warning' });
    } finally {
      claimed.release();
    }
  }
}

async function deliver(journal: Journal, client: MlflowClient, directory: string, signal: AbortSignal): Promise<Delivered> {
  if (!existsSync(join(directory, 'meta.yaml'))) return closeGhost(journal, client, directory, signal);
  const before = countItems(journal);
  const delivery = new Delivery(client, journal, () => join(directory, 'artifacts'), () => isMine(directory));
  const stop = (): void => delivery.giveUp();
  signal.addEventListener('abort', stop);
  const undelivered = await delivery.finish({ answering: patienceMs, silent: patienceMs });
  signal.removeEventListener('abort', stop);
  closeJournal(journal, directory);
  return { ...about(journal, client.address, directory), delivered: before - countItems(journal), undelivered };
}

/** A run whose server did not answer another one; it is looked at without a claim, which would take long for hundreds. */
function passOver(directory: string, connect: Backlog['connect'], silent: ReadonlySet<string>): Delivered | undefined {
  try {
    const journal = Journal.peek(journalPath(directory));
    const client = connect(journal.destination!.address);
    client.close();
    return silent.has(client.address) ? { ...about(journal, client.address, directory), delivered: 0, undelivered: [] } : undefined;
  } catch {
    // Delivered by another process in this moment, or damaged: then it is opened, which says so.
    return undefined;
  }
}

/** A process was killed before the run was in the local store: the server may have it, RUNNING for ever. */
async function closeGhost(journal: Journal, client: MlflowClient, directory: string, signal: AbortSignal): Promise<Delivered> {
  try {
    const run = await client.findRun(journal.destination!, signal);
    if (run !== undefined) await client.call('updateRun', { run_id: run.runId, status: 'KILLED', end_time: Date.now() }, signal);
    rmSync(journal.path, { force: true });
    return { ...about(journal, client.address, directory), delivered: 1, waiting: 0, undelivered: [] };
  } catch (error) {
    const message = `the status of a run that never began is not delivered yet: ${(error as Error).message}`;
    return { ...about(journal, client.address, directory), delivered: 0, waiting: 1, undelivered: [{ code: 'not-delivered', severity: 'warning', message }] };
  } finally {
    journal.close();
    client.close();
  }
}

function about(journal: Pick<Journal, 'server' | 'pending'>, address: string, directory: string): Pick<Delivered, 'runId' | 'serverRunId' | 'address' | 'waiting'> {
  return { runId: directory.slice(-32), serverRunId: journal.server?.runId, address, waiting: countItems(journal) };
}

function countItems({ pending }: Pick<Journal, 'pending'>): number {
  return pending.reduce((sum, { items }) => sum + items.length, 0);
}
