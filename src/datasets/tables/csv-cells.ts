import { type UserError, failure } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { type DecimalMark, numbersMeant, readWritten, suggestNumber } from '../../base/written-number.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import type { Table } from './table.ts';
import { isDate } from './time.ts';

/**
 * The place of a column.
 *
 * @param path of the option that names it; left out: whoever reads the table knows which named that
 * @throws UserError when there is none of the name, or it holds lists or objects
 */
export function placeIn(table: Table, column: string, ...path: OptionPath): number {
  const placed = (problem: UserError) => (path.length === 0 ? problem : new WrongOption(path, problem));
  const place = table.placeOf(column);
  const unreadable = table.unreadable(column);
  if (unreadable !== undefined) throw placed(unreadable);
  if (place !== undefined) return place;
  const { columns, name } = table;
  const guess = nearest(column, columns);
  const list = `It has ${columns
    .slice(0, 30)
    .map((one) => one.slice(0, 100))
    .join(', ')}.${columns.length === 1 ? ' Is `delimiter` right?' : ''}`;
  throw placed(
    failure(
      'unknown-column',
      `${name} has no column \`${column}\``,
      guess === undefined ? list : `Did you mean \`${guess}\`? ${list}`,
    ),
  );
}

/** The cells of a table that have no value, by column: how many, and the first of them. */
export type MissingCells = Map<string, { count: number; readonly row: number; readonly cell: string }>;

/** What pandas takes for no value, and the question mark of older collections. */
export const missingTexts: ReadonlySet<string> = new Set([
  '',
  '?',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]);

/**
 * What a cross of columns holds of a row: their texts with ` x ` between, or nothing where one is missing. Numbers are
 * written one way, `3.0` and `3,0` as 3, as lines of JSON have them; what begins with a zero, such as 007, is a text,
 * and `1,234` too where nothing says what its comma is.
 *
 * @param decimal what stands before the decimals, where that is said
 */
export function crossedText(cells: readonly string[], decimal: DecimalMark | undefined): string {
  if (cells.some((cell) => missingTexts.has(cell))) return '';
  return cells.map((cell) => writtenOneWay(cell, decimal)).join(' x ');
}

function writtenOneWay(cell: string, decimal: DecimalMark | undefined): string {
  const mark = /^-?(?:0|[1-9]\d{0,14})([.,])\d{0,15}$/.exec(cell)?.[1];
  const isUnclear = decimal === undefined && /^-?[1-9]\d{0,2},\d{3}$/.test(cell);
  return mark === undefined || isUnclear || (decimal ?? mark) !== mark ? cell : String(Number(cell.replace(',', '.')));
}

/** Cells that are read without a pause. */
const part = 1 << 16;

/**
 * The numbers of a column; of one with categories or classes, their indices.
 *
 * @param missing takes down cells without a value, which are 0 then; left out: they are mistakes, too
 * @param wrong takes cells that are none of them, by their rows, which are 0 then; left out: they are mistakes
 * @throws UserError when a cell is none of them
 */
export function* columnOf(
  table: Table,
  column: string,
  members: readonly string[] | undefined,
  missing?: MissingCells,
  wrong?: Map<number, string>,
): InParts<Float64Array> {
  const place = placeIn(table, column);
  const known = members && new Map(members.map((member, index) => [member, index]));
  let decimal = table.decimal ?? (table.commas.has(column) ? ',' : undefined);
  let read = table.reader(place, known === undefined ? readerOf(decimal) : (cell) => known.get(cell));
  const { values, read: start } =
    known === undefined ? yield* table.startColumn(place) : { values: new Float64Array(table.count), read: 0 };
  // Points group digits where commas stand before decimals.
  for (let row = decimal === ',' && table.decimal === undefined ? 0 : start, pause = row; row < values.length;) {
    if (row >= pause) {
      pause = row + part;
      yield;
    }
    if (known === undefined)
      row = table.readPlain(values, place, { from: row, to: Math.min(pause, values.length), decimal: decimal ?? '.' });
    if (row === pause || row === values.length) continue;
    const value = read(row);
    if (value !== undefined) values[row++] = value;
    else {
      const cell = table.cell(row, place).trim();
      if (missing !== undefined && missingTexts.has(cell))
        missing.set(column, { row, cell, ...missing.get(column), count: (missing.get(column)?.count ?? 0) + 1 });
      else if (known === undefined && decimal === undefined && cell.includes(',')) {
        decimal = yield* decimalOf(table, column, row, wrong === undefined ? undefined : '.');
        if (decimal === ',') table.commas.add(column);
        read = table.reader(place, readerOf(decimal));
        missing?.delete(column);
        wrong?.clear();
        [row, pause] = [-1, 0];
      } else if (wrong !== undefined) wrong.set(row, cell);
      else throw wrongCell(`${table.name}, ${table.spotOf(row)}: ${column}`, cell, members);
      row++;
    }
  }
  return values;
}

