import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { fitsPattern } from '../../base/name-pattern.ts';
import { showCount } from '../../base/quantities.ts';
import { type DataFileOption, type DataPlace, dataFileOption, locate, wayToMissing } from '../files/data-file.ts';

/** Files that may be read as one. */
const mostFiles = 10_000;

/** A file of data or several, as users write them; `*` and `?` in the path of one stand for what other names have. */
export type DataFilesOption = DataFileOption | readonly DataFileOption[];

/**
 * Schema of files of data.
 *
 * @param description what they hold, as a sentence without its end @param together what several are then
 */
export function dataFilesOption(description: string, together = 'one table') {
  const { anyOf } = dataFileOption('');
  return Type.Union([...anyOf, Type.Array(Type.Union(anyOf), { minItems: 1, maxItems: mostFiles })], {
    description:
      `${description}: its path, from the folder of the pipeline file, or \`{ url: https://..., sha256: ... }\`; ` +
      `of several, which are ${together} then, a list, or a path with \`*\` for any letters of a name ` +
      'and `?` for one.',
  });
}

/** The files that are named, as they are. */
export function listOfFiles(files: DataFilesOption): readonly DataFileOption[] {
  return typeof files === 'string' || 'url' in files ? [files] : files;
}

/** A file that is meant, and the place in the list of what names it. */
export interface FoundFile extends DataPlace {
  readonly listed: number;
}

/**
 * The files that are meant: those that a pattern fits are in the order of their names.
 *
 * @throws UserError where no file fits a pattern, or there are too many
 */
export function findTables(files: DataFilesOption, folder: string): readonly FoundFile[] {
  const found = listOfFiles(files).flatMap((file, listed) =>
    (typeof file === 'string' ? matching(file, folder) : [file]).map((one) => ({ file: one, listed })),
  );
  if (found.length > mostFiles)
    throw failure(
      'data-file-too-large',
      `${showCount(found.length)} files are more than the ${showCount(mostFiles)} that a table may be read from`,
      'Name fewer, or put them together.',
    );
  return found.map(({ file, listed }) => ({ ...locate(file, folder), listed }));
}

function matching(file: string, folder: string): readonly string[] {
  const { path } = /[*?]/.test(file) ? locate(file, folder) : { path: '' };
  if (path === '' || existsSync(path)) return [file];
  const found = pathsLike(path);
  if (found.length > 0) return found;
  const parent = dirname(path);
  throw failure(
    'data-file-missing',
    `no file is named as ${path}`,
    /[*?]/.test(parent) || existsSync(parent)
      ? 'In names, `*` stands for any letters and `?` for one; names that begin with a dot are left out.'
      : wayToMissing(path),
  );
}

/** Paths of what is there, sorted, where the path fits. */
function pathsLike(path: string): readonly string[] {
  const parent = dirname(path);
  if (parent === path) return [path];
  const name = basename(path);
  return pathsLike(parent).flatMap((one) => {
    if (!/[*?]/.test(name)) return existsSync(join(one, name)) ? [join(one, name)] : [];
    return namesIn(one)
      .filter((other) => !other.startsWith('.') && fitsPattern(other, name, '?'))
      .sort()
      .map((other) => join(one, other));
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
