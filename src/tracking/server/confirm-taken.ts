import { posix } from 'node:path';
import type { OpenRun } from './entry-kinds.ts';
import type { Entry, Items, Kind } from './journal.ts';
import type { StoredRun } from './mlflow-client.ts';
import { RequestError } from './mlflow-connection.ts';
import { identity, latestOf } from './metric-history.ts';

/** The code of what a server said it took, and does not have. */
export const notKept = 'NOT_KEPT';

/**
 * Asks the server for the run, and looks for what it was sent: MLflow answers most requests with `{}`, as anything in
 * its place may.
 *
 * @throws RequestError where the run, or something of what was sent, is not there
 */
export async function confirmTaken<K extends Kind>(
  kind: K,
  items: readonly Items[K][],
  open: OpenRun,
  signal: AbortSignal,
): Promise<void> {
  const run = await open.client.storedRun(open.runId, signal);
  if (await isKept[kind](items, run, open, signal)) return;
  throw new RequestError(`${open.client.address} answered as if it took this, and does not have it`, {
    status: 200,
    code: notKept,
  });
}

type IsKept<K extends Kind> = (
  items: readonly Items[K][],
  run: StoredRun,
  open: OpenRun,
  signal: AbortSignal,
) => boolean | Promise<boolean>;

const isKept: { readonly [K in Kind]: IsKept<K> } = {
  params: (params, { data }) => {
    const kept = new Set(data?.params?.map(({ key }) => key));
    return params.every(({ key }) => kept.has(key));
  },
  tags: (tags, { data }) => {
    // Each run of ours has a tag: such a server does not tell of them.
    if (data?.tags === undefined) return true;
    const kept = new Map(data?.tags?.map(({ key, value = '' }) => [key, value]));
    return [...new Map(tags.map(({ key, value }) => [key, value]))].every(([key, value]) =>
      isSameTag(value, kept.get(key)),
    );
  },
  inputs: (datasets, { inputs }) => {
    // Older servers take them and do not tell of them.
    if (inputs === undefined) return true;
    const kept = inputs.dataset_inputs ?? [];
    return datasets.every(({ name, digest }) =>
      kept.some(({ dataset }) => dataset.name === name && dataset.digest === digest),
    );
  },
  metrics: async (metrics, run, { history }, signal) => {
    const latest = latestOf(run);
    const others = lastOf(metrics)
      .map((last) => ({ last, kept: latest.get(last.key) }))
      .filter(({ last, kept }) => kept === undefined || identity(last) !== identity(kept));
    if (others.some(({ last, kept }) => kept === undefined || isBefore(kept, last))) return false;
    if (others.length === 0) return true;
    // Later values say nothing of earlier ones.
    history.forget();
    return (
      (
        await history.missing(
          others.map(({ last }) => last),
          signal,
        )
      ).length === 0
    );
  },
  artifacts: (paths, _run, { client, runId }, signal) =>
    areListed(paths, (folder) => client.listArtifacts(runId, folder, signal)),
  status: (statuses, { info }) => info.status === statuses.at(-1)!.status,
};

type ListFolder = (folder: string) => Promise<ReadonlySet<string> | undefined>;

async function areListed(paths: readonly string[], list: ListFolder): Promise<boolean> {
  for (const path of paths) {
    const listed = await list(posix.dirname(path));
    // MLflow lists `a%20b` as `a b`.
    if (listed !== undefined && !listed.has(path) && !/%[0-9a-f]{2}/i.test(path)) return false;
  }
  return true;
}

// A server tells all values of a metric at once, 150 bytes each.
const mostCompared = 100_000;

/**
 * Asks the server for all of a run: what it took once it may have lost, as when it was restored from a backup.
 *
 * @param entries what the server took
 * @returns those of which something is not there
 * @throws RequestError
 */
export async function findLost(
  entries: readonly Entry[],
  open: OpenRun,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const { client, runId, history } = open;
  history.forget();
  const run = await client.storedRun(runId, signal);
  const counts = new Map<string, number>();
  for (const { key } of itemsOf(entries, 'metrics')) counts.set(key, (counts.get(key) ?? 0) + 1);
  const folders = new Map<string, ReturnType<ListFolder>>();
  const list: ListFolder = (folder) =>
    folders.get(folder) ?? folders.set(folder, client.listArtifacts(runId, folder, signal)).get(folder)!;
  const isStillKept: { readonly [K in Kind]: IsKept<K> } = {
    ...isKept,
    // People may have written another value meanwhile.
    tags: (tags, { data }) =>
      data?.tags === undefined || tags.every(({ key }) => data.tags!.some((tag) => tag.key === key)),
    metrics: async (metrics) =>
      (
        await history.missing(
          metrics.filter(({ key }) => counts.get(key)! <= mostCompared),
          signal,
        )
      ).length === 0,
    artifacts: (paths) => areListed(paths, list),
    status: () => true,
  };
  const stays = <K extends Kind>({ kind, items }: Entry<K>) => isStillKept[kind](items, run, open, signal);
  const lost: Entry[] = [];
  for (const entry of entries) if (!(await stays(entry))) lost.push(entry);
  return lost;
}

function itemsOf<K extends Kind>(entries: readonly Entry[], kind: K): readonly Items[K][] {
  return entries.flatMap((entry) => (entry.kind === kind ? (entry.items as readonly Items[K][]) : []));
}

// Of a batch a server stores all or nothing.
function lastOf(metrics: readonly Items['metrics'][]): readonly Items['metrics'][] {
  const last = new Map<string, Items['metrics']>();
  for (const metric of metrics) {
    const other = last.get(metric.key);
    if (other === undefined || !isBefore(metric, other)) last.set(metric.key, metric);
  }
  return [...last.values()];
}

function isBefore(one: Items['metrics'], other: Items['metrics']): boolean {
  return one.step < other.step || (one.step === other.step && one.timestamp < other.timestamp);
}

/** Whether a server has the value of a tag; long ones it may cut. */
function isSameTag(value: string, kept: string | undefined): boolean {
  return kept === value || (kept !== undefined && kept.length >= 250 && value.startsWith(kept));
}
