import type { Split, SplitOptions } from './split.ts';
import { failure } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import type { InParts } from '../base/turns.ts';
import { chooseRows, splitSamples } from './split-samples.ts';
import { columnOf, missingTexts } from './csv-cells.ts';
import { type TargetSpec, type TargetValues, WrongOption, inOption } from './dataset.ts';
import type { Table } from './table.ts';
import { isDate, timeOf } from './time.ts';

/** The rows of one part. */
export interface Part {
  readonly table: Table;
  readonly rows: Uint32Array;
}

/** Which rows are for training, which for the test. */
export interface Parts {
  /** In the order of time, where the split has one. */
  readonly train: Part;
  readonly test: Part;
  /** Of the rows for training, by their places among them. */
  readonly split: Split;
  /** The rows of the table that are trained on. */
  readonly trained: Uint32Array;
}

/** What rows are divided by. */
export interface Dividing {
  readonly table: Table;
  /** The table of the test; left out: some rows of the other. */
  readonly other: Table | undefined;
  /** How many rows the test takes, where it has no table. */
  readonly test: number;
  readonly split: SplitOptions;
  /** The first target that is a class, and the class of each row. */
  readonly classes: { readonly target: TargetSpec; readonly labels: TargetValues } | undefined;
  readonly seed: number;
}

/**
 * Divides the rows of a table by the seed, or by time.
 *
 * @throws UserError when nothing is left to train on, or a cell of the order is no time
 */
export function* divideRows({ table, other, test, split, classes, seed }: Dividing): InParts<Parts> {
  const rows = yield* inOrder(table, split.order);
  const tested =
    other === undefined
      ? chooseRows({ count: table.count, wanted: test, labels: classes?.labels, options: split, seed, purpose: 'test' })
      : new Uint8Array(table.count);
  const train = rows.filter((_, place) => tested[place] === 0);
  const targets = classes === undefined ? [] : [classes.target];
  const labels = classes === undefined ? [] : [Uint8Array.from(train, (row) => classes.labels[row]!)];
  const divided = splitSamples({ targets: labels, count: train.length }, targets, split, seed);
  return {
    train: { table, rows: train },
    test:
      other === undefined
        ? { table, rows: rows.filter((_, place) => tested[place] === 1) }
        : { table: other, rows: Uint32Array.from({ length: other.count }, (_, row) => row) },
    split: divided,
    trained: divided.train.map((place) => train[place]!),
  };
}

/**
 * The column that gives the order of time; undefined where the rows stand in it.
 *
 * @throws UserError when there is none of the name
 */
export function orderColumn({ columns, name }: Table, order: string | undefined): string | undefined {
  if (order === undefined || columns.includes(order)) return order;
  if (order === 'time') return undefined;
  const guess = nearest(order, columns);
  throw new WrongOption(
    ['split', 'order'],
    failure(
      'unknown-column',
      `${name} has no column \`${order}\``,
      (guess === undefined ? '' : `Did you mean \`${guess}\`? `) +
        '`time` takes the rows as they stand; a column sorts them.',
    ),
  );
}

/** Whether a column is meant to hold dates: `12/31/2024` and `May 5` are, though they do not say when. */
export function holdsDates(table: Table, column: string): boolean {
  const cell = firstValue(table, column);
  return cell !== undefined && Number.isNaN(Number(cell)) && (isDate(cell) || /[a-z/:]|.-/i.test(cell));
}

/** The first cell of a column that has a value. */
export function firstValue(table: Table, column: string): string | undefined {
  const place = table.placeOf(column)!;
  for (let row = 0; row < table.count; row++) {
    const cell = table.cell(row, place).trim();
    if (!missingTexts.has(cell)) return cell;
  }
  return undefined;
}

function* inOrder(table: Table, order: string | undefined): InParts<Uint32Array> {
  const rows = Uint32Array.from({ length: table.count }, (_, row) => row);
  const column = orderColumn(table, order);
  if (column === undefined) return rows;
  const times = holdsDates(table, column)
    ? yield* datesIn(table, column)
    : yield* inOption(['split', 'order'], () => columnOf(table, column, undefined));
  yield;
  return rows.sort((a, b) => times[a]! - times[b]! || a - b);
}

function* datesIn(table: Table, column: string): InParts<Float64Array> {
  const times = new Float64Array(table.count);
  for (let row = 0; row < times.length; row++) {
    if (row % (1 << 16) === 0) yield;
    const cell = table.cell(row, table.placeOf(column)!).trim();
    const time = timeOf(cell);
    if (time === undefined)
      throw new WrongOption(
        ['split', 'order'],
        failure(
          'not-a-date',
          `${table.name}, ${table.spotOf(row)}: ${column} is ` +
            `${cell === '' ? 'empty' : `'${cell.slice(0, 40)}'`}, not a date, and gives the order of the rows`,
          `${cell === '' ? 'Remove the row or fill the cell. ' : ''}Write dates as 2024-12-31, ` +
            'or with the time as 2024-12-31T23:59.',
        ),
      );
    times[row] = time;
  }
  return times;
}
