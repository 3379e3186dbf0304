import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Destination, ServerRun } from './journal.ts';
import { experimentKind } from '../store/local-experiments.ts';
import { type Environment, MlflowConnection, noSuchThing, RequestError } from './mlflow-connection.ts';
import { type Answer, faultOf } from './mlflow-answers.ts';
import { type Calls, calls, type Double } from './mlflow-protocol.ts';
import { plainPath } from '../store/run-folder.ts';
import { wrongShape } from './request-failures.ts';
import { RetryPolicy } from './retry.ts';
import type { ServerAddress } from './server-address.ts';

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
  /** Whether the user named the server himself, or trusts it: what it says of files of this machine may be followed. */
  readonly isTrusted: boolean;
  /** Whether credentials go to another machine without TLS. */
  readonly sendsInClear: boolean;
  readonly retry: RetryPolicy;
  readonly #connection: MlflowConnection;

  constructor(server: ServerAddress, env: Environment) {
    this.#connection = new MlflowConnection(server, env);
    this.address = this.#connection.address;
    this.isLocal = this.#connection.isLocal;
    this.isTrusted = server.isTrusted;
    this.sendsInClear = this.#connection.sendsInClear;
    this.retry = new RetryPolicy(env);
  }

  /**
   * One call, one attempt.
   *
   * @returns what is read of the answer: whoever answers may not be an MLflow server, so all of it is proven here
   * @throws RequestError
   */
  async call<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name]['request'],
    signal?: AbortSignal,
  ): Promise<Answer<Name>> {
    const { method, path } = calls[name];
    const longest = longestAnswers[name];
    const url = `/api/2.0${path}`;
    const text =
      method === 'GET'
        ? await this.#connection.send({ method, path: `${url}?${queryOf(request)}`, ...longest }, signal)
        : await this.#connection.send(
            {
              method,
              path: url,
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify(request),
              ...longest,
            },
            signal,
          );
    const answer = parseJson(text);
    const fault = answer === undefined ? 'with something that is not JSON' : faultOf(name, answer);
    if (fault === undefined) return answer as Answer<Name>;
    throw new RequestError(`${this.address} answered ${name} ${fault}: is it an MLflow server?`, { status: 200 });
  }

  /**
   * The run that a journal is for: made, once, even when the answer to an earlier try was lost.
   *
   * @param isDoubtful whether it may have been made already: then its key is looked for first
   * @throws RequestError
   */
  async findOrCreateRun(
    { experiment: { name, id }, run, key }: Destination,
    isDoubtful: boolean,
    signal?: AbortSignal,
  ): Promise<ServerRun> {
    const experiment_id = id ?? (await this.#findOrCreateExperiment(name, signal));
    const found = isDoubtful ? await this.#findRun(experiment_id, key, signal) : undefined;
    const { info } =
      found ??
      (await this.call('createRun', { ...run, experiment_id, tags: [{ key: runKey, value: publicKey(key) }] }, signal))
        .run;
    return { runId: info.run_id, experimentId: experiment_id, artifactUri: info.artifact_uri };
  }

  /**
   * The run that was made for a journal, if it was.
   *
   * @throws RequestError
   */
  async findRun({ experiment: { name, id }, key }: Destination, signal?: AbortSignal): Promise<ServerRun | undefined> {
    const experiment_id = id ?? (await this.#findExperiment(name, signal))?.experiment_id;
    const info = experiment_id === undefined ? undefined : (await this.#findRun(experiment_id, key, signal))?.info;
    return info === undefined
      ? undefined
      : { runId: info.run_id, experimentId: experiment_id!, artifactUri: info.artifact_uri };
  }

  /** Whether the server has a run of this id that is not deleted. @throws RequestError */
  async hasRun(runId: string, signal?: AbortSignal): Promise<boolean> {
    try {
      await this.storedRun(runId, signal);
      return true;
    } catch (error) {
      if (error instanceof RequestError && error.code === noSuchThing) return false;
      throw error;
    }
  }

  /** What the server has of a run. @throws RequestError, with the code `noSuchThing` for a run that is deleted, too */
  async storedRun(runId: string, signal?: AbortSignal): Promise<StoredRun> {
    const { run } = await this.call('getRun', { run_id: runId }, signal);
    if (run.info.lifecycle_stage === 'deleted')
      throw new RequestError('the server no longer has the run', { status: 404, code: noSuchThing });
    return run;
  }

  /**
   * The run of an id, where the server says that it was made for a journal of this key.
   *
   * @returns undefined where it was not, or the server does not tell
   * @throws RequestError; with the code `noSuchThing` where there is no such run, or a deleted one
   */
  async findOwnRun(runId: string, key: string, signal?: AbortSignal): Promise<ServerRun | undefined> {
    const { info, data } = await this.storedRun(runId, signal);
    const { experiment_id: experimentId, artifact_uri: artifactUri } = info;
    const isOurs = info.run_id === runId && isOfKey(data?.tags, key);
    return isOurs && experimentId !== undefined && artifactUri !== undefined
      ? { runId, experimentId, artifactUri }
      : undefined;
  }

  async #findRun(experimentId: string, key: string, signal?: AbortSignal): Promise<FoundRun | undefined> {
    const filter = `tags.\`${runKey}\` = '${publicKey(key)}'`;
    const { runs } = await this.call('searchRuns', { experiment_ids: [experimentId], filter, max_results: 1 }, signal);
    // A server that does not know the filter answers with someone else's.
    return runs?.find(({ data }) => isOfKey(data?.tags, key));
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
      const answer = await this.#connection.send({ method: 'PUT', path: `${proxy}/${encoded}`, headers, body }, signal);
      // MLflow 3 says nothing, older ones `{}`; a page of a proxy is neither.
      const isTaken = answer === '' || faultOf('logBatch', parseJson(answer)) === undefined;
      if (!isTaken)
        throw new RequestError(
          `${this.address} answered an artifact with something that is not JSON: is it an MLflow server?`,
          { status: 200 },
        );
    } finally {
      body.destroy();
    }
  }

  /**
   * The artifacts of a run in one of its folders, and the folders there, by their paths.
   *
   * @param folder relative to the run's artifacts; '.' for these
   * @returns undefined where the server does not tell, or not of all
   * @throws RequestError
   */
  async listArtifacts(runId: string, folder: string, signal?: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    try {
      const {
        root_uri,
        files = [],
        next_page_token,
      } = await this.call('listArtifacts', { run_id: runId, ...(folder === '.' ? {} : { path: folder }) }, signal);
      return root_uri === undefined || (next_page_token ?? '') !== ''
        ? undefined
        : new Set(files.map(({ path }) => path));
    } catch (error) {
      // An MLflow server says so where it does not get at what it keeps elsewhere.
      if (error instanceof RequestError && error.code !== '' && error.status > 0 && error.code !== noSuchThing)
        return undefined;
      throw error;
    }
  }

  /** The text of an artifact, wherever the server keeps it: by the path that its UI takes. @throws RequestError */
  async getArtifact(runId: string, path: string, signal?: AbortSignal): Promise<string> {
    return this.#connection.send(
      { method: 'GET', path: `/get-artifact?${new URLSearchParams({ run_id: runId, path }).toString()}` },
      signal,
    );
  }

  /**
   * The files of a run in one of its folders and the folders there.
   *
   * @returns paths relative to the run's artifacts, with the bytes of each as the server tells
   * @throws RequestError, also where there are more than any model has
   */
  async filesIn(runId: string, folder: string, signal?: AbortSignal): Promise<readonly ArtifactFile[]> {
    const found: ArtifactFile[] = [];
    const folders = [folder];
    for (let asked = 0; folders.length > 0; asked++) {
      const path = folders.pop()!;
      const { files = [] } = await this.call('listArtifacts', { run_id: runId, path }, signal);
      for (const file of files) {
        if (!plainPath.test(file.path) || !file.path.startsWith(`${path}/`))
          throw new RequestError(`${this.address} names the file '${file.path}' in ${path}`, { status: 200 });
        if (file.is_dir === true) folders.push(file.path);
        else found.push({ path: file.path, bytes: file.file_size ?? 0 });
      }
      if (asked > mostFolders || found.length > mostFiles)
        throw new RequestError(`${this.address} has more files in ${folder} of the run than any model`, {
          status: 200,
        });
    }
    return found;
  }

  /** An artifact, piece by piece. @param longest bytes that it may have @throws RequestError */
  receiveArtifact(runId: string, path: string, longest: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const query = new URLSearchParams({ run_id: runId, path }).toString();
    return this.#connection.receive({ method: 'GET', path: `/get-artifact?${query}`, longest }, signal);
  }

  /**
   * How large a file of the artifact proxy is.
   *
   * @param folder below the proxy's root
   * @returns undefined where it is not there
   * @throws RequestError
   */
  async proxiedSize(folder: string, name: string, signal?: AbortSignal): Promise<number | undefined> {
    const path = `${proxy}?${queryOf({ path: folder })}`;
    const answer = parseJson(await this.#connection.send({ method: 'GET', path }, signal));
    if (!isListing(answer)) throw wrongShape(this.address);
    const file = answer.files?.find((one) => one.path === name && one.is_dir !== true);
    return file && (file.file_size ?? 0);
  }

  /** A file of the artifact proxy, piece by piece. @param longest bytes that it may have @throws RequestError */
  receiveProxied(path: string, longest: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    return this.#connection.receive({ method: 'GET', path: `${proxy}/${path}`, longest }, signal);
  }

  /** Closes idle sockets. */
  close(): void {
    this.#connection.close();
  }

  /** The name of an experiment. @throws RequestError */
  async experimentName(id: string, signal?: AbortSignal): Promise<string> {
    return (await this.call('getExperiment', { experiment_id: id }, signal)).experiment.name;
  }

  /** The id of an experiment, which is restored where it was deleted, and marked as model training. */
  async #findOrCreateExperiment(name: string, signal?: AbortSignal): Promise<string> {
    const found = (await this.#findExperiment(name, signal)) ?? (await this.#createExperiment(name, signal));
    const { experiment_id } = found;
    if (found.lifecycle_stage === 'deleted') await this.call('restoreExperiment', { experiment_id }, signal);
    if (!found.tags?.some(({ key }) => key === experimentKind.key))
      await this.call('setExperimentTag', { experiment_id, ...experimentKind }, signal);
    return experiment_id;
  }

  async #findExperiment(name: string, signal?: AbortSignal): Promise<Experiment | undefined> {
    try {
      return (await this.call('getExperimentByName', { experiment_name: name }, signal)).experiment;
    } catch (error) {
      // An unknown path is answered with 404 too, but not with this code.
      if (error instanceof RequestError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw error;
    }
  }

  async #createExperiment(name: string, signal?: AbortSignal): Promise<Experiment> {
    try {
      const { experiment_id } = await this.call('createExperiment', { name, tags: [experimentKind] }, signal);
      return { experiment_id, tags: [experimentKind] };
    } catch (error) {
      // Another run made it in the same moment, or our own first try went through without an answer.
      const found =
        error instanceof RequestError && error.code === 'RESOURCE_ALREADY_EXISTS'
          ? await this.#findExperiment(name, signal)
          : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }
}

