import { type Static, Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber } from '../../base/numbers.ts';
import { EXPECTED } from '../../base/row.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { DataFileOption } from '../files/data-file.ts';
import type { OptionPath } from '../wrong-option.ts';
import { textOptions } from '../preparations/tokens.ts';
import { prepareOption } from './prepare-options.ts';
import { type DataFilesOption, dataFilesOption, listOfFiles } from './find-tables.ts';
import { namesOfFiles } from '../listed-sources.ts';

const column = Type.String({ minLength: 1, maxLength: 100 });
const values = (description: string) =>
  Type.Array(Type.String({ maxLength: 100 }), { description, minItems: 2, maxItems: 256, uniqueItems: true });

const answer = (of: string) =>
  `The ${of} of a text, each a class at a place of its own: the model ends with [length, vocabulary].`;

const otherClasses = Type.Object(
  {
    ordinal: Type.Optional(
      Type.Union([Type.Literal('fromData'), values('Its classes, from the lowest to the highest.')], {
        description:
          'Classes that have an order, from the lowest to the highest, as they stand in the column; with `fromData` ' +
          'the numbers of the column. The model ends with a unit for each class but the first.',
      }),
    ),
    labels: Type.Optional(
      Type.Union([Type.Literal('fromData'), values('The labels, each a unit of the model.')], {
        description:
          'The labels of which a cell of the column may name several, or none; with `fromData` those of the column, ' +
          'sorted. A cell is a list, as JSON has it, or what `separator` says.',
      }),
    ),
    separator: Type.Optional(
      Type.String({
        description: 'What stands between two labels of a cell; an empty cell names none then.',
        examples: [';', '|'],
        minLength: 1,
        maxLength: 10,
      }),
    ),
    columns: Type.Optional(
      Type.Array(column, {
        description: 'The labels are columns of their own, of 0 and 1 (or true and false), and called as these.',
        minItems: 2,
        maxItems: 256,
        uniqueItems: true,
      }),
    ),
    words: Type.Optional({ ...textOptions.words, description: answer('words') }),
    characters: Type.Optional({ ...textOptions.characters, description: answer('characters') }),
  },
  { additionalProperties: false },
);

/**
 * What is predicted of a table, by its columns.
 *
 * @param description what they are, as a sentence, to which is added how each is said
 */
export const targetsOption = (description: string) =>
  mapOf(
    Type.Union([Type.Enum(['number', 'fromData']), values('Its classes, as they stand in the column.'), otherClasses]),
    {
      description:
        `${description}: each \`number\`, or the list of its classes; with \`fromData\` they are those ` +
        'of the column, sorted, and stand in the resolved file and the model. ' +
        'Of classes in order, such as marks: `{ ordinal: ... }`. ' +
        'Of labels of which a row may have several at once: `{ labels: ... }` or `{ columns: ... }`. ' +
        'Of a text that answers that of the input: `{ words: ... }` or `{ characters: ... }`.',
      minProperties: 1,
      examples: [
        { body_mass_g: 'number' },
        { species: ['Adelie', 'Chinstrap', 'Gentoo'] },
        { island: 'fromData' },
        { rating: { ordinal: ['bad', 'fair', 'good'] } },
        { tags: { labels: 'fromData', separator: ';' } },
        { date: { characters: { length: 10, vocabulary: 16 } } },
      ],
    },
  );

/** The options of `csv`. */
export const csvOptions = Type.Object({
  file: dataFilesOption('The file, whose first line names the columns where `columns` does not'),
  targets: targetsOption('The columns to predict'),
  features: mapOf(Type.Array(column, { minItems: 1, uniqueItems: true }), {
    description:
      'The inputs of the model, by name, each with its columns. ' +
      'Without it: one, `input`, of all columns that are not predicted.',
    [EXPECTED]: 'a map of inputs, each with its columns, such as `{ input: [age, income] }`',
    default: {},
  }),
  categories: mapOf(Type.Union([Type.Literal('fromData'), values('Its values.')]), {
    description:
      'Columns of texts, each with its values, or `fromData`: such a column becomes a 0 or 1 for each value. ' +
      'All other columns must be numbers, but for those that `prepare` makes numbers of.',
    default: {},
    examples: [{ sex: ['female', 'male'], island: 'fromData' }],
  }),
  cross: Type.Optional(
    mapOf(Type.Array(column, { minItems: 2, maxItems: 8, uniqueItems: true }), {
      description:
        'Columns more, each of several others together, so that a net need not learn what only both say: ' +
        'its values are their texts with ` x ` between, such as `female x Biscoe`, and none where one of them is ' +
        'missing. It is coded like every column of texts: by `categories`, `oneHot`, `index` or `hash` of `prepare`; ' +
        'where nothing is said, as `fromData`.',
      examples: [{ home: ['sex', 'island'] }],
    }),
  ),
  prepare: prepareOption,
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), ...dataFilesOption('').anyOf], {
    description:
      'The test samples: other files with the same columns, or the share of the rows that is taken out for them.',
    default: 0.2,
  }),
  validation: Type.Optional(
    dataFilesOption('The validation samples, in files with the same columns, instead of some of the others'),
  ),
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
  delimiter: Type.Optional(
    Type.String({
      description:
        'What stands between two cells. ' +
        'Without it: a tab in files called `.tsv` or `.tab` (and `.tsv.gz`), a comma in others.',
      pattern: '^[\\t !#-\\uffff]$',
      [EXPECTED]: 'one character, such as `;` or `\\t`, and no quote',
    }),
  ),
  columns: Type.Optional(
    Type.Array(column, {
      description: 'The names of the columns, where the file has no line of them: its first line is a row then.',
      minItems: 1,
      maxItems: 10_000,
      uniqueItems: true,
    }),
  ),
  comment: Type.Optional(
    Type.String({
      description: 'What lines begin with that are passed over, such as `#`.',
      pattern: '^[!#-~]$',
      [EXPECTED]: 'one character, such as `#`, and no quote',
    }),
  ),
  decimal: Type.Optional(
    Type.Enum(['.', ','], {
      description:
        'What stands before the decimals of numbers; the other one may group their digits. ' +
        'Without it, a comma is understood in columns that show what it means, as `0,5` does.',
    }),
  ),
});

