import type { MistakeTable } from './mistake-table.ts';

/** Mistakes of rows in the order of time. */
export const seriesMistakes = {
  'series-too-short': {
    means:
      'A part of the series has too few rows, one after the other, for a window and what is to be forecast of it: ' +
      'no window reaches over the points in time that divide the parts, or over two entities.',
    fix: 'Take a smaller `window` or `horizon`, give the part more of the time, or add rows.',
  },
  'duplicate-time': {
    means: 'Two rows of one entity have the same time, so that it is not known which comes first.',
    fix: 'Remove one of them; where they are of different things, name the column that tells them apart in `entity`.',
  },
  'season-beyond-window': {
    means: 'A season has more rows than a window, so that a window does not hold the forecast of one season before.',
    fix: 'Take a `window` of a season at least, or leave `season` out.',
  },
  'column-of-the-series': {
    means: 'The column of times, or that of entities, is predicted; or both are one column.',
    fix: 'Name columns of what is measured in `targets`.',
  },
  'unordered-times': {
    means: 'Rows do not stand in the order of their times in the file. They are brought into it.',
    fix: 'Where that is not meant, look at the row that the warning names.',
    severity: 'warning',
  },
  'gaps-in-time': {
    means: 'More time lies between some rows than between most. A window counts rows, and reaches over such gaps.',
    fix:
      'Add the rows that are missing, as pandas does with `asfreq`, and let `prepare` fill their cells; ' +
      'where time goes on without them (weekends), leave it.',
    severity: 'warning',
  },
  'short-entities': {
    means: 'Some entities have too few rows for a window in any part: nothing is learnt from them.',
    fix: 'Take a smaller `window`, or give them more rows.',
    severity: 'warning',
  },
} as const satisfies MistakeTable;
