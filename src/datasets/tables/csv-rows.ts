import { type Split, type SplitOptions, afterTest } from '../splits/split.ts';
import { failure } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { firstRows, rowsMarked } from '../batch-source.ts';
import { saidBeforeFolds } from '../splits/folds.ts';
import { chooseRows, splitSamples } from '../splits/split-samples.ts';
import { columnOf, missingTexts } from './csv-cells.ts';
import type { TargetSpec, TargetValues } from '../dataset.ts';
import { type OptionPath, WrongOption, atOption, inOption } from '../wrong-option.ts';
import { groupsIn, partsIn } from './split-columns.ts';
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
  /** Whether the data says which rows validate. */
  readonly isValidationSaid: boolean;
  /** The rows of the table that are trained on. */
  readonly trained: Uint32Array;
}

/** What rows are divided by. */
export interface Dividing {
  readonly table: Table;
  /** Its first rows, which are to be divided: those behind them validate. */
  readonly divided: number;
  /** The table of the test; left out: some rows of the other. */
  readonly other: Table | undefined;
  /** How many rows the test takes, where neither a table nor a column says which. */
  readonly test: number;
  readonly split: SplitOptions;
  /** The first target that is a class, and the class of each row. */
  readonly classes: { readonly target: TargetSpec; readonly labels: TargetValues } | undefined;
  readonly seed: number;
}

/**
 * Divides the rows of a table by the seed, by time, or by what a column says of them.
 *
 * @throws UserError when nothing is left to train on, a cell of the order is no time, or one of the other columns says
 * no part or group
 */
export function* divideRows(given: Dividing): InParts<Parts> {
  const { table, divided, other, split, classes } = given;
  const rows = yield* inOrder(table, split.order);
  const groups = split.group === undefined ? undefined : yield* groupsIn(table, split.group);
  const { column, ...ofParts } = split;
  const said =
    column === undefined
      ? undefined
      : yield* partsIn(table, { ...ofParts, column }, { count: divided, hasTest: other === undefined });
  const held = new Uint8Array(table.count).fill(1, divided);
  for (const row of said?.validation ?? []) held[row] = 1;
  const isValidationSaid = held.includes(1);
  const left = other === undefined && column === undefined ? afterTest(split, { drawsTest: true }) : split;
  if (isValidationSaid && left.fold !== undefined) throw saidBeforeFolds();
  if (split.group !== undefined) proveGroups(given, groups!.subarray(0, divided), { isValidationSaid });
  const tested = new Uint8Array(table.count);
  for (const row of said?.test ?? (other === undefined ? testRows(given, rows, groups, isValidationSaid) : []))
    tested[row] = 1;
  const train = rowsMarked(rows, tested, 0);
  const targets = classes === undefined ? [] : [classes.target];
  const labels = classes === undefined ? [] : [Uint8Array.from(train, (row) => classes.labels[row]!)];
  const places = (wanted: 0 | 1) => Uint32Array.from(train.keys()).filter((place) => held[train[place]!] === wanted);
  const parted = isValidationSaid
    ? { train: places(0), validation: places(1) }
    : atOption(['split', 'validation'], () =>
        splitSamples(
          { targets: labels, count: train.length },
          targets,
          left,
          given.seed,
          groups && train.map((row) => groups[row]!),
        ),
      );
  return {
    train: { table, rows: train },
    test:
      other === undefined
        ? { table, rows: rowsMarked(rows, tested, 1) }
        : { table: other, rows: firstRows(other.count) },
    split: parted,
    isValidationSaid,
    trained: parted.train.map((place) => train[place]!),
  };
}

/** The rows that the test draws. @param rows all of them, in their order */
function testRows(
  { table, divided, test, split, classes, seed }: Dividing,
  rows: Uint32Array,
  groups: Uint32Array | undefined,
  isValidationSaid: boolean,
): Uint32Array {
  const among = rowsMarked(rows, new Uint8Array(table.count).fill(1, 0, divided), 1);
  const chosen = chooseRows({
    count: among.length,
    wanted: test,
    labels: classes && Uint8Array.from(among, (row) => classes.labels[row]!),
    options: split,
    ...(groups && {
      groups: { of: among.map((row) => groups[row]!), left: isValidationSaid || split.validation === 0 ? 1 : 2 },
    }),
    seed,
    purpose: 'test',
  });
  return rowsMarked(firstRows(among.length), chosen, 1).map((place) => among[place]!);
}

/** @throws WrongOption where there are fewer groups than parts that are drawn from them */
function proveGroups(
  { table, other, split }: Dividing,
  groups: Uint32Array,
  { isValidationSaid }: { readonly isValidationSaid: boolean },
): void {
  const parts = [
    'training',
    ...(isValidationSaid || split.validation === 0 ? [] : ['validation']),
    ...(other === undefined ? ['test'] : []),
  ];
  const { size } = new Set(groups);
  if (size >= parts.length) return;
  throw new WrongOption(
    ['split', 'group'],
    failure(
      'too-few-groups',
      `${table.name} has ${size} ${size === 1 ? 'group' : 'groups'} in \`${shorten(split.group!)}\`: ` +
        `too few for ${parts.join(' and ')}, as no group is in two of them`,
      size === 1
        ? 'All rows belong together: name another column, or divide without `group`.'
        : 'Give some part files of its own, set `validation` to 0, or divide without `group`.',
    ),
  );
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
  const rows = firstRows(table.count);
  const column = orderColumn(table, order);
  if (column === undefined) return rows;
  const times = yield* timesIn(table, column, ['split', 'order']);
  yield;
  return rows.sort((a, b) => times[a]! - times[b]! || a - b);
}

/**
 * The time of each row: the milliseconds of dates, or numbers as they are.
 *
 * @param path of the option that names the column
 * @throws WrongOption where a cell is none
 */
export function* timesIn(table: Table, column: string, path: OptionPath): InParts<Float64Array> {
  return holdsDates(table, column)
    ? yield* datesIn(table, column, path)
    : yield* inOption(path, () => columnOf(table, column, undefined));
}

function* datesIn(table: Table, column: string, path: OptionPath): InParts<Float64Array> {
  const times = new Float64Array(table.count);
  for (let row = 0; row < times.length; row++) {
    if (row % (1 << 16) === 0) yield;
    const cell = table.cell(row, table.placeOf(column)!).trim();
    const time = timeOf(cell);
    if (time === undefined)
      throw new WrongOption(
        path,
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
