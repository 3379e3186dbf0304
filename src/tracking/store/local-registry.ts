import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { besideName, makeFolder, writeFileAtomic } from '../../base/files.ts';
import type { VersionName } from '../registered-model.ts';
import { unknownVersion } from '../run-failures.ts';
import { editMeta, metaText, readMeta, writeMeta } from './meta-yaml.ts';
import { readKeys } from './read-run.ts';
import { foldersIn, readOwnFile, registeredFolder, removeEmpty } from './run-folder.ts';

/** The registry of a local store, in `models/` of it, as MLflow's file store keeps and reads it. */
export class LocalRegistry {
  readonly #runsDirectory: string;

  constructor(runsDirectory: string) {
    this.#runsDirectory = runsDirectory;
  }

  /** The id of the run that a version is of. @throws UserError where there is none */
  runOf(name: string, { version, alias }: VersionName): string {
    const folder = registeredFolder(this.#runsDirectory, name);
    if (!existsSync(join(folder, 'meta.yaml'))) {
      const known = foldersIn(join(this.#runsDirectory, 'models'));
      throw unknownVersion(`${this.#runsDirectory} has no registered model ${name}`, known);
    }
    const pointed = alias === undefined ? undefined : this.#aliases(folder).get(alias);
    if (alias !== undefined && pointed === undefined)
      throw unknownVersion(`the model ${name} has no alias ${alias}`, [...this.#aliases(folder).keys()]);
    const meta = readMeta(join(folder, `version-${Number(version ?? pointed)}`, 'meta.yaml'));
    if (meta === undefined)
      throw unknownVersion(`the model ${name} has no version ${version ?? pointed}`, versionsIn(folder).map(String));
    return metaText(meta['run_id']);
  }

  /**
   * Registers the model of a run, as the next version of that name, which is made where it is not there.
   *
   * @param source address of the folder of the model
   * @returns the version
   * @throws the file system's own error
   */
  register(name: string, runId: string, source: string, alias: string | undefined): string {
    const folder = registeredFolder(this.#runsDirectory, name);
    const now = Date.now();
    const times = { creation_timestamp: now, last_updated_timestamp: now };
    const path = join(folder, 'meta.yaml');
    if (existsSync(path)) editMeta(path, { last_updated_timestamp: now });
    else {
      makeFolder(folder);
      writeMeta(path, { ...times, deployment_job_id: null, deployment_job_state: null, description: null, name });
    }
    const aside = join(folder, besideName());
    for (let version = Math.max(0, ...versionsIn(folder)) + 1; ; version++) {
      mkdirSync(aside);
      writeMeta(join(aside, 'meta.yaml'), {
        ...times,
        current_stage: 'None',
        deployment_job_state: null,
        description: null,
        model_id: null,
        name,
        run_id: runId,
        run_link: null,
        source,
        status: 'READY',
        status_message: null,
        storage_location: source,
        user_id: null,
        version,
      });
      try {
        // Of several processes, one makes it.
        renameSync(aside, join(folder, `version-${version}`));
      } catch (error) {
        rmSync(join(aside, 'meta.yaml'));
        removeEmpty(aside);
        if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) continue;
        throw error;
      }
      if (alias !== undefined) writeFileAtomic(join(folder, 'aliases', alias), String(version), aside);
      return String(version);
    }
  }

  #aliases(folder: string): ReadonlyMap<string, string> {
    const aliases = join(folder, 'aliases');
    if (!foldersIn(folder).includes('aliases')) return new Map();
    return new Map(
      readKeys(aliases).flatMap((alias) => {
        const version = readOwnFile(join(aliases, alias), 100).trim();
        return /^[1-9]\d{0,9}$/.test(version) ? [[alias, version]] : [];
      }),
    );
  }
}

function versionsIn(folder: string): readonly number[] {
  return foldersIn(folder)
    .map((name) => Number(/^version-([1-9]\d{0,9})$/.exec(name)?.[1]))
    .filter((version) => !Number.isNaN(version));
}
