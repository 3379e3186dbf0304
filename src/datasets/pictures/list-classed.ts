import { failure } from '../../base/diagnostics.ts';
import { type FoundPictures, listClasses } from './class-folders.ts';
import { WrongOption } from '../wrong-option.ts';
import type { FileSort } from './list-pictures.ts';
import { folderOfPaths, listTable } from './picture-table.ts';

/** What names files with a class each. */
export interface ClassedOptions {
  readonly folder?: string | readonly string[];
  readonly table?: string;
  readonly path?: string;
  readonly label?: string;
  readonly classes: readonly string[];
  readonly test: number | string;
}

/**
 * Lists the files of each class, by sub-folders or by a table.
 *
 * @throws UserError where neither or both are named, and as listClasses and listTable
 */
export function listClassed(given: ClassedOptions, folder: string, sort: FileSort): FoundPictures {
  const { folder: top, table, classes, test, path = 'file', label = 'label' } = given;
  if (table !== undefined) {
    const base = folderOfPaths(top, sort);
    return listTable({ table, path, label, classes, test, ...(base !== undefined && { folder: base }) }, folder, sort);
  }
  const stray = given.label === undefined ? given.path && 'path' : 'label';
  if (top === undefined || stray !== undefined)
    throw new WrongOption(
      ['source', sort.dataset],
      failure(
        'classes-and-table',
        stray === undefined
          ? `${sort.dataset} has neither \`folder\` nor \`table\``
          : `\`${stray}\` names a column, and there is no \`table\``,
        'Give `folder: FOLDER` with a sub-folder for each class, or `table: FILE.csv` with `path` and `label`.',
      ),
    );
  return listClasses({ folders: [top].flat(), classes, test }, folder, sort);
}
