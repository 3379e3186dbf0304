import { createReadStream, statSync } from 'node:fs';
import { experimentKind } from './local-experiments.ts';
import { type Environment, MlflowConnection, RequestError } from './mlflow-connection.ts';
import { type Calls, calls, type Double, type Experiment, type Run } from './mlflow-protocol.ts';
import { RetryPolicy } from './retry.ts';

/** What watches an upload. */
export interface Upload {
  readonly signal: AbortSignal;
  /** Called for every piece that is on its way. */
  readonly onProgress: () => void;
}

/** The calls of MLflow's REST API that record a run, typed after its own protocol. */
export class MlflowClient {
  /** The server's address without credentials. */
  readonly address: string;
  readonly isLocal: boolean;
  readonly retry: RetryPolicy;
  readonly #connection: MlflowConnection;

  constructor(uri: URL, env: Environment) {
    this.#connection = new MlflowConnection(uri, env);
    this.address = this.#connection.address;
    this.isLocal = this.#connection.isLocal;
    this.retry = new RetryPolicy(env);
  }

  /**
   * One call, one attempt.
   *
   * @throws RequestError
   */
  async call<Name extends keyof Calls>(name: Name, request: Calls[Name]['request'], signal?: AbortSignal): Promise<Calls[Name]['response']> {
    const { method, path } = calls[name];
    const url = `/api/2.0${path}`;
    const text = method === 'GET'
      ? await this.#connection.send({ method, path: `${url}?${new URLSearchParams(request as unknown as Record<string, string>).toString()}` }, signal)
      : await this.#connection.send({ method, path: url, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) }, signal);
    try {
      return JSON.parse(text) as Calls[Name]['response'];
    } catch {
      throw new RequestError(`${this.address} answered ${name} with something that is not JSON: is it an MLflow server?`, { status: 200 });
    }
  }

  /**
   * Finds an experiment by its name, restores it or makes it, and marks it as model training.
   *
   * @throws RequestError
   */
  async findOrCreateExperiment(name: string): Promise<Experiment> {
    return this.#persist(async () => {
      const found = await this.#findExperiment(name) ?? await this.#createExperiment(name);
      const experiment_id = found.experiment_id!;
      if (found.lifecycle_stage === 'deleted') await this.call('restoreExperiment', { experiment_id });
      if (!found.tags?.some(({ key }) => key === experimentKind.key)) await this.call('setExperimentTag', { experiment_id, ...experimentKind });
      return found;
    });
  }

  /**
   * The experiment of an id.
   *
   * @throws RequestError
   */
  async experiment(id: string): Promise<Experiment> {
    return this.#persist(async () => (await this.call('getExperiment', { experiment_id: id })).experiment!);
  }

  /**
   * Makes a run, and only one, even when the answer to the first try is lost: each try first looks for the run's key.
   *
   * @param runKey a UUID of the run, kept as its tag `pipeline.run_key`
   * @throws RequestError
   */
  async createRun(run: Calls['createRun']['request'] & { readonly experiment_id: string }, runKey: string): Promise<Run> {
    const tag = { key: 'pipeline.run_key', value: runKey };
    return this.#persist(async (failures) => {
      if (failures > 0) {
        const { runs } = await this.call('searchRuns', { experiment_ids: [run.experiment_id], filter: `tags.\`${tag.key}\` = '${tag.value}'`, max_results: 1 });
        if (runs?.[0] !== undefined) return runs[0];
      }
      return (await this.call('createRun', { ...run, tags: [...(run.tags ?? []), tag] })).run!;
    });
  }

  /**
   * Stores a file through the server's artifact proxy.
   *
   * @param path `<experiment>/<run>/artifacts/...`, not encoded
   * @throws RequestError
   */
  async putArtifact(path: string, file: string, { signal, onProgress }: Upload): Promise<void> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': statSync(file).size };
    const body = createReadStream(file).on('data', onProgress);
    try {
      await this.#connection.send({ method: 'PUT', path: `/api/2.0/mlflow-artifacts/artifacts/${encoded}`, headers, body }, signal);
    } finally {
      body.destroy();
    }
  }

  /** Closes idle sockets. */
  close(): void {
    this.#connection.close();
  }

  // At the start of a run a person waits: a server that is not there at all is said at once.
  async #persist<T>(attempt: (failures: number) => Promise<T>): Promise<T> {
    return this.retry.run(attempt, ({ status, code }) => status === 0 && !['ECONNRESET', 'EPIPE', 'EAI_AGAIN'].includes(code));
  }

  async #findExperiment(name: string): Promise<Experiment | undefined> {
    try {
      return (await this.call('getExperimentByName', { experiment_name: name })).experiment;
    } catch (error) {
      // An unknown path is answered with 404 too, but not with this code.
      if (error instanceof RequestError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw error;
    }
  }

  async #createExperiment(name: string): Promise<Experiment> {
    try {
      const { experiment_id } = await this.call('createExperiment', { name, tags: [experimentKind] });
      return { experiment_id: experiment_id!, name, tags: [experimentKind] };
    } catch (error) {
      // Another run made it in the same moment, or our own first try went through without an answer.
      const found = error instanceof RequestError && error.code === 'RESOURCE_ALREADY_EXISTS' ? await this.#findExperiment(name) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }
}

/** A number as protobuf's JSON has it. */
export function double(value: number): Double {
  return Number.isFinite(value) ? value : (String(value) as Double);
}
