/** What a trial trains with: a value for each path of the space, as JSON has it. */
export type TrialValues = Readonly<Record<string, unknown>>;

/** How a trial stands. `paused`: it waits at the end of a rung; `pruned`: the sweep left it there. */
export type TrialState = 'queued' | 'running' | 'paused' | 'pruned' | 'finished' | 'failed' | 'stopped';

/** A trial of a sweep, as far as it has come. */
export interface TrialRecord {
  /** Counted from 1, in the order in which the search suggested them. */
  readonly number: number;
  readonly values: TrialValues;
  readonly state: TrialState;
  /** The goal's metric of the weights that the trial keeps; NaN or left out: none yet. */
  readonly score?: number;
  /** All that its run measured, by the tracker's names: val_accuracy, test_accuracy. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The goal's metric at the end of each epoch, from the first. */
  readonly curve: readonly number[];
  /** Epochs trained so far. */
  readonly epochs: number;
  /** Seconds of all its attempts. */
  readonly seconds: number;
  readonly runId?: string;
  /** Why it failed, in one line. */
  readonly reason?: string;
}

/** The direction in which a metric is better, and its name with the tracker. */
export interface Goal {
  readonly direction: 'maximize' | 'minimize';
  readonly metric: string;
}

/** What one value of the space may be. Bounds belong to it. */
export type Distribution =
  | { readonly kind: 'choice'; readonly choices: readonly unknown[] }
  | { readonly kind: 'float'; readonly low: number; readonly high: number; readonly log: boolean }
  | { readonly kind: 'int'; readonly low: number; readonly high: number; readonly step: number; readonly log: boolean };

/** All that is known of a sweep: what its report shows. */
export interface SweepRecord {
  readonly name: string;
  /** Identity: 12 hexadecimal digits. */
  readonly id: string;
  readonly goal: Goal;
  readonly search: string;
  /** By path, in the order of the file. */
  readonly space: Readonly<Record<string, Distribution>>;
  /** Epochs of each rung, ascending, the last one the pipeline's own; left out: every trial trains to its end. */
  readonly rungs?: readonly number[];
  readonly trials: readonly TrialRecord[];
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime?: number;
}
