import { type Diagnostic, type UserError, failure, warning } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import {
  either,
  type Formed,
  hasForm,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  such,
  text,
} from '../../base/json-form.ts';
import { shorten } from '../../base/shorten.ts';
import { suggestNumber } from '../../base/written-number.ts';
import {
  type ColumnValues,
  type FittedColumn,
  isUsable,
  preparedForm,
  valuesOfColumn,
} from '../preparations/prepared-column.ts';
import { type TokenColumn, tokenEncoder, tokensForm } from '../preparations/tokens.ts';
import { noDate, readerFor, unusableValue } from './prepare-cells.ts';
import { widthOf } from '../batches.ts';
import { crossedText, missingTexts, readerOf } from './csv-cells.ts';
import type { CsvOptions } from './csv-options.ts';
import type { RowReader, TrainedOn, Values } from '../dataset.ts';
import { columnsOf, isNamed, isTensor, kindOf, labelsIn, noNumber, proveNames, writtenOf } from '../given-values.ts';

const standardizedForm = object({
  column: text(),
  mean: number,
  deviation: such(number, (value) => value > 0),
  decimal: optional(oneOf(',')),
});
const codedForm = such(
  object({ column: text(), categories: list(text()), cross: optional(list(text())) }),
  (column) => !('reads' in column),
);
const columnForm = either(either(either(codedForm, standardizedForm), preparedForm), tokensForm);
const preparationForm = record(list(columnForm));

/**
 * What was done to a column for training: its categories, its mean and deviation, or the steps of `prepare`.
 * Models of earlier versions have the first two alone.
 */
export type PreparedColumn = Formed<typeof codedForm> | Formed<typeof standardizedForm> | FittedColumn | TokenColumn;

/** Whether a column was prepared by the steps of `prepare`. */
export const hasSteps = (column: PreparedColumn): column is FittedColumn => 'reads' in column;

/** Whether a column is of texts that become words or characters. */
export const hasTokens = (column: PreparedColumn): column is TokenColumn => 'tokens' in column;

function valuesOf(column: Exclude<PreparedColumn, TokenColumn>): ColumnValues {
  if (hasSteps(column)) return valuesOfColumn(column);
  if ('categories' in column) return { codes: [column.categories.length], at: (value) => value };
  return { codes: [0], at: (value) => (value - column.mean) / column.deviation };
}

const widthOfAll = (columns: readonly PreparedColumn[]) =>
  columns.reduce((sum, one) => sum + (hasTokens(one) ? one.length : widthOf(valuesOf(one).codes)), 0);

/** Strange columns that are remembered as told: who asks a server may name others without end. */
const mostTold = 1_000;

/** Takes rows of a table by the names of their columns, and prepares them as they were for training. */
export interface TableEncoder extends Pick<RowReader, 'takes' | 'encode'> {
  /** Those that it learnt from. */
  readonly columns: ReadonlyMap<string, PreparedColumn>;
  /** Those that a row has: crosses are made of some, of which nothing else may be learnt. */
  readonly taken: ReadonlyMap<string, PreparedColumn | undefined>;
  /**
   * @param valueOf a column: its number, or the index of its category; NaN is a gap that is filled; of one with
   *   tokens its text
   */
  readonly prepare: (valueOf: (column: string) => number | string) => readonly Values[];
  /** Warns of columns that the model does not take and the table of its training did not have, of each once. */
  readonly unused: (given: readonly string[], where: string) => { readonly warning?: Diagnostic };
}

