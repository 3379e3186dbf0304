import { type Static, Type } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import { EXPECTED } from '../base/row.ts';
import { dataFileOption } from './data-file.ts';
import type { OptionPath } from './dataset.ts';
import { prepareOption } from './prepare-options.ts';

const column = Type.String({ minLength: 1, maxLength: 100 });
const values = (description: string) =>
  Type.Array(Type.String({ maxLength: 100 }), { description, minItems: 2, maxItems: 256, uniqueItems: true });

/** The options of `csv`. */
export const csvOptions = Type.Object({
  file: dataFileOption('The file, whose first line names the columns'),
  targets: Type.Record(
    column,
    Type.Union([Type.Enum(['number', 'fromData']), values('Its classes, as they stand in the column.')]),
    {
      description:
        'The columns to predict: each `number`, or the list of its classes; with `fromData` they are those ' +
        'of the column, sorted, and stand in the resolved file and the model.',
      minProperties: 1,
      examples: [{ body_mass_g: 'number' }, { species: ['Adelie', 'Chinstrap', 'Gentoo'] }, { island: 'fromData' }],
    },
  ),
  features: Type.Record(column, Type.Array(column, { minItems: 1, uniqueItems: true }), {
    description:
      'The inputs of the model, by name, each with its columns. ' +
      'Without it: one, `input`, of all columns that are not predicted.',
    default: {},
  }),
  categories: Type.Record(column, Type.Union([Type.Literal('fromData'), values('Its values.')]), {
    description:
      'Columns of texts, each with its values, or `fromData`: such a column becomes a 0 or 1 for each value. ' +
      'All other columns must be numbers, but for those that `prepare` makes numbers of.',
    default: {},
    examples: [{ sex: ['female', 'male'], island: 'fromData' }],
  }),
  prepare: prepareOption,
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), ...dataFileOption('').anyOf], {
    description:
      'The test samples: another file with the same columns, or the share of the rows that is taken out for them.',
    default: 0.2,
  }),
  standardize: Type.Union([Type.Boolean(), Type.Array(column, { minItems: 1, uniqueItems: true })], {
    description:
      'Whether to standardize the columns of numbers, or which of them: ' +
      'take the mean of the rows trained on from each column of numbers, and divide it ' +
      'by their standard deviation: nets learn from numbers around 0. Both are saved with the model. ' +
      'What an `embedding` reads is never standardized: list the other columns. Targets are among them: ' +
      'they are standardized for training alone, where loss and last layer allow it (`pipeline plan` says so), ' +
      'and all that is told is in their own unit, but for the loss. A list without a target leaves it as it is.',
    default: true,
    examples: [true, ['age', 'income']],
  }),
  delimiter: Type.String({
    description: 'What stands between two cells.',
    default: ',',
    pattern: '^[\\t !#-\\uffff]$',
    [EXPECTED]: 'one character, such as `;` or `\\t`, and no quote',
  }),
  decimal: Type.Optional(
    Type.Enum(['.', ','], {
      description:
        'What stands before the decimals of numbers; the other one may group their digits. ' +
        'Without it, a comma is understood in columns that show what it means, as `0,5` does.',
    }),
  ),
});

/** What a pipeline says of its table. */
export type WrittenCsvOptions = Static<typeof csvOptions>;

/** The same with every list that is left to the data: see from-data.ts. */
export type CsvOptions = Omit<WrittenCsvOptions, 'targets' | 'categories'> & {
  targets: Record<string, 'number' | string[]>;
  categories: Record<string, string[]>;
};

/** Leads to an option of `csv`. */
export const at = (...path: OptionPath): OptionPath => ['source', 'csv', ...path];

/** The files that are named: the table, and that of the test where there is one. */
export const namedIn = ({ file, test }: Pick<CsvOptions, 'file' | 'test'>) => [
  file,
  ...(typeof test === 'number' ? [] : [test]),
];

/** Whether a column of numbers is to be standardized. */
export function standardizedIn({ standardize }: CsvOptions): (column: string) => boolean {
  if (typeof standardize === 'boolean') return () => standardize;
  const named = new Set(standardize);
  return (column) => named.has(column);
}
