import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, failure, warningsOf } from '../../base/diagnostics.ts';
import { besideName, writeFileAtomic } from '../../base/files.ts';
import { editMeta, type Meta, metaText, readMeta, writeMeta } from './meta-yaml.ts';
import { experimentFolder, foldersIn, isExperimentId } from './run-folder.ts';

/** Makes the MLflow UI (3.x) open an experiment as model training; without it, it opens as GenAI. */
export const experimentKind = { key: 'mlflow.experimentKind', value: 'custom_model_development' } as const;

/** An experiment of the local store. */
export interface LocalExperiment {
  /** Decimal digits, as `mlflow migrate-filestore` needs it. */
  readonly id: string;
  readonly name: string;
  readonly directory: string;
}

/**
 * The experiments of a local store that are not deleted, in no order.
 *
 * @param warn is told of those that are left out, as they would lead out of the store
 * @throws UserError where the store cannot be read
 */
export function listExperiments(runsDirectory: string, warn?: (warning: Diagnostic) => void): LocalExperiment[] {
  try {
    return readFolder(runsDirectory, warn).map(({ id, name, directory }) => ({ id, name, directory }));
  } catch (error) {
    throw failure(
      'store-not-readable',
      `the runs in ${runsDirectory} cannot be read: ${(error as Error).message}`,
      'name the folder of the runs with --runs',
      error,
    );
  }
}

/**
 * Finds an experiment by its name, or makes it. A deleted one of that name comes back with its runs, as on a server:
 * a second one of the same name could never be migrated to a database.
 *
 * Two processes may do this at once: the id follows from the name, so both make the same one.
 *
 * @throws the file system's own error
 */
export function findOrCreateExperiment(runsDirectory: string, name: string): LocalExperiment {
  const found =
    readFolder(runsDirectory).find((experiment) => experiment.name === name) ?? restoreDeleted(runsDirectory, name);
  if (found !== undefined) {
    const tag = join(found.directory, 'tags', experimentKind.key);
    if (!existsSync(tag)) writeKind(found.directory);
    return found;
  }
  const id = freeId(runsDirectory, name);
  const directory = experimentFolder(runsDirectory, id);
  const now = Date.now();
  writeKind(directory);
  writeMeta(join(directory, 'meta.yaml'), {
    artifact_location: pathToFileURL(directory).href,
    creation_time: now,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: 'active',
    name,
  });
  return { id, name, directory };
}

// Prepared outside the folder: each file in it is a key to MLflow.
function writeKind(directory: string): void {
  writeFileAtomic(join(directory, 'tags', experimentKind.key), experimentKind.value, join(directory, besideName()));
}

interface FoundExperiment extends LocalExperiment {
  readonly meta: Meta;
}

function readFolder(directory: string, warn?: (warning: Diagnostic) => void): FoundExperiment[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter(isExperimentId)
    .flatMap((id) => {
      try {
        const path = join(experimentFolder(directory, id), 'meta.yaml');
        const meta = readMeta(path);
        // MLflow says so too.
        if (meta === undefined && existsSync(path))
          throw failure('unreadable-experiment', `${path} cannot be read: the runs beside it are left out`);
        return meta === undefined ? [] : [{ id, name: metaText(meta.name), directory: join(directory, id), meta }];
      } catch (error) {
        warningsOf(error, 'unreadable-experiment').forEach((warning) => warn?.(warning));
        return [];
      }
    });
}

function restoreDeleted(runsDirectory: string, name: string): LocalExperiment | undefined {
  const trash = foldersIn(runsDirectory).includes('.trash') ? readFolder(join(runsDirectory, '.trash')) : [];
  const deleted = trash.find((experiment) => experiment.name === name);
  if (deleted === undefined) return undefined;
  const directory = join(runsDirectory, deleted.id);
  renameSync(deleted.directory, directory);
  for (const entry of foldersIn(directory)) {
    const path = join(directory, entry, 'meta.yaml');
    if (readMeta(path)?.lifecycle_stage === 'deleted')
      editMeta(path, { lifecycle_stage: 'active', deleted_time: null });
  }
  editMeta(join(directory, 'meta.yaml'), { lifecycle_stage: 'active', last_update_time: Date.now() });
  return { id: deleted.id, name, directory };
}

// 18 digits from the name. An id whose experiment was renamed in the UI is taken: then the next one.
function freeId(runsDirectory: string, name: string): string {
  for (let attempt = 0; ; attempt++) {
    const digest = createHash('sha256')
      .update(JSON.stringify([name, attempt]))
      .digest();
    const id = String(10n ** 17n + (digest.readBigUInt64LE(0) % (9n * 10n ** 17n)));
    const isTaken = [runsDirectory, join(runsDirectory, '.trash')].some((folder) => {
      const meta = readMeta(join(folder, id, 'meta.yaml'));
      return meta !== undefined && meta.name !== name;
    });
    if (!isTaken) return id;
  }
}
