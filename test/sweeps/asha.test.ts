import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Goal, TrialRecord } from '../../src/base/sweep-results.ts';
import { type Ladder, closingPromotion, nextPromotion, rungsOf } from '../../src/sweeps/asha.ts';

const goalOf = (direction: Goal['direction']): Goal => ({ direction, metric: 'val_loss' });
const recordOf = (number: number, state: TrialRecord['state'], curve: readonly number[]): TrialRecord => ({
  number,
  values: {},
  state,
  metrics: {},
  curve,
  epochs: curve.length,
  seconds: 0,
});

test.each([
  [{ from: 1, factor: 3 }, 15, [1, 3, 9, 15]],
  [{ from: 1, factor: 3 }, 27, [1, 3, 9, 27]],
  [{ from: 2, factor: 2 }, 9, [2, 4, 8, 9]],
  [{ from: 5, factor: 3 }, 5, [5]],
  [{ from: 7, factor: 3 }, 5, [5]],
])('the rungs of %o in %i epochs', (asha, epochs, rungs) => {
  expect(rungsOf(asha, epochs)).toEqual(rungs);
});

/**
 * Algorithm 2 of Li et al. (2020), line by line, over rungs that remember who was promoted, as the paper's do:
 * `get_job` looks from rung K - 1 down to 0 for those in the top |rung| / eta that were not promoted.
 */
class Paper {
  readonly rungs: { readonly results: Map<number, number>; readonly promoted: Set<number> }[];
  readonly eta: number;
  readonly sign: number;

  constructor(count: number, { factor, goal }: Pick<Ladder, 'factor' | 'goal'>) {
    this.rungs = Array.from({ length: count }, () => ({ results: new Map(), promoted: new Set() }));
    this.eta = factor;
    this.sign = goal.direction === 'minimize' ? 1 : -1;
  }

  getJob(): { readonly trial: number; readonly rung: number } | undefined {
    for (let k = this.rungs.length - 2; k >= 0; k--) {
      const { results, promoted } = this.rungs[k]!;
      const candidates = this.topK(results, Math.floor(results.size / this.eta));
      const promotable = candidates.filter((trial) => !promoted.has(trial));
      if (promotable.length > 0) {
        promoted.add(promotable[0]!);
        return { trial: promotable[0]!, rung: k + 1 };
      }
    }
    return undefined;
  }

  topK(results: ReadonlyMap<number, number>, k: number): number[] {
    const left = [...results];
    const top: number[] = [];
    while (top.length < k) {
      let best = 0;
      for (let i = 1; i < left.length; i++) if (this.isBetter(left[i]!, left[best]!)) best = i;
      top.push(left.splice(best, 1)[0]![0]);
    }
    return top;
  }

  isBetter([a, x]: readonly [number, number], [b, y]: readonly [number, number]): boolean {
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(y);
    return Number.isNaN(x) || x === y ? a < b : this.sign * (x - y) < 0;
  }
}

describe('a promotion', () => {
  test('is that of Algorithm 2 of the paper, in whatever order workers end', () => {
    const scores = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(Number.NaN, Infinity, -Infinity));
    const cases = fc.record({
      factor: fc.integer({ min: 2, max: 4 }),
      from: fc.integer({ min: 1, max: 2 }),
      epochs: fc.integer({ min: 1, max: 30 }),
      workers: fc.integer({ min: 1, max: 5 }),
      trials: fc.integer({ min: 1, max: 40 }),
      direction: fc.constantFrom('minimize', 'maximize'),
      scores: fc.array(scores, { minLength: 100, maxLength: 100 }),
      ends: fc.array(fc.nat(), { minLength: 100, maxLength: 100 }),
    });
    fc.assert(
      fc.property(cases, ({ factor, from, epochs, workers, trials, direction, scores: drawn, ends }) => {
        const rungs = rungsOf({ from, factor }, epochs);
        const ladder: Ladder = { rungs, factor, goal: goalOf(direction) };
        const paper = new Paper(rungs.length, ladder);
        const records: TrialRecord[] = [];
        const working: { readonly trial: number; readonly rung: number }[] = [];
        for (let turn = 0; turn < 400; turn++) {
          while (working.length < workers) {
            const next = nextPromotion(records, ladder);
            expect(next).toEqual(paper.getJob());
            if (next === undefined && records.length === trials) break;
            const job = next ?? { trial: records.length + 1, rung: 0 };
            const before = records[job.trial - 1];
            records[job.trial - 1] = recordOf(job.trial, 'running', before?.curve ?? []);
            working.push(job);
          }
          if (working.length === 0) return;
          const [job] = working.splice(ends[turn % ends.length]! % working.length, 1);
          const { curve } = records[job!.trial - 1]!;
          const more = Array.from(
            { length: rungs[job!.rung]! - curve.length },
            (_, i) => drawn[(job!.trial * 7 + curve.length + i) % drawn.length]!,
          );
          const isLast = job!.rung === rungs.length - 1;
          records[job!.trial - 1] = recordOf(job!.trial, isLast ? 'finished' : 'paused', [...curve, ...more]);
          paper.rungs[job!.rung]!.results.set(job!.trial, more.at(-1)!);
        }
      }),
      { numRuns: 200 },
    );
  });

  const ladder: Ladder = { rungs: [1, 3, 9], factor: 2, goal: goalOf('minimize') };

  test('is none of a trial that failed, was stopped or is at work, though it counts', () => {
    const others = [recordOf(2, 'paused', [2]), recordOf(3, 'paused', [3]), recordOf(4, 'paused', [4])];
    for (const state of ['failed', 'stopped', 'running', 'queued'] as const) {
      const trials = [recordOf(1, state, [1]), ...others];
      expect(nextPromotion(trials, ladder)).toEqual({ trial: 2, rung: 1 });
      expect(nextPromotion(trials.slice(0, 3), ladder)).toBeUndefined();
    }
  });

  test('counts a trial that early stopping ended in all rungs, by its last epoch', () => {
    const trials = [recordOf(1, 'finished', [5, 0.1]), recordOf(2, 'paused', [5, 5, 0.2])];
    expect(nextPromotion(trials, ladder)).toBeUndefined();
    trials[0] = recordOf(1, 'finished', [5, 0.3]);
    expect(nextPromotion(trials, ladder)).toEqual({ trial: 2, rung: 2 });
  });
});

describe('the promotion that closes a sweep', () => {
  const ladder: Ladder = { rungs: [1, 3, 9], factor: 3, goal: goalOf('maximize') };

  test('leads the best of the highest rung to its end', () => {
    const trials = [recordOf(1, 'paused', [0.9]), recordOf(2, 'paused', [0.1, 0.2, 0.3])];
    expect(nextPromotion(trials, ladder)).toBeUndefined();
    expect(closingPromotion(trials, ladder)).toEqual({ trial: 2, rung: 2 });
    expect(closingPromotion([trials[0]!, recordOf(2, 'failed', [0.1, 0.2, 0.3])], ladder)).toEqual({
      trial: 1,
      rung: 1,
    });
  });

  test('is none where a trial was trained to its end, or all failed', () => {
    const finished = recordOf(
      2,
      'finished',
      Array.from({ length: 9 }, () => 0),
    );
    expect(closingPromotion([recordOf(1, 'paused', [0.9]), finished], ladder)).toBeUndefined();
    expect(closingPromotion([recordOf(1, 'failed', [0.9])], ladder)).toBeUndefined();
  });
});
