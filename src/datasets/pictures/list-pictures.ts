import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { circularLink, wayToMissing } from '../files/data-file.ts';
import type { DataWarning } from '../dataset.ts';

/** Files of one sort, such as pictures, and what they are called. */
export interface FileSort {
  /** The data set that they are samples of. */
  readonly dataset: 'images' | 'audio';
  /** Names of those that can be read. */
  readonly wanted: RegExp;
  /** Names of all of the sort. */
  readonly all: RegExp;
  /** One of those that can be read, in words. */
  readonly called: string;
  /** One of the sort, and several. */
  readonly noun: readonly [one: string, several: string];
  readonly formats: string;
  readonly codes: Readonly<Record<'none' | 'foreign' | 'leftOut', Code>>;
  /** The command that converts all of a folder. @param made the new folder, as a shell has it */
  convert(folder: string, made: string): string;
}

/** Files of a folder, and what else is in it. */
export interface Listing {
  readonly folder: string;
  /** Paths, in the order of their names. */
  readonly pictures: readonly string[];
  /** What is left out of it, in words. */
  readonly leftOut: readonly string[];
}

/** What systems and tools leave in folders: no data. */
const litter = /^(\._.*|__MACOSX|(eh)?Thumbs\.db|desktop\.ini|@eaDir|Icon\r)$/is;

/** What people write about data. They are words that a class or a picture may be called, too. */
const aboutData = /^((readme|licen[cs]e|copying|notice|citation)(\..*)?|.*\.md)$/is;

const isPng = /\.png$/i;

/** Pictures of all formats that can be read. */
export const pictureFiles: FileSort = {
  dataset: 'images',
  wanted: /\.(png|jpe?g|jpe|jfif|gif|webp|tiff?)$/i,
  all: /\.(png|jpe?g|jpe|jfif|gif|webp|tiff?|bmp|avif|hei[cf]|jp2|jxl|tga|p[bgpn]m|svg|psd|exr|dcm)$/i,
  called: 'picture',
  noun: ['picture', 'pictures'],
  formats: 'PNG, JPEG, WebP, TIFF and GIF',
  codes: { none: 'no-pictures', foreign: 'foreign-pictures', leftOut: 'pictures-left-out' },
  convert: (folder, made) =>
    `such as with ImageMagick: \`mkdir -p ${made} && magick mogrify -path ${made} -format png ${shellWord(folder)}/*\``,
};

/**
 * What is in a folder but for litter, in the order of the names.
 *
 * @throws UserError when it is none, or cannot be read
 */
function entriesOf(folder: string, { all }: FileSort): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const unread = entries.filter(
      ({ name }) => name.includes('\ufffd') && lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined,
    );
    if (unread.length > 0)
      throw failure(
        'file-name-encoding',
        `the folder ${folder} holds ${unread.length} ${unread.length === 1 ? 'name that is' : 'names that are'} ` +
          `not in UTF-8, such as ${unread[0]!.name}`,
        `Rename what has them: \`convmv -f latin1 -t utf8 ${shellWord(folder)}\` shows what they would be called.`,
      );
    return entries
      .filter((entry) => !isLitter(entry, all) && (!isHidden(entry.name) || all.test(entry.name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const dead = code === 'ENOENT' && lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
    if (dead) throw failure('dead-data-link', `the link ${folder} leads nowhere`, 'Mend or remove it.', error);
    if (code === 'ELOOP') throw circularLink(folder, error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw failure(
        'data-file-unreadable',
        `the folder ${folder} cannot be read: ${message}`,
        'Give yourself the right to read it, or name another one.',
        error,
      );
    const [problem, hint] =
      code === 'ENOENT' ? ['does not exist', wayToMissing(folder)] : ['is not a folder', checkPath];
    throw failure('data-folder-missing', `the folder ${folder} ${problem}`, hint, error);
  }
}

/**
 * Names of what is in a folder but for litter and hidden things, in their order.
 *
 * @throws UserError when it is none, or cannot be read
 */
export function namesInFolder(folder: string): readonly string[] {
  return entriesOf(folder, pictureFiles).map(({ name }) => name);
}

const checkPath = 'Check the path; it counts from the folder of the pipeline file.';

/**
 * Names of the sub-folders, those that links lead to or led to among them, and of the files of a sort beside them.
 *
 * @throws UserError when there is no such folder
 */
export function listSubfolders(
  path: string,
  sort: FileSort = pictureFiles,
): {
  readonly names: readonly string[];
  readonly beside: readonly string[];
} {
  const entries = entriesOf(path, sort);
  const isOne = (name: string) => sort.all.test(name);
  const names = entries
    .filter((entry) => isFolder(path, entry) ?? !isOne(entry.name))
    .map(({ name }) => name)
    .filter((name) => !isHidden(name));
  return { names, beside: entries.map(({ name }) => name).filter((name) => isOne(name) && !names.includes(name)) };
}

/** Undefined for a link that cannot be followed: it leads nowhere, in a circle, or where one may not go. */
function isFolder(parent: string, entry: Dirent): boolean | undefined {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(parent, entry.name)).isDirectory();
  } catch {
    return undefined;
  }
}

