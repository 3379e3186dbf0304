import { type UserError, failure } from '../../base/diagnostics.ts';
import { hasForm } from '../../base/json-form.ts';
import { shorten } from '../../base/shorten.ts';
import type { FetchedRun, ListedRun, RecordedRuns } from '../recorded-runs.ts';
import type { VersionName } from '../registered-model.ts';
import { noArtifact, noModel, unknownRun, unknownVersion } from '../run-failures.ts';
import { stateWith, sweepTags } from '../sweep-tags.ts';
import { mostValues } from '../store/metric-files.ts';
import type { Metric } from '../tracker.ts';
import { fetchModel } from './fetch-model.ts';
import { readHistory } from './metric-history.ts';
import { type Answer, serverRunId } from './mlflow-answers.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { noSuchThing, notMlflow, RequestError } from './mlflow-connection.ts';

/** Runs of an answer: each may have a hundred kilobytes of tags. */
const runsOfPage = 50;
/** Pages of a list: a server that gives ever more of them has no end. */
const mostPages = 1000;

type SearchedRun = NonNullable<Answer<'searchRuns'>['runs']>[number];

/** The runs of an MLflow server. */
export class ServerRuns implements RecordedRuns {
  readonly where: string;
  readonly #client: MlflowClient;
  readonly #signal: AbortSignal;

