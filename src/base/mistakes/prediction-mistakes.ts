import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in what a trained model is asked about. */
export const predictionMistakes = {
  'no-such-input': {
    means: '`pipeline predict` is given a file or folder that is not there, or a pattern that fits none.',
    fix: 'Correct the path.',
  },
  'wrong-input-kind': {
    means: 'A file holds something else than the model was trained on, as a table for a model of pictures.',
    fix: 'The message says what the model takes.',
  },
  'missing-input': {
    means: 'A row lacks a column, or another input, that the model takes.',
    fix: 'Add it; the hint says what the row has, and which name may be a slip.',
  },
  'other-delimiter': {
    means: 'A table has another sign between its cells than the one that the model learnt from.',
    fix: 'Save it as that was; for `,` and `;` also see what stands before the decimals.',
  },
  'unused-columns': {
    means: 'Rows have columns that the model does not take, and that its training did not have either.',
    fix: 'Nothing, where they are an id or a note; else see whether it is the right model.',
    severity: 'warning',
  },
  'text-left-out': {
    means: 'The end of a text is shorter than the sequences that the model was trained on.',
    fix: 'Begin the text later, or add to its end, where the end matters.',
    severity: 'warning',
  },
  'wrong-shape': {
    means: 'A row has another shape, size or kind than those that the model was trained on.',
    fix: 'Bring it into the shape that the message names.',
  },
  'wrong-value': {
    means: 'A value of a row is out of the range that the model takes, or no number.',
    fix: 'Correct it; greys and colours are whole numbers from 0 to 255.',
  },
  'unknown-label': {
    means: 'A row, or the folder of a picture, names a class that training did not have.',
    fix: 'Correct the label. The row is predicted, and left out of what is measured.',
  },
  'missing-label': {
    means: '`pipeline evaluate --data` is given rows that do not say what is right.',
    fix: 'Add the column, or put pictures into sub-folders that are named as the classes are.',
  },
  'bad-json': {
    means: 'A line is not JSON.',
    fix: 'Write one row on each line; JSON has no NaN.',
  },
  'bad-output-name': {
    means: 'The name behind `--out` does not end as a format that predictions are written in.',
    fix: 'End it in .csv, .jsonl or .parquet.',
  },
  'unwritable-output': {
    means: 'The file behind `--out` cannot be written.',
    fix: 'Make room or give yourself the right, or name another file.',
  },
  'rows-not-used': {
    means: 'More rows than are named one by one cannot be used.',
    fix: 'See the first ones.',
  },
} as const satisfies MistakeTable;
