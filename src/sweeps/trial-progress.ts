import type { TrialValues } from '../base/sweep-results.ts';
import type { SweepLine } from './sweep-journal.ts';

/** A trial, as far as the journal has it. */
export interface TrialProgress {
  /** Counted from 1. */
  readonly number: number;
  readonly values: TrialValues;
  /** Where it is recorded, as `EXPERIMENT/RUN`. */
  readonly run?: string;
  /** The rung that it is trained to, or was last, counted from 0. */
  readonly rung: number;
  /** How many attempts at that rung there were, the one that runs included. */
  readonly attempts: number;
  /** `waiting`: a job is to be started. */
  readonly phase: 'waiting' | 'at-work' | 'done' | 'failed';
  /** Attempts at the rung that the machine lost, and that were killed for memory, since it was last given another. */
  readonly lost: number;
  readonly memory: number;
  /** Seconds of all its attempts. */
  readonly seconds: number;
  readonly reason?: string;
}

/** Trials as a journal has them, in their order. */
export function progressOf(lines: readonly SweepLine[]): TrialProgress[] {
  const trials: TrialProgress[] = [];
  lines.forEach((line) => follow(trials, line));
  return trials;
}

/** Takes one more line of the journal into account. @param trials changed by it */
export function follow(trials: TrialProgress[], line: SweepLine): void {
  const change = (number: number, changed: (trial: TrialProgress) => Partial<TrialProgress>): void => {
    const trial = trials[number - 1];
    if (trial !== undefined) trials[number - 1] = { ...trial, ...changed(trial) };
  };
  if (line.type === 'suggested')
    trials[line.trial - 1] = {
      number: line.trial,
      values: line.values,
      rung: 0,
      attempts: 0,
      phase: 'waiting',
      lost: 0,
      memory: 0,
      seconds: 0,
    };
  else if (line.type === 'created') change(line.trial, () => ({ run: line.run }));
  else if (line.type === 'promoted')
    change(line.trial, () => ({ rung: line.rung, attempts: 0, phase: 'waiting', lost: 0, memory: 0 }));
  else if (line.type === 'submitted') change(line.trial, () => ({ attempts: line.attempt, phase: 'at-work' }));
  else if (line.type === 'ended') change(line.trial, (trial) => afterEnd(trial, line));
  else if (line.type === 'retried')
    for (const number of line.trials) change(number, () => ({ phase: 'waiting', lost: 0, memory: 0 }));
}

function afterEnd(
  trial: TrialProgress,
  { state, again, reason, seconds }: Extract<SweepLine, { type: 'ended' }>,
): Partial<TrialProgress> {
  const passed = { seconds: trial.seconds + seconds };
  if (state === 'done') return { ...passed, phase: 'done' };
  if (again === undefined) return { ...passed, phase: 'failed', ...(reason === undefined ? {} : { reason }) };
  return {
    ...passed,
    phase: 'waiting',
    lost: trial.lost + (again === 'lost' ? 1 : 0),
    memory: trial.memory + (again === 'memory' ? 1 : 0),
  };
}

/** Attempts at a rung whose machine may be lost: after the last of them the trial has failed. */
const mostLost = 3;

/** How a job ended. */
export interface JobEnd {
  readonly state: 'failed' | 'stopped' | 'lost';
  readonly exitCode?: number;
}

/**
 * Why a trial whose job ended without success gets another attempt; undefined: it does not. A mistake in its values
 * would be one again; what was killed for memory may have had bad company, once; machines are lost three times at most.
 */
export function reasonToRetry(
  { lost, memory }: Pick<TrialProgress, 'lost' | 'memory'>,
  { state, exitCode }: JobEnd,
): 'lost' | 'memory' | 'stopped' | undefined {
  if (state === 'stopped') return 'stopped';
  // Whoever ends it by a signal does not judge its values.
  if (state === 'lost' || exitCode === 130 || exitCode === 143) return lost + 1 < mostLost ? 'lost' : undefined;
  // SIGKILL, as the system's killer gives it; SIGABRT, by which Node ends without memory.
  if (exitCode === 137 || exitCode === 134) return memory < 1 ? 'memory' : undefined;
  return undefined;
}
