import type { CsvTable } from './csv-table.ts';
import { listed } from './data-warnings.ts';
import type { IndexFacts } from './dataset.ts';

interface Cell {
  readonly table: CsvTable;
  readonly row: number;
  readonly value: number;
}

/** What reading a column of numbers as indices depends on. */
export interface Extremes {
  /** The first that is no whole number from 0 on. */
  readonly wrong: Cell | undefined;
  readonly largest: Cell;
}

/** @param before of another table's column of the same name */
export function extremesOf(table: CsvTable, numbers: Float64Array, before: Extremes | undefined): Extremes {
  const cell = (row: number): Cell => ({ table, row, value: numbers[row]! });
  let largest = 0;
  for (let row = 1; row < numbers.length; row++) if (numbers[row]! > numbers[largest]!) largest = row;
  const wrong = numbers.findIndex((value) => !Number.isInteger(value) || value < 0);
  return {
    wrong: before?.wrong ?? (wrong < 0 ? undefined : cell(wrong)),
    largest: before === undefined || numbers[largest]! > before.largest.value ? cell(largest) : before.largest,
  };
}

/** What stands in the way of reading an input as indices, or the largest of them. */
export function indexFacts(features: readonly { readonly column: string; readonly categories?: readonly string[] }[], extremes: ReadonlyMap<string, Extremes>, isStandardized: (column: string) => boolean): IndexFacts {
  const names = (all: typeof features) => `${listed(all.map(({ column }) => `\`${column.slice(0, 60)}\``))} ${all.length === 1 ? 'is' : 'are'}`;
  const coded = features.filter(({ categories }) => categories !== undefined);
  if (coded.length > 0) return { misfit: { problem: `${names(coded)} among \`categories\`, a 0 or 1 for each`, hint: 'Give its numbers in the file, or an input of its own to the columns that hold indices: `features`.' } };
  const standardized = features.filter(({ column }) => isStandardized(column));
  if (standardized.length > 0) return { misfit: { problem: `${names(standardized)} standardized`, hint: 'Set `standardize: false`, or list in it the columns that are to be standardized.' } };
  const cells = features.map(({ column }) => ({ column, ...extremes.get(column)! }));
  const placed = ({ table, row, value }: Cell, column: string) => `${table.name}, line ${table.lineOf(row)}: ${column.slice(0, 60)} is ${value}`;
  const wrong = cells.find((one) => one.wrong !== undefined);
  if (wrong !== undefined) return { misfit: { problem: placed(wrong.wrong!, wrong.column), hint: 'Indices are whole numbers from 0 on: number them in the file, or give the other columns an input of their own: `features`.' } };
  const { largest, column } = cells.reduce((most, one) => (one.largest.value > most.largest.value ? one : most));
  return { largest: { value: largest.value, place: () => placed(largest, column) } };
}
