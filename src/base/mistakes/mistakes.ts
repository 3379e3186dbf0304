import { arrayMistakes } from './array-mistakes.ts';
import { audioMistakes } from './audio-mistakes.ts';
import { commandMistakes } from './command-mistakes.ts';
import { dataMistakes } from './data-mistakes.ts';
import { engineMistakes } from './engine-mistakes.ts';
import { executorMistakes } from './executor-mistakes.ts';
import { exportMistakes } from './export-mistakes.ts';
import { languageMistakes } from './language-mistakes.ts';
import { modelMistakes } from './model-mistakes.ts';
import { pictureMistakes } from './picture-mistakes.ts';
import { predictionMistakes } from './prediction-mistakes.ts';
import { publishedSetMistakes } from './published-set-mistakes.ts';
import { remoteMistakes } from './remote-mistakes.ts';
import { runMistakes } from './run-mistakes.ts';
import { searchMistakes } from './search-mistakes.ts';
import { seriesMistakes } from './series-mistakes.ts';
import { serveMistakes } from './serve-mistakes.ts';
import { sweepFileMistakes } from './sweep-file-mistakes.ts';
import { sweepMistakes } from './sweep-mistakes.ts';
import { tableMistakes } from './table-mistakes.ts';
import { textMistakes } from './text-mistakes.ts';
import { trackingMistakes } from './tracking-mistakes.ts';

/**
 * Every mistake that this program tells of, by what it is about; docs/errors.md is made of it. The program itself
 * imports its types alone, but for `pipeline data`: `validate` has no time to load texts that nobody asked for.
 */
export const mistakes = {
  'The file as a text': textMistakes,
  'Keys, values and names': languageMistakes,
  'The model and its training': modelMistakes,
  Data: dataMistakes,
  Arrays: arrayMistakes,
  Tables: tableMistakes,
  Series: seriesMistakes,
  'Pictures and masks': pictureMistakes,
  'Published sets': publishedSetMistakes,
  Recordings: audioMistakes,
  'The engine and memory': engineMistakes,
  Predictions: predictionMistakes,
  Runs: runMistakes,
  'Sweep files': sweepFileMistakes,
  Search: searchMistakes,
  Sweeps: sweepMistakes,
  'Exported models': exportMistakes,
  Tracking: trackingMistakes,
  'What machines share': remoteMistakes,
  Serving: serveMistakes,
  'Where trials run': executorMistakes,
  Commands: commandMistakes,
} as const;

/** The codes of each table of several. */
type CodesOf<Table> = Table extends unknown ? keyof Table : never;

/** The name of one mistake: one thing that is wrong, wherever it is found. */
export type Code = CodesOf<(typeof mistakes)[keyof typeof mistakes]>;
