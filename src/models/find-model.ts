import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, failure } from '../base/diagnostics.ts';
import { listExperiments } from '../tracking/store/local-experiments.ts';
import { isRunId, proveWhole, runFolder } from '../tracking/store/run-folder.ts';

/** A trained model, as its user named it. */
export interface FoundModel {
  /** The folder that holds `model.json`. */
  readonly folder: string;
  /** What people call it: its run's name and id, or the folder as it was named. */
  readonly title: string;
  /** The run that trained it; undefined where the folder is none of a run's. */
  readonly runId: string | undefined;
}

/** Where runs are looked for. */
export interface RunPlace {
  /** The local store. */
  readonly runs: string;
  /** Of an MLflow server, as the user named it; undefined or empty: the local store. */
  readonly trackingUri: string | undefined;
}

/** What goes on beside a search. */
export interface Watch {
  readonly warn: (warning: Diagnostic) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds the model that a user means: a folder that holds one, or a run by its id.
 *
 * @throws UserError where there is none, or no way to it
 */
export async function findModel(reference: string, { runs }: RunPlace, _watch: Watch): Promise<FoundModel> {
  if (existsSync(join(reference, 'model.json'))) return { folder: reference, title: reference, runId: undefined };
  const folders = isRunId(reference)
    ? listExperiments(runs).map(({ directory }) => runFolder(directory, reference))
    : [];
  const directory = folders.find((path) => existsSync(join(path, 'meta.yaml')));
  if (directory === undefined)
    throw failure('unknown-run', `${runs} has no run ${reference}`, 'name a run by its id, or a folder with a model');
  proveWhole(directory);
  return { folder: join(directory, 'artifacts/model'), title: `run ${reference}`, runId: reference };
}
