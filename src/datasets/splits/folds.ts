import { failure } from '../../base/diagnostics.ts';
import { permutation, seedFor } from '../../base/seeds.ts';
import type { TargetValues } from '../dataset.ts';
import type { Fold } from './split.ts';
import { WrongOption } from '../wrong-option.ts';

/** What samples are divided into folds by. */
export interface FoldsBy {
  /** The class of each: every fold has each class's share of it, to within one sample. Without effect on groups. */
  readonly labels?: TargetValues | undefined;
  /** The group of each: each group is in one fold. */
  readonly groups?: Uint32Array | undefined;
  readonly seed: number;
}

/**
 * Divides samples into parts of equal size, to within one sample: those of scikit-learn's KFold, StratifiedKFold and
 * GroupKFold, which gives groups from the largest on to the fold with the fewest samples.
 *
 * @returns the fold of each sample, counted from 1
 * @throws WrongOption where there are fewer samples or groups than folds
 */
export function folds(count: number, parts: number, { labels, groups, seed }: FoldsBy): Uint32Array {
  const own = seedFor(seed, 'data', 'folds');
  if (groups !== undefined) return foldsOfGroups(groups.subarray(0, count), parts, own);
  if (count < parts) throw tooMany(parts, count, count === 1 ? 'sample' : 'samples');
  const order = permutation(count, own);
  // Sorting keeps the order of those that are alike, so each class stays shuffled.
  if (labels !== undefined) order.sort((a, b) => labels[a]! - labels[b]!);
  const fold = new Uint32Array(count);
  for (const [place, row] of order.entries()) fold[row] = (place % parts) + 1;
  return fold;
}

/** A 1 for each sample that is in a fold; as `folds`. */
export function inFold(count: number, fold: Fold, by: FoldsBy): Uint8Array {
  return Uint8Array.from(folds(count, fold.of, by), (number) => Number(number === fold.number));
}

function foldsOfGroups(groups: Uint32Array, parts: number, seed: number): Uint32Array {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const all = [...sizes];
  if (all.length < parts) throw tooMany(parts, all.length, all.length === 1 ? 'group' : 'groups');
  const filled = new Uint32Array(parts);
  const foldOf = new Map<number, number>();
  const shuffled = Array.from(permutation(all.length, seed), (place) => all[place]!);
  for (const [group, size] of shuffled.toSorted((a, b) => b[1] - a[1])) {
    const least = filled.indexOf(Math.min(...filled));
    filled[least]! += size;
    foldOf.set(group, least + 1);
  }
  return groups.map((group) => foldOf.get(group)!);
}

/** Folds that would validate, of data that says which samples do. */
export function saidBeforeFolds(): WrongOption {
  return new WrongOption(
    ['folds'],
    failure(
      'split-conflict',
      'both test and validation are given, so no samples are left that folds could take turns in',
      'Leave the validation to the folds, the test to a share of the samples, or `folds` out.',
    ),
  );
}

function tooMany(parts: number, count: number, what: string): WrongOption {
  return new WrongOption(
    ['folds'],
    failure(
      'too-many-folds',
      `${parts} folds of ${count} ${what}: each needs one at least`,
      `Use \`folds: ${Math.max(2, count)}\` at most${count < 2 ? ', of more data' : ''}.`,
    ),
  );
}
