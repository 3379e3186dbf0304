import type { SweepRecord, TrialRecord, TrialValues } from '../base/sweep-results.ts';
import type { Tracker } from '../tracking/tracker.ts';
import type { Executor, Resources } from './executor.ts';
import type { Searcher } from './searcher.ts';
import type { SweepEnding, SweepEvent } from './sweep-events.ts';
import type { CheckedSweep } from './checked-sweep.ts';
import type { TrialSender } from './transport/trial-sender.ts';

/** Rungs, and who goes on to the next: see asha.ts. */
export interface Promotions {
  /** Epochs at the end of each rung, ascending, the last one the pipeline's own. */
  readonly rungs: readonly number[];
  /** The trial that goes on next, and to which rung; undefined: a new one is begun instead. */
  next(trials: readonly TrialRecord[]): { readonly trial: number; readonly rung: number } | undefined;
  /** The trial that goes on where none is at work and none will be begun; undefined: the sweep is done. */
  closing(trials: readonly TrialRecord[]): { readonly trial: number; readonly rung: number } | undefined;
}

/** A sweep, and all that it works with. */
export interface SweepRequest {
  readonly checked: CheckedSweep;
  /** The values of a trial as `--set` takes them, such as `train.batchSize=50`. */
  readonly settingsOf: (values: TrialValues) => readonly string[];
  readonly searcher: Searcher;
  /** Left out: every trial is trained to its end. */
  readonly promotions?: Promotions;
  /** @param folder of the sweep's own, absolute */
  readonly openExecutor: (folder: string) => Executor;
  /** What each trial asks its machine for. */
  readonly need: Resources;
  readonly tracker: Tracker;
  /** The program and the arguments that come before `run FILE`. */
  readonly program: readonly string[];
  /** Arguments that each trial gets besides, such as `--tracking-uri URI`. */
  readonly args: readonly string[];
  /** Sends trials to machines that reach nothing of this one; left out: they read and write here. */
  readonly sender?: TrialSender;
  /** Whether to begin anew where a sweep of the file is under way. */
  readonly fresh?: boolean;
  /** Whether trials that failed get another attempt. */
  readonly retryFailed?: boolean;
  /** Milliseconds between two looks at the executor. */
  readonly pause: number;
  readonly emit: (event: SweepEvent) => void;
  /** Aborted when the user wants it to end: trials are stopped in order, and go on another time. */
  readonly signal: AbortSignal;
}

/** How a sweep ended for this time. */
export interface SweepOutcome {
  readonly record: SweepRecord;
  readonly why: SweepEnding;
  /** That of the parent run, and where its artifacts lie. */
  readonly runId: string;
  readonly artifactDirectory: string;
  readonly best?: TrialRecord;
}
