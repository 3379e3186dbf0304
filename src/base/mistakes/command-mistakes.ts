import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in the use of commands. */
export const commandMistakes = {
  'unknown-kind': {
    means: '`pipeline list` is asked for a kind of thing that there is none of.',
    fix: 'See the hint.',
  },
  'unknown-starter': {
    means: '`pipeline init` is asked for a starter that there is none of.',
    fix: 'See the hint.',
  },
  'file-exists': {
    means: '`pipeline init` is to write a file that exists.',
    fix: 'Give another name.',
  },
  'no-data': {
    means: 'The file or folder that `pipeline init --data` is to look at is empty.',
    fix: 'Name one that holds data.',
  },
  'unknown-data-kind': {
    means: '`pipeline init --data` does not know how to learn from the file or folder.',
    fix: 'See the hint; docs/data.md has what can be learnt from.',
  },
  'target-unclear': {
    means: 'No column of a table is more likely than all others the one that is to be predicted.',
    fix: 'Name it: `pipeline init --data FILE --target COLUMN`.',
  },
  'target-without-value': {
    means: 'A row has no value in the column that `pipeline init --data` is to have predicted.',
    fix: 'Remove the row, or name another column with `--target`.',
  },
  'one-value-to-predict': {
    means: 'What `pipeline init --data` is to have predicted is the same for all samples.',
    fix: 'Name a column that differs from row to row.',
  },
  'target-without-table': {
    means: '`pipeline init --target` names a column, and there is no table.',
    fix: 'Name the table with `--data`, or leave `--target` out.',
  },
  'kind-and-data': {
    means: '`pipeline init` is given both a kind of starter and data of your own.',
    fix: 'Keep one.',
  },
  'sheet-format': {
    means: '`pipeline data --sheet` names a file whose ending says neither SVG nor PNG.',
    fix: 'Name one that ends in `.svg` or `.png`.',
  },
  'nothing-to-draw': {
    means: '`pipeline data --sheet` is to draw samples that are neither pictures, recordings nor rows of a table.',
    fix: 'Leave `--sheet` out.',
  },
  'unwritable-file': {
    means: '`pipeline init` or `pipeline data --sheet` cannot write its file.',
    fix: 'Make the folder writable, or give another name.',
  },
  'runs-folder': {
    means: '`--runs` names an address, and takes a folder.',
    fix: 'Give the address of a server to `--tracking-uri` (`pipeline sync`: `--to`).',
  },
  'no-runs-folder': {
    means: 'There is no folder of runs to deliver from.',
    fix: 'Name it: `pipeline sync --runs FOLDER`.',
  },
  'no-runs': {
    means: 'There is no run yet that MLflow could show.',
    fix: 'Train something, or name the folder of the runs with --runs.',
  },
  'bad-filter': {
    means: 'What `pipeline runs --filter` is told is no filter.',
    fix: 'Write it like `val_accuracy > 0.98 and state = FINISHED`.',
  },
  'one-run': {
    means: '`pipeline compare` is given one run alone.',
    fix: 'Name two or more: `pipeline compare last~1 last`.',
  },
  'unknown-run-key': {
    means: '`pipeline runs` is asked for a metric, param or column that no run has.',
    fix: 'See the hint.',
  },
  'data-of-run': {
    means: '`pipeline data` is given both --run, whose labels it shows, and a file or --set.',
    fix: 'Keep one.',
  },
  'split-of-other-data': {
    means: '`pipeline evaluate` is given both --split, a part of the own data of the run, and --data.',
    fix: 'Keep one.',
  },
  'no-server': {
    means: '`pipeline sync --again` is not told which server the run is to go to.',
    fix: 'Name it: `--to ADDRESS`, or set MLFLOW_TRACKING_URI.',
  },
  'no-tracking-uri': {
    means: '`--trust-tracking` is given, and the file names no tracking server.',
    fix: 'Name one under `tracking: { uri: ... }`, or leave the flag out.',
  },
  'bad-mlflow-bin': {
    means: 'MLFLOW_BIN names no program.',
    fix: 'Correct it or unset it.',
  },
  'mlflow-not-named': {
    means: 'MLflow is in the folder that you are in alone, whose programs run only where you name them.',
    fix: 'Set MLFLOW_BIN, or activate its environment.',
  },
  'mlflow-not-found': {
    means: 'MLflow is not installed, which `pipeline ui` needs.',
    fix: 'Install it; the hint has the command.',
  },
  'mlflow-not-started': {
    means: 'The MLflow server did not start.',
    fix: 'See what it said.',
  },
  'mlflow-ended': {
    means: 'The MLflow server ended by itself.',
    fix: 'Start it by hand to see why.',
  },
  'port-taken': {
    means: 'The port that a server is to use is taken, or may not be used.',
    fix: 'Give another --port; `pipeline ui` takes a free one without.',
  },
  'output-not-written': {
    means: 'What a command prints cannot be written, as the disk is full, say.',
    fix: 'Make room, or print elsewhere.',
  },
} as const satisfies MistakeTable;
