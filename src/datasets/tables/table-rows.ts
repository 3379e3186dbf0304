import { type Diagnostic, UserError, failure } from '../../base/diagnostics.ts';
import { type InParts, atOnce } from '../../base/turns.ts';
import { CrossedTable } from './crossed-table.ts';
import { columnOf, placeIn } from './csv-cells.ts';
import { type CsvOptions, formOf } from './csv-options.ts';
import { type PassedRow, parseCsv } from './csv-table.ts';
import type { AskedRow, RowReader, TrainedOn } from '../dataset.ts';
import {
  type PreparedColumn,
  crossesOf,
  givesNumbers,
  hasSteps,
  hasTokens,
  tableEncoder,
  textOfCell,
  wrongValue,
} from './encode-table.ts';
import { columnsOf, labelsIn, proveGiven } from '../given-values.ts';
import { valuesOfColumn } from '../preparations/prepared-column.ts';
import { readPrepared } from './prepare-cells.ts';
import { parseParquet } from './read-parquet.ts';
import type { Table } from './table.ts';

/** What a model is asked by that learnt from a table: columns by their names, prepared as they were for training. */
export function tableRows(trained: TrainedOn<CsvOptions>): RowReader {
  const { options, targets } = trained;
  const { takes, encode, columns, taken, prepare, unused } = tableEncoder(trained);
  const names = [...taken.keys()];
  const crosses = crossesOf(columns.values());
  return {
    kind: 'table',
    takes,
    encode,
    files: tableFiles(options, rowsOf),
  };

  function* rowsOf(name: string, reading: InParts<Table>): Generator<AskedRow> {
    const file = atOnce(reading);
    proveGiven(file.columns, names, name);
    for (const column of names) placeIn(file, column);
    const table = Object.keys(crosses).length === 0 ? file : new CrossedTable(file, crosses);
    const { counted } = table;
    const numbers = table.numbers();
    const placed = (row: number) => `${name}, ${counted} ${numbers[row]}`;
    const { valueOf, faults } = readColumns(table, columns.values(), placed);
    const labels = targets.flatMap(columnsOf).flatMap((column) => {
      const place = table.placeOf(column);
      return place === undefined ? [] : [{ column, place }];
    });
    for (let row = 0; row < table.count; row++) {
      const place = { file: name, [counted]: numbers[row]! };
      const more = row === 0 ? unused(file.columns, name) : {};
      const fault = faults.get(row);
      if (fault !== undefined) {
        yield { place, fault, ...more };
        continue;
      }
      const said = Object.fromEntries(labels.map(({ column, place: at }) => [column, table.cell(row, at)]));
      yield {
        place,
        x: prepare((column) => valueOf(column, row)),
        ...labelsIn(said, targets, placed(row)),
        ...more,
      };
    }
  }
}

/**
 * The files that hold tables, with what makes rows of one that is read.
 *
 * @param needsAll whether a row that cannot be read spoils the others
 */
export function tableFiles(
  options: Parameters<typeof formOf>[0],
  rowsOf: (name: string, reading: InParts<Table>) => Generator<AskedRow>,
  { needsAll = false } = {},
): RowReader['files'] {
  return {
    csv: (name, bytes) => {
      const form = formOf(options, name);
      const csv = { place: { path: name }, ...asFile(name, bytes) };
      return withOneDelimiter(name, bytes, form.delimiter, () =>
        needsAll
          ? rowsOf(name, parseCsv(csv, form))
          : withPassed(name, (passed) => rowsOf(name, parseCsv(csv, form, passed))),
      );
    },
    parquet: (name, bytes) => rowsOf(name, parseParquet(asFile(name, bytes))),
  };
}

/**
 * Rows of a table in CSV, and in their places those that its reading passed over.
 *
 * @param read gives the rows; once the first has come, the table is read
 */
