import { isBound } from './sample-intervals.ts';
import { type MeanInterval, meanInterval } from './statistics.ts';
import type { SweepRecord } from './sweep-results.ts';

/** The paths that repetitions and folds are told by. */
export const seedPath = 'seed';
export const foldPath = 'data.fold';

/** What repetitions and folds say of one metric. */
export interface RepeatedMetric extends MeanInterval {
  readonly name: string;
  /** One for each run that has it, in their order. */
  readonly values: readonly number[];
}

/** What came of repetitions and folds. */
export interface Repetitions {
  /** 1 where there are folds alone. */
  readonly repeat: number;
  /** Left out: no cross-validation. */
  readonly folds?: number;
  readonly finished: number;
  readonly metrics: readonly RepeatedMetric[];
}

/**
 * Mean, deviation and interval of each metric over the runs that finished. With folds, whose runs share most of what
 * they are trained on, the interval is the wider one of `meanInterval`.
 */
export function summarizeRepetitions({ space, trials }: Pick<SweepRecord, 'space' | 'trials'>): Repetitions {
  const folds = choicesOf(space[foldPath]);
  const finished = trials.filter(({ state }) => state === 'finished');
  const names = [...new Set(finished.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) => !isBound(name));
  return {
    repeat: choicesOf(space[seedPath]) ?? 1,
    ...(folds !== undefined && { folds }),
    finished: finished.length,
    metrics: names.flatMap((name) => {
      const values = finished.map(({ metrics }) => metrics[name]).filter((value) => Number.isFinite(value));
      const numbers = values.filter((value) => value !== undefined);
      if (numbers.length === 0) return [];
      return [{ name, values: numbers, ...meanInterval(numbers, folds === undefined ? 0 : 1 / (folds - 1)) }];
    }),
  };
}

function choicesOf(distribution: SweepRecord['space'][string] | undefined): number | undefined {
  return distribution?.kind === 'choice' ? distribution.choices.length : undefined;
}

/** What repetitions are, in words: `5 repetitions`, `5 folds`, `3 repetitions of 5 folds`. */
export function describeRepetitions({ repeat, folds }: Pick<Repetitions, 'repeat' | 'folds'>): string {
  if (folds === undefined) return `${repeat} repetitions`;
  return repeat === 1 ? `${folds} folds` : `${repeat} repetitions of ${folds} folds`;
}
