import { type Diagnostic, type UserError, failure, warning } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
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
} from '../base/json-form.ts';
import { shorten } from '../base/shorten.ts';
import { suggestNumber } from '../base/written-number.ts';
import { widthOf } from './batches.ts';
import { missingTexts, readerOf } from './csv-cells.ts';
import type { CsvOptions } from './csv-options.ts';
import type { RowReader, TrainedOn, Values } from './dataset.ts';
import { isNamed, isTensor, kindOf, labelsIn, noNumber, proveNames, writtenOf } from './given-values.ts';

const columnForm = either(
  object({ column: text(), categories: list(text()) }),
  object({
    column: text(),
    mean: number,
    deviation: such(number, (value) => value > 0),
    decimal: optional(oneOf(',')),
  }),
);
const preparationForm = record(list(columnForm));

/** What was done to a column for training. */
export type PreparedColumn = Formed<typeof columnForm>;

const codeOf = (columns: readonly PreparedColumn[]) =>
  columns.map((one) => ('categories' in one ? one.categories.length : 0));

/** Strange columns that are remembered as told: who asks a server may name others without end. */
const mostTold = 1_000;

/** Takes rows of a table by the names of their columns, and prepares them as they were for training. */
export interface TableEncoder extends Pick<RowReader, 'takes' | 'encode'> {
  /** Those that it takes. */
  readonly columns: ReadonlyMap<string, PreparedColumn>;
  /** @param valueOf a column: its number, or the index of its category */
  readonly prepare: (valueOf: (column: string) => number) => readonly Values[];
  /** Warns of columns that the model does not take, of each once. */
  readonly unused: (given: readonly string[], where: string) => { readonly warning?: Diagnostic };
}

/** The encoder of a model that learnt from a table. It needs nothing of Node. */
export function tableEncoder({
  options,
  inputs,
  targets,
  preparation,
}: TrainedOn<Pick<CsvOptions, 'decimal'>>): TableEncoder {
  if (
    !hasForm(preparationForm, preparation) ||
    inputs.some(({ name, shape }) => widthOf(codeOf(preparation[name] ?? [])) !== shape[0])
  )
    throw failure(
      'model-damaged',
      'model.json does not say how the columns of its table were prepared',
      'Take it from the run again, or train the model anew.',
    );
  const columns = new Map(inputs.flatMap(({ name }) => preparation[name]!).map((one) => [one.column, one]));
  const names = [...columns.keys()];
  const known = new Set([...names, ...targets.map(({ name }) => name)]);
  const prepare: TableEncoder['prepare'] = (valueOf) =>
    inputs.map(({ name }) => {
      const given = preparation[name]!;
      const values = new Float32Array(widthOf(codeOf(given)));
      let at = 0;
      for (const one of given) {
        const value = valueOf(one.column);
        if ('categories' in one) {
          values[at + value] = 1;
          at += one.categories.length;
        } else values[at++] = (value - one.mean) / one.deviation;
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
    prepare,
    unused,
    encode: (row, where) => {
      if (!isNamed(row) || isTensor(row))
        throw failure('wrong-shape', `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
      proveNames(row, names, where);
      const x = prepare((column) => valueIn(columns.get(column)!, row[column], options, where));
      return { x, ...labelsIn(row, targets, where), ...unused(Object.keys(row), where) };
    },
  };
}

/** A value of a row that is none of a file's: the number, or the index of the category. @throws UserError */
function valueIn(
  column: PreparedColumn,
  given: unknown,
  { decimal }: Pick<CsvOptions, 'decimal'>,
  where: string,
): number {
  const cell = writtenOf(given);
  if ('categories' in column) {
    const index = column.categories.indexOf(cell);
    if (index >= 0) return index;
  } else if (typeof given === 'number' || typeof given === 'string') {
    const value = typeof given === 'number' ? given : readerOf(decimal ?? column.decimal)(cell);
    if (value !== undefined && Number.isFinite(Math.fround(value))) return value;
  }
  throw wrongValue(column, cell, where);
}

/** That a value is none that the column takes. */
export function wrongValue(column: PreparedColumn, cell: string, where: string): UserError {
  const place = `${where}: ${shorten(column.column)}`;
  if ('categories' in column) {
    const guess = cell === '' ? undefined : nearest(cell, column.categories);
    return failure(
      'unknown-category',
      `${place} is '${shorten(cell)}', which is none of ${shorten(column.categories.join(', '), 300)}`,
      guess === undefined ? 'The model knows no others.' : `Did you mean \`${guess}\`?`,
    );
  }
  if (missingTexts.has(cell))
    return failure(
      'missing-values',
      `${place} is ${cell === '' ? 'empty' : `'${cell}'`}`,
      'The model learnt from rows without gaps: fill it.',
    );
  if (/\d/.test(cell) && Math.abs(Number(cell)) > largest)
    return failure('number-too-large', `${place} is '${shorten(cell)}': the largest number is 3.4e38`);
  return noNumber(column.column, cell, where, column.decimal === undefined ? meant(cell) : writeCommas);
}

/** Of float32. */
const largest = 3.4028234e38;

const meant = (cell: string) => (cell.length > 40 ? undefined : suggestNumber(cell));

const writeCommas = 'A comma stands before the decimals of this column, as in the file that was trained on.';
