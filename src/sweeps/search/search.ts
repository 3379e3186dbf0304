import type { SearchSpace, Searcher } from '../searcher.ts';

/** A way to search: a row of the table in searches.ts. */
export interface Search {
  /** One or two sentences for people. */
  readonly doc: string;
  /** @throws UserError where what it needs is not there */
  open(space: SearchSpace): Promise<Searcher>;
}