/**
 * Proves what was read as numbers with a decimal point where other columns, or the other table, have decimal commas:
 * there `1.234` is 1234 as likely, unless a cell of the column shows which.
 *
 * @param table of these @param tables all
 * @throws UserError when none does
 */
export function* provePoints(table: Table, tables: readonly Table[], columns: readonly string[]): InParts<void> {
  if (tables.every(({ commas }) => commas.size === 0)) return;
  for (const column of columns.filter((one) => table.decimal === undefined && !table.commas.has(one))) {
    const place = placeIn(table, column);
    for (let row = 0; row < table.count; row++) {
      if (row % part === 0) yield;
      if (table.shows(row, place, '.') || !/^[-+]?[1-9]\d{0,2}(\.\d{3})+$/.test(table.cell(row, place).trim()))
        continue;
      yield* decimalOf(table, column, row);
      break;
    }
  }
}

/**
 * Says of cells without a value how many there are, and where.
 *
 * @param steps of `prepare` that fill those of the first column
 */
export function missingValues(table: Table, missing: MissingCells, steps = '{ missing: median }'): UserError {
  const total = [...missing.values()].reduce((sum, one) => sum + one.count, 0);
  const told = [...missing]
    .slice(0, 10)
    .map(
      ([column, { count: some, row, cell }]) =>
        `${shorten(column)} ${some} (the first on ${table.spotOf(row)}${cell === '' ? '' : `, \`${cell}\``})`,
    );
  const more = missing.size > told.length ? ` and ${missing.size - told.length} more columns` : '';
  const [first] = missing.keys();
  return failure(
    'missing-values',
    `${table.name} has ${total} missing ${total === 1 ? 'value' : 'values'} in ${table.count} rows: ` +
      `${told.join(', ')}${more}`,
    `Fill them here, as with \`prepare: { ${shorten(first!)}: ${steps} }\`, or in the file, ` +
      `as pandas does with \`df['${shorten(first!)}'].fillna(...)\`; remove their rows (\`df.dropna()\`); ` +
      'or leave out the columns: `features` names those that are learnt from.',
  );
}

/** Reads a number as a cell has it, where a column shows or says what stands before the decimals. */
export function readerOf(decimal: DecimalMark | undefined): (cell: string) => number | undefined {
  return decimal === undefined ? numberOf : (cell) => fitting(readWritten(cell, decimal));
}

function numberOf(cell: string): number | undefined {
  return cell === '' ? undefined : fitting(Number(cell));
}

/** @returns undefined where it is none that a float32 can be */
function fitting(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(Math.fround(value)) ? value : undefined;
}

/**
 * What stands before the decimals in a column that has commas. Of each sign, a cell must show what it means: `0,5` and
 * `1.234,5` do, `1,234` alone may be two numbers.
 *
 * @param row of the first comma
 * @param inDoubt what is taken then; left out: nothing
 * @throws UserError when the cells do not show it, or contradict each other
 */
