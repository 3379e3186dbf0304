import { rankTrials } from '../base/rank-trials.ts';
import type { Goal, SweepRecord, TrialRecord, TrialState } from '../base/sweep-results.ts';
import type { SweepHead } from './sweep-journal.ts';
import type { Sweep } from './checked-sweep.ts';
import type { TrialProgress } from './trial-progress.ts';
import type { TrialFacts } from './trial-runs.ts';

/** A trial as the search, the promotion of rungs and the report see it. @param facts left out: it has no run yet */
export function trialRecord(trial: TrialProgress, facts: TrialFacts | undefined, { metric }: Goal): TrialRecord {
  const state = stateOf(trial, facts);
  const score = state === 'finished' || state === 'paused' ? facts?.metrics[metric] : undefined;
  return {
    number: trial.number,
    values: trial.values,
    state,
    ...(score === undefined ? {} : { score }),
    metrics: facts?.metrics ?? {},
    curve: facts?.curve ?? [],
    epochs: facts?.epochs ?? 0,
    seconds: trial.seconds,
    ...(facts === undefined ? {} : { runId: facts.runId }),
    ...(state === 'failed' && trial.reason !== undefined ? { reason: trial.reason } : {}),
  };
}

function stateOf({ phase, attempts }: TrialProgress, facts: TrialFacts | undefined): TrialState {
  if (phase === 'failed') return 'failed';
  if (phase === 'at-work') return 'running';
  if (phase === 'waiting') return attempts === 0 ? 'queued' : 'stopped';
  return facts !== undefined && hasFinished(facts) ? 'finished' : 'paused';
}

/** Whether a run came to its end; one that misses what `evaluate.require` says was trained all the same. */
export function hasFinished({ status, missedGate }: TrialFacts): boolean {
  return status === 'FINISHED' || (status === 'FAILED' && missedGate);
}

/**
 * The best of the trials so far. One that goes on, or is to, is no worse than at the end of the rung before.
 *
 * @param progress of the same trials, in the same order
 */
export function bestSoFar(
  trials: readonly TrialRecord[],
  progress: readonly TrialProgress[],
  rungs: readonly number[],
  goal: Goal,
): TrialRecord | undefined {
  const scored = trials.map((trial, i) => {
    const { rung } = progress[i]!;
    const score = trial.score ?? (rung === 0 ? undefined : trial.curve[rungs[rung - 1]! - 1]);
    return score === undefined ? trial : { ...trial, score };
  });
  return rankTrials({ trials: scored, goal })[0];
}

/** All that is known of a sweep. */
export function recordOf(
  { id, name, startTime }: SweepHead,
  { goal, search, space }: Sweep,
  trials: readonly TrialRecord[],
  { rungs, endTime }: { readonly rungs: readonly number[] | undefined; readonly endTime?: number },
): SweepRecord {
  return {
    name,
    id,
    goal,
    search,
    space: Object.fromEntries(space.map(({ path, distribution }) => [path, distribution])),
    ...(rungs === undefined ? {} : { rungs }),
    trials,
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
  };
}
