import { failure } from '../../base/diagnostics.ts';
import { permutation, seedFor } from '../../base/seeds.ts';
import { firstRows, rowsMarked } from '../batch-source.ts';
import type { Samples, TargetSpec, TargetValues } from '../dataset.ts';
import { inFold } from './folds.ts';
import { type Split, type SplitOptions, validationCount } from './split.ts';

/**
 * Divides samples by the seed alone, both parts in the order of the data.
 *
 * @param groups of each sample, where no group may be in both parts; there are two at least
 * @throws UserError when nothing is left to train on
 */
export function splitSamples(
  samples: Pick<Samples, 'targets' | 'count'>,
  targets: readonly TargetSpec[],
  options: SplitOptions,
  rootSeed: number,
  groups?: Uint32Array,
): Split {
  const wanted = validationCount(options, samples.count);
  if (wanted >= samples.count && options.fold === undefined) {
    throw failure(
      'split-too-large',
      `data.split.validation takes ${wanted} of ${samples.count} training samples: none is left to train on`,
      'Use a smaller number, or a fraction such as 0.1.',
    );
  }
  const labels = samples.targets[stratifiedBy(targets)];
  const validation = chooseRows({
    count: samples.count,
    wanted,
    labels,
    options,
    ...(groups && { groups: { of: groups, left: 1 } }),
    seed: rootSeed,
    purpose: 'split',
  });
  const all = firstRows(samples.count);
  const rows = (part: 0 | 1) => rowsMarked(all, validation, part);
  return { train: rows(0), validation: rows(1) };
}

/** The first target that is one class per sample; -1 where there is none. */
export function stratifiedBy(targets: readonly TargetSpec[]): number {
  return targets.findIndex(({ kind, shape }) => kind === 'class' && shape.length === 0);
}

/** Some of many samples that stand in the order of time, where the split has one. */
export interface Choice {
  readonly count: number;
  readonly wanted: number;
  /** The class of each. */
  readonly labels: TargetValues | undefined;
  readonly options: Pick<SplitOptions, 'stratified' | 'order' | 'fold'>;
  /** The group of each, where groups are chosen whole, and how many of them must be left. */
  readonly groups?: { readonly of: Uint32Array; readonly left: number };
  readonly seed: number;
  readonly purpose: 'split' | 'test';
}

/** Chooses samples that are held back: a 1 for each of them. */
export function chooseRows({
  count,
  wanted,
  labels,
  options: { stratified, order, fold },
  groups,
  seed,
  purpose,
}: Choice): Uint8Array {
  const chosen = new Uint8Array(count);
  if (fold !== undefined)
    return inFold(count, fold, { labels: stratified ? labels : undefined, groups: groups?.of, seed });
  if (order !== undefined) return chosen.fill(1, count - wanted);
  if (groups !== undefined) {
    const held = takeGroups(groups, wanted, seedFor(seed, 'data', purpose));
    return chosen.map((_, row) => (held.has(groups.of[row]!) ? 1 : 0));
  }
  const shuffled = permutation(count, seedFor(seed, 'data', purpose));
  for (const row of stratified && labels !== undefined
    ? takeFromEachClass(shuffled, labels, wanted)
    : shuffled.subarray(0, wanted))
    chosen[row] = 1;
  return chosen;
}

/**
 * Takes whole groups in an order by the seed, each that brings the rows nearer to their number; at least one, where
 * some are wanted.
 */
function takeGroups({ of, left }: NonNullable<Choice['groups']>, wanted: number, seed: number): ReadonlySet<number> {
  const sizes = new Map<number, number>();
  for (const group of of) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const groups = [...sizes];
  const taken = new Set<number>();
  let missing = wanted;
  for (const place of permutation(groups.length, seed)) {
    const [group, size] = groups[place]!;
    if (groups.length - taken.size <= left || size >= 2 * missing) continue;
    taken.add(group);
    missing -= size;
  }
  if (taken.size === 0 && wanted > 0) taken.add(groups.reduce((a, b) => (b[1] < a[1] ? b : a))[0]);
  return taken;
}

/** Takes from each class its share of the wanted rows; what rounding leaves goes to the largest remainders. */
function takeFromEachClass(order: Uint32Array, labels: TargetValues, wanted: number): number[] {
  const byClass = new Map<number, number[]>();
  for (const row of order) {
    const rows = byClass.get(labels[row]!);
    if (rows === undefined) byClass.set(labels[row]!, [row]);
    else rows.push(row);
  }
  const shares = [...byClass].map(([label, rows]) => {
    const exact = (wanted * rows.length) / order.length;
    return { label, rows, take: Math.floor(exact), remainder: exact % 1 };
  });
  let left = wanted - shares.reduce((sum, share) => sum + share.take, 0);
  for (const share of shares.toSorted((a, b) => b.remainder - a.remainder || a.label - b.label)) {
    if (left-- > 0) share.take++;
  }
  return shares.flatMap(({ rows, take }) => rows.slice(0, take));
}
