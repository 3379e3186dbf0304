import { seedFor } from '../../base/seeds.ts';
import type { Distribution, TrialValues } from '../../base/sweep-results.ts';
import type { SearchSpace } from '../searcher.ts';
import type { Parameter } from '../checked-sweep.ts';
import { keyOfPoint, nearest, pointAt, pointsIn, shortest, valueOf, valuesIn } from './points.ts';
import type { Search } from './search.ts';

/** Points that are drawn by seed, number and path, so that another path added changes no value of this one. */
export const random: Search = {
  doc: 'Each trial drawn by its number from the whole space, none twice.',
  open: async ({ space, seed }) => ({
    suggest: async (number, before) => {
      const taken = new Set(before.map(({ values }) => keyOfPoint(space, values)));
      return drawNew({ space, seed }, number, taken);
    },
    close: async () => {},
  }),
};

/** How often a point is drawn that was there before: by then nearly all of a space is used up. */
const mostDraws = 64;

function drawNew(
  { space, seed }: Pick<SearchSpace, 'space' | 'seed'>,
  number: number,
  taken: ReadonlySet<string>,
): TrialValues | undefined {
  const count = pointsIn(space);
  if (taken.size >= count) return undefined;
  for (let draw = 0; draw < mostDraws; draw++) {
    const point = Object.fromEntries(
      space.map(({ path, distribution }) => [path, valueAt(distribution, uniform(seed, number, draw, path))]),
    );
    if (!taken.has(keyOfPoint(space, point))) return point;
  }
  const among = count - taken.size;
  return nthNew(space, taken, Math.min(among - 1, Math.floor(uniform(seed, number, mostDraws, '') * among)));
}

/** One of the points that are not taken, in the order of a grid. @param n 0 or more, undefined beyond the last one */
export function nthNew(space: readonly Parameter[], taken: ReadonlySet<string>, n: number): TrialValues | undefined {
  const count = pointsIn(space);
  let left = n;
  for (let index = 0; index < count; index++) {
    const point = pointAt(space, index);
    if (!taken.has(keyOfPoint(space, point)) && left-- === 0) return point;
  }
  return undefined;
}

/** As many as `seedFor` tells apart. */
const seeds = 2 ** 31 - 1;

/** From 0 to 1: two seeds, since one alone would leave out most numbers of a wide range. */
function uniform(seed: number, number: number, draw: number, path: string): number {
  const [coarse, fine] = [0, 1].map((part) => (seedFor(seed, 'search', number, draw, path, part) - 1) / seeds);
  return coarse! + fine! / seeds;
}

/**
 * The value at a share of a distribution. Under `log` equal ratios are equally likely; a whole number then has what
 * lies nearest to it.
 */
function valueAt(distribution: Distribution, share: number): unknown {
  if (distribution.kind === 'float') {
    const { low, high, log } = distribution;
    return shortest(distribution, log ? ratioAt(low, high, share) : low + share * (high - low));
  }
  if (distribution.kind === 'int' && distribution.log)
    return nearest(distribution, ratioAt(distribution.low - 0.5, distribution.high + 0.5, share));
  const count = valuesIn(distribution);
  return valueOf(distribution, Math.min(count - 1, Math.floor(share * count)));
}

const ratioAt = (low: number, high: number, share: number) =>
  Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
