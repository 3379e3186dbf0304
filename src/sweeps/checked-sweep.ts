import type { Range, Source } from '../base/diagnostics.ts';
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Chosen } from '../base/row.ts';
import type { Distribution, Goal } from '../base/sweep-results.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';

/** One dimension of the space. */
export interface Parameter {
  /** As `--set` takes it: `train.batchSize`, `model.layers[0]`. */
  readonly path: string;
  readonly distribution: Distribution;
  /** Where it is written. */
  readonly range: Range;
}

/** A checked sweep: every value is there. */
export interface Sweep {
  /** What its runs are called by: the file's name without its ending. */
  readonly name: string;
  /** 0..2^32-1 */
  readonly seed: number;
  readonly goal: Goal;
  readonly space: readonly Parameter[];
  readonly search: 'grid' | 'random' | 'tpe';
  /** Of a grid: at most all its points. */
  readonly trials: number;
  readonly asha?: { readonly from: number; readonly factor: number };
  /** Failed trials that are allowed; one more ends the sweep. */
  readonly failures: number;
  /** Trials at once. */
  readonly parallel: number;
  readonly budget: { readonly time?: string };
  /** The executor, and its options. */
  readonly on: Chosen;
}

/** A sweep file in which no mistake was found, and the pipeline that it varies. */
export interface CheckedSweep {
  readonly source: Source;
  readonly sweep: Sweep;
  /** The pipeline as its file has it. */
  readonly base: CheckedPipeline;
  readonly warnings: readonly Diagnostic[];
}
