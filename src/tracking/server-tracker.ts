import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { failure, type UserError } from '../base/diagnostics.ts';
import { type LocalStore, userName } from './local-store.ts';
import { MlflowClient } from './mlflow-client.ts';
import { type Environment, RequestError } from './mlflow-connection.ts';
import { artifactWay } from './server-artifacts.ts';
import { ServerSender } from './server-sender.ts';
import type { RunStart, TrackedRun, Tracker } from './tracker.ts';

/** An MLflow server. Every run is in the local store as well, under the same id: what the server misses is there. */
export class ServerTracker implements Tracker {
  readonly where: string;
  readonly runsDirectory: string;
  readonly #client: MlflowClient;
  readonly #store: LocalStore;
  readonly #env: Environment;

  constructor(uri: URL, store: LocalStore, env: Environment) {
    this.#client = new MlflowClient(uri, env);
    this.#store = store;
    this.#env = env;
    this.where = this.#client.address;
    this.runsDirectory = store.runsDirectory;
  }

  async start(run: RunStart): Promise<TrackedRun> {
    const client = this.#client;
    try {
      const id = this.#env.MLFLOW_EXPERIMENT_ID;
      const experiment = id ? await client.experiment(id) : await client.findOrCreateExperiment(this.#env.MLFLOW_EXPERIMENT_NAME || run.experiment);
      const experimentId = experiment.experiment_id!;
      // Before the run is made on the server: a store that cannot be written must not leave one there.
      const localExperiment = this.#store.openExperiment(experiment.name!);
      const created = await client.createRun({ experiment_id: experimentId, run_name: run.runName, user_id: run.tags['mlflow.user'] ?? userName(), start_time: Math.round(run.startTime) }, randomUUID());
      const runId = created.info!.run_id!;
      const recorder = new ServerSender({ client, runId, storeArtifact: artifactWay(client, created.info!.artifact_uri!), artifactDirectory: join(localExperiment.directory, runId, 'artifacts') });
      return await this.#startLocal(() => this.#store.startRun(run, localExperiment, { runId, experimentId, recorder }), runId);
    } catch (error) {
      client.close();
      throw error instanceof RequestError ? notReached(client.address, error) : error;
    }
  }

  async reopen(directory: string): Promise<TrackedRun | undefined> {
    const client = this.#client;
    const runId = basename(directory);
    try {
      const { run_info: info } = await client.call('updateRun', { run_id: runId, status: 'RUNNING' });
      const recorder = new ServerSender({ client, runId, storeArtifact: artifactWay(client, info!.artifact_uri!), artifactDirectory: join(directory, 'artifacts') });
      return this.#store.reopenRun(directory, { runId, experimentId: info!.experiment_id!, recorder });
    } catch (error) {
      client.close();
      throw error instanceof RequestError ? notReached(client.address, error) : error;
    }
  }

  async #startLocal(start: () => TrackedRun, runId: string): Promise<TrackedRun> {
    try {
      return start();
    } catch (error) {
      await this.#client.call('updateRun', { run_id: runId, status: 'FAILED', end_time: Date.now() }).catch(() => undefined);
      throw error;
    }
  }
}

function notReached(address: string, error: RequestError): UserError {
  if (error.status === 401) return failure('tracker-refused', `the MLflow server at ${address} wants to know who you are: ${error.message}`, 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN', error);
  if (error.status === 403) return failure('tracker-refused', `the MLflow server at ${address} does not let you in: ${error.message}`, "ask its keeper for the right; where it says 'Invalid Host header', start it with --allowed-hosts", error);
  if (error.status !== 0) return failure('tracker-refused', `the MLflow server at ${address} did not start the run: ${error.message}`, 'check the tracking URI and its path', error);
  const { hostname, port } = new URL(address);
  const command = `mlflow server --host ${hostname} --port ${port || '80'}`;
  return failure('tracker-unreachable', `cannot reach the MLflow server: ${error.message}`, `start it (\`${command}\`), or leave the tracking URI out: the run is then kept in runs/, and \`pipeline ui\` shows it`, error);
}