function isLitter(entry: Dirent, all: RegExp): boolean {
  return litter.test(entry.name) || (entry.isFile() && !all.test(entry.name) && aboutData.test(entry.name));
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** Lists the PNG files of a folder. @throws UserError when it has none, has pictures of other formats, or is none */
export function listPngFiles(folder: string): Listing {
  return listFiles(folder, { ...pictureFiles, wanted: isPng, called: 'PNG file', formats: 'PNG' });
}

/**
 * Lists the pictures of a folder.
 *
 * @throws UserError when it has none, has pictures of formats that cannot be read, or is none
 */
export function listPictures(folder: string): Listing {
  return listFiles(folder, pictureFiles);
}

/** Lists the files of a sort that are in a folder. @throws UserError as listPictures */
export function listFiles(folder: string, sort: FileSort): Listing {
  const { wanted, all, called, noun, formats, codes } = sort;
  const entries = entriesOf(folder, sort);
  const [folders, dead] = [new Set<Dirent>(), new Set<Dirent>()];
  for (const entry of entries.filter(({ name }) => !wanted.test(name))) {
    const found = isFolder(folder, entry);
    if (found === true) folders.add(entry);
    else if (found === undefined && !all.test(entry.name)) dead.add(entry);
  }
  const [hidden, files] = [true, false].map((isUnseen) =>
    entries
      .filter((entry) => !folders.has(entry) && !dead.has(entry) && isHidden(entry.name) === isUnseen)
      .map(({ name }) => name),
  ) as [string[], string[]];
  const pictures = files.filter((name) => wanted.test(name)).map((name) => join(folder, name));
  const others = byEnding(files.filter((name) => !all.test(name)));
  const below = insideOf(
    folder,
    [...folders].map(({ name }) => name),
    sort,
  );
  const unseen =
    hidden.length === 0 ? [] : [`${hidden.length} hidden ${noun[Number(hidden.length > 1)]} (such as ${hidden[0]})`];
  const links =
    dead.size === 0
      ? []
      : [`${dead.size} ${dead.size === 1 ? 'link' : 'links'} that cannot be followed (such as ${[...dead][0]!.name})`];
  const leftOut = [...below, ...unseen, ...links, ...others];
  const foreign = files.filter((name) => all.test(name) && !wanted.test(name));
  if (foreign.length > 0) {
    const made = `NEW/${shellWord(basename(folder))}`;
    const hint =
      `Only ${formats} files can be read. Convert all into a new folder, ` +
      `${sort.convert(folder, made)}, and name that one.`;
    throw failure(
      codes.foreign,
      `the folder ${folder} holds ` +
        `${pictures.length === 0 ? `no ${called}, but ` : ''}${byEnding(foreign).join(' and ')}, ` +
        `such as ${foreign[0]}, which cannot be read`,
      hint,
    );
  }
  if (pictures.length === 0) {
    throw failure(
      codes.none,
      `the folder ${folder} holds no ${called}${leftOut.length === 0 ? '' : `, but ${leftOut.join(' and ')}`}`,
      below.length > 0
        ? `${capital(noun[1])} are read right from it: move them there, or name the folder in which they are.`
        : `Put ${noun[1]} there: ${formats} files.`,
    );
  }
  return { folder, pictures, leftOut };
}

/** How many files of each ending; of more than three endings, the most frequent. */
function byEnding(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const ending = /\.\w{1,8}$/.exec(name)?.[0].toLowerCase() ?? '';
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const others = sorted.slice(3).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...sorted.slice(0, 3).map(([ending, count]) => {
      const files = count === 1 ? 'file' : 'files';
      return ending === '' ? `${count} ${files} without an ending` : `${count} ${ending} ${files}`;
    }),
    ...(others === 0 ? [] : [`${others} other ${others === 1 ? 'file' : 'files'}`]),
  ];
}

