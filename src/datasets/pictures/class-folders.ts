import { dirname, join, resolve } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import type { DataWarning } from '../dataset.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import { type FileSort, type Listing, listFiles, listSubfolders, pictureFiles } from './list-pictures.ts';

/** Leads to an option of `images`. */
export const at = (...path: OptionPath): OptionPath => ['source', 'images', ...path];

/** Paths of the files of each class. */
export interface FoundPictures {
  readonly classes: readonly string[];
  readonly train: readonly (readonly string[])[];
  /** Those of the test, or the share of each class that is the test. */
  readonly test: number | readonly (readonly string[])[];
  readonly listings: readonly Listing[];
  /** Tables that name them. */
  readonly tables: readonly string[];
  /** Left out where they are in one folder, or in a table. */
  readonly sources?: FolderSources;
}

/** Folders that are listed as one. */
interface FolderSources {
  /** As the options name them. */
  readonly names: readonly string[];
  /** The place among the names of the folder that a file is in; as many as there are where it is in none of them. */
  placeOf(path: string): number;
}

/** What names the folders of classes. */
interface FolderOptions {
  readonly folders: readonly string[];
  readonly classes: readonly string[];
  readonly test: number | string;
}

/** Lists the files of each sub-folder. @throws UserError where there are none, or too many classes */
export function listClasses(
  { folders, classes: chosen, test }: FolderOptions,
  folder: string,
  sort: FileSort = pictureFiles,
): FoundPictures {
  const atOf = (...option: OptionPath) => ['source', sort.dataset, ...option];
  const tops = folders.map((top, k) => {
    const path = resolve(folder, top);
    const place = folders.length > 1 ? atOf('folder', k) : atOf('folder');
    return { path, ...atOption(place, () => listSubfolders(path, sort)) };
  });
  const path = tops.map((top) => top.path).join(' and ');
  const beside = tops.flatMap((top) => top.beside);
  const names = new Set(tops.flatMap((top) => top.names));
  const classes = chosen.length > 0 ? chosen : [...names].sort();
  const strange = classes.find((name) => name.startsWith('.') || /[/\\]/.test(name));
  if (strange !== undefined)
    throw new WrongOption(
      atOf('classes'),
      failure(
        'unknown-class-folder',
        `classes: \`${strange}\` is not the name of a sub-folder`,
        `Name one that is directly in ${folders.join(' or ')}.`,
      ),
    );
  if (classes.length < 2 || classes.length > 256) {
    const pictures = beside.length === 0 ? '' : `, and ${counted(beside, sort)} beside them`;
    throw failure(
      'class-count',
      `${path} has ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}${pictures}; 2 to 256 can be learnt`,
      classes.length > 256
        ? 'Name those to be learnt in `classes`.'
        : `Each class has a sub-folder of its own, named like it, with its ${sort.noun[1]}.`,
    );
  }
  const listingsIn = (from: string) => classes.map((name) => listFiles(join(from, name), sort));
  // A class that no folder has is looked for in the first, which says that it is not there.
  const isIn = (top: (typeof tops)[number], name: string) =>
    top.names.includes(name) || (top === tops[0] && !names.has(name));
  const train = atOption(atOf(chosen.length > 0 ? 'classes' : 'folder'), () =>
    classes.map((name) => tops.flatMap((top) => (isIn(top, name) ? [listFiles(join(top.path, name), sort)] : []))),
  );
  const found = {
    classes,
    train: train.map((listings) => listings.flatMap(({ pictures }) => pictures)),
    listings: [...tops.map((top) => besideClasses(top.path, top.beside, sort)), ...train.flat()],
    tables: [],
    ...(tops.length > 1 && { sources: sourcesIn(folders, tops) }),
  };
  if (typeof test === 'number') return { ...found, test };
  return atOption(atOf('test'), () => {
    const other = resolve(folder, test);
    const held = listSubfolders(other, sort);
    const unknown = chosen.length > 0 ? undefined : held.names.find((name) => !classes.includes(name));
    if (unknown !== undefined)
      throw failure(
        'class-folders-differ',
        `${other} has the sub-folder \`${unknown}\`, but there is none in ${path}`,
        'Both folders need the same classes.',
      );
    const tested = listingsIn(other);
    return {
      ...found,
      test: tested.map(({ pictures }) => pictures),
      listings: [...found.listings, besideClasses(other, held.beside, sort), ...tested],
    };
  });
}

function sourcesIn(names: readonly string[], tops: readonly { readonly path: string }[]): FolderSources {
  const places = new Map(tops.map(({ path }, place) => [path, place]));
  return { names, placeOf: (path) => places.get(dirname(dirname(path))) ?? names.length };
}

function besideClasses(folder: string, names: readonly string[], sort: FileSort): Listing {
  return {
    folder,
    pictures: [],
    leftOut: names.length === 0 ? [] : [`${counted(names, sort)} beside the folders of its classes`],
  };
}

function counted(names: readonly string[], { noun }: FileSort): string {
  return `${names.length} ${noun[Number(names.length > 1)]} (such as ${names[0]})`;
}

/** On other systems they are one folder, and mostly they were meant to be. */
export function warnOfAlikeNames(classes: readonly string[]): readonly DataWarning[] {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase();
  const known = new Map<string, string>();
  for (const name of classes) {
    const other = known.get(plain(name));
    if (other !== undefined)
      return [
        {
          code: 'alike-classes',
          problem:
            `the classes \`${other}\` and \`${name}\` have names that differ in case, ` +
            "blanks or accents' coding alone",
          hint: 'Put what they hold into one folder if they are one class; otherwise give one another name.',
        },
      ];
    known.set(plain(name), name);
  }
  return [];
}
