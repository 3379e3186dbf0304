import type { MistakeTable } from './mistake-table.ts';

/** What is wrong with a model that leaves this program. */
export const exportMistakes = {
  'no-golden': {
    means: 'The folder of a model has no golden rows: inputs, and what the model made of them when it was trained.',
    fix: 'Runs record them beside their model: run the pipeline again, or name a folder that has them.',
  },
  'golden-damaged': {
    means: 'The golden rows of a model are not as they were written.',
    fix: 'Take the folder `golden` from the run again.',
  },
  'not-exportable': {
    means: 'The model has a layer that the format has no equal of.',
    fix: 'Take another format: `tfjs` has all layers.',
  },
  'not-packageable': {
    means: 'The model cannot be made a package, for the reason that is told.',
    fix: 'Take `pipeline export`, or train the model without what is named.',
  },
  'bad-package-name': {
    means: 'No npm package can have this name.',
    fix: 'Name it in small letters, digits, `-`, `_` and `.`, such as `penguin-species` or `@me/penguin-species`.',
  },
  'export-exists': {
    means: 'The folder that is to be written holds something else, which an export does not replace.',
    fix: 'Name another one by `--out`, or remove it.',
  },
  'export-not-written': {
    means: 'The export cannot be written.',
    fix: 'Make the folder above writable and make room.',
  },
  'export-differs': {
    means: '`verify-export`: what another program computes of the model is further from the golden rows than rounding.',
    fix: 'Export the model again. Where it differs still, please report it with your pipeline file.',
  },
  'nothing-verified': {
    means: '`verify-export`: nothing is there that could compute the model.',
    fix: 'Install what one of the lines names, or verify the run itself.',
  },
} as const satisfies MistakeTable;
