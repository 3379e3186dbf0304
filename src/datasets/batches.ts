import { failure } from '../base/diagnostics.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import type { Samples, TargetSpec, TargetValues, Values } from './dataset.ts';
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

/** Some samples as they came, and what is to be predicted of them. */
export interface Batch {
  /** `count` samples for each input of the data. */
  readonly x: readonly Values[];
  /** The same for each target: classes, or numbers in their own unit. */
  readonly y: readonly (Int32Array | Float64Array)[];
  readonly count: number;
}

/** Sizes of the batches that so many rows come in: the full one, and the last one where it is smaller. */
export function batchSizesOf(rows: number, batchSize: number): readonly number[] {
  return [...(rows >= batchSize ? [batchSize] : []), ...(rows % batchSize === 0 ? [] : [rows % batchSize])];
}

/**
 * Gathers rows into batches, the last one smaller where they do not divide.
 * The arrays are used again: a batch is valid until the next one is asked for.
 */
export function* gatherBatches(samples: Samples, rows: Uint32Array, batchSize: number): Generator<Batch> {
  // A batch may be asked for that is larger than any data.
  const most = Math.min(batchSize, rows.length);
  const room = (values: Values | TargetValues) => (most * values.length) / samples.count;
  const codes = samples.inputs.map((_, k) => samples.coded?.[k]);
  const x = samples.inputs.map((values, k) =>
    values instanceof Uint8Array
      ? new Uint8Array(room(values))
      : new Float32Array(codes[k] === undefined ? room(values) : most * widthOf(codes[k])),
  );
  const y = samples.targets.map((values) =>
    values instanceof Uint8Array ? new Int32Array(room(values)) : new Float64Array(room(values)),
  );
  const parts = [...samples.inputs, ...samples.targets].map((from, part) => ({
    from,
    to: [...x, ...y][part]!,
    size: from.length / samples.count,
    code: codes[part],
  }));
  for (let start = 0; start < rows.length; start += batchSize) {
    const count = Math.min(batchSize, rows.length - start);
    const some = rows.subarray(start, start + count);
    for (const { from, to, size, code } of parts) {
      if (code !== undefined) expand(code, { from, to, rows: some });
      else gatherRows({ from, to, rows: some }, size);
    }
    const filled = <V extends Values | TargetValues | Int32Array>(values: readonly V[]) =>
      values.map((one) => one.subarray(0, (count * one.length) / most) as V);
    yield { x: filled(x), y: filled(y), count };
  }
}

/** Values of an input that is coded so, once they are no longer. */
export function widthOf(code: readonly number[]): number {
  return code.reduce((sum, categories) => sum + (categories || 1), 0);
}

/** Rows to be copied, one after the other. */
interface Gathering {
  readonly from: Values | TargetValues;
  readonly to: Values | TargetValues | Int32Array;
  readonly rows: Uint32Array;
}

/** Copies rows. @param size values of each */
export function gatherRows({ from, to, rows }: Gathering, size: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (size === 1) to[i] = from[row]!;
    else to.set(from.subarray(row * size, (row + 1) * size), i * size);
  }
}

function expand(code: readonly number[], { from, to, rows }: Gathering): void {
  to.fill(0);
  let at = 0;
  for (const row of rows) {
    for (let k = 0; k < code.length; k++) {
      const value = from[row * code.length + k]!;
      if (code[k] === 0) to[at++] = value;
      else {
        to[at + value] = 1;
        at += code[k]!;
      }
    }
  }
}
