import { failure } from '../../base/diagnostics.ts';
import { either, hasForm, list, nothing, number as anyFinite, object } from '../../base/json-form.ts';
import { pythonPath } from '../../base/python-path.ts';
import { seedFor } from '../../base/seeds.ts';
import type { Distribution, TrialRecord, TrialValues } from '../../base/sweep-results.ts';
import type { SearchSpace, Searcher } from '../searcher.ts';
import type { Parameter } from '../checked-sweep.ts';
import { nonsense, startOptuna } from './optuna-child.ts';
import { keyOfPoint, nearest, pointsIn, shortest, valueOf, valuesIn } from './points.ts';
import { nthNew } from './random.ts';
import type { Search } from './search.ts';

/** The tree-structured Parzen estimator of Optuna, which is a program of Python: no other search takes its place. */
export const tpe: Search = {
  doc:
    'Points that are likelier among the better trials than among the others (Bergstra et al. 2011), by Optuna; ' +
    'needs Python with `pip install optuna`. The first ten are drawn.',
  open: (space) => openTpe(space, pythonPath()),
};

const answer = object({ values: either(list(anyFinite), nothing) });

/** Opens the search. @param python see startOptuna @throws UserError `no-python` or `no-optuna` */
export async function openTpe({ space, goal, seed }: SearchSpace, python: string): Promise<Searcher> {
  const optuna = await startOptuna(python);
  const [direction, told] = [goal.direction, space.map(({ distribution }) => describe(distribution))];
  return {
    suggest: async (number, before) => {
      const taken = new Set(before.map(({ values }) => keyOfPoint(space, values)));
      if (taken.size >= pointsIn(space)) return undefined;
      const request = { space: told, direction, seed: seedFor(seed, 'tpe', number) };
      const said = await optuna.ask({ ...request, history: before.map((trial) => remember(space, trial)) });
      if (!hasForm(answer, said)) throw nonsense(said);
      // Next to nothing of the space is left where only points came that had been tried.
      return said.values === null ? nthNew(space, taken, 0) : pointOf(space, said.values);
    },
    close: () => optuna.close(),
  };
}

/** A distribution as Optuna is told of it, which takes no steps under `log`. */
function describe(distribution: Distribution): unknown {
  if (distribution.kind === 'float') return distribution;
  const count = valuesIn(distribution);
  if (distribution.kind === 'choice') return { kind: 'choice', count };
  const { low, step, log } = distribution;
  return { kind: 'int', low, high: low + (count - 1) * step, step: log ? 1 : step, log };
}

/**
 * A trial as Optuna is told of it. One that waits at a rung, goes on after it or was stopped there counts by its score
 * and its epochs, as Optuna has it of those that it prunes; one at work without a score is taken for a bad one, so that
 * trials side by side are not alike; one that failed says nothing.
 */
function remember(space: readonly Parameter[], { number, values, state, score = Number.NaN, epochs }: TrialRecord) {
  const numbers = space.map(({ path, distribution }) => numberOf(distribution, values[path]));
  const unknown = numbers.indexOf(undefined);
  if (unknown >= 0)
    throw failure(
      'search-failed',
      `trial ${number} has a value of ${space[unknown]!.path} that is not in the space`,
      'Start the sweep anew: its space is another one.',
    );
  if (state !== 'failed' && Number.isFinite(score))
    return { values: numbers, state: state === 'finished' ? 'COMPLETE' : 'PRUNED', score, epochs };
  return { values: numbers, state: state === 'queued' || state === 'running' ? 'RUNNING' : 'FAIL' };
}

function numberOf(distribution: Distribution, value: unknown): number | undefined {
  if (distribution.kind === 'choice') {
    const index = distribution.choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(value));
    return index < 0 ? undefined : index;
  }
  const { low, high } = distribution;
  return typeof value === 'number' && value >= low && value <= high ? value : undefined;
}

function pointOf(space: readonly Parameter[], numbers: readonly number[]): TrialValues {
  const values = space.map(({ path, distribution }, i) => [path, read(distribution, numbers[i])] as const);
  if (numbers.length !== space.length || values.some(([, value]) => value === undefined)) throw nonsense(numbers);
  return Object.fromEntries(values);
}

/** The value that a number of Optuna's stands for; undefined where it is none of the distribution. */
function read(distribution: Distribution, value = Number.NaN): unknown {
  if (distribution.kind === 'choice') return Number.isInteger(value) ? valueOf(distribution, value) : undefined;
  if (!(value >= distribution.low && value <= distribution.high)) return undefined;
  return distribution.kind === 'int' ? nearest(distribution, value) : shortest(distribution, value);
}
