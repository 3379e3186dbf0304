import { type Static, Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { EXPECTED } from '../../base/row.ts';
import { csvOptions } from '../tables/csv-options.ts';

const { validation: _, test: __, targets: ___, features: ____, cross: _____, ...ofTables } = csvOptions.properties;
const column = Type.String({ minLength: 1, maxLength: 100 });

/** Those of a table, and what windows are made by. */
const seriesOptions = Type.Object({
  ...ofTables,
  time: Type.String({
    minLength: 1,
    maxLength: 100,
    description:
      'The column of times: dates as 2024-12-31, 2024-12 or 2024-12-31T23:59, or numbers that grow. Rows are brought ' +
      'into their order. Nothing is learnt from it unless `features` or `prepare` names it.',
  }),
  entity: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description:
        'The column that says what a row is of, where the file has several series: a shop, a sensor. No window ' +
        'reaches over two of them. Nothing is learnt from it unless `features` names it.',
    }),
  ),
  targets: mapOf(Type.Enum(['number']), {
    description: 'The columns to forecast, each `number`. What they were before is learnt from, too.',
    minProperties: 1,
    examples: [{ co2: 'number' }],
  }),
  features: mapOf(Type.Array(column, { minItems: 1, uniqueItems: true }), {
    description:
      'The inputs of the model, by name, each with its columns: [window, columns]. ' +
      'Without it: one, `input`, of all columns but those of `time` and `entity`.',
    [EXPECTED]: 'a map of inputs, each with its columns, such as `{ input: [age, income] }`',
    default: {},
  }),
  window: wholeNumber({
    description: 'Rows that a forecast is made from, one after the other.',
    minimum: 1,
    maximum: 100_000,
  }),
  horizon: wholeNumber({
    description: 'Rows behind a window that are forecast: the last layer has as many units for each target.',
    default: 1,
    minimum: 1,
    maximum: 10_000,
  }),
  stride: wholeNumber({
    description: 'Rows from the beginning of a window to that of the next.',
    default: 1,
    minimum: 1,
    maximum: 1_000_000,
  }),
  season: Type.Optional(
    wholeNumber({
      description:
        'Rows of a season, such as 12 for months: the evaluation then also says how good it would be to forecast ' +
        'what was one season before. At most as many as a window has.',
      minimum: 2,
      maximum: 100_000,
    }),
  ),
  test: realNumber({
    description: 'The share of the points in time, at the end, that is the test. Validation takes those before.',
    default: 0.2,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }),
});

/** What a pipeline file says of `series`. */
export const seriesFace = {
  doc:
    'Rows of a table in the order of time (CSV, lines of JSON or Parquet, by the name of the file), cut into ' +
    'windows: from `window` rows the next `horizon` values are forecast. The parts are divided at points in time, ' +
    'and no window reaches over one.',
  example: 'source: { series: { file: data/co2.csv, time: month, targets: { co2: number }, window: 24, horizon: 12 } }',
  options: seriesOptions,
  order: 'time' as const,
};

/** The columns that say when a row is, and what it is of. */
export interface TimeColumns {
  readonly time: string;
  readonly entity?: string | undefined;
}

/** What a pipeline says of its series. */
export type SeriesOptions = Static<typeof seriesOptions>;
