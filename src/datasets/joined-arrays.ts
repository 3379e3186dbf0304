import { failure } from '../base/diagnostics.ts';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import type { ArrayFile } from './array-files.ts';
import { heldAs } from './array-parts.ts';
import { type OptionPath, type SamplePlace, WrongOption } from './dataset.ts';
import type { Numbers } from './given-values.ts';
import { placesAmong } from './listed-sources.ts';
import { type NpyHead, isTexts } from './npy.ts';

/**
 * Files with arrays of the same names as one: of each array the samples of all, file after file.
 *
 * @param path of the option that lists them
 * @throws WrongOption of `head` and `values`, where what they hold under a name cannot be one array
 */
export function joinedArrays(files: readonly [ArrayFile, ArrayFile, ...ArrayFile[]], path: OptionPath): ArrayFile {
  const [first, ...others] = files;
  const known = new Map<string, { readonly head: NpyHead; readonly counts: readonly number[] }>();
  const look = (array: string) => {
    const found = known.get(array);
    if (found !== undefined) return found;
    const mine = first.head(array);
    const counts = [mine.shape[0]!];
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
      counts.push(its.shape[0]!);
    }
    const count = counts.reduce((sum, one) => sum + one, 0);
    const both = { head: { ...mine, shape: mine.shape.with(0, count) }, counts };
    known.set(array, both);
    return both;
  };
  return {
    partsOf: (array) => {
      const { counts } = look(array);
      return files.map((file, k) => ({ called: file.called(array), count: counts[k]! }));
    },
    names: first.names.filter((name) => others.every(({ names }) => names.includes(name))),
    called: (array) => `${first.called(array)} and ${others.length} more`,
    head: (array) => look(array).head,
    values: (array) => {
      const { shape } = look(array).head;
      return joined(
        files.map((file) => file.values(array)),
        sizeOf(shape),
      );
    },
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

/** Where a sample of an array stands. @param row counted from 0 */
export function spotIn(file: ArrayFile, array: string, row: number): SamplePlace {
  let left = row;
  for (const { called, count } of file.partsOf?.(array) ?? []) {
    if (left < count) return { file: called, sample: left + 1 };
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
  const counts = file.partsOf!(array).map(({ count }) => count);
  return placesAmong(rows, counts).map((k) => places[k]!);
}