function* decimalOf(table: Table, column: string, row: number, inDoubt?: DecimalMark): InParts<DecimalMark> {
  const place = table.placeOf(column)!;
  const possible = new Set<DecimalMark>(['.', ',']);
  const [clear, unclear] = [new Set<string>(), new Set<string>()];
  for (let at = 0; at < table.count; at++) {
    if (at % part === 0) yield;
    const shown = (['.', ','] as const).find((mark) => table.shows(at, place, mark));
    if (shown !== undefined) {
      possible.delete(shown === '.' ? ',' : '.');
      clear.add(shown);
      continue;
    }
    const cell = table.cell(at, place).trim();
    const readable = ([',', '.'] as const).filter((decimal) => readWritten(cell, decimal) !== undefined);
    if (readable.length === 0) continue;
    for (const mark of ['.', ','] as const) {
      if (!readable.includes(mark)) possible.delete(mark);
      if (cell.includes(mark)) (readable.length === 1 ? clear : unclear).add(mark);
    }
  }
  const [only, other] = possible;
  if (
    only !== undefined &&
    [...unclear].every((mark) => clear.has(mark)) &&
    (other === undefined || unclear.size === 0)
  )
    return only;
  if (inDoubt !== undefined) return inDoubt;
  const cell = table.cell(row, place).trim();
  const meant = numbersMeant(cell);
  const which = meant.length === 2 ? `which may be ${meant.join(' or ')}, and` : 'and';
  throw failure(
    'ambiguous-decimals',
    `${table.name}, ${table.spotOf(row)}: ${column} is '${cell.slice(0, 40)}', ` +
      `${which} ${whyUnclear(only, other)}`,
    "Say it in the source: `decimal: ','` or `decimal: '.'`.",
  );
}

/** What the other cells say of the decimals. @param only what may stand before them @param other of two that may */
function whyUnclear(only: DecimalMark | undefined, other: DecimalMark | undefined): string {
  if (only === undefined) return 'other cells of the column have another sign before the decimals';
  if (other !== undefined) return 'the other cells of the column do not show what stands before the decimals';
  const [group, number] = only === ',' ? ['.', '1.234,5'] : [',', '1,234.5'];
  return (
    `though \`${only}\` stands before the decimals of other cells, ` +
    `none shows that \`${group}\` groups digits, as \`${number}\` would`
  );
}

function wrongCell(place: string, cell: string, members: readonly string[] | undefined): UserError {
  const shown = cell === '' ? 'empty' : `'${cell.slice(0, 40)}'`;
  if (members !== undefined) {
    const guess = cell === '' ? undefined : nearest(cell, members);
    const hint =
      guess === undefined
        ? 'Name every value.'
        : `Did you mean \`${shorten(cell)}\` by the \`${guess}\` of the list? ` +
          'Name every value as it stands in the column.';
    return failure(
      'unknown-category',
      `${place} is ${cell === '' ? "''" : shown}, which is none of ${members.slice(0, 20).join(', ')}`,
      hint,
    );
  }
  if (
    cell.length < 400 &&
    /^[^a-z]*(e[+-]?\d+)?$/i.test(cell) &&
    [Number(cell), ...numbersMeant(cell)].some((value) => Math.abs(value) > 3e38)
  )
    return failure(
      'number-too-large',
      `${place} is ${shown}: the largest number is 3.4e38`,
      'Write the column in a larger unit.',
    );
  return failure('not-a-number', `${place} is ${shown}, not a number`, hintForNumber(cell));
}

/** What to do about a cell that is no number. */
function hintForNumber(cell: string): string {
  if (isDate(cell))
    return (
      'Nothing is learnt from a date as it is: leave its column out of `features`, which names those that are learnt ' +
      'from, or take what matters of it, as with `prepare: { COLUMN: { dateParts: [month] } }`.'
    );
  const meant = cell.length > 40 ? undefined : suggestNumber(cell);
  return (
    meant ??
    'Remove the row or fill the cell; a column of texts belongs in `categories`, or is made numbers by `prepare`.'
  );
}
