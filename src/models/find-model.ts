import { statOf } from '../base/files.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../base/diagnostics.ts';
import type { Watch } from '../tracking/recorded-runs.ts';
import { type RunPlace, findRun, repetitionsTag } from './find-run.ts';

/** A trained model, as its user named it. */
export interface FoundModel {
  /** The folder that holds `model.json`. */
  readonly folder: string;
  /** What people call it: its run's name and id, or the folder as it was named. */
  readonly title: string;
  /** The run that trained it; undefined where the folder is none of a run's. */
  readonly runId: string | undefined;
}

/**
 * Finds the model that a user means: a folder that holds one, or a run, see findRun. That of a server's run is fetched
 * into `.layerline/models/RUN/`.
 *
 * @throws UserError where there is none, or no way to it
 */
export async function findModel(reference: string, place: RunPlace, watch: Watch): Promise<FoundModel> {
  const folder = ['.', 'model', 'artifacts/model']
    .map((below) => join(reference, below))
    .find((path) => existsSync(join(path, 'model.json')));
  if (folder !== undefined) return { folder, title: reference, runId: undefined };
  if (statOf(reference)?.isDirectory() === true)
    throw failure('no-model', `${reference} holds no model`, 'name the folder that model.json is in, or a run');
  const run = await findRun(reference, place, watch);
  const evaluated = run.tags['pipeline.evaluates'];
  if (evaluated !== undefined)
    throw failure('no-model', `the run ${run.runId} evaluates another and has no model`, `name that: ${evaluated}`);
  if (run.tags[repetitionsTag] !== undefined)
    throw failure(
      'no-model',
      `the run ${run.runId} is above ${run.tags[repetitionsTag]} and has no model of its own`,
      'name one of them: `pipeline runs` lists them',
    );
  return {
    folder: await run.modelFolder(),
    title: `${run.name}, run ${run.runId}`,
    runId: run.runId,
  };
}
