import { toGoal } from './check-goal.ts';
import type { PlacedParameter } from './check-corners.ts';
import type { Sweep } from './checked-sweep.ts';
import { pointsIn } from './search/points.ts';
import { chosenExecutor } from './executors.ts';

/** The full form of a sweep file, once checked. */
interface Resolved {
  readonly seed: number;
  readonly goal: string;
  readonly search: Sweep['search'];
  readonly trials?: number;
  readonly asha?: { readonly from: number; readonly factor: number };
  readonly failures?: number;
  readonly parallel: number;
  readonly budget?: { readonly time?: string };
  readonly on: Readonly<Record<string, unknown>>;
}

/** The sweep that a checked full form says. @param name what its runs are called by */
export function toSweep(resolved: unknown, name: string, space: readonly PlacedParameter[]): Sweep {
  const { goal, trials = pointsIn(space), failures = trials, budget = {}, on, ...rest } = resolved as Resolved;
  return {
    name,
    seed: rest.seed,
    goal: toGoal(goal),
    space: space.map(({ path, distribution }) => ({ path: String(path.value), distribution, range: path.range })),
    search: rest.search,
    trials,
    ...(rest.asha && { asha: rest.asha }),
    failures,
    parallel: rest.parallel,
    budget,
    on: chosenExecutor(on),
  };
}
