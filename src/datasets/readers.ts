import { Later } from './deferred.ts';

/** What reads data sets, by what they have in common: a file needs one of them. */
export const readers = {
  tables: new Later(() => import('./read-tables.ts')),
  arrays: new Later(() => import('./read-arrays.ts')),
  pictures: new Later(() => import('./read-pictures.ts')),
};
