import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStatus } from '../base/events.ts';
import type { Recorder } from './local-run.ts';
import { double, type MlflowClient, type Upload } from './mlflow-client.ts';
import { RequestError } from './mlflow-connection.ts';
import type { Calls } from './mlflow-protocol.ts';
import type { StoreArtifact } from './server-artifacts.ts';
import type { DatasetInput, Metric, Undelivered } from './tracker.ts';

/** A run on a server, and where its artifacts come from. */
export interface Delivery {
  readonly client: MlflowClient;
  readonly runId: string;
  readonly storeArtifact: StoreArtifact;
  /** The run's artifacts in the local store. */
  readonly artifactDirectory: string;
}

type Batch = Calls['logBatch']['request'];

type LaneName = 'params' | 'tags' | 'inputs' | 'metrics' | 'artifacts' | 'status';

/** Things of one kind that wait for the server, in order. */
interface Lane {
  readonly what: string;
  /** Most items that one request may carry. */
  readonly most: number;
  readonly items: unknown[];
  readonly send: (items: readonly never[], upload: Upload) => Promise<unknown>;
}

interface Refusal {
  readonly lane: Lane;
  readonly items: readonly unknown[];
  readonly reason: string;
}

// MLflow takes 1000 metrics, 100 params, 100 tags at once, and documents 1 MB for a request.
const mostMetrics = 500;
const mostValues = 100;
const mostBytes = 900_000;
const flushDelayMs = 1000;
// Above this, refused batches are no longer searched for the values at fault.
const mostRefusals = 20;
// How long `finish` goes on without a sign of progress.
const patienceMs = { FINISHED: 30_000, FAILED: 30_000, KILLED: 5000 } as const satisfies Record<RunStatus, number>;

