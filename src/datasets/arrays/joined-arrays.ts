import { failure } from '../../base/diagnostics.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import type { ArrayFile } from './array-files.ts';
import { heldAs } from './array-parts.ts';
import type { SamplePlace } from '../dataset.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import type { Numbers } from '../given-values.ts';
import { placesAmong } from '../listed-sources.ts';
import { type NpyHead, isTexts } from './npy.ts';

/**
 * Files with arrays of the same names as one: of each array the samples of all, file after file.
 *
 * @param path of the option that lists them
 * @throws WrongOption of `head` and `values`, where what they hold under a name cannot be one array
 */
export function joinedArrays(files: readonly [ArrayFile, ArrayFile, ...ArrayFile[]], path: OptionPath): ArrayFile {
  const [first, ...others] = files;
  const known = new Map<string, NpyHead>();
  const look = (array: string) => {
    const found = known.get(array);
    if (found !== undefined) return found;
    const mine = first.head(array);
    let [count, length] = [mine.shape[0]!, mine.length];
    for (const other of others) {
      const its = other.head(array);
      if (!areAlike(mine, its))
        throw new WrongOption(
          path,
          failure(
            'arrays-differ',
            `${first.called(array)} is ${mine.kind.name} of ${formatShape(mine.shape)}, but ` +
              `${other.called(array)} ${its.kind.name} of ${formatShape(its.shape)}`,
            'Files that are listed together need arrays of one kind, and the same sizes behind the first.',
          ),
        );
      count += its.shape[0]!;
      length += its.length;
    }
    const all = { ...mine, length, shape: mine.shape.with(0, count) };
    known.set(array, all);
    return all;
  };
  return {
    files,
    names: first.names.filter((name) => others.every(({ names }) => names.includes(name))),
    called: (array) => `${first.called(array)} and ${others.length} more`,
    head: look,
    values: (array) =>
      joined(
        files.map((file) => file.values(array)),
        sizeOf(look(array).shape),
      ),
    *parts(array) {
      let first = 0;
      for (const file of files) {
        for (const { values, before } of file.parts(array)) yield { values, before: first + before };
        first += countIn(file, array);
      }
    },
    async *stream(array) {
      for (const file of files) yield* file.stream(array);
    },
    isLong: files.some(({ isLong }) => isLong),
  };
}

/** Texts may be of any length, as those of parts may; numbers are of one kind. */
function areAlike(one: NpyHead, other: NpyHead): boolean {
  const isKind = one.kind.name === other.kind.name || [one, other].every(({ kind }) => heldAs(kind) === 'texts');
  return isKind && String(one.shape.slice(1)) === String(other.shape.slice(1));
}

function joined(each: readonly (Numbers | readonly string[])[], size: number): Numbers | readonly string[] {
  const numbers = each.flatMap((values) => (isTexts(values) ? [] : [values]));
  if (numbers.length === 0) return each.flatMap((values) => (isTexts(values) ? values : []));
  const all = new (numbers[0]!.constructor as new (length: number) => Numbers)(size);
  let at = 0;
  for (const values of numbers) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

/** The files that arrays lie in. */
export const filesOf = (file: ArrayFile): readonly ArrayFile[] => file.files ?? [file];

/** How many samples an array has. @throws UserError as `head` */
export const countIn = (file: ArrayFile, array: string): number => file.head(array).shape[0]!;

/** Where a sample of an array stands. @param row counted from 0 */
export function spotIn(file: ArrayFile, array: string, row: number): SamplePlace {
  let left = row;
  for (const one of file.files ?? []) {
    const count = countIn(one, array);
    if (left < count) return { file: one.called(array), sample: left + 1 };
    left -= count;
  }
  return { file: file.called(array), sample: left + 1 };
}

/** Which files samples of a joined array are of, by the place that each file has. */
export function filesAmong(
  file: ArrayFile,
  array: string,
  { rows, places }: { readonly rows: Uint32Array; readonly places: readonly number[] },
): Uint32Array {
  const counts = filesOf(file).map((one) => countIn(one, array));
  return placesAmong(rows, counts).map((k) => places[k]!);
}
