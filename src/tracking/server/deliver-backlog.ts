import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Claim, claim, claimedBy, isClaimed, isMine, silentFor } from '../../base/claim.ts';
import { asWarning, type Diagnostic, UserError, warning } from '../../base/diagnostics.ts';
import { Delivery } from './delivery.ts';
import { Journal, type Refusal } from './journal.ts';
import { listExperiments } from '../store/local-experiments.ts';
import { MlflowClient } from './mlflow-client.ts';
import { type Environment, RequestError } from './mlflow-connection.ts';
import { parentsFirst } from './named-runs.ts';
import { closeJournal, journalPath, lostDestination, openJournal, runOfJournal } from './open-journal.ts';
import { namesIn } from './orphans.ts';
import { oneSpelling, plainAddress, type ServerAddress } from './server-address.ts';
import type { Shortfall, Undelivered } from '../tracker.ts';
import { tellOfUnwritable } from '../store/unwritable.ts';

/** What became of one run that its server did not have whole. */
export interface Delivered {
  readonly runId: string;
  /** The run's id on the server, where it is known. */
  readonly serverRunId: string | undefined;
  /** How many params, metric values, files, ... the server took, and how many wait. */
  readonly delivered: number;
  readonly waiting: number;
  /** Empty, too, where nothing could be tried: that was told by then. */
  readonly undelivered: Undelivered;
}

/** A run that no process records and that a server does not have whole. */
export interface LeftRun {
  readonly runId: string;
  /** The run's folder. */
  readonly directory: string;
  /** Of the server, as the journal has it: nothing goes there because of that. undefined: it cannot be read. */
  readonly address: string | undefined;
  /** The run's id on the server, where it is known. */
  readonly serverRunId: string | undefined;
  readonly waiting: number;
  readonly refused: readonly Refusal[];
  /** Why it cannot be read, or where it is to go. */
  readonly problem?: Shortfall;
}

/** Runs that other processes are at. */
export interface Busy {
  readonly runs: number;
  /** How many params, metric values, files, ... of theirs wait. */
  readonly waiting: number;
}

/** Where earlier runs are delivered from, and to. */
export interface Backlog {
  readonly runsDirectory: string;
  /** The server, which the user has named in this command. */
  readonly server: ServerAddress;
  readonly env: Environment;
  readonly warn: (warning: Diagnostic) => void;
  /** Aborted to leave the rest for later. */
  readonly signal: AbortSignal;
}

// How long a server may take nothing of a run.
const patienceMs = 30_000;

/**
 * The folders of the runs whose servers do not have all of them.
 *
 * @param areClaimed those that a process is at, or those that none is
 */
function listJournals(runsDirectory: string, areClaimed: boolean): string[] {
  return listExperiments(runsDirectory).flatMap(({ directory }) => {
    const names = namesIn(directory);
    const waiting = names.map(runOfJournal).filter((id) => id !== undefined);
    // One look at a folder of thousands is enough: most have no claim on them.
    const owned = new Set(names.map(claimedBy));
    return waiting
      .map((id) => join(directory, id))
      .filter((run) => (owned.has(run.slice(-32)) && seemsClaimed(run)) === areClaimed);
  });
}

function seemsClaimed(run: string): boolean {
  try {
    return isClaimed(run);
  } catch {
    // Who claims it says what is wrong there.
    return false;
  }
}

/**
 * What earlier runs left, looked at without a claim or a request, each after the one that it is below. Hundreds may
 * wait: other work goes on in between.
 */
export async function* surveyBacklog(runsDirectory: string): AsyncGenerator<LeftRun> {
  for (const directory of parentsFirst(listJournals(runsDirectory, false))) {
    await setImmediate();
    const left = lookAt(directory);
    if (left !== undefined) yield left;
  }
}

/**
 * How many runs other processes record or deliver for a server now. Of those whose process cannot be seen,
 * `listSilences` tells.
 */
export async function countBusy(runsDirectory: string): Promise<Busy> {
  let [runs, waiting] = [0, 0];
  for (const directory of listJournals(runsDirectory, true)) {
    await setImmediate();
    const left = silentFor(directory) === undefined ? lookAt(directory) : undefined;
    if (left === undefined) continue;
    runs++;
    waiting += left.waiting;
  }
  return { runs, waiting };
}

/**
 * Delivers to a server what earlier runs left for it, one run at a time; when it does not answer, it is asked once.
 *
 * @param all whether what waits for other servers goes there too
 */
