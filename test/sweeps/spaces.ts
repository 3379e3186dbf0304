import type { Distribution, TrialRecord, TrialValues } from '../../src/base/sweep-results.ts';
import type { SearchSpace } from '../../src/sweeps/searcher.ts';

const range = { source: { name: 'sweep.yaml', text: '' }, start: 0, end: 0 };

/** A space by its paths. */
export function spaceOf(
  distributions: Readonly<Record<string, Distribution>>,
  more: Partial<Pick<SearchSpace, 'seed' | 'goal'>> = {},
): SearchSpace {
  return {
    space: Object.entries(distributions).map(([path, distribution]) => ({ path, distribution, range })),
    goal: { direction: 'minimize', metric: 'val_loss' },
    seed: 7,
    ...more,
  };
}

/** A trial that was trained to its end. */
export function finishedTrial(number: number, values: TrialValues, score: number): TrialRecord {
  return { number, values, state: 'finished', score, metrics: {}, curve: [score], epochs: 1, seconds: 1 };
}
