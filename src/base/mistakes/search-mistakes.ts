import type { MistakeTable } from './mistake-table.ts';

/** What can go wrong where values are searched for. */
export const searchMistakes = {
  'no-python': {
    means: '`search: tpe` needs Python with Optuna, and there is no Python. No other search takes its place.',
    fix: 'Install Python 3 and `pip install optuna`, or activate the environment that has them.',
  },
  'no-optuna': {
    means: '`search: tpe` needs Optuna, and Python has none, or an older one.',
    fix: '`pip install optuna`; the Python of an active virtual environment is taken, else the first on the PATH.',
  },
  'search-failed': {
    means: "Optuna's process ended, or its answer makes no sense.",
    fix: 'Give the same command again: the sweep goes on, and the same is suggested.',
  },
} as const satisfies MistakeTable;