export async function* deliverBacklog(backlog: Backlog, all = false): AsyncGenerator<Delivered> {
  const { runsDirectory, server, env, warn, signal } = backlog;
  const isForIt = (address: string): boolean => oneSpelling(address) === oneSpelling(plainAddress(server.uri));
  // Why the server was not asked again.
  let silence: Undelivered | undefined;
  for await (const left of surveyBacklog(runsDirectory)) {
    if (signal.aborted) return;
    const { runId, directory, serverRunId, waiting, refused } = left;
    if (left.address !== undefined && !all && !isForIt(left.address)) continue;
    if (waiting === 0 && refused.length > 0) continue;
    if (silence !== undefined && left.address !== undefined) {
      yield { runId, serverRunId, waiting, delivered: 0, undelivered: silence };
      continue;
    }
    let claimed: Claim | undefined;
    try {
      claimed = claim(directory);
      if (claimed === undefined) continue;
      const journal = openJournal(directory, warn);
      if (journal === undefined) continue;
      if (!all && !isForIt(journal.destination!.address)) {
        journal.close();
        continue;
      }
      const { done, hasAnswered } = await deliver(journal, new MlflowClient(server, env), directory, signal);
      silence = hasAnswered ? undefined : done.undelivered.filter(({ code }) => code === 'not-delivered');
      yield done;
    } catch (error) {
      // Of one run that cannot be read, or is another user's: the others are delivered all the same.
      const problem = problemOf(directory, error);
      if (waiting === 0 && problem.code === 'not-writable') continue;
      warn(problem);
      yield { runId, serverRunId, waiting, delivered: 0, undelivered: [] };
    } finally {
      claimed?.release();
    }
  }
}

/** What became of a delivery, and whether the server has answered. */
export interface Delivering {
  readonly done: Delivered;
  readonly hasAnswered: boolean;
}

/** Delivers the journal of a run that this process has claimed, and puts it away where all is done. */
export async function deliver(
  journal: Journal,
  client: MlflowClient,
  directory: string,
  signal: AbortSignal,
): Promise<Delivering> {
  if (!existsSync(join(directory, 'meta.yaml'))) return closeGhost(journal, client, directory, signal);
  // Its process was killed before it put the journal away: there is nothing to ask the server for.
  if (journal.pending.length === 0 && journal.destination!.address === client.address) {
    closeJournal(journal, directory);
    return { done: { ...about(journal, directory), delivered: 0, undelivered: [] }, hasAnswered: true };
  }
  const delivery = new Delivery(
    client,
    journal,
    () => directory,
    () => isMine(directory),
  );
  const undelivered = await delivery.finish({ answering: patienceMs, silent: patienceMs }, signal);
  closeJournal(journal, directory);
  return {
    done: { ...about(journal, directory), delivered: delivery.taken, undelivered },
    hasAnswered: delivery.hasAnswered,
  };
}

function lookAt(directory: string): LeftRun | undefined {
  try {
    const { destination, server, pending, refused } = Journal.peek(journalPath(directory));
    const problem = destination === undefined ? { problem: problemOf(directory, lostDestination(directory)) } : {};
    return {
      runId: basename(directory),
      directory,
      address: destination?.address,
      serverRunId: server?.runId,
      waiting: countItems({ pending }),
      refused,
      ...problem,
    };
  } catch (error) {
    // Delivered by another process in this moment; of any other one, who opens it says what is wrong with it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return {
      runId: basename(directory),
      directory,
      address: undefined,
      serverRunId: undefined,
      waiting: 1,
      refused: [],
      problem: problemOf(directory, error),
    };
  }
}

function problemOf(directory: string, error: unknown): Shortfall {
  const [first] = error instanceof UserError ? error.diagnostics : [];
  if (first !== undefined) return asWarning(first);
  return tellOfUnwritable(directory, error) ?? warning('not-delivered', (error as Error).message);
}

/** A process was killed before the run was in the local store: the server may have it, RUNNING for ever. */
async function closeGhost(
  journal: Journal,
  client: MlflowClient,
  directory: string,
  signal: AbortSignal,
): Promise<Delivering> {
  try {
    const run = await client.findRun(journal.destination!, signal);
    if (run !== undefined) await closeOn(client, run.runId, signal);
    rmSync(journal.path, { force: true });
    return {
      done: { ...about(journal, directory), delivered: run === undefined ? 0 : 1, waiting: 0, undelivered: [] },
      hasAnswered: true,
    };
  } catch (error) {
    const why = (error as Error).message;
    const told: Undelivered[number] = {
      ...warning('not-delivered', `the status of a run that never began is not delivered yet: ${why}`),
      ofMany: { cause: why, message: `not delivered yet: ${why}` },
    };
    return {
      done: { ...about(journal, directory), delivered: 0, waiting: 1, undelivered: [told] },
      hasAnswered: false,
    };
  } finally {
    journal.close();
    client.close();
  }
}

/** @throws RequestError, also where the server says that it took the status and has another */
async function closeOn(client: MlflowClient, runId: string, signal: AbortSignal): Promise<void> {
  const status = 'KILLED';
  await client.call('updateRun', { run_id: runId, status, end_time: Date.now() }, signal);
  const { info } = await client.storedRun(runId, signal);
  if ((info.status ?? status) !== status)
    throw new RequestError(`${client.address} answered as if it took this, and does not have it`, { status: 200 });
}

function about(
  journal: Pick<Journal, 'server' | 'pending'>,
  directory: string,
): Pick<Delivered, 'runId' | 'serverRunId' | 'waiting'> {
  return { runId: basename(directory), serverRunId: journal.server?.runId, waiting: countItems(journal) };
}

function countItems({ pending }: Pick<Journal, 'pending'>): number {
  return pending.reduce((sum, { items }) => sum + items.length, 0);
}
