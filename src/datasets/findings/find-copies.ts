import { relative } from 'node:path';
import type { Code } from '../../base/mistakes/mistakes.ts';
import type { DataWarning } from '../dataset.ts';
import { readBytes } from '../files/read-bytes.ts';

/** A file, and what is equal in files that are equal, and seldom in others. */
interface Marked {
  readonly path: string;
  readonly mark: string;
}

/** What copies of a kind of file are told as. */
interface CopiesOf {
  readonly nouns: readonly [one: string, several: string];
  readonly codes: { readonly inTwo: Code; readonly copied: Code };
}

const pictures: CopiesOf = {
  nouns: ['picture', 'pictures'],
  codes: { inTwo: 'picture-in-two-classes', copied: 'copied-pictures' },
};

/**
 * Tells of files that are there more than once, such as pictures.
 *
 * @param held those of the test, where they have a folder of their own
 * @param from the folder that paths in messages count from
 * @param classOf the class of a file; the same of all where they have none
 * @param sort what they are; left out: pictures
 */
export function warnOfCopies(
  train: readonly Marked[],
  held: readonly Marked[],
  { from, classOf }: { readonly from: string; readonly classOf: (path: string) => string },
  { nouns: [one, several], codes }: CopiesOf = pictures,
): readonly DataWarning[] {
  const tested = new Set(held.map(({ path }) => path));
  const pairs = copiesAmong([...train, ...held]).flatMap((paths) => {
    const first = paths.find((path) => !tested.has(path)) ?? paths[0]!;
    return paths.filter((path) => path !== first).map((path) => [path, first] as const);
  });
  const leaked = pairs.filter(([copy, first]) => tested.has(copy) && !tested.has(first));
  const twofold = pairs.filter(([copy, first]) => classOf(copy) !== classOf(first));
  const copies = held.length > 0 ? [] : pairs.filter((pair) => !twofold.includes(pair));
  const tell = (
    code: Code,
    some: typeof pairs,
    what: (count: number) => string,
    hint: string,
  ): readonly DataWarning[] => {
    if (some.length === 0) return [];
    const shown = some.slice(0, 3).map((pair) => pair.map((path) => relative(from, path)).join(' is '));
    return [
      {
        code,
        problem:
          `${what(some.length)}, byte for byte: ` +
          `${shown.join(', ')}${some.length > 3 ? ` and ${some.length - 3} more` : ''}`,
        hint,
      },
    ];
  };
  return [
    ...tell(
      'copied-into-test',
      leaked,
      (count) => `${count} of ${held.length} test ${several} are training ${several} too`,
      `A net knows what it was trained on: keep each ${one} in one of the folders.`,
    ),
    ...tell(
      codes.inTwo,
      twofold,
      (count) => `${count} ${count === 1 ? `${one} is` : `${several} are`} in two classes`,
      'Keep each in the class that is right.',
    ),
    ...tell(
      codes.copied,
      copies,
      (count) => `${count} of ${train.length} ${several} are copies of others`,
      'The test may hold what was trained on: keep one of each.',
    ),
  ];
}

/** Paths of files that are equal, in groups. */
function copiesAmong(glances: readonly Marked[]): readonly (readonly string[])[] {
  const marks = new Map(glances.map(({ path, mark }) => [path, mark]));
  return alike([...marks.keys()], (path) => marks.get(path)!).flatMap((paths) =>
    alike(paths, (path) => readBytes({ path }).file.sha256),
  );
}

/** Groups of those that have one key. */
function alike(paths: readonly string[], keyOf: (path: string) => string): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const key = keyOf(path);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [path]);
    else known.push(path);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
