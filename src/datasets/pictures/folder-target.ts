import { resolve } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { at } from './class-folders.ts';
import type { WrittenCsvOptions } from '../tables/csv-options.ts';
import { WrongOption, atOption } from '../wrong-option.ts';
import { fromData, inOrder, proveOrder } from '../tables/from-data.ts';
import { listSubfolders } from './list-pictures.ts';

/** The classes of folders, which may have an order. */
type FolderClasses = string[] | { ordinal: string[] };

/**
 * The one target that sub-folders of pictures can say, with its classes.
 *
 * @param targets what the options say @param tops the folders with the sub-folders
 * @param folder that the path counts from
 * @throws WrongOption where they say what no folder does, or numbers of which the names are none
 */
export function settledFolder(
  targets: WrittenCsvOptions['targets'],
  tops: readonly string[],
  folder: string,
): readonly [name: string, kind: FolderClasses] {
  const [[name, kind] = ['', 'number' as const], ...more] = Object.entries(targets);
  if (Array.isArray(kind)) return [name, kind];
  const isOrdered = typeof kind === 'object' && Object.keys(kind).join() === 'ordinal';
  if (more.length > 0 || (kind !== fromData && !isOrdered))
    throw new WrongOption(
      at('targets'),
      failure(
        'targets-need-table',
        'a sub-folder says one class of its pictures, and `targets` asks for something else',
        'Name a table of paths with a column for each target: `table: FILE.csv`. Of folders in order: ' +
          '`targets: { quality: { ordinal: [bad, fair, good] } }`.',
      ),
    );
  if (isOrdered && Array.isArray(kind.ordinal)) return [name, { ordinal: kind.ordinal }];
  const names = atOption(at('folder'), () => tops.flatMap((top) => listSubfolders(resolve(folder, top)).names));
  const classes = inOrder([...new Set(names)]);
  if (!isOrdered) return [name, classes];
  proveOrder(name, classes, at('targets', name));
  return [name, { ordinal: classes }];
}
