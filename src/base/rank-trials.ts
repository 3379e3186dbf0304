import type { Goal, SweepRecord, TrialRecord, TrialState } from './sweep-results.ts';

/** A trial that has a finite score. */
export interface ScoredTrial extends TrialRecord {
  readonly score: number;
}

/** A number by which trials are put in order: the smaller, the better. @param score finite */
export function loss(score: number, { direction }: Goal): number {
  return direction === 'maximize' ? -score : score;
}

/**
 * The trials that count, best first; of equal ones the earlier. Those that were trained to their end come before all
 * others, as they alone have a model. Failed trials and scores that are no finite number do not count.
 */
export function rankTrials({ trials, goal }: Pick<SweepRecord, 'trials' | 'goal'>): readonly ScoredTrial[] {
  return trials
    .filter((trial): trial is ScoredTrial => trial.state !== 'failed' && Number.isFinite(trial.score))
    .sort(
      (one, other) =>
        Number(other.state === 'finished') - Number(one.state === 'finished') ||
        loss(one.score, goal) - loss(other.score, goal) ||
        one.number - other.number,
    );
}

const states: readonly TrialState[] = ['finished', 'running', 'paused', 'pruned', 'queued', 'stopped', 'failed'];

/** How many trials are in a state, of those states that there are. */
export function countStates(trials: readonly TrialRecord[]): readonly (readonly [TrialState, number])[] {
  return states
    .map((state) => [state, trials.filter((trial) => trial.state === state).length] as const)
    .filter(([, count]) => count > 0);
}