export function* withPassed(name: string, read: (passed: PassedRow[]) => Generator<AskedRow>): Generator<AskedRow> {
  const passed: PassedRow[] = [];
  let next = 0;
  const before = function* (line: number): Generator<AskedRow> {
    for (; next < passed.length && passed[next]!.line < line; next++) {
      const { line: at, problem } = passed[next]!;
      yield { place: { file: name, line: at }, fault: problem.diagnostics[0]! };
    }
  };
  for (const row of read(passed)) {
    yield* before(Number(row.place['line']));
    yield row;
  }
  yield* before(Infinity);
}

/** Signs between cells, of which one may stand where the file of the training had another. */
const delimiters = [',', ';', '\t', '|'];

/** Bytes in which the first line ends, or nothing is said of its signs. */
const longestLine = 1 << 16;

/** Reads rows. @throws UserError that names the sign between the cells, where that is why nothing can be read */
function* withOneDelimiter(
  name: string,
  bytes: Uint8Array,
  delimiter: string,
  rows: () => Generator<AskedRow>,
): Generator<AskedRow> {
  try {
    yield* rows();
  } catch (error) {
    const [line] = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestLine))
      .toString('utf8')
      .split(/\r|\n/) as [string];
    const found = delimiters.find((sign) => line.includes(sign));
    if (!(error instanceof UserError) || line.includes(delimiter) || found === undefined) throw error;
    const shown = (sign: string) => (sign === '\t' ? 'a tab' : `\`${sign}\``);
    throw failure(
      'other-delimiter',
      `${name} has ${shown(found)} between its cells, and the table of the training ${shown(delimiter)}`,
      `Save it with ${shown(delimiter)} between them.`,
      error,
    );
  }
}

/** What a table is parsed from that is none of a pipeline's files. */
export const asFile = (name: string, bytes: Uint8Array) => ({ bytes, file: { name, sha256: '', bytes: bytes.length } });

/**
 * The values of columns as their steps take them, and what is wrong with rows that have none of a column, by rows.
 *
 * @param placed where a row stands, for messages
 */
export function readColumns(
  table: Table,
  columns: Iterable<PreparedColumn>,
  placed: (row: number) => string,
): {
  readonly valueOf: (column: string, row: number) => number | string;
  readonly faults: ReadonlyMap<number, Diagnostic>;
} {
  const read = new Map<string, (row: number) => number | string>();
  const faults = new Map<number, Diagnostic>();
  for (const one of columns) {
    const { valueOf, wrong } = readColumn(table, one);
    read.set(one.column, valueOf);
    for (const [row, cell] of wrong)
      if (!faults.has(row)) faults.set(row, wrongValue(one, cell, placed(row)).diagnostics[0]!);
  }
  return { valueOf: (column, row) => read.get(column)!(row), faults };
}

/** The values of a column, and the cells that are none, by their rows. */
function readColumn(
  table: Table,
  column: PreparedColumn,
): { readonly valueOf: (row: number) => number | string; readonly wrong: ReadonlyMap<number, string> } {
  const wrong = new Map<number, string>();
  if (hasTokens(column)) {
    const place = table.placeOf(column.column)!;
    const textOf = (row: number) => textOfCell(column, table.cell(row, place).trim());
    for (let row = 0; row < table.count; row++)
      if (textOf(row) === undefined) wrong.set(row, table.cell(row, place).trim());
    return { valueOf: (row) => textOf(row)!, wrong };
  }
  if (hasSteps(column)) {
    if (column.decimal === ',') table.commas.add(column.column);
    const values = atOnce(readPrepared(table, column, column.fill !== undefined, undefined, wrong));
    const place = table.placeOf(column.column)!;
    const steps = valuesOfColumn(column);
    for (let row = 0; row < values.length; row++)
      if (!wrong.has(row) && !givesNumbers(steps, values[row]!)) wrong.set(row, table.cell(row, place).trim());
    return { valueOf: (row) => values[row]!, wrong };
  }
  const isCoded = 'categories' in column;
  if (!isCoded && column.decimal === ',') table.commas.add(column.column);
  const values = atOnce(columnOf(table, column.column, isCoded ? column.categories : undefined, undefined, wrong));
  return { valueOf: (row) => values[row]!, wrong };
}
