import { permutation, seedFor } from '../base/seeds.ts';
import { stratifiedBy } from '../datasets/split-samples.ts';
import type { TrainInput } from './train-input.ts';

/**
 * The training samples of an epoch in its own order, as many as there are: each once; or, where sampling is balanced,
 * equally many of each class that occurs, but for one. They depend on seed and epoch alone, so that a run that goes on
 * in the middle of an epoch takes those that it would have taken.
 *
 * @param epoch counted from 1 @returns their rows
 */
export function epochOrder(
  { data: { dataset, split }, seed, sampling }: Pick<TrainInput, 'data' | 'seed' | 'sampling'>,
  epoch: number,
): Uint32Array {
  const rows =
    sampling === undefined
      ? split.train
      : equallyOften(split.train, dataset.train.labels(stratifiedBy(dataset.spec.targets)), {
          from: (label, round) => seedFor(seed, 'data', 'sampling', epoch, label, round),
          first: seedFor(seed, 'data', 'sampling', epoch),
        });
  return permutation(rows.length, seedFor(seed, 'data', 'order', epoch)).map((i) => rows[i]!);
}

/**
 * As many rows as are given, equally many of each class: those of a small class come all before one of them comes
 * again, those of a large one are drawn.
 */
function equallyOften(
  rows: Uint32Array,
  labels: ArrayLike<number>,
  seeds: { readonly from: (label: number, round: number) => number; readonly first: number },
): Uint32Array {
  const byClass = new Map<number, number[]>();
  for (const row of rows) {
    const known = byClass.get(labels[row]!);
    if (known === undefined) byClass.set(labels[row]!, [row]);
    else known.push(row);
  }
  const classes = [...byClass].toSorted(([a], [b]) => a - b);
  const taken = new Uint32Array(rows.length);
  let count = 0;
  // What does not divide goes to classes that are others in each epoch.
  for (const [turn, place] of permutation(classes.length, seeds.first).entries()) {
    const [label, own] = classes[place]!;
    const end = Math.floor(((turn + 1) * rows.length) / classes.length);
    for (let round = 0; count < end; round++)
      for (const i of permutation(own.length, seeds.from(label, round)).subarray(0, end - count))
        taken[count++] = own[i]!;
  }
  return taken;
}
