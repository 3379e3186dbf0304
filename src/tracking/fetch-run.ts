import { join } from 'node:path';
import { type Diagnostic, failure } from '../base/diagnostics.ts';
import { readFileWithin } from '../base/read-file.ts';
import { warnOfClearText } from './choose-tracker.ts';
import { listExperiments } from './store/local-experiments.ts';
import { mostValues } from './store/metric-files.ts';
import { readHistory } from './server/metric-history.ts';
import { metaText, readMeta } from './store/meta-yaml.ts';
import { MlflowClient } from './server/mlflow-client.ts';
import { notMlflow, RequestError } from './server/mlflow-connection.ts';
import { readRun } from './store/read-run.ts';
import { artifactFile, isRunId, proveWhole, runFolder } from './store/run-folder.ts';
import { serverAddress } from './server/server-address.ts';
import type { Metric } from './tracker.ts';
import { trackingPlace } from './tracking-place.ts';

/** A run, as a tracker alone knows it. */
export interface FetchedRun {
  readonly where: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Those of its epochs at least. */
  readonly metrics: readonly Metric[];
  /** The text of one of its artifacts. @throws UserError where there is none */
  readonly artifact: (path: string) => Promise<string>;
}

// The file of a run and what it comes to are read, no weights.
const longestArtifact = 10_000_000;

/** What goes on beside a search. */
interface Watch {
  readonly warn: (warning: Diagnostic) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds a run.
 *
 * @param uri of an MLflow server, as the user named it; undefined: the local store
 * @throws UserError where there is no such run, or no way to it; the signal's reason when it is aborted
 */
export async function fetchRun(
  runId: string,
  runsDirectory: string,
  uri: string | undefined,
  { warn, signal }: Watch,
): Promise<FetchedRun> {
  const place = uri === undefined || uri === '' ? { folder: runsDirectory } : trackingPlace(uri);
  if (place.folder !== undefined) return fromStore(runId, place.folder);
  const server = serverAddress(place.server, true);
  warnOfClearText(server, warn);
  return fromServer(runId, new MlflowClient(server, process.env), signal);
}

function fromStore(runId: string, runsDirectory: string): FetchedRun {
  const experiments = isRunId(runId) ? listExperiments(runsDirectory) : [];
  const folders = experiments.map((experiment) => runFolder(experiment.directory, runId));
  const directory = folders.find((path) => readMeta(join(path, 'meta.yaml')) !== undefined);
  if (directory === undefined) throw unknownRun(runId, runsDirectory);
  proveWhole(directory);
  return {
    where: runsDirectory,
    name: metaText(readMeta(join(directory, 'meta.yaml'))!.run_name),
    ...readRun(directory),
    artifact: async (path) => {
      try {
        return new TextDecoder().decode(
          readFileWithin(artifactFile(join(directory, 'artifacts'), path), longestArtifact),
        );
      } catch (error) {
        throw noArtifact(runId, path, error as Error);
      }
    },
  };
}

async function fromServer(runId: string, client: MlflowClient, signal: AbortSignal): Promise<FetchedRun> {
  try {
    const { info, data } = (await client.call('getRun', { run_id: runId }, signal)).run;
    const metrics: Metric[] = [];
    for (const { key, step = 0 } of data?.metrics ?? []) {
      // Of no epoch: it was measured after the training.
      if (step === 0) continue;
      for (const metric of await readHistory(client, runId, key, signal))
        metrics.push({ ...metric, value: Number(metric.value) });
      if (metrics.length > mostValues)
        throw new RequestError(
          `${client.address} answered getMetricHistory with more than ${mostValues} values ` +
            'of one run: is it an MLflow server?',
          { status: 200 },
        );
    }
    return {
      where: client.address,
      name: info.run_name ?? runId,
      tags: Object.fromEntries((data?.tags ?? []).map(({ key, value }) => [key, value ?? ''])),
      metrics,
      artifact: async (path) =>
        client.getArtifact(runId, path, signal).catch((error: Error) => {
          signal.throwIfAborted();
          throw noArtifact(runId, path, error);
        }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    throw error.code === 'RESOURCE_DOES_NOT_EXIST'
      ? unknownRun(runId, client.address)
      : failure(
          'run-not-readable',
          `cannot read the run from ${client.address}: ${error.message}`,
          error.wayOut ?? (error.isOutage ? 'check the tracking URI, and whether the server is up' : notMlflow(error)),
          error,
        );
  }
}

function unknownRun(runId: string, where: string): Error {
  return failure(
    'unknown-run',
    `${where} has no run ${runId}`,
    'a run tells its id at its start, and the MLflow UI shows it; ' +
      'name the server with --tracking-uri, or the folder with --runs',
  );
}

function noArtifact(runId: string, path: string, error: Error): Error {
  return failure(
    'no-artifact',
    `the run ${runId} has no artifact ${path}: ${error.message}`,
    'only runs of this program that recorded it can be replayed',
    error,
  );
}
