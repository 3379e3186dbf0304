import { shareOf } from '../../base/numbers.ts';
import { permutation, seedFor } from '../../base/seeds.ts';
import type { FoundPictures } from './class-folders.ts';
import type { Division, Labels } from '../dataset.ts';
import { inFold } from '../splits/folds.ts';
import { type Fold, foldSize } from '../splits/split.ts';

/** How many samples train and test, of classes that were listed. @param fold that is the test, where none is given */
export function countsOf(
  { train, test }: FoundPictures,
  fold?: Fold,
): { readonly train: number; readonly test: number } {
  const total = (files: readonly (readonly string[])[]) => files.reduce((sum, { length }) => sum + length, 0);
  if (typeof test !== 'number') return { train: total(train), test: total(test) };
  if (fold !== undefined) {
    const held = foldSize(fold, total(train));
    return { train: total(train) - held, test: held };
  }
  const tested = train.reduce((sum, { length }) => sum + shareOf(test, length), 0);
  return { train: total(train) - tested, test: tested };
}

/** Gives the seed that a class of a data set is divided by. */
export function seedOf(seed: number, dataset: string): (name: string) => number {
  return (name) => seedFor(seed, 'data', dataset, name);
}

/**
 * Takes a share out of each class: a 1 for each sample that is taken.
 *
 * @param labels sample by sample
 */
export function takeShare(
  labels: readonly number[],
  classes: readonly string[],
  share: number,
  seedOfClass: (name: string) => number,
): Uint8Array {
  const taken = new Uint8Array(labels.length);
  const byClass = classes.map((): number[] => []);
  for (const [row, label] of labels.entries()) byClass[label]!.push(row);
  for (const [label, rows] of byClass.entries())
    for (const at of permutation(rows.length, seedOfClass(classes[label]!)).subarray(0, shareOf(share, rows.length)))
      taken[rows[at]!] = 1;
  return taken;
}

/** Takes a fold: a 1 for each sample that is in it. @param labels class after class */
export function takeFold(labels: Uint8Array, fold: Fold, { split, seed }: Division): Uint8Array {
  return inFold(labels.length, fold, { labels: split.stratified ? labels : undefined, seed });
}

/** The classes of the samples that `load` will give. */
export function labelsOf({ train, test }: FoundPictures, { split, seed }: Partial<Division>): Labels {
  const counts = train.map(({ length }) => length);
  if (typeof test === 'number' && split?.fold !== undefined && seed !== undefined) {
    const all = repeated(counts);
    const held = takeFold(all, split.fold, { split, seed });
    return { train: all.filter((_, row) => held[row] === 0), test: all.filter((_, row) => held[row] === 1) };
  }
  if (typeof test !== 'number') return { train: repeated(counts), test: repeated(test.map(({ length }) => length)) };
  const taken = counts.map((count) => shareOf(test, count));
  return { train: repeated(counts.map((count, label) => count - taken[label]!)), test: repeated(taken) };
}

/** Each index as often as is said. */
function repeated(counts: readonly number[]): Uint8Array {
  return Uint8Array.from(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));
}

/** Tells the class of each file. */
export function classesOf({ classes, train, test }: FoundPictures): (path: string) => string {
  const known = new Map<string, string>();
  for (const part of [train, ...(typeof test === 'number' ? [] : [test])])
    part.forEach((paths, label) => paths.forEach((path) => known.set(path, classes[label]!)));
  return (path) => known.get(path)!;
}
