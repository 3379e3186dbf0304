import { existsSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, claim, isMine } from '../../base/claim.ts';
import { type Diagnostic, failure, type UserError, warning } from '../../base/diagnostics.ts';
import { shellWord } from '../../base/shell-word.ts';
import { Delivery } from './delivery.ts';
import { Journal } from './journal.ts';
import { JournalRecorder } from './journal-recorder.ts';
import type { LocalExperiment } from '../store/local-experiments.ts';
import { type LocalStore, newRunId, userName } from '../store/local-store.ts';
import { MlflowClient, publicKey } from './mlflow-client.ts';
import { type Environment, notMlflow, RequestError } from './mlflow-connection.ts';
import { beginJournal, journalPath, openJournal } from './open-journal.ts';
import { isRunId, runFolder } from '../store/run-folder.ts';
import type { ServerAddress } from './server-address.ts';
import type { RunStart, TrackedRun, Tracker } from '../tracker.ts';

// The run has the server's id where the server gives one in this time.
const startLimitMs = 5000;

/** An MLflow server. Every run is in the local store first, where a journal keeps what the server does not have yet. */
export class ServerTracker implements Tracker {
  readonly where: string;
  readonly server: string;
  readonly runsDirectory: string;
  readonly #server: ServerAddress;
  readonly #store: LocalStore;
  readonly #env: Environment;
  readonly #warn: (warning: Diagnostic) => void;

  constructor(server: ServerAddress, store: LocalStore, env: Environment, warn: (warning: Diagnostic) => void) {
    this.#server = server;
    this.#store = store;
    this.runsDirectory = store.runsDirectory;
    this.#env = env;
    this.#warn = warn;
    this.where = this.server = new MlflowClient(server, env).address;
  }

  async start(run: RunStart): Promise<TrackedRun> {
    const id = this.#env.MLFLOW_EXPERIMENT_ID;
    const name = id
      ? await this.#experimentName(id, run.experiment)
      : this.#env.MLFLOW_EXPERIMENT_NAME || run.experiment;
    // Before the run is made on the server: a store that cannot be written must not leave one there.
    const experiment = this.#store.openExperiment(name);
    const key = newRunId();
    const keyFolder = runFolder(experiment.directory, publicKey(key));
    const keyClaim = this.#store.writing(() => claim(keyFolder))!;
    const journal = this.#store.writing(() =>
      Journal.begin(journalPath(keyFolder), {
        address: this.where,
        experiment: { name, ...(id ? { id } : {}) },
        run: {
          run_name: run.runName,
          user_id: run.tags['mlflow.user'] ?? userName(),
          start_time: Math.round(run.startTime),
        },
        key,
      }),
    );
    return this.#startRun(run, experiment, journal, keyClaim);
  }

  async #startRun(run: RunStart, experiment: LocalExperiment, journal: Journal, keyClaim: Claim): Promise<TrackedRun> {
    let directory = '';
    const isOurs = () =>
      isMine(directory === '' ? runFolder(experiment.directory, publicKey(journal.destination!.key)) : directory);
    const delivery = new Delivery(new MlflowClient(this.#server, this.#env), journal, () => directory, isOurs);
    const silent = new RequestError(`${this.where} did not answer within ${startLimitMs / 1000} s`);
    const problem = await Promise.race([delivery.firstTry, sleep(startLimitMs, silent, { ref: false })]);
    try {
      if (problem !== undefined && !mayComeBack(problem)) throw notReached(this.where, problem);
      const experimentId = journal.server?.experimentId ?? experiment.id;
      const runId = freeId(experiment.directory, journal.server?.runId) ?? publicKey(journal.destination!.key);
      directory = runFolder(experiment.directory, runId);
      const isKey = journal.path === journalPath(directory);
      const started = this.#store.startRun(run, experiment, {
        runId,
        experimentId,
        recorder: new JournalRecorder(journal, () => directory, delivery),
        ...(isKey ? { claim: keyClaim } : {}),
      });
      if (!isKey) {
        journal.moveTo(journalPath(directory));
        keyClaim.release();
      }
      if (problem !== undefined)
        this.#warn(
          warning(
            'tracker-unreachable',
            `the MLflow server cannot be told of the run yet: ${problem.message}`,
            'training goes on; what the server misses is delivered as soon as it answers, by this run, ' +
              `a later one that is recorded there, or \`pipeline sync --to ${shellWord(this.where)}\``,
          ),
        );
      return started;
    } catch (error) {
      await delivery.finish({ answering: 0, silent: 0 }, AbortSignal.abort());
      journal.close();
      rmSync(journal.path, { force: true });
      keyClaim.release();
      if (journal.server !== undefined)
        await new MlflowClient(this.#server, this.#env)
          .call('updateRun', { run_id: journal.server.runId, status: 'FAILED', end_time: Date.now() })
          .catch(() => undefined);
      throw error;
    }
  }

  async reopen(directory: string): Promise<TrackedRun | undefined> {
    return this.#store.reopenRun(directory, () => {
      const journal = openJournal(directory, this.#warn) ?? beginJournal(directory, this.where);
      const delivery = new Delivery(
        new MlflowClient(this.#server, this.#env),
        journal,
        () => directory,
        () => isMine(directory),
      );
      return {
        experimentId: journal.server?.experimentId ?? basename(dirname(directory)),
        recorder: new JournalRecorder(journal, () => directory, delivery),
      };
    });
  }

  async #experimentName(id: string, otherwise: string): Promise<string> {
    const client = new MlflowClient(this.#server, this.#env);
    try {
      return await client.experimentName(id, AbortSignal.timeout(startLimitMs));
    } catch (error) {
      if (error instanceof Error && mayComeBack(error)) return otherwise;
      throw notReached(this.where, error as Error);
    } finally {
      client.close();
    }
  }
}

/**
 * The server's id of a run, where the run can have it here too: so people find it there. Another one has it where
 * servers give one twice.
 */
function freeId(experiment: string, id: string | undefined): string | undefined {
  if (!isRunId(id)) return undefined;
  const directory = runFolder(experiment, id);
  return existsSync(directory) || existsSync(journalPath(directory)) ? undefined : id;
}

function mayComeBack(problem: Error): boolean {
  return problem instanceof RequestError && problem.isOutage;
}

function notReached(address: string, error: Error): Error | UserError {
  if (!(error instanceof RequestError)) return error;
  if (error.status === 401)
    return failure(
      'tracker-login',
      `the MLflow server at ${address} wants to know who you are: ${error.message}`,
      error.wayOut,
      error,
    );
  if (error.status === 403)
    return failure(
      'tracker-forbidden',
      `the MLflow server at ${address} does not let you in: ${error.message}`,
      error.wayOut ??
        "ask its keeper for the right; where it says 'Invalid Host header', start it with --allowed-hosts",
      error,
    );
  return failure(
    'tracker-refused',
    `the MLflow server at ${address} did not start the run: ${error.message}`,
    error.wayOut ?? notMlflow(error),
    error,
  );
}
