import type { Items } from './journal.ts';
import type { MlflowClient, StoredRun } from './mlflow-client.ts';
import { RequestError } from './mlflow-connection.ts';

type Metric = Items['metrics'];

/**
 * The metric values of one run that its server has. A value that was sent without an answer may be there or not, and a
 * server that keeps its runs in files would store a second one.
 */
export class MetricHistory {
  readonly #client: MlflowClient;
  readonly #runId: string;
  readonly #stored = new Map<string, ReadonlySet<string>>();

  constructor(client: MlflowClient, runId: string) {
    this.#client = client;
    this.#runId = runId;
  }

  /** Those of `metrics` that the server does not have. @throws RequestError */
  async missing(metrics: readonly Metric[], signal: AbortSignal): Promise<readonly Metric[]> {
    const unknown = new Set(metrics.map(({ key }) => key).filter((key) => !this.#stored.has(key)));
    const latest =
      unknown.size === 0 ? new Map<string, Metric>() : latestOf(await this.#client.storedRun(this.#runId, signal));
    for (const key of unknown) this.#stored.set(key, new Set(await this.#read(key, latest.get(key), signal)));
    return metrics.filter((metric) => !this.#stored.get(metric.key)!.has(identity(metric)));
  }

  /** To be called when something was sent that is not noted here. */
  forget(): void {
    this.#stored.clear();
  }

  // `{}` is a history without values, and also what something else in the server's place may answer to anything.
  async #read(key: string, latest: Metric | undefined, signal: AbortSignal): Promise<readonly string[]> {
    if (latest === undefined) return [];
    const history = await readHistory(this.#client, this.#runId, key, signal);
    if (history.some(({ step, timestamp }) => step === latest.step && timestamp === latest.timestamp))
      return history.map(identity);
    throw new RequestError(`${this.#client.address} answered getMetricHistory without the latest value of its run`, {
      status: 200,
    });
  }
}

/** The latest value of each metric of a run: of the largest step, then of the largest timestamp. */
export function latestOf({ data }: StoredRun): ReadonlyMap<string, Metric> {
  return new Map(
    data?.metrics?.map(({ key, value = 0, timestamp = 0, step = 0 }) => [key, { key, value, timestamp, step }]),
  );
}

// Of one metric; no run here records as many.
const mostOfOne = 1_000_000;

/** All values of one metric, in the server's order. @throws RequestError */
export async function readHistory(
  client: MlflowClient,
  runId: string,
  key: string,
  signal?: AbortSignal,
): Promise<readonly Metric[]> {
  const all: Metric[] = [];
  const tokens = new Set<string>();
  for (let token = ''; ;) {
    const { metrics = [], next_page_token: next = '' } = await client.call(
      'getMetricHistory',
      { run_id: runId, metric_key: key, ...(token === '' ? {} : { page_token: token }) },
      signal,
    );
    if (all.length + metrics.length > mostOfOne)
      throw new RequestError(
        `${client.address} answered getMetricHistory with more than ${mostOfOne} values: is it an MLflow server?`,
        { status: 200 },
      );
    for (const { value = 0, timestamp = 0, step = 0 } of metrics) all.push({ key, value, timestamp, step });
    if (next === '') return all;
    // Each page leads on, or there is no end to them.
    if (metrics.length === 0 || tokens.has(next))
      throw new RequestError(
        `${client.address} answered getMetricHistory with pages that lead nowhere: is it an MLflow server?`,
        { status: 200 },
      );
    tokens.add(next);
    token = next;
  }
}

/** Equal where MLflow holds two values for the same one. */
export function identity({ value, timestamp, step }: Metric): string {
  const number = Number(value);
  // A database has no infinities: MLflow keeps the largest number instead. Nor has it a negative zero.
  const stored = Math.min(Math.max(number, -Number.MAX_VALUE), Number.MAX_VALUE) + 0;
  return `${timestamp} ${step} ${stored}`;
}
