import { failure } from '../base/diagnostics.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import type { Samples, TargetSpec, TargetValues } from './dataset.ts';
import { type Split, type SplitOptions, validationCount } from './split.ts';

/**
 * Divides samples by the seed alone, both parts in the order of the data.
 *
 * @throws UserError when nothing is left to train on
 */
export function splitSamples(
  samples: Pick<Samples, 'targets' | 'count'>,
  targets: readonly TargetSpec[],
  options: SplitOptions,
  rootSeed: number,
): Split {
  const wanted = validationCount(options.validation, samples.count);
  if (wanted >= samples.count) {
    throw failure(
      'split-too-large',
      `data.split.validation takes ${wanted} of ${samples.count} training samples: none is left to train on`,
      'Use a smaller number, or a fraction such as 0.1.',
    );
  }
  const labels = samples.targets[stratifiedBy(targets)];
  const validation = chooseRows({ count: samples.count, wanted, labels, options, seed: rootSeed, purpose: 'split' });
  const rows = (part: 0 | 1) =>
    Uint32Array.from({ length: samples.count }, (_, row) => row).filter((row) => validation[row] === part);
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
  readonly options: Pick<SplitOptions, 'stratified' | 'order'>;
  readonly seed: number;
  readonly purpose: 'split' | 'test';
}

/** Chooses samples that are held back: a 1 for each of them. */
export function chooseRows({
  count,
  wanted,
  labels,
  options: { stratified, order },
  seed,
  purpose,
}: Choice): Uint8Array {
  const chosen = new Uint8Array(count);
  if (order !== undefined) return chosen.fill(1, count - wanted);
  const shuffled = permutation(count, seedFor(seed, 'data', purpose));
  for (const row of stratified && labels !== undefined
    ? takeFromEachClass(shuffled, labels, wanted)
    : shuffled.subarray(0, wanted))
    chosen[row] = 1;
  return chosen;
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