/** The encoder of a model that learnt from a table. It needs nothing of Node. */
export function tableEncoder({
  options,
  inputs,
  targets,
  preparation,
  beside = [],
}: TrainedOn<Pick<CsvOptions, 'decimal'>>): TableEncoder {
  if (
    !hasForm(preparationForm, preparation) ||
    inputs.some(({ name, shape }) => widthOfAll(preparation[name] ?? []) !== shape[0])
  )
    throw failure(
      'model-damaged',
      'model.json does not say how the columns of its table were prepared',
      'Take it from the run again, or train the model anew.',
    );
  const columns = new Map(inputs.flatMap(({ name }) => preparation[name]!).map((one) => [one.column, one]));
  const taken = takenOf(columns);
  const names = [...taken.keys()];
  const known = new Set([...names, ...targets.flatMap(columnsOf), ...beside]);
  const computed = new Map(
    [...columns].flatMap(([name, one]) => (hasTokens(one) ? [] : [[name, valuesOf(one)] as const])),
  );
  const encoders = new Map(
    [...columns].flatMap(([name, one]) => (hasTokens(one) ? [[name, tokenEncoder(one)] as const] : [])),
  );
  const sides = inputs.map(({ name, shape }) => ({
    width: shape[0]!,
    given: preparation[name]!.map(({ column }) => ({ column, computed: computed.get(column) })),
  }));
  const prepare: TableEncoder['prepare'] = (valueOf) =>
    sides.map(({ width, given }) => {
      const values = new Float32Array(width);
      let to = 0;
      for (const { column, computed: made } of given) {
        const value = valueOf(column);
        if (typeof value === 'string' || made === undefined) {
          const numbers = encoders.get(column)!(String(value));
          values.set(numbers, to);
          to += numbers.length;
          continue;
        }
        const { codes, at } = made;
        for (const [place, categories] of codes.entries()) {
          if (categories > 0) values[to + at(value, place)] = 1;
          else values[to] = at(value, place);
          to += categories || 1;
        }
      }
      return values;
    });
  const told = new Set<string>();
  const unused: TableEncoder['unused'] = (given, where) => {
    const some = told.size < mostTold ? given.filter((column) => !known.has(column) && !told.has(column)) : [];
    for (const column of some) told.add(column);
    if (some.length === 0) return {};
    const shown = some
      .slice(0, 10)
      .map((column) => `\`${shorten(column)}\``)
      .join(', ');
    const more = some.length > 10 ? ` and ${some.length - 10} more` : '';
    return {
      warning: warning('unused-columns', `${where} has columns that the model does not take: ${shown}${more}`),
    };
  };
  const takes = `rows with the columns ${shorten(names.join(', '), 500)} (CSV, lines of JSON)`;
  return {
    takes,
    columns,
    taken,
    prepare,
    unused,
    encode: (row, where) => {
      if (!isNamed(row) || isTensor(row))
        throw failure('wrong-shape', `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
      proveNames(row, names, where);
      // Else a hash, or a cross, would take what it is called for its text.
      for (const name of names)
        if (typeof row[name] === 'object' && row[name] !== null)
          throw failure(
            'wrong-shape',
            `${where}: ${shorten(name)} is ${kindOf(row[name])}, not a text or a number`,
            'Give one value for each column.',
          );
      const x = prepare((name) => {
        const column = columns.get(name)!;
        return hasTokens(column)
          ? textIn(column, givenFor(column, row, options), where)
          : valueIn(column, givenFor(column, row, options), { ...options, values: computed.get(name)!, where });
      });
      return { x, ...labelsIn(row, targets, where), ...unused(Object.keys(row), where) };
    },
  };
}

/** The columns that are made of others, with those. */
export function crossesOf(columns: Iterable<PreparedColumn>): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...columns].flatMap((one) => ('cross' in one && one.cross !== undefined ? [[one.column, one.cross]] : [])),
  );
}

function takenOf(columns: ReadonlyMap<string, PreparedColumn>): ReadonlyMap<string, PreparedColumn | undefined> {
  const crosses = crossesOf(columns.values());
  const names = [...columns.keys()].flatMap((name) => (Object.hasOwn(crosses, name) ? crosses[name]! : [name]));
  return new Map(names.map((name) => [name, columns.get(name)]));
}

/** What a row has for a column. */
function givenFor(
  column: PreparedColumn,
  row: Readonly<Record<string, unknown>>,
  { decimal }: Pick<CsvOptions, 'decimal'>,
): unknown {
  return 'cross' in column && column.cross !== undefined
    ? crossedText(
        column.cross.map((one) => writtenOf(row[one])),
        decimal,
      )
    : row[column.column];
}

/** The text of a row that is none of a file's. @throws UserError where it has none */
function textIn(column: TokenColumn, given: unknown, where: string): string {
  const cell = writtenOf(given);
  const read = textOfCell(column, cell);
  if (read === undefined) throw wrongValue(column, cell, where);
  return read;
}

/** The text of a cell, or the one that stands for it where it has no value; undefined where it has neither. */
export const textOfCell = ({ gap }: TokenColumn, cell: string): string | undefined =>
  missingTexts.has(cell) ? gap : cell;

/** A value of a row that is none of a file's: the number, or the index of the category. @throws UserError */
function valueIn(
  column: Exclude<PreparedColumn, TokenColumn>,
  given: unknown,
  about: Pick<CsvOptions, 'decimal'> & { readonly values: ColumnValues; readonly where: string },
): number {
  const value = readValue(column, given, about.decimal);
  if (value !== undefined && (!hasSteps(column) || givesNumbers(about.values, value))) return value;
  throw wrongValue(column, writtenOf(given), about.where);
}

/** A value as the column reads it; NaN where it has none, and gaps are filled; undefined where it is none. */
function readValue(
  column: Exclude<PreparedColumn, TokenColumn>,
  given: unknown,
  decimal: CsvOptions['decimal'],
): number | undefined {
  const cell = writtenOf(given);
  const isGap = hasSteps(column) && column.fill !== undefined && missingTexts.has(cell);
  if (hasSteps(column) && (column.reads === 'dates' || column.reads === 'hash'))
    return readerFor(column.reads, column.buckets)(cell) ?? (isGap ? Number.NaN : undefined);
  if ('categories' in column && column.categories !== undefined) {
    const index = column.categories.indexOf(cell);
    if (index >= 0) return index;
  } else if (typeof given === 'number' || (typeof given === 'string' && !isGap)) {
    const mark = 'decimal' in column ? column.decimal : undefined;
    const value = typeof given === 'number' ? given : readerOf(decimal ?? mark)(cell);
    if (value !== undefined && isUsable(value)) return value;
  }
  return isGap ? Number.NaN : undefined;
}

/** Whether the steps of a column give a number of each value that they make of one. */
export function givesNumbers({ codes, at }: ColumnValues, value: number): boolean {
  return codes.every((_, place) => isUsable(at(value, place)));
}

/** That a value is none that the column takes. */
export function wrongValue(column: PreparedColumn, cell: string, where: string): UserError {
  const place = `${where}: ${shorten(column.column)}`;
  const shown = cell === '' ? 'empty' : `'${shorten(cell)}'`;
  if (hasSteps(column)) {
    const value = readValue(column, cell, undefined);
    if (value !== undefined) return unusableValue(column, { value, cell }, where);
    if (column.reads === 'dates' && !missingTexts.has(cell)) return noDate(place, cell);
  }
  if ('categories' in column && column.categories !== undefined && !(hasSteps(column) && missingTexts.has(cell))) {
    const guess = cell === '' ? undefined : nearest(cell, column.categories);
    return failure(
      'unknown-category',
      `${place} is ${shown}, which is none of ${shorten(column.categories.join(', '), 300)}`,
      guess === undefined ? 'The model knows no others.' : `Did you mean \`${guess}\`?`,
    );
  }
  if (missingTexts.has(cell))
    return failure('missing-values', `${place} is ${shown}`, 'The model learnt from rows without gaps: fill it.');
  if (/\d/.test(cell) && Math.abs(Number(cell)) > largest)
    return failure('number-too-large', `${place} is ${shown}: the largest number is 3.4e38`);
  return noNumber(column.column, cell, where, 'decimal' in column && column.decimal ? writeCommas : meant(cell));
}

/** Of float32. */
const largest = 3.4028234e38;

const meant = (cell: string) => (cell.length > 40 ? undefined : suggestNumber(cell));

const writeCommas = 'A comma stands before the decimals of this column, as in the file that was trained on.';
