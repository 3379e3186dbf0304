import type { Items } from './journal.ts';
import type { MlflowClient } from './mlflow-client.ts';
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
    for (const key of new Set(metrics.map((metric) => metric.key))) {
      if (!this.#stored.has(key)) this.#stored.set(key, new Set((await readHistory(this.#client, this.#runId, key, signal)).map(identity)));
    }
    return metrics.filter((metric) => !this.#stored.get(metric.key)!.has(identity(metric)));
  }

  /** To be called when something was sent without an answer. */
  forget(): void {
    this.#stored.clear();
  }
}

// Of one metric; no run here records as many.
const mostValues = 1_000_000;

/** All values of one metric, in the server's order. @throws RequestError */
export async function readHistory(client: MlflowClient, runId: string, key: string, signal?: AbortSignal): Promise<readonly Metric[]> {
  const all: Metric[] = [];
  const tokens = new Set<string>();
  for (let token = ''; ; ) {
    const { metrics = [], next_page_token: next = '' } = await client.call('getMetricHistory', { run_id: runId, metric_key: key, ...(token === '' ? {} : { page_token: token }) }, signal);
    if (all.length + metrics.length > mostValues) throw new RequestError(`${client.address} answered getMetricHistory with more than ${mostValues} values: is it an MLflow server?`, { status: 200 });
    for (const { value = 0, timestamp = 0, step = 0 } of metrics) all.push({ key, value, timestamp, step });
    if (next === '') return all;
    // Each page leads on, or there is no end to them.
    if (metrics.length === 0 || tokens.has(next)) throw new RequestError(`${client.address} answered getMetricHistory with pages that lead nowhere: is it an MLflow server?`, { status: 200 });
    tokens.add(next);
    token = next;
  }
}

/** Equal where MLflow holds two values for the same one. */
function identity({ value, timestamp, step }: Metric): string {
  const number = Number(value);
  // A database has no infinities: MLflow keeps the largest number instead. Nor has it a negative zero.
  const stored = Math.min(Math.max(number, -Number.MAX_VALUE), Number.MAX_VALUE) + 0;
  return `${timestamp} ${step} ${stored}`;
}
