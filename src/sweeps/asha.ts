import type { Goal, TrialRecord } from '../base/sweep-results.ts';

/** How trials are stopped early: rungs, and how many of a rung go on. */
export interface Ladder {
  /** Epochs at the end of each rung, ascending. */
  readonly rungs: readonly number[];
  /** Of so many trials that ended a rung, one goes on; 2 or more. */
  readonly factor: number;
  readonly goal: Goal;
}

/** A trial that goes on. */
export interface Promotion {
  /** The trial's number. */
  readonly trial: number;
  /** The rung that it is trained to next, counted from 0. */
  readonly rung: number;
}

/**
 * The epochs at the end of each rung: `from`, and so many times more from one to the next; the last is the whole
 * training.
 *
 * @param epochs those of the pipeline
 */
export function rungsOf(
  { from, factor }: { readonly from: number; readonly factor: number },
  epochs: number,
): number[] {
  const rungs = [];
  for (let end = from; end < epochs; end *= factor) rungs.push(end);
  return [...rungs, epochs];
}

/**
 * The trial that goes on next, by Algorithm 2 of Li et al., "A System for Massively Parallel Hyperparameter Tuning"
 * (2020): from the highest rung down, one that is among the best 1/factor of those that ended the rung, and was not
 * promoted yet. A trial counts in a rung by the goal's metric of the rung's last epoch, NaN after all others, equals by
 * their numbers; one that finished before, as early stopping has it, counts in all rungs by its last epoch.
 *
 * @returns undefined where none does, and a new trial is begun instead
 */
export function nextPromotion(trials: readonly TrialRecord[], { rungs, factor, goal }: Ladder): Promotion | undefined {
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const ended = trials.filter((trial) => hasEnded(trial, rungs[rung]!));
    const best = ranked(ended, rungs[rung]!, goal).slice(0, Math.floor(ended.length / factor));
    const next = best.find((trial) => waitsAt(trial, rungs, rung));
    if (next !== undefined) return { trial: next.number, rung: rung + 1 };
  }
  return undefined;
}

/**
 * The trial that goes on where none is at work and none will be begun: the best of the highest rung, as long as no
 * trial was trained to its end. So few trials may there be that none would ever be, and the sweep would have no model.
 */
export function closingPromotion(trials: readonly TrialRecord[], { rungs, goal }: Ladder): Promotion | undefined {
  if (trials.some(({ state }) => state === 'finished')) return undefined;
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const waiting = trials.filter((trial) => waitsAt(trial, rungs, rung));
    const [best] = ranked(waiting, rungs[rung]!, goal);
    if (best !== undefined) return { trial: best.number, rung: rung + 1 };
  }
  return undefined;
}

const hasEnded = ({ state, curve }: TrialRecord, epochs: number) => curve.length >= epochs || state === 'finished';

/** Whether a trial has ended a rung, and neither gone on nor ended. */
function waitsAt({ state, curve }: TrialRecord, rungs: readonly number[], rung: number): boolean {
  return state === 'paused' && curve.length >= rungs[rung]! && curve.length < rungs[rung + 1]!;
}

function ranked(trials: readonly TrialRecord[], epochs: number, { direction }: Goal): readonly TrialRecord[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const cost = ({ curve }: TrialRecord) => sign * (curve[Math.min(epochs, curve.length) - 1] ?? Number.NaN);
  return trials.toSorted((one, other) => compare(cost(one), cost(other)) || one.number - other.number);
}

/** NaN is after all others. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return Number(a > b) - Number(a < b);
}
