import type { Samples, TargetValues, Values } from './dataset.ts';

/** Some samples as they came, and what is to be predicted of them. */
export interface Batch {
  /** `count` samples for each input of the data. */
  readonly x: readonly Values[];
  /** The same for each target: classes, or numbers in their own unit. */
  readonly y: readonly (Int32Array | Float64Array)[];
  readonly count: number;
  /** Where samples are mixed for training: the labels of the only target are of two classes each. */
  readonly mixed?: MixedLabels;
}

/** What labels are beside those of a batch's `y`, sample by sample. */
export interface MixedLabels {
  readonly other: Int32Array;
  /** How much of the label is that of `y`, at least a half; the rest is the other. */
  readonly share: Float32Array;
}

/** Sizes of the batches that so many rows come in: the full one, and the last one where it is smaller. */
export function batchSizesOf(rows: number, batchSize: number): readonly number[] {
  return [...(rows >= batchSize ? [batchSize] : []), ...(rows % batchSize === 0 ? [] : [rows % batchSize])];
}

/**
 * Copies some rows together into a batch.
 *
 * @param before a batch of these samples that is needed no more: its arrays are taken where it is of as many. For a
 * small net, memory that is made anew is a twentieth of a step (bench/README.md)
 */
export function gatherBatch({ inputs, targets, count, coded }: Samples, rows: Uint32Array, before?: Batch): Batch {
  const own = before?.count === rows.length ? before : undefined;
  const size = (values: Values | TargetValues) => values.length / count;
  const x = inputs.map((from, k) => {
    const code = coded?.[k];
    const there = own?.x[k];
    if (code !== undefined) return expand(code, from, rows, there instanceof Float32Array ? there.fill(0) : undefined);
    const room = rows.length * size(from);
    return gatherRows(
      from,
      rows,
      there ?? (from instanceof Uint8Array ? new Uint8Array(room) : new Float32Array(room)),
    );
  });
  const y = targets.map((from, k) => {
    const room = rows.length * size(from);
    return gatherRows(
      from,
      rows,
      own?.y[k] ?? (from instanceof Float64Array ? new Float64Array(room) : new Int32Array(room)),
    );
  });
  return { x, y, count: rows.length };
}

/** Values of an input that is coded so, once they are no longer. */
export function widthOf(code: readonly number[]): number {
  return code.reduce((sum, categories) => sum + (categories || 1), 0);
}

/** Copies rows one after the other, as many as there is room for. @returns where they are copied to */
export function gatherRows<To extends Values | TargetValues | Int32Array>(
  from: Values | TargetValues,
  rows: Uint32Array,
  to: To,
): To {
  const size = to.length / rows.length;
  for (let i = 0; i < rows.length; i++) {
    const [first, at] = [rows[i]! * size, i * size];
    // A view of a row takes longer than to copy some values one by one.
    if (size > 16) to.set(from.subarray(first, first + size), at);
    else for (let k = 0; k < size; k++) to[at + k] = from[first + k]!;
  }
  return to;
}

/** Rows of an input that is held shorter, as a batch has them. @param code see Samples.coded @param to of zeros */
export function expand(
  code: readonly number[],
  from: Values,
  rows: Uint32Array,
  to: Float32Array = new Float32Array(rows.length * widthOf(code)),
): Float32Array {
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
  return to;
}
