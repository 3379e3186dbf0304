import { type UserError, failure } from '../../base/diagnostics.ts';
import type { FetchedRun, ListedRun, RecordedRuns } from '../recorded-runs.ts';
import { noArtifact, unknownRun } from '../run-failures.ts';
import { mostValues } from '../store/metric-files.ts';
import type { Metric } from '../tracker.ts';
import { readHistory } from './metric-history.ts';
import type { Answer } from './mlflow-answers.ts';
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
    const { info, data } = await this.#asked(
      'the run',
      async () => (await this.#client.call('getRun', { run_id: runId }, this.#signal)).run,
      runId,
    );
    const experiment = info.experiment_id;
    return {
      runId,
      where: this.where,
      name: info.run_name ?? runId,
      state: info.status ?? 'RUNNING',
      experiment:
        experiment === undefined
          ? ''
          : await this.#asked('the run', () => this.#client.experimentName(experiment, this.#signal)),
      tags: Object.fromEntries((data?.tags ?? []).map(({ key, value }) => [key, value ?? ''])),
      metrics: () => this.#asked('the run', () => this.#epochs(runId, data?.metrics ?? []), runId),
      artifact: (path) => this.#artifact(runId, path),
      modelFolder: async () => {
        throw noArtifact(runId, 'model/model.json', new Error('not fetched'));
      },
    };
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

  /** What a server answers, or why it does not. @param runId what is asked for, where it may not be there */
  async #asked<T>(what: string, ask: () => Promise<T>, runId?: string): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof RequestError)) throw error;
      throw error.code === noSuchThing && runId !== undefined
        ? unknownRun(runId, this.where)
        : notReadable(what, this.where, error);
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
    state: info.status ?? 'RUNNING',
    startTime: info.start_time ?? 0,
    endTime: info.end_time,
    metrics,
    params,
    metric: (key) => of(metrics, key),
    param: (key) => of(params, key),
    tag: (key) => of(tags, key),
  };
}