const capital = (noun: string) => noun.charAt(0).toUpperCase() + noun.slice(1);

/** The files of a sort that sub-folders hold, as words; none where they have none. */
function insideOf(folder: string, names: readonly string[], sort: FileSort): readonly string[] {
  const left = { entries: mostCounted };
  const found = names
    .map((name) => ({ name, count: countBelow(join(folder, name), left, sort) }))
    .filter(({ count }) => count !== 0);
  if (found.length === 0) return [];
  const count = found.reduce((sum, one) => sum + one.count, 0);
  const where =
    found.length === 1 ? `its sub-folder ${found[0]!.name}` : `${found.length} sub-folders (such as ${found[0]!.name})`;
  if (Number.isNaN(count)) return [`what cannot be listed in ${where}`];
  return [`${left.entries > 0 ? '' : 'at least '}${count} ${sort.noun[Number(count > 1)]} in ${where}`];
}

/** Entries that are gone through for a word of a warning: a folder may have a whole disk below it. */
const mostCounted = 10_000;

/** How many files of a sort lie anywhere below a folder, of the first entries; 0 where it cannot be read. */
export const countFiles = (folder: string, sort: FileSort) => countBelow(folder, { entries: mostCounted }, sort) || 0;

/** Links are not followed here, as one may lead to a folder above; NaN where a folder cannot be read. */
function countBelow(folder: string, left: { entries: number }, sort: FileSort): number {
  try {
    let count = 0;
    for (const entry of left.entries > 0 ? entriesOf(folder, sort) : []) {
      if (left.entries-- <= 0) break;
      count += entry.isDirectory()
        ? countBelow(join(folder, entry.name), left, sort)
        : Number(sort.all.test(entry.name));
    }
    return count;
  } catch {
    return Number.NaN;
  }
}

/** Says what is left out of folders. @param from the folder that paths count from */
export function warnOfLeftOut(
  listings: readonly Omit<Listing, 'pictures'>[],
  from: string,
  { codes, noun }: FileSort = pictureFiles,
): readonly DataWarning[] {
  const some = listings.filter(({ leftOut }) => leftOut.length > 0);
  if (some.length === 0) return [];
  const shown = some
    .slice(0, 3)
    .map(({ folder, leftOut }) => `${relative(from, folder) || '.'} holds ${leftOut.join(' and ')}`);
  const more = some.length - shown.length;
  return [
    {
      code: codes.leftOut,
      problem:
        'left out: ' +
        `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more ${more === 1 ? 'folder' : 'folders'} the like`}`,
      hint: `${capital(noun[1])} are files right in their folder: move these there, or out of it.`,
    },
  ];
}
