import { pointAt, pointsIn, valuesIn } from './points.ts';
import type { Search } from './search.ts';

/** Every point. A space with a range of all numbers has no grid: who checks the file refuses it, none is suggested. */
export const grid: Search = {
  doc: 'Every combination of all values, in the order of the file, the last path fastest.',
  open: async ({ space }) => {
    const hasGrid = space.every(({ distribution }) => valuesIn(distribution) < Infinity);
    const count = hasGrid ? pointsIn(space) : 0;
    return {
      suggest: async (number) => (number <= count ? pointAt(space, number - 1) : undefined),
      close: async () => {},
    };
  },
};