/** Where a server takes files for the store behind it. */
const proxy = '/api/2.0/mlflow-artifacts/artifacts';

function isListing(answer: unknown): answer is Answer<'listArtifacts'> {
  return faultOf('listArtifacts', answer) === undefined;
}

/** A file among the artifacts of a run. */
export interface ArtifactFile {
  readonly path: string;
  readonly bytes: number;
}

// In what this program records beside a model.
const mostFolders = 100;
const mostFiles = 1000;

/** What is read of a run that a server has. */
export type StoredRun = Answer<'getRun'>['run'];
type Experiment = Answer<'getExperimentByName'>['experiment'];
type FoundRun = NonNullable<Answer<'searchRuns'>['runs']>[number];

function queryOf(request: object): string {
  return new URLSearchParams(
    Object.entries(request).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of the answers that grow with a run; MLflow sends all values of a metric at once, 150 bytes each. */
const longestAnswers: { readonly [Name in keyof Calls]?: { readonly longest: number } } = {
  getRun: { longest: 8 << 20 },
  searchRuns: { longest: 8 << 20 },
  getMetricHistory: { longest: 32 << 20 },
};

/** The tag by which a run is found again. */
export const runKey = 'pipeline.run_key';

/**
 * What a server, and whoever looks at it, gets to see of a journal's key: 32 hexadecimal digits, from which nobody
 * comes back to the key. So no journal can be written for a run by those who only see it.
 */
export function publicKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function isOfKey(tags: NonNullable<FoundRun['data']>['tags'], key: string): boolean {
  return tags?.some((tag) => tag.key === runKey && tag.value === publicKey(key)) ?? false;
}

/** A number as protobuf's JSON has it. */
export function double(value: number): Double {
  return Number.isFinite(value) ? value : (String(value) as Double);
}
