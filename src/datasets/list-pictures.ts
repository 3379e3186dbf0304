import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { wayToMissing } from './data-file.ts';
import type { DataWarning } from './dataset.ts';

/** Pictures of a folder, and what else is in it. */
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
const isReadable = /\.(png|jpe?g|jpe|jfif|gif|webp|tiff?)$/i;
const isForeign = /\.(bmp|avif|hei[cf]|jp2|jxl|tga|p[bgpn]m|svg|psd|exr|dcm)$/i;

/**
 * What is in a folder but for litter, in the order of the names.
 *
 * @throws UserError when it is none, or cannot be read
 */
function entriesOf(folder: string): readonly Dirent[] {
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
      .filter((entry) => !isLitter(entry) && (!isHidden(entry.name) || isPicture(entry.name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const dead = code === 'ENOENT' && lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
    if (dead) throw failure('dead-data-link', `the link ${folder} leads nowhere`, 'Mend or remove it.', error);
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
  return entriesOf(folder).map(({ name }) => name);
}

const checkPath = 'Check the path; it counts from the folder of the pipeline file.';

/**
 * Names of the sub-folders, those that links lead to or led to among them, and of the pictures beside them.
 *
 * @throws UserError when there is no such folder
 */
export function listSubfolders(path: string): {
  readonly names: readonly string[];
  readonly beside: readonly string[];
} {
  const entries = entriesOf(path);
  const names = entries
    .filter((entry) => isFolder(path, entry) ?? !isPicture(entry.name))
    .map(({ name }) => name)
    .filter((name) => !isHidden(name));
  return { names, beside: entries.map(({ name }) => name).filter((name) => isPicture(name) && !names.includes(name)) };
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

function isLitter(entry: Dirent): boolean {
  return litter.test(entry.name) || (entry.isFile() && !isPicture(entry.name) && aboutData.test(entry.name));
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}

function isPicture(name: string): boolean {
  return isReadable.test(name) || isForeign.test(name);
}

/** Lists the PNG files of a folder. @throws UserError when it has none, has pictures of other formats, or is none */
export function listPngFiles(folder: string): Listing {
  return listFiles(folder, { wanted: isPng, called: 'PNG file', formats: 'PNG' });
}

/**
 * Lists the pictures of a folder.
 *
 * @throws UserError when it has none, has pictures of formats that cannot be read, or is none
 */
export function listPictures(folder: string): Listing {
  return listFiles(folder, { wanted: isReadable, called: 'picture', formats: 'PNG, JPEG, WebP, TIFF and GIF' });
}

/** Pictures that are looked for. */
interface Wanted {
  readonly wanted: RegExp;
  /** One of them, in words. */
  readonly called: string;
  readonly formats: string;
}

function listFiles(folder: string, { wanted, called, formats }: Wanted): Listing {
  const entries = entriesOf(folder);
  const [folders, dead] = [new Set<Dirent>(), new Set<Dirent>()];
  for (const entry of entries.filter(({ name }) => !wanted.test(name))) {
    const found = isFolder(folder, entry);
    if (found === true) folders.add(entry);
    else if (found === undefined && !isPicture(entry.name)) dead.add(entry);
  }
  const [hidden, files] = [true, false].map((isUnseen) =>
    entries
      .filter((entry) => !folders.has(entry) && !dead.has(entry) && isHidden(entry.name) === isUnseen)
      .map(({ name }) => name),
  ) as [string[], string[]];
  const pictures = files.filter((name) => wanted.test(name)).map((name) => join(folder, name));
  const others = byEnding(files.filter((name) => !isPicture(name)));
  const below = insideOf(
    folder,
    [...folders].map(({ name }) => name),
  );
  const unseen =
    hidden.length === 0
      ? []
      : [`${hidden.length} hidden ${hidden.length === 1 ? 'picture' : 'pictures'} (such as ${hidden[0]})`];
  const links =
    dead.size === 0
      ? []
      : [`${dead.size} ${dead.size === 1 ? 'link' : 'links'} that cannot be followed (such as ${[...dead][0]!.name})`];
  const leftOut = [...below, ...unseen, ...links, ...others];
  const foreign = files.filter((name) => isPicture(name) && !wanted.test(name));
  if (foreign.length > 0) {
    const made = `NEW/${shellWord(basename(folder))}`;
    const hint =
      `Only ${formats} files can be read. Convert all into a new folder, such as with ImageMagick: ` +
      `\`mkdir -p ${made} && magick mogrify -path ${made} -format png ${shellWord(folder)}/*\`, and name that one.`;
    throw failure(
      'foreign-pictures',
      `the folder ${folder} holds ` +
        `${pictures.length === 0 ? `no ${called}, but ` : ''}${byEnding(foreign).join(' and ')}, ` +
        `such as ${foreign[0]}, which cannot be read`,
      hint,
    );
  }
  if (pictures.length === 0) {
    throw failure(
      'no-pictures',
      `the folder ${folder} holds no ${called}${leftOut.length === 0 ? '' : `, but ${leftOut.join(' and ')}`}`,
      below.length > 0
        ? 'Pictures are read right from it: move them there, or name the folder in which they are.'
        : `Put pictures there: ${formats} files.`,
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

/** The pictures that sub-folders hold, as words; none where they have none. */
function insideOf(folder: string, names: readonly string[]): readonly string[] {
  const left = { entries: mostCounted };
  const found = names
    .map((name) => ({ name, count: countBelow(join(folder, name), left) }))
    .filter(({ count }) => count !== 0);
  if (found.length === 0) return [];
  const count = found.reduce((sum, one) => sum + one.count, 0);
  const where =
    found.length === 1 ? `its sub-folder ${found[0]!.name}` : `${found.length} sub-folders (such as ${found[0]!.name})`;
  if (Number.isNaN(count)) return [`what cannot be listed in ${where}`];
  return [`${left.entries > 0 ? '' : 'at least '}${count} ${count === 1 ? 'picture' : 'pictures'} in ${where}`];
}

/** Entries that are gone through for a word of a warning: a folder may have a whole disk below it. */
const mostCounted = 10_000;

/** Links are not followed here, as one may lead to a folder above; NaN where a folder cannot be read. */
function countBelow(folder: string, left: { entries: number }): number {
  try {
    let count = 0;
    for (const entry of left.entries > 0 ? entriesOf(folder) : []) {
      if (left.entries-- <= 0) break;
      count += entry.isDirectory() ? countBelow(join(folder, entry.name), left) : Number(isPicture(entry.name));
    }
    return count;
  } catch {
    return Number.NaN;
  }
}

/** Says what is left out of folders. @param from the folder that paths count from */
export function warnOfLeftOut(listings: readonly Omit<Listing, 'pictures'>[], from: string): readonly DataWarning[] {
  const some = listings.filter(({ leftOut }) => leftOut.length > 0);
  if (some.length === 0) return [];
  const shown = some
    .slice(0, 3)
    .map(({ folder, leftOut }) => `${relative(from, folder) || '.'} holds ${leftOut.join(' and ')}`);
  const more = some.length - shown.length;
  return [
    {
      code: 'pictures-left-out',
      problem:
        'left out: ' +
        `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more ${more === 1 ? 'folder' : 'folders'} the like`}`,
      hint: 'Pictures are files right in their folder: move these there, or out of it.',
    },
  ];
}
