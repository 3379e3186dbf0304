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
import { atOnce } from '../base/turns.ts';
import { suggestNumber } from '../base/written-number.ts';
import { widthOf } from './batches.ts';
import { columnOf, missingTexts, readerOf } from './csv-cells.ts';
import type { CsvOptions } from './csv-options.ts';
import { type CsvTable, parseCsv } from './csv-table.ts';
import type { RowReader, TrainedOn, Values } from './dataset.ts';
import { isNamed, isTensor, kindOf, labelsIn, lacking, noNumber, proveNames, writtenOf } from './given-values.ts';

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

type Column = Formed<typeof columnForm>;

const codeOf = (columns: readonly Column[]) => columns.map((one) => ('categories' in one ? one.categories.length : 0));

/** Strange columns that are remembered as told: who asks a server may name others without end. */
const mostTold = 1_000;

/** What a model is asked by that learnt from a table: columns by their names, prepared as they were for training. */
export function tableRows({ options, inputs, targets, preparation }: TrainedOn<CsvOptions>): RowReader {
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
  /** @param valueOf a column: its number, or the index of its category */
  const prepare = (valueOf: (column: string) => number): readonly Values[] =>
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
  const unused = (given: readonly string[], where: string): { readonly warning?: Diagnostic } => {
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
    encode: (row, where) => {
      if (!isNamed(row) || isTensor(row))
        throw failure('wrong-shape', `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
      proveNames(row, names, where);
      const x = prepare((column) => valueIn(columns.get(column)!, row[column], options, where));
      return { x, ...labelsIn(row, targets, where), ...unused(Object.keys(row), where) };
    },
    files: {
      *csv(name, bytes) {
        const file = { name, sha256: '', bytes: bytes.length };
        const table = atOnce(parseCsv({ place: { path: name }, bytes, file }, options.delimiter, options.decimal));
        const missing = names.filter((column) => table.placeOf(column) === undefined);
        if (missing.length > 0) throw lacking(missing, table.columns, name);
        const lines = table.lines();
        const placed = (row: number) => `${name}, line ${lines[row]}`;
        const faults = new Map<number, Diagnostic>();
        const read = new Map<string, Float64Array>();
        for (const one of columns.values()) {
          const { values, wrong } = readColumn(table, one);
          read.set(one.column, values);
          for (const [row, cell] of wrong)
            if (!faults.has(row)) faults.set(row, wrongValue(one, cell, placed(row)).diagnostics[0]!);
        }
        const labels = targets
          .filter((target) => table.placeOf(target.name) !== undefined)
          .map((target) => ({ target, place: table.placeOf(target.name)! }));
        for (let row = 0; row < table.count; row++) {
          const place = { file: name, line: lines[row]! };
          const more = row === 0 ? unused(table.columns, name) : {};
          const fault = faults.get(row);
          if (fault !== undefined) {
            yield { place, fault, ...more };
            continue;
          }
          const said = Object.fromEntries(labels.map(({ target, place: at }) => [target.name, table.cell(row, at)]));
          yield {
            place,
            x: prepare((column) => read.get(column)![row]!),
            ...labelsIn(said, targets, placed(row)),
            ...more,
          };
        }
      },
    },
  };
}

function readColumn(
  table: CsvTable,
  column: Column,
): { readonly values: Float64Array; readonly wrong: ReadonlyMap<number, string> } {
  const wrong = new Map<number, string>();
  const isCoded = 'categories' in column;
  if (!isCoded && column.decimal === ',') table.commas.add(column.column);
  return {
    values: atOnce(columnOf(table, column.column, isCoded ? column.categories : undefined, undefined, wrong)),
    wrong,
  };
}

/** A value of a row that is none of a file's: the number, or the index of the category. @throws UserError */
function valueIn(column: Column, given: unknown, { decimal }: CsvOptions, where: string): number {
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

function wrongValue(column: Column, cell: string, where: string): UserError {
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
