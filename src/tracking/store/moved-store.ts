import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listExperiments } from './local-experiments.ts';
import { editMeta, readMeta } from './meta-yaml.ts';
import { foldersIn } from './run-folder.ts';

/**
 * Corrects the artifact addresses of a local store whose folder was moved: MLflow keeps them absolute, and shows no
 * artifacts where they are wrong. Artifacts that are not in the store's folder are left alone.
 *
 * @returns how many experiments were corrected
 * @throws the file system's own error
 */
export function correctMovedStore(runsDirectory: string): number {
  const moved = listExperiments(resolve(runsDirectory)).filter(({ id, directory }) =>
    differs(readMeta(join(directory, 'meta.yaml'))?.artifact_location, directory, id),
  );
  for (const { directory } of moved) {
    const folders = foldersIn(directory);
    for (const entry of folders) correctEntry(join(directory, entry), 'artifact_uri', entry);
    const models = join(directory, 'models');
    for (const entry of folders.includes('models') ? foldersIn(models) : [])
      correctEntry(join(models, entry), 'artifact_location', entry);
    // Last, so that a kill half-way is noticed the next time.
    editMeta(join(directory, 'meta.yaml'), { artifact_location: pathToFileURL(directory).href });
  }
  return moved.length;
}

function correctEntry(directory: string, key: string, name: string): void {
  const path = join(directory, 'meta.yaml');
  const artifacts = join(directory, 'artifacts');
  if (differs(readMeta(path)?.[key], artifacts, `${name}/artifacts`))
    editMeta(path, { [key]: pathToFileURL(artifacts).href });
}

/** Whether an address names the same part of a store, but elsewhere. */
function differs(address: unknown, directory: string, end: string): boolean {
  if (typeof address !== 'string' || !/^(file:|\/|\.)/.test(address) || !address.endsWith(`/${end}`)) return false;
  return address !== pathToFileURL(directory).href && address !== directory;
}