  constructor(client: MlflowClient, signal: AbortSignal) {
    [this.#client, this.#signal, this.where] = [client, signal, client.address];
  }

  async *newestFirst(): AsyncGenerator<ListedRun> {
    const experiment_ids = await this.#asked('the runs', () => this.#experiments());
    if (experiment_ids.length === 0) return;
    for (let [token, page] = ['', 0]; page < mostPages; page++) {
      const { runs = [], next_page_token: next = '' } = await this.#asked('the runs', () =>
        this.#client.call(
          'searchRuns',
          {
            experiment_ids,
            max_results: runsOfPage,
            order_by: ['attributes.start_time DESC'],
            ...(token === '' ? {} : { page_token: token }),
          },
          this.#signal,
        ),
      );
      for (const run of runs) yield listed(run);
      if (next === '' || next === token || runs.length === 0) return;
      token = next;
    }
  }

  async fetch(runId: string): Promise<FetchedRun> {
    const { info, data } = await this.#run(runId);
    const experiment = info.experiment_id;
    const tags = Object.fromEntries((data?.tags ?? []).map(({ key, value }) => [key, value ?? '']));
    return {
      runId,
      where: this.where,
      name: info.run_name ?? runId,
      state: stateWith(info.status ?? 'RUNNING', tags[sweepTags.pruned]),
      experiment:
        experiment === undefined
          ? ''
          : await this.#asked('the run', () => this.#client.experimentName(experiment, this.#signal)),
      tags,
      metrics: () =>
        this.#asked(
          'the run',
          () => this.#epochs(runId, data?.metrics ?? []),
          () => unknownRun(runId, this.where),
        ),
      artifact: (path) => this.#artifact(runId, path),
      modelFolder: () =>
        this.#modelFolder(
          runId,
          stateWith(info.status ?? 'RUNNING', tags[sweepTags.pruned]),
          tags['pipeline.weights_sha256'],
        ),
    };
  }

  async registered(name: string, { version, alias }: VersionName): Promise<string> {
    const { model_version } = await this.#asked(
      'the registered model',
      () =>
        alias === undefined
          ? this.#client.call('getModelVersion', { name, version: version! }, this.#signal)
          : this.#client.call('getModelVersionByAlias', { name, alias }, this.#signal),
      () => unknownVersion(`${this.where} has no model ${name}${alias === undefined ? `/${version}` : `@${alias}`}`),
    );
    const { run_id: runId, version: found, source = '' } = model_version;
    if (hasForm(serverRunId, runId)) return runId;
    throw unknownVersion(`version ${found} of ${name} is not of a run: it is of ${shorten(source, 200)}`);
  }

  async register(runId: string, name: string, alias: string | undefined): Promise<string> {
    const { info } = await this.#run(runId);
    const model = await this.#asked('the model', () => this.#client.listArtifacts(runId, 'model', this.#signal));
    if (model?.has('model/model.json') !== true) throw noModel(runId, info.status ?? 'RUNNING');
    const source = `${info.artifact_uri ?? `runs:/${runId}`}/model`;
    const call = this.#client.call.bind(this.#client);
    return this.#asked('the registry', async () => {
      try {
        await call('createRegisteredModel', { name }, this.#signal);
      } catch (error) {
        if (!(error instanceof RequestError) || error.code !== 'RESOURCE_ALREADY_EXISTS') throw error;
      }
      const made = await call('createModelVersion', { name, source, run_id: runId }, this.#signal);
      const { version } = made.model_version;
      if (alias !== undefined) await call('setRegisteredModelAlias', { name, alias, version }, this.#signal);
      return version;
    });
  }

  #run(runId: string): Promise<Answer<'getRun'>['run']> {
    return this.#asked(
      'the run',
      async () => (await this.#client.call('getRun', { run_id: runId }, this.#signal)).run,
      () => unknownRun(runId, this.where),
    );
  }

  async #experiments(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let [token, page] = ['', 0]; page < mostPages; page++) {
      const { experiments = [], next_page_token: next = '' } = await this.#client.call(
        'searchExperiments',
        { max_results: 1000, ...(token === '' ? {} : { page_token: token }) },
        this.#signal,
      );
      ids.push(...experiments.map(({ experiment_id }) => experiment_id));
      if (next === '' || next === token || experiments.length === 0) break;
      token = next;
    }
    return ids;
  }

  async #epochs(
    runId: string,
    newest: readonly { readonly key: string; readonly step?: number }[],
  ): Promise<readonly Metric[]> {
    const metrics: Metric[] = [];
    for (const { key, step = 0 } of newest) {
      // Of no epoch: it was measured after the training.
      if (step === 0) continue;
      for (const metric of await readHistory(this.#client, runId, key, this.#signal))
        metrics.push({ ...metric, value: Number(metric.value) });
      if (metrics.length > mostValues)
        throw new RequestError(
          `${this.where} answered getMetricHistory with more than ${mostValues} values ` +
            'of one run: is it an MLflow server?',
          { status: 200 },
        );
    }
    return metrics;
  }

  async #artifact(runId: string, path: string): Promise<string> {
    try {
      return await this.#client.getArtifact(runId, path, this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw noArtifact(runId, path, error as Error);
    }
  }

  async #modelFolder(runId: string, state: ListedRun['state'], weights?: string): Promise<string> {
    const folder = await this.#asked('the model', () => fetchModel(this.#client, runId, weights, this.#signal));
    if (folder === undefined) throw noModel(runId, state);
    return folder;
  }

  /** What a server answers, or why it does not. @param unknown what is thrown where it has no such thing */
  async #asked<T>(what: string, ask: () => Promise<T>, unknown?: () => UserError): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof RequestError)) throw error;
      throw error.code === noSuchThing && unknown !== undefined ? unknown() : notReadable(what, this.where, error);
    }
  }
}

function notReadable(what: string, where: string, error: RequestError): UserError {
  return failure(
    'run-not-readable',
    `cannot read ${what} from ${where}: ${error.message}`,
    error.wayOut ?? (error.isOutage ? 'check the tracking URI, and whether the server is up' : notMlflow(error)),
    error,
  );
}

function listed({ info, data = {} }: SearchedRun): ListedRun {
  const texts = (pairs: typeof data.tags = []) => Object.fromEntries(pairs.map(({ key, value = '' }) => [key, value]));
  const [params, tags] = [texts(data.params), texts(data.tags)];
  const metrics = Object.fromEntries((data.metrics ?? []).map(({ key, value = 0 }) => [key, Number(value)]));
  const of = <T>(values: Readonly<Record<string, T>>, key: string) =>
    Object.hasOwn(values, key) ? values[key] : undefined;
  return {
    runId: info.run_id,
    name: info.run_name ?? '',
    experimentId: info.experiment_id ?? '',
    state: stateWith(info.status ?? 'RUNNING', of(tags, sweepTags.pruned)),
    startTime: info.start_time ?? 0,
    endTime: info.end_time,
    metrics,
    params,
    metric: (key) => of(metrics, key),
    param: (key) => of(params, key),
    tag: (key) => of(tags, key),
  };
}