/** Labels that stand in one column. */
interface ListedLabels {
  labels: string[];
  separator?: string;
}

/** What is said of a target that is a text. */
export type TextOption =
  | { words: Static<typeof textOptions.words> }
  | { characters: Static<typeof textOptions.characters> };

/** What a pipeline says of its table. */
export type WrittenCsvOptions = Static<typeof csvOptions>;

/** The same with every list that is left to the data: see from-data.ts. */
export type CsvOptions = Omit<WrittenCsvOptions, 'targets' | 'categories'> & {
  targets: Record<
    string,
    'number' | string[] | { ordinal: string[] } | ListedLabels | { columns: string[] } | TextOption
  >;
  categories: Record<string, string[]>;
};

const { delimiter: _, decimal: __, columns: ___, comment: ____, ...ofAll } = csvOptions.properties;

/** Of tables in formats that say themselves what a number is. @param description of the file */
const typedTableOptions = (description: string) => Type.Object({ ...ofAll, file: dataFilesOption(description) });

const listedIn = ({ file }: { file: DataFilesOption }) => namesOfFiles(file);

/** What a pipeline file says of `csv`. */
export const csvFace = {
  doc:
    'A table in a CSV file: columns of numbers (or of categories) to learn from, ' +
    'columns of numbers or classes to predict. It may be packed with gzip, and in several files.',
  example:
    'source: { csv: { file: data/penguins.csv, targets: { body_mass_g: number }, ' +
    'categories: { sex: [female, male] } } }',
  options: csvOptions,
  order: 'column' as const,
  sources: listedIn,
};

/** What a pipeline file says of `jsonl`. */
export const jsonlFace = {
  doc:
    'A table in lines of JSON, each an object with the columns as its keys: numbers, texts, `true` and `false` ' +
    '(which are texts), `null` where a value is missing. It may be packed with gzip, and in several files.',
  example: 'source: { jsonl: { file: data/houses.jsonl, targets: { price: number } } }',
  options: typedTableOptions('The file, with an object on each line'),
  order: 'column' as const,
  sources: listedIn,
};

/** What a pipeline file says of `parquet`. */
export const parquetFace = {
  doc:
    'A table in a Parquet file, or in several: columns of numbers, texts, dates (texts as 2024-12-31T23:59:00) and ' +
    'truth values (the texts `true` and `false`); no nested ones.',
  example: 'source: { parquet: { file: data/houses.parquet, targets: { price: number } } }',
  options: typedTableOptions('The file'),
  order: 'column' as const,
  sources: listedIn,
};

/** Leads to an option of `csv`. */
export const at = (...path: OptionPath): OptionPath => ['source', 'csv', ...path];

/** The files that are named, those of validation and test among them. */
export const namedIn = ({
  file,
  validation,
  test,
}: Pick<CsvOptions, 'file' | 'validation' | 'test'>): readonly DataFileOption[] => [
  ...listOfFiles(file),
  ...(validation === undefined ? [] : listOfFiles(validation)),
  ...(typeof test === 'number' ? [] : listOfFiles(test)),
];

/** How a CSV file is written. */
export interface CsvForm {
  readonly delimiter: string;
  readonly decimal?: DecimalMark | undefined;
  /** The names of the columns, where the file has no line of them. */
  readonly columns?: readonly string[] | undefined;
  /** What lines begin with that are passed over. */
  readonly comment?: string | undefined;
}

/** How a file is written, as the options and its name say. */
export function formOf(
  { delimiter, decimal, columns, comment }: Omit<CsvForm, 'delimiter'> & { readonly delimiter?: string | undefined },
  name: string,
): CsvForm {
  return { delimiter: delimiter ?? (/\.(tsv|tab)(\.gz)?$/i.test(name) ? '\t' : ','), decimal, columns, comment };
}

/** Whether a column of numbers is to be standardized. */
export function standardizedIn({ standardize }: CsvOptions): (column: string) => boolean {
  if (typeof standardize === 'boolean') return () => standardize;
  const named = new Set(standardize);
  return (column) => named.has(column);
}
