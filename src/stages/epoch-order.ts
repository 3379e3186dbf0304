import { permutation, seedFor } from '../base/seeds.ts';
import { stratifiedBy } from '../datasets/splits/split-samples.ts';
import type { TrainInput } from './train-input.ts';

/**
 * The training samples of an epoch in its own order, as many as there are: each once; or, where the file says how they
 * are sampled, equally many of each class that occurs, or the share of each source that it says, but for one. They
 * depend on seed and epoch alone, so that a run that goes on in the middle of an epoch takes those that it would have
 * taken.
 *
 * @param epoch counted from 1 @returns their rows
 */
export function epochOrder(
  { data, seed, sampling }: Pick<TrainInput, 'data' | 'seed' | 'sampling'>,
  epoch: number,
): Uint32Array {
  const { train } = data.split;
  const rows =
    sampling === undefined
      ? train
      : inShares(train, groupsOf(data.dataset, sampling), {
          from: (group, round) => seedFor(seed, 'data', 'sampling', epoch, group, round),
          first: seedFor(seed, 'data', 'sampling', epoch),
        });
  return permutation(rows.length, seedFor(seed, 'data', 'order', epoch)).map((i) => rows[i]!);
}

/** Samples in groups that an epoch takes its shares of. */
interface Groups {
  /** The group of each row. */
  readonly of: ArrayLike<number>;
  /** What a group gets, in relation to the others. */
  weight(group: number): number;
}

function groupsOf(
  { spec, train, sources }: TrainInput['data']['dataset'],
  sampling: NonNullable<TrainInput['sampling']>,
): Groups {
  if (sampling === 'balanced') return { of: train.labels(stratifiedBy(spec.targets)), weight: () => 1 };
  const { names, train: of } = sources!;
  return { of, weight: (place) => sampling[names[place]!]! };
}

/**
 * As many rows as are given, of each group its share: those of a group that is short of it come all before one of them
 * comes again, those of one that has more are drawn.
 */
function inShares(
  rows: Uint32Array,
  { of, weight }: Groups,
  seeds: { readonly from: (group: number, round: number) => number; readonly first: number },
): Uint32Array {
  const byGroup = new Map<number, number[]>();
  for (const row of rows) {
    const known = byGroup.get(of[row]!);
    if (known === undefined) byGroup.set(of[row]!, [row]);
    else known.push(row);
  }
  const groups = [...byGroup].toSorted(([a], [b]) => a - b);
  const sum = groups.reduce((all, [group]) => all + weight(group), 0);
  const taken = new Uint32Array(rows.length);
  let [count, before] = [0, 0];
  // What does not divide goes to groups that are others in each epoch.
  for (const [turn, place] of permutation(groups.length, seeds.first).entries()) {
    const [group, own] = groups[place]!;
    before += weight(group);
    // Shares such as 0.1 and 0.7 add up to a little less than a whole row.
    const end = turn === groups.length - 1 ? rows.length : Math.floor((before * rows.length) / sum + 1e-9);
    for (let round = 0; count < end; round++)
      for (const i of permutation(own.length, seeds.from(group, round)).subarray(0, end - count))
        taken[count++] = own[i]!;
  }
  return taken;
}
