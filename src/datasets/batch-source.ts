import type { WithBaselines } from './baseline.ts';
import { type Batch, gatherBatch, gatherRows } from './batches.ts';
import type { Samples, TargetValues } from './dataset.ts';

/** Where samples come from in batches, wherever they are kept: who takes them knows no more of it than this. */
export interface BatchSource extends WithBaselines {
  readonly count: number;
  /** What is to be predicted of all samples, for a target by its place in the spec: `count` times its shape. */
  labels(target: number): TargetValues;
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
}

/** Samples in memory as a source. */
export function arraySource(samples: Samples): BatchSource {
  return {
    count: samples.count,
    labels: (target) => samples.targets[target]!,
    ...(samples.baselines && { baselines: samples.baselines }),
    async *batches({ rows, size, from = 0 }) {
      for (let start = from * size; start < rows.length; start += size)
        yield gatherBatch(samples, rows.subarray(start, start + size));
    },
  };
}

/** Some samples of a source, as a source of their own. */
export function subsetOf(source: BatchSource, some: Uint32Array): BatchSource {
  return {
    count: some.length,
    labels: (target) => {
      const all = source.labels(target);
      const room = (some.length * all.length) / source.count;
      return gatherRows(all, some, all instanceof Uint8Array ? new Uint8Array(room) : new Float64Array(room));
    },
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
  return Uint32Array.from({ length: count }, (_, row) => row);
}
