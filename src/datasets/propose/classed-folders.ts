import { basename, dirname, join } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { type FileSort, listFiles, listSubfolders } from '../pictures/list-pictures.ts';
import type { CountedClass, Entry, Proposal, Wanted } from './proposal.ts';

/** Folders of classes, as the options of a file name them. */
export interface ClassedFolders extends Pick<Proposal, 'split' | 'notes' | 'samples'> {
  /** `folder`, and `classes` where some sub-folders are none. */
  readonly options: readonly Entry[];
  readonly test: Entry;
  /** Most frequent first. */
  readonly classes: readonly CountedClass[];
  /** The files of all classes, without those of a test of its own. */
  readonly paths: readonly string[];
}

/** A file that cannot be used, and why. */
export interface FailedFile {
  readonly path: string;
  readonly error: UserError;
}

const parts = { train: /^(train|training)$/i, test: /^(test|testing)$/i, other: /^(val|valid|validation|dev)$/i };

/**
 * Looks for a sub-folder of files of a sort for each class; undefined where none has any.
 *
 * @throws UserError where there is one class alone, or files cannot be listed
 */
export function findClassedFolders({ data, written }: Wanted, sort: FileSort): ClassedFolders | undefined {
  const { names } = listSubfolders(data, sort);
  const hasClasses = (name: string) => listSubfolders(join(data, name), sort).names.length > 1;
  const partOf = (pattern: RegExp) => names.find((name) => pattern.test(name) && hasClasses(name));
  const [train, test] = [partOf(parts.train), partOf(parts.test)];
  const folder = train === undefined ? data : join(data, train);
  const classes = classesIn(folder, sort);
  if (classes.length === 0) return undefined;
  const [, many] = sort.noun;
  if (classes.length === 1)
    throw failure(
      'class-count',
      `${folder} has one sub-folder with ${many}, ${classes[0]!.name}: nothing can be told apart`,
      `Each class has a sub-folder of its own, named like it, with its ${many}.`,
    );
  const counted = classes.map(({ name, paths }) => ({ name, count: paths.length })).sort((a, b) => b.count - a.count);
  const whyUnused = (name: string) => {
    if (train === undefined) return 'no folder `train` with the classes is beside it';
    if (!hasClasses(name)) return 'it has no sub-folder for each class';
    return parts.test.test(name) ? `\`${test}\` is the test` : `validation takes a share of \`${train}\``;
  };
  return {
    options: [
      {
        key: 'folder',
        value: written(folder),
        because: `a sub-folder for each of ${counted.length} classes: ${counted
          .slice(0, 6)
          .map(({ name, count }) => `${name} ${showCount(count)}`)
          .join(', ')}${counted.length > 6 ? ', ...' : ''}`,
      },
      ...(listSubfolders(folder, sort).names.length === counted.length
        ? []
        : [
            {
              key: 'classes',
              value: classes.map(({ name }) => name),
              because: `the other sub-folders have no ${many}`,
            },
          ]),
    ],
    test:
      test === undefined || train === undefined
        ? { key: 'test', value: 0.2, because: 'share of each class that is taken out for the test' }
        : { key: 'test', value: written(join(data, test)), because: 'a folder of the same classes' },
    split: [
      {
        key: 'validation',
        value: 0.15,
        because: 'share of the others that is held back, to validate after each epoch',
      },
    ],
    classes: counted,
    paths: classes.flatMap(({ paths }) => paths),
    samples: counted.reduce((sum, { count }) => sum + count, 0),
    notes: names
      .filter((name) => parts.test.test(name) || parts.other.test(name))
      .filter((name) => (train === undefined ? counted.every((one) => one.name !== name) : name !== test))
      .map((name) => `\`${name}\` is left out: ${whyUnused(name)}`),
  };
}

/** The option that leaves out what cannot be used. @param looked how many files were looked at */
export function skipping(failed: readonly FailedFile[], looked: number): readonly Entry[] {
  const [first] = failed;
  if (first === undefined) return [];
  const { message } = first.error.diagnostics[0]!;
  return [{ key: 'onError', value: 'skip', because: `${failed.length} of ${looked} cannot be used: ${message}` }];
}

/** What is left to learn from without some files, as far as these are known: most frequent first. */
export function without(
  { classes, samples }: ClassedFolders,
  failed: readonly string[],
): Pick<ClassedFolders, 'classes' | 'samples'> {
  const lost = new Map<string, number>();
  for (const path of failed) lost.set(basename(dirname(path)), (lost.get(basename(dirname(path))) ?? 0) + 1);
  return {
    classes: classes
      .map(({ name, count }) => ({ name, count: count - (lost.get(name) ?? 0) }))
      .sort((a, b) => b.count - a.count),
    samples: samples - failed.length,
  };
}

/** Sub-folders with such files right in them. */
function classesIn(
  folder: string,
  sort: FileSort,
): readonly { readonly name: string; readonly paths: readonly string[] }[] {
  return listSubfolders(folder, sort).names.flatMap((name) => {
    try {
      return [{ name, paths: listFiles(join(folder, name), sort).pictures }];
    } catch (error) {
      if (error instanceof UserError && error.diagnostics[0]!.code === sort.codes.none) return [];
      throw error;
    }
  });
}
