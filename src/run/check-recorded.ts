import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { type Source, UserError, failure } from '../base/diagnostics.ts';
import { readOfVersion } from '../base/other-version.ts';
import { rememberSecrets } from '../base/secrets.ts';
import { shorten } from '../base/shorten.ts';
import { locate } from '../datasets/files/data-file.ts';
import { datasetRow, readyDataset } from '../datasets/datasets.ts';
import { type RecordedPipeline, readRecorded } from '../language/read-recorded.ts';
import { type CheckedPipeline, checkSource } from '../plan/check-pipeline.ts';
import type { FetchedRun } from '../tracking/recorded-runs.ts';
import { AllowedKeys } from '../tracking/store/allowed-keys.ts';
import type { Trial } from './trial.ts';

/** What is known of a run by its record. */
export type Recorded = Pick<FetchedRun, 'artifact' | 'tags'>;

/**
 * Checks what a run trained, as its tracker has it. Whoever wrote that is not known: it is read by itself, data only
 * from below the folder that one is in, and nothing is fetched.
 *
 * @param settings laid over it, such as `evaluate.metrics=[f1]`
 * @throws UserError where it has a mistake, names data elsewhere or a trial that there is not, or the run has no record
 * of it
 */
export async function checkRecorded(run: Recorded, settings: readonly string[] = []): Promise<CheckedPipeline> {
  trialOf(run.tags['pipeline.trial']);
  const source = await sourceOf(run);
  const { pipeline, resolved } = readTrained(run, source, settings);
  rememberSecrets(resolved);
  const { type, options } = pipeline.data.source;
  await readyDataset(type);
  for (const { path, url } of datasetRow(type)
    .named(options)
    .map((named) => locate(named, dirname(source.name)))) {
    if (url !== undefined && !existsSync(path))
      throw failure(
        'data-not-fetched',
        `the run's data is at ${shorten(url, 200)}, which is not fetched`,
        'a record chooses no address: where you trust this one, ' +
          '`pipeline plan FILE` fetches what a file of yours names',
      );
    if (url === undefined && !isBelow(path))
      throw failure(
        'data-elsewhere',
        `the run's data is ${shorten(path, 200)}, which is not below the folder that you are in`,
        'a record chooses no file outside: where it is your own, ' +
          'stand in a folder above both the data and the pipeline file',
      );
  }
  const { checked, diagnostics: found } = checkSource(source, settings);
  if (checked === undefined) throw new UserError(found, 2);
  return checked;
}

/** Reads what a run trained, see readRecorded. @throws UserError with the version of the run, where it is another */
export function readTrained({ tags }: Recorded, source: Source, settings: readonly string[]): RecordedPipeline {
  return readOfVersion(tags['pipeline.layerline'], () => readRecorded(source, settings));
}

/** The text that a run has recorded, under the name of its file where that is below the folder that one is in. */
export async function sourceOf({ artifact, tags }: Recorded): Promise<Source> {
  const file = tags['mlflow.source.name'];
  return {
    name: file !== undefined && file.length <= longestName && isBelow(file) ? file : 'pipeline.yaml',
    text: await artifact('config/resolved.yaml'),
  };
}

// Of a file that the record names, as messages show it.
const longestName = 500;

function isBelow(path: string): boolean {
  const way = relative('.', path);
  return way.split(sep)[0] !== '..' && !isAbsolute(way) && !path.includes('\0');
}

/** What of the data that was read is not as a run recorded it, in words. */
export function otherData(
  tags: Recorded['tags'],
  files: readonly { readonly name: string; readonly sha256: string }[],
): string[] {
  const keys = new AllowedKeys();
  return files.flatMap(({ name, sha256 }) => {
    const recorded = tags[keys.allow(`data.sha256.${name}`)];
    return recorded === sha256
      ? []
      : [`other data in ${name}: its SHA-256 was ${shorten(recorded ?? 'not recorded', 200)}, it is ${sha256}`];
  });
}

/** The trial that a run was; undefined for one in earnest. @throws UserError where there is no such trial */
export function trialOf(tag: string | undefined): Trial | undefined {
  if (tag === undefined) return undefined;
  if (tag === 'smoke') return { kind: 'smoke' };
  const samples = /^overfit-([1-9]\d{0,8})$/.exec(tag)?.[1];
  if (samples === undefined)
    throw failure(
      'unknown-trial',
      `the run's tag pipeline.trial is '${shorten(tag)}', and no trial is called so`,
      'correct the tag where the run is recorded: `smoke`, or `overfit-` and a number of samples',
    );
  return { kind: 'overfit', samples: Number(samples) };
}
