import type { RunEvent } from '../base/events.ts';
import type { TrialState, TrialValues } from '../base/sweep-results.ts';

/** Why a driver ended. */
export type SweepEnding = 'done' | 'failures' | 'budget' | 'stopped' | 'interrupted';

/** The best trial so far. */
export interface Best {
  readonly trial: number;
  readonly score: number;
}

/**
 * All that a sweep tells the outside. `--json` prints each as one line, so a field's name is a promise to users.
 * Trials and epochs count from 1, rungs from 0.
 */
export type SweepEvent =
  | {
      readonly type: 'sweep-started';
      readonly name: string;
      readonly id: string;
      /** That of the parent run. */
      readonly runId: string;
      /** How many there will be at most. */
      readonly trials: number;
      /** How many there are already, where it goes on. */
      readonly begun: number;
      readonly metric: string;
    }
  | {
      readonly type: 'trial-started';
      readonly trial: number;
      readonly values: TrialValues;
      readonly runId: string;
      readonly rung: number;
      readonly attempt: number;
    }
  /** Sent about once in a second where epochs ended meanwhile. */
  | { readonly type: 'trial-progress'; readonly trial: number; readonly epoch: number; readonly score: number }
  | {
      readonly type: 'trial-ended';
      readonly trial: number;
      readonly state: TrialState;
      /** Left out: it has none. */
      readonly score?: number;
      readonly seconds: number;
      readonly reason?: string;
      /** Whether it gets another attempt. */
      readonly again: boolean;
      readonly best?: Best;
    }
  | {
      readonly type: 'sweep-finished';
      readonly why: SweepEnding;
      readonly runId: string;
      readonly trials: number;
      readonly failed: number;
      readonly best?: Best & { readonly runId: string; readonly values: TrialValues };
    }
  | Extract<RunEvent, { readonly type: 'diagnostic' }>;
