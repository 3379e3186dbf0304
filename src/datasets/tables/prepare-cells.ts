import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { type MissingCells, columnOf, missingTexts, missingValues, placeIn } from './csv-cells.ts';
import type { Table } from './table.ts';
import { type OptionPath, inOption, WrongOption } from '../wrong-option.ts';
import { murmurHash } from '../preparations/murmur-hash.ts';
import {
  type ColumnPlan,
  type ColumnValues,
  type FittedColumn,
  fitColumn,
  isUsable,
  stepThatFails,
  valuesOfColumn,
} from '../preparations/prepared-column.ts';
import { timeOf } from './time.ts';

/** Cells that are read without a pause. */
const part = 1 << 16;

/** What is needed to read the cells of a column that is prepared. */
type Reading = Pick<ColumnPlan, 'column' | 'reads' | 'categories' | 'buckets'>;

/**
 * The values of a prepared column as it is read; NaN where a cell has none and gaps are filled.
 *
 * @param takesGaps whether they are
 * @param missing takes down cells without a value where they are not
 * @param wrong takes cells that are no such values, by their rows; left out: they are mistakes
 * @throws UserError when a cell is none
 */
export function* readPrepared(
  table: Table,
  { column, reads, categories, buckets }: Reading,
  takesGaps: boolean,
  missing: MissingCells | undefined,
  wrong?: Map<number, string>,
): InParts<Float64Array> {
  const place = placeIn(table, column);
  const empty: MissingCells = takesGaps || missing === undefined ? new Map() : missing;
  const given = takesGaps || missing !== undefined ? empty : undefined;
  const values =
    reads === 'numbers' || reads === 'categories'
      ? yield* columnOf(table, column, categories, given, wrong)
      : yield* readTexts(table, column, readerFor(reads, buckets), given, wrong);
  if (!takesGaps || !empty.has(column)) return values;
  for (let row = empty.get(column)!.row; row < values.length; row++) {
    if (row % part === 0) yield;
    if (values[row] !== 0) continue;
    const cell = table.cell(row, place).trim();
    if (missingTexts.has(cell) && categories?.includes(cell) !== true) values[row] = Number.NaN;
  }
  return values;
}

/** Reads a text as a date, or as a bucket of a hash; undefined where it is none. */
export function readerFor(reads: 'dates' | 'hash', buckets = 1): (cell: string) => number | undefined {
  if (reads === 'dates') return timeOf;
  return (cell) => (missingTexts.has(cell) ? undefined : murmurHash(cell) % buckets);
}

function* readTexts(
  table: Table,
  column: string,
  read: (cell: string) => number | undefined,
  missing: MissingCells | undefined,
  wrong: Map<number, string> | undefined,
): InParts<Float64Array> {
  const place = placeIn(table, column);
  const valueOf = table.reader(place, read);
  const values = new Float64Array(table.count);
  for (let row = 0; row < values.length; row++) {
    if (row % part === 0) yield;
    const value = valueOf(row);
    if (value !== undefined) {
      values[row] = value;
      continue;
    }
    const cell = table.cell(row, place).trim();
    if (missing !== undefined && missingTexts.has(cell))
      missing.set(column, { row, cell, ...missing.get(column), count: (missing.get(column)?.count ?? 0) + 1 });
    else if (wrong !== undefined) wrong.set(row, cell);
    else throw noDate(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, cell);
  }
  return values;
}

/** That a cell is no date. @param place of it */
export function noDate(place: string, cell: string): UserError {
  return failure(
    'not-a-date',
    `${place} is ${cell === '' ? 'empty' : `'${shorten(cell)}'`}, not a date`,
    'Write dates as 2024-12-31, or with the time as 2024-12-31T23:59.',
  );
}

/** A prepared column in all tables, each value as it is read, and how its values are computed. */
export interface PreparedTables extends ColumnValues {
  readonly fitted: FittedColumn;
  /** The values as they are read, table by table. */
  readonly tables: readonly Float64Array[];
}

/**
 * Reads a column, fits its steps to the rows trained on, and proves that they give a number of each row.
 *
 * @param trained rows of the first table
 * @throws WrongOption where a cell is no value, or gives no number; UserError where one has none
 */
export function* prepareColumn(
  { plan, path }: { readonly plan: ColumnPlan; readonly path: OptionPath },
  { tables, trained }: { readonly tables: readonly Table[]; readonly trained: Uint32Array },
): InParts<PreparedTables> {
  const read: Float64Array[] = [];
  for (const table of tables) {
    const missing: MissingCells = new Map();
    read.push(yield* inOption(path, () => readPrepared(table, plan, plan.gaps !== undefined, missing)));
    if (missing.size > 0) throw new WrongOption(path, missingValues(table, missing));
  }
  const fitted = fitPrepared({ plan, path }, { table: tables[0]!, values: read[0]!, trained });
  const values = valuesOfColumn(fitted);
  for (const [k, table] of tables.entries()) yield* provePrepared(table, fitted, read[k]!, path);
  return { ...values, fitted, tables: read };
}

/** Fits the steps of a column. @throws WrongOption where no row trained on has a value */
export function fitPrepared(
  { plan, path }: { readonly plan: ColumnPlan; readonly path: OptionPath },
  given: { readonly table: Table; readonly values: Float64Array; readonly trained: Uint32Array },
): FittedColumn {
  const { table, values, trained } = given;
  const fitted = fitColumn(plan, values, trained);
  if (fitted === undefined)
    throw new WrongOption(
      path,
      failure(
        'missing-values',
        `${table.name}: none of the ${trained.length} rows trained on has a value in ` +
          `\`${shorten(plan.column)}\` to fill gaps with`,
        'Leave the column out of `features`, or name a value: `missing: constant(0)`.',
      ),
    );
  const hasCommas = plan.reads === 'numbers' && table.commas.has(plan.column);
  return { ...fitted, ...(hasCommas && { decimal: ',' }) };
}

/** Proves that the steps of a column give a number of each row. @throws WrongOption where they do not */
export function* provePrepared(
  table: Table,
  fitted: FittedColumn,
  values: Float64Array,
  path: OptionPath,
): InParts<void> {
  const { codes, at } = valuesOfColumn(fitted);
  for (let row = 0; row < values.length; row++) {
    if (row % part === 0) yield;
    for (let place = 0; place < codes.length; place++) {
      if (isUsable(at(values[row]!, place))) continue;
      const where = `${table.name}, ${table.spotOf(row)}`;
      const cell = table.cell(row, placeIn(table, fitted.column)).trim();
      throw new WrongOption(path, unusableValue(fitted, { value: values[row]!, cell }, where));
    }
  }
}

/** That a step gives no number of a value. */
export function unusableValue(
  column: FittedColumn,
  { value, cell }: { readonly value: number; readonly cell: string },
  where: string,
): UserError {
  const step = stepThatFails(column, value) ?? 'prepare';
  return failure(
    'unusable-value',
    `${where}: ${shorten(column.column)} is '${shorten(cell)}', of which \`${step}\` makes no number`,
    step === 'log'
      ? 'A logarithm takes numbers above 0: an offset is added before, as with `log: 1`.'
      : 'Correct the value, or prepare the column in another way.',
  );
}
