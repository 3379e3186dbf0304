import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from './diagnostics.ts';

/**
 * A folder of ours below one that the user works in, which need not be there.
 *
 * @param names of the folders on the way, each of them ours
 * @throws UserError where one is a link: a project from elsewhere would have files written, and removed, where it leads
 */
export function ownFolder(folder: string, ...names: readonly string[]): string {
  return names.reduce((above, name) => {
    const path = join(above, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
    const hint =
      'put a folder in its place; outcomes of stages are kept beside the runs, ' +
      'elsewhere where --runs names a store there';
    throw failure('own-folder-is-link', `${path} is a link: nothing is kept or removed where it leads`, hint);
  }, folder);
}
