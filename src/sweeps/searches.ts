import { grid } from './search/grid.ts';
import { random } from './search/random.ts';
import type { Search } from './search/search.ts';
import { tpe } from './search/tpe.ts';

/** Every way to search, by the name that files have for it. */
export const searches = { grid, random, tpe } satisfies Readonly<Record<string, Search>>;
