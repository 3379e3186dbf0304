import type { Goal, TrialRecord, TrialValues } from '../base/sweep-results.ts';
import type { Parameter } from './checked-sweep.ts';

/** What a search is opened with. */
export interface SearchSpace {
  readonly space: readonly Parameter[];
  readonly goal: Goal;
  /** 0..2^32-1 */
  readonly seed: number;
}

/** Chooses what trials train with. */
export interface Searcher {
  /**
   * Values of a trial: a function of the seed, the trial's number and the trials before it alone, so that a sweep that
   * goes on gets the same.
   *
   * @param number counted from 1
   * @param before all trials before it, as they stand
   * @returns undefined where the space has no more points
   */
  suggest(number: number, before: readonly TrialRecord[]): Promise<TrialValues | undefined>;
  /** Ends what it has started. */
  close(): Promise<void>;
}
