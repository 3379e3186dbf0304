import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, UserError, failure, misuse, warning } from '../base/diagnostics.ts';
import { realPath, statOf } from '../base/files.ts';
import { shorten } from '../base/shorten.ts';
import { modelFiles } from '../layers/save-model.ts';
import type { FetchedRun, Watch } from '../tracking/recorded-runs.ts';
import { type RunPlace, findRun, idInFolder, repetitionsTag } from './find-run.ts';

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
  if (folder !== undefined)
    return (await ofStore(folder, place, watch)) ?? { folder, title: reference, runId: undefined };
  if (statOf(reference)?.isDirectory() === true && idInFolder(reference) === undefined)
    throw failure('no-model', `${reference} holds no model`, 'name the folder that model.json is in, or a run');
  if (filesOfModel.has(basename(reference)) && existsSync(join(dirname(reference), 'model.json')))
    throw misuse('no-model', `${reference} is a file of a model`, `name the folder: ${dirname(reference)}`);
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
  const found = ofRun(run, await run.modelFolder());
  for (const doubt of doubtOf(run)) watch.warn(doubt);
  return found;
}

/** Why the model of a run may be none that one wants: who names it by its id may not know. */
export function doubtOf({ runId, state, tags }: FetchedRun): readonly Diagnostic[] {
  const trial = tags['pipeline.trial'];
  const why = [
    ...(trial === undefined ? [] : [`is a trial (${shorten(trial)}), which learnt from a part of the data`]),
    ...(state === 'FAILED' ? ['has FAILED'] : []),
  ];
  return why.map((is) =>
    warning('doubtful-model', `the run ${runId} ${is}`, 'Name another, unless it is meant: `pipeline runs`.'),
  );
}

/** Files of the folder of a model that people take for it. */
const filesOfModel: ReadonlySet<string> = new Set([...modelFiles, 'model.onnx', 'model.yaml', 'MLmodel']);

const ofRun = ({ name, runId }: FetchedRun, folder: string): FoundModel => ({
  folder,
  title: `${name}, run ${runId}`,
  runId,
});

/** The model of a run of the local store, where a folder is that of one, and no copy. */
async function ofStore(folder: string, { runs, trackingUri }: RunPlace, watch: Watch): Promise<FoundModel | undefined> {
  const id = idInFolder(folder);
  if (id === undefined || (trackingUri ?? '') !== '') return undefined;
  try {
    const run = await findRun(id, { runs, trackingUri: undefined }, watch);
    return realPath(await run.modelFolder()) === realPath(folder) ? ofRun(run, folder) : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
