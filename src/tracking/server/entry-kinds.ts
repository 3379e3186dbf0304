import { join } from 'node:path';
import type { Entry, Items, Kind } from './journal.ts';
import type { MlflowClient, Upload } from './mlflow-client.ts';
import type { MetricHistory } from './metric-history.ts';
import type { Calls } from './mlflow-protocol.ts';
import { artifactFile } from '../store/run-folder.ts';
import type { StoreArtifact } from './server-artifacts.ts';
import type { DatasetInput } from '../tracker.ts';

/** A run on its server, and what is needed to tell the server of it. */
export interface OpenRun {
  readonly client: MlflowClient;
  readonly runId: string;
  readonly storeArtifact: StoreArtifact;
  /** The run's folder in the local store. */
  readonly directory: () => string;
  readonly history: MetricHistory;
  /** Tags with the server's ids of other runs; undefined: it is still to get one of them. */
  readonly nameRuns: (tags: readonly Items['tags'][]) => readonly Items['tags'][] | undefined;
}

/** How things of one kind are delivered. */
interface KindRow<K extends Kind> {
  /** What people call them. */
  readonly what: string;
  /** Most items that one request may carry. */
  readonly most: number;
  /** What the server gets of them, where that is something else; undefined: it cannot be said yet. */
  readonly asSent?: (items: readonly Items[K][], run: OpenRun) => readonly Items[K][] | undefined;
  /**
   * @param isDoubtful whether the server may have some of them already
   * @returns how many it took now
   * @throws RequestError, or an Error where there is no way
   */
  readonly send: (items: readonly Items[K][], run: OpenRun, upload: Upload, isDoubtful: boolean) => Promise<number>;
}

// MLflow takes 1000 metrics, 100 params, 100 tags at once, and documents 1 MB for a request.
const mostMetrics = 500;
const mostValues = 100;
/** Of one request. */
export const mostBytes = 900_000;

/** Every kind. All but metrics may be told twice: the server keeps one. */
export const entryKinds: { readonly [K in Kind]: KindRow<K> } = {
  params: {
    what: 'params',
    most: mostValues,
    send: async (params, run, { signal }) => logBatch(run, { params }, signal),
  },
  tags: {
    what: 'tags',
    most: mostValues,
    asSent: (tags, { nameRuns }) => nameRuns(tags),
    send: async (tags, run, { signal }) => logBatch(run, { tags }, signal),
  },
  inputs: {
    what: 'data set inputs',
    most: mostValues,
    send: async (datasets, { client, runId }, { signal }) => {
      await client.call('logInputs', { run_id: runId, datasets: datasets.map(datasetMessage) }, signal);
      return datasets.length;
    },
  },
  metrics: {
    what: 'metric values',
    most: mostMetrics,
    send: async (metrics, run, { signal }, isDoubtful) => {
      const missing = isDoubtful ? await run.history.missing(metrics, signal) : metrics;
      return missing.length === 0 ? 0 : logBatch(run, { metrics: missing }, signal);
    },
  },
  artifacts: {
    what: 'artifacts',
    most: 1,
    send: async ([path], { storeArtifact, directory }, upload) => {
      await storeArtifact(path!, artifactFile(join(directory(), 'artifacts'), path!), upload);
      return 1;
    },
  },
  status: {
    what: 'status',
    most: 1,
    send: async ([status], { client, runId }, { signal }) => {
      await client.call('updateRun', { run_id: runId, ...status! }, signal);
      return 1;
    },
  },
};

/** Whether an entry says that the run has finished. */
export function saysFinished({ kind, items }: Entry): boolean {
  return kind === 'status' && (items as readonly Items['status'][]).some(({ status }) => status === 'FINISHED');
}

/** Cuts things of one kind into pieces that one request may carry each. */
export function splitItems<K extends Kind>(kind: K, items: readonly Items[K][]): readonly (readonly Items[K][])[] {
  const pieces: Items[K][][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    bytes += size;
    const last = pieces.at(-1);
    if (last !== undefined && last.length < entryKinds[kind].most && bytes <= mostBytes) last.push(item);
    else {
      pieces.push([item]);
      bytes = size;
    }
  }
  return pieces;
}

async function logBatch(
  { client, runId }: OpenRun,
  batch: Omit<Calls['logBatch']['request'], 'run_id'>,
  signal: AbortSignal,
): Promise<number> {
  await client.call('logBatch', { run_id: runId, ...batch }, signal);
  return Object.values(batch).flat().length;
}

function datasetMessage({
  context,
  sourceType,
  ...dataset
}: DatasetInput): NonNullable<Calls['logInputs']['request']['datasets']>[number] {
  return { dataset: { ...dataset, source_type: sourceType }, tags: [{ key: 'mlflow.data.context', value: context }] };
}
