import type { WithBaselines } from './findings/baseline.ts';
import { type Batch, gatherBatch, gatherRows } from './batches.ts';
import type { Samples, TargetValues } from './dataset.ts';

/** Where samples come from in batches, wherever they are kept: who takes them knows no more of it than this. */
export interface BatchSource extends WithBaselines {
  readonly count: number;
  /**
   * What is to be predicted of samples, for a target by its place in the spec: so many times its shape.
   *
   * @param some left out: of all of them; where the target has a class at each place, memory may not hold those
   */
  labels(target: number, some?: Uint32Array): TargetValues;
  /**
   * Some samples, batch after batch. Nothing is read before a batch is asked for; each belongs to who takes it. May be
   * called again at any time, while other batches are still being taken too.
   */
  batches(wanted: WantedBatches): AsyncIterable<Batch>;
}

/** Which samples, and how many at a time. */
export interface WantedBatches {
  /** In the order that they are to come in. */
  readonly rows: Uint32Array;
  /** Samples of each batch; where they do not divide, the last one is smaller. */
  readonly size: number;
  /** How many batches are passed over, without reading them. Left out: none. */
  readonly from?: number;
  /** Whether each batch is needed only until the next is asked for, which may have its arrays then. Left out: no. */
  readonly passing?: boolean;
}

/** Samples in memory as a source. */
export function arraySource(samples: Samples): BatchSource {
  return {
    count: samples.count,
    labels: (target, some) => {
      const all = samples.targets[target]!;
      return some === undefined ? all : gatherLabels(all, some, samples.count);
    },
    ...(samples.baselines && { baselines: samples.baselines }),
    async *batches({ rows, size, from = 0, passing = false }) {
      let before: Batch | undefined;
      for (let start = from * size; start < rows.length; start += size) {
        const batch = gatherBatch(samples, rows.subarray(start, start + size), before);
        yield batch;
        if (passing) before = batch;
      }
    },
  };
}

/** What is to be predicted of some of so many samples. */
export function gatherLabels(all: TargetValues, some: Uint32Array, count: number): TargetValues {
  const room = (some.length * all.length) / count;
  if (all instanceof Float64Array) return gatherRows(all, some, new Float64Array(room));
  return gatherRows(all, some, all instanceof Uint8Array ? new Uint8Array(room) : new Int32Array(room));
}

/** Some samples of a source, as a source of their own. */
export function subsetOf(source: BatchSource, some: Uint32Array): BatchSource {
  return {
    count: some.length,
    labels: (target, rows) => source.labels(target, rows === undefined ? some : rows.map((row) => some[row]!)),
    ...(source.baselines && {
      baselines: source.baselines.map(({ name, values }) => ({
        name,
        values: (target: number) => {
          const all = values(target);
          return gatherRows(all, some, new Float64Array((some.length * all.length) / source.count));
        },
      })),
    }),
    batches: ({ rows, ...wanted }) => source.batches({ ...wanted, rows: rows.map((row) => some[row]!) }),
  };
}

/** So many rows from the first on. */
export function firstRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  // `from` takes thirty times as long.
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** The rows that have a mark, in their order. @param marks of all rows, from the first on */
export function rowsMarked(rows: Uint32Array, marks: Uint8Array, mark: 0 | 1): Uint32Array {
  // `filter` makes a list of many times the size first; a function for each row takes as long as all the rest.
  const some = new Uint32Array(rows.length);
  let count = 0;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    some[count] = row;
    // No branch: nobody can foretell what was drawn.
    count += marks[row] === mark ? 1 : 0;
  }
  return some.slice(0, count);
}
