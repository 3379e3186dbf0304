import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { claim } from '../../base/claim.ts';
import { failure } from '../../base/diagnostics.ts';
import { type Backlog, deliver, type Delivered } from './deliver-backlog.ts';
import { Journal, type ServerRun } from './journal.ts';
import { listExperiments } from '../store/local-experiments.ts';
import { readMeta } from '../store/meta-yaml.ts';
import { MlflowClient } from './mlflow-client.ts';
import { noSuchThing, RequestError } from './mlflow-connection.ts';
import { beginJournal, journalPath, type KnownRun } from './open-journal.ts';
import { namesIn } from './orphans.ts';
import { tellOfUnwritable } from '../store/unwritable.ts';

/**
 * Sends a run to a server once more, all of it: into the run that the server has of it, or else into a new one.
 *
 * @param run its id, or the beginning of it
 * @throws UserError where there is no such run, a process is at it, its files cannot be written, or it is for another
 * server and this one does not take it
 */
export async function deliverAgain(run: string, { runsDirectory, server, env, signal }: Backlog): Promise<Delivered> {
  const directory = findRun(run, runsDirectory);
  const claimed = writing(directory, () => claim(directory));
  if (claimed === undefined)
    throw failure(
      'run-in-use',
      `the run ${basename(directory)} is being recorded, or delivered`,
      'wait for the process that is at it',
    );
  try {
    const client = new MlflowClient(server, env);
    const known = await askFor(formerJournal(directory), client, directory, signal);
    const journal = writing(directory, () => beginJournal(directory, client.address, known));
    return (await deliver(journal, client, directory, signal)).done;
  } finally {
    claimed.release();
  }
}

/** @throws UserError where a run's files cannot be written */
function writing<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const told = tellOfUnwritable(directory, error);
    throw told === undefined ? error : failure(told.code, told.message, told.hint, error);
  }
}

/** What the journal of a run says, wherever it lies; one that cannot be read counts as none. */
function formerJournal(directory: string): Former {
  const path = [journalPath(directory), join(directory, 'journal')].find((file) => existsSync(file));
  try {
    return path === undefined ? {} : Journal.peek(path);
  } catch {
    return {};
  }
}

type Former = Partial<Pick<Journal, 'destination' | 'server'>>;

/**
 * Asks a server for the run that an earlier journal is for: by its id, as its experiment may have another name by now.
 * Where the run is for another server, it is made here before anything is changed: an address may be mistyped.
 *
 * @throws UserError where that failed
 */
async function askFor(
  { destination, server }: Former,
  client: MlflowClient,
  directory: string,
  signal: AbortSignal,
): Promise<KnownRun> {
  if (destination === undefined) return {};
  const { key, experiment, address } = destination;
  try {
    const found = server === undefined ? undefined : await findOwn(client, server.runId, key, signal);
    if (found !== undefined) return { key, experiment, server: found };
    // What is gone may have gone with its experiment: it is made anew under the name.
    if (address === client.address) return server === undefined ? { key, experiment } : { key };
    return {
      key,
      server: await client.findOrCreateRun({ ...destination, experiment: { name: experiment.name } }, true, signal),
    };
  } catch (error) {
    // Who delivers asks for longer.
    if (address === client.address) return { key, experiment, server };
    client.close();
    const wayOut = error instanceof RequestError && error.wayOut !== undefined ? `${error.wayOut}; ` : '';
    throw failure(
      'not-sent-again',
      `the run ${basename(directory)} is not sent to ${client.address}: ${(error as Error).message}`,
      `${wayOut}nothing is changed: what waits for another server waits as before`,
      error,
    );
  }
}

/** The server's run of an id, where it has it, and it is the one of a journal. @throws RequestError */
async function findOwn(
  client: MlflowClient,
  runId: string,
  key: string,
  signal: AbortSignal,
): Promise<ServerRun | undefined> {
  try {
    return await client.findOwnRun(runId, key, signal);
  } catch (error) {
    if (error instanceof RequestError && error.code === noSuchThing) return undefined;
    throw error;
  }
}

function findRun(run: string, runsDirectory: string): string {
  const all = listExperiments(runsDirectory).flatMap(({ directory }) =>
    namesIn(directory).map((name) => join(directory, name)),
  );
  const found = /^[0-9a-f]{1,32}$/.test(run)
    ? all.filter(
        (path) => basename(path).startsWith(run) && readMeta(join(path, 'meta.yaml'))?.run_id === basename(path),
      )
    : [];
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw failure('ambiguous-run', `${found.length} runs in ${runsDirectory} begin with ${run}`, 'give more of the id');
  throw failure(
    'unknown-run',
    `${runsDirectory} has no run ${run}`,
    'a run tells its id at its start, and the MLflow UI shows it; name the folder with --runs',
  );
}