/** Sends what a run records to its server in the background: one request at a time, in batches, again when it failed. */
export class ServerSender implements Recorder {
  readonly #delivery: Delivery;
  readonly #lanes: Readonly<Record<LaneName, Lane>>;
  readonly #undelivered: Refusal[] = [];
  readonly #finishing = new AbortController();
  readonly #givingUp = new AbortController();
  #deadline: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #lastFailure: Error | undefined;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
    const { client, runId: run_id, storeArtifact, artifactDirectory } = delivery;
    const logBatch = (batch: Batch, { signal }: Upload): Promise<unknown> => client.call('logBatch', { run_id, ...batch }, signal);
    // In the order of sending. Params go alone: one that a server refuses must not take others with it.
    this.#lanes = {
      params: { what: 'params', most: mostValues, items: [], send: (params: Batch['params'] & {}, upload) => logBatch({ params }, upload) },
      tags: { what: 'tags', most: mostValues, items: [], send: (tags: Batch['tags'] & {}, upload) => logBatch({ tags }, upload) },
      inputs: { what: 'data set inputs', most: mostValues, items: [], send: (datasets: readonly DatasetInput[], { signal }) => client.call('logInputs', { run_id, datasets: datasets.map(datasetMessage) }, signal) },
      metrics: { what: 'metric values', most: mostMetrics, items: [], send: (metrics: readonly Metric[], upload) => logBatch({ metrics: metrics.map((metric) => ({ ...metric, value: double(metric.value) })) }, upload) },
      artifacts: { what: 'artifacts', most: 1, items: [], send: ([path]: readonly string[], upload) => storeArtifact(path!, join(artifactDirectory, path!), upload) },
      status: { what: 'status', most: 1, items: [], send: ([ending]: readonly { status: RunStatus; end_time: number }[], { signal }) => client.call('updateRun', { run_id, ...ending! }, signal) },
    };
  }

  params(params: Readonly<Record<string, string>>): void {
    this.#add('params', Object.entries(params).map(([key, value]) => ({ key, value })));
  }

  tags(tags: Readonly<Record<string, string>>): void {
    this.#add('tags', Object.entries(tags).map(([key, value]) => ({ key, value })));
  }

  metrics(metrics: readonly Metric[]): void {
    this.#add('metrics', metrics);
  }

  inputs(datasets: readonly DatasetInput[]): void {
    this.#add('inputs', datasets);
  }

  artifact(path: string): void {
    this.#add('artifacts', [path]);
  }

  async finish(status: RunStatus, endTime: number): Promise<Undelivered> {
    this.#lanes.status.items.push({ status, end_time: Math.round(endTime) });
    this.#deadline = setTimeout(() => this.#givingUp.abort(), patienceMs[status]);
    this.#finishing.abort();
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#sendAll();
    clearTimeout(this.#deadline);
    this.#delivery.client.close();
    return describe(this.#undelivered);
  }

  #add(lane: LaneName, items: readonly unknown[]): void {
    for (const item of items) this.#lanes[lane].items.push(item);
    if (this.#sending !== undefined) return;
    if (this.#lanes.metrics.items.length >= mostMetrics) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), flushDelayMs).unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  async #sendAll(): Promise<void> {
    const lanes = Object.values(this.#lanes);
    for (let lane = lanes.find(hasItems); lane !== undefined; lane = lanes.find(hasItems)) {
      const batch = lane.items.splice(0, batchSize(lane));
      await this.#deliver(lane, batch);
    }
  }

  /** Never throws: what cannot be delivered is noted. */
  async #deliver(lane: Lane, batch: readonly unknown[]): Promise<void> {
    const { signal } = this.#givingUp;
    const upload: Upload = { signal, onProgress: () => this.#deadline?.refresh() };
    let serverErrors = 0;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await lane.send(batch as readonly never[], upload);
        upload.onProgress();
        return;
      } catch (error) {
        // After giving up, the error only says that it was given up.
        if (signal.aborted) break;
        this.#lastFailure = error as Error;
        if (!(error instanceof RequestError) || !error.mayPass) return this.#refuse(lane, batch, error as Error);
        // Some compatible servers answer 500 to what they will never take; other answers mean a server that comes back.
        if (error.status === 500 && ++serverErrors > this.#delivery.client.retry.retries) return this.#refuse(lane, batch, error);
        await this.#pause(error, failures);
      }
    }
    this.#undelivered.push({ lane, items: batch, reason: this.#lastFailure?.message ?? `${this.#delivery.client.address} did not take it in time` });
  }

  async #pause(error: RequestError, failures: number): Promise<void> {
    const isLast = this.#finishing.signal.aborted;
    const wait = this.#delivery.client.retry.delay(error, failures, isLast ? 2000 : 30_000);
    await sleep(wait, undefined, { signal: isLast ? this.#givingUp.signal : this.#finishing.signal }).catch(() => undefined);
  }

  /** A server stores all of a batch or nothing, so the ones that it refuses are looked for by halves. */
  async #refuse(lane: Lane, batch: readonly unknown[], error: Error): Promise<void> {
    if (batch.length > 1 && error instanceof RequestError && error.code === 'INVALID_PARAMETER_VALUE' && this.#undelivered.length < mostRefusals) {
      const half = Math.ceil(batch.length / 2);
      await this.#deliver(lane, batch.slice(0, half));
      await this.#deliver(lane, batch.slice(half));
      return;
    }
    this.#undelivered.push({ lane, items: batch, reason: error.message });
  }
}

function hasItems(lane: Lane): boolean {
  return lane.items.length > 0;
}

// At least one, and no more than the bytes that a request may have.
function batchSize({ items, most }: Lane): number {
  let bytes = 0;
  const end = items.slice(0, most).findIndex((item) => (bytes += Buffer.byteLength(JSON.stringify(item))) > mostBytes);
  return end === -1 ? most : Math.max(1, end);
}

function datasetMessage({ context, sourceType, ...dataset }: DatasetInput): NonNullable<Calls['logInputs']['request']['datasets']>[number] {
  return { dataset: { ...dataset, source_type: sourceType }, tags: [{ key: 'mlflow.data.context', value: context }] };
}

function describe(refusals: readonly Refusal[]): Undelivered {
  return [...new Set(refusals.map(({ reason }) => reason))].map((reason) => {
    const ofReason = refusals.filter((refusal) => refusal.reason === reason);
    const what = [...new Set(ofReason.map(({ lane }) => lane))].map((lane) => counted(lane, ofReason.filter((refusal) => refusal.lane === lane).flatMap(({ items }) => items)));
    return `${what.join(', ')}: ${reason}`;
  });
}

function counted({ what, most }: Lane, items: readonly unknown[]): string {
  const names = items.filter((item) => typeof item === 'string');
  if (names.length === 0) return most === 1 ? what : `${what} (${items.length})`;
  return `${what} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`;
}
