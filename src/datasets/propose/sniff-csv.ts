import { type DecimalMark, numbersMeant, readWritten } from '../../base/written-number.ts';
import { missingTexts } from '../tables/csv-cells.ts';
import { CellScanner } from '../tables/csv-scanner.ts';
import type { Start } from './read-start.ts';

/** How a table is written, by its first lines. */
export interface SniffedForm {
  readonly delimiter: string;
  /** Cells of a row. */
  readonly width: number;
  /** Rows that were looked at, and how many of them have that width. */
  readonly rows: number;
  readonly even: number;
  readonly comment?: string;
  readonly decimal?: { readonly mark: DecimalMark; readonly because: string };
  /** Whether a column holds numbers alone, below the first line. */
  readonly numeric: boolean;
  /** Whether the first line names the columns, and how that shows. */
  readonly names: { readonly are: boolean; readonly because: string };
}

/** In the order in which they are believed: commas stand in texts and numbers, too. */
const delimiters = ['\t', ';', '|', ',', ' '];

/** Lines that are looked at. */
const mostRows = 200;

/** The form of a table; undefined where the lines are none, as those of a letter. */
export function sniffCsv(start: Start): SniffedForm | undefined {
  const { bytes, comment } = withoutComments(start);
  const found = delimiters
    .map((delimiter) => ({ delimiter, ...rowsIn(bytes, delimiter, start.whole) }))
    .filter(({ width, rows, even }) => width > 1 && even >= 0.9 * rows.length);
  const [best] = found.sort((a, b) => b.even / b.rows.length - a.even / a.rows.length);
  if (best === undefined) return undefined;
  const { delimiter, width, rows, even } = best;
  const fitting = rows.filter((row) => row.length === width);
  const decimal = decimalOf(fitting);
  return {
    delimiter,
    width,
    rows: rows.length,
    even,
    ...(comment !== undefined && { comment }),
    ...(decimal !== undefined && { decimal }),
    names: namesIn(fitting),
    numeric:
      fitting.length > 1 && fitting[0]!.some((_, place) => fitting.slice(1).every((row) => isNumber(row[place]!))),
  };
}

const lineFeed = 0x0a;

/** What lies behind the mark of UTF-8 and lines that begin with `#`. */
function withoutComments({ bytes }: Start): { readonly bytes: Uint8Array; readonly comment: string | undefined } {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let comment: string | undefined;
  while (bytes[at] === 0x23) {
    comment = '#';
    const end = bytes.indexOf(lineFeed, at);
    at = end < 0 ? bytes.length : end + 1;
  }
  return { bytes: bytes.subarray(at), comment };
}

/** The cells of the first rows, and the width that most of them have. */
function rowsIn(
  bytes: Uint8Array,
  delimiter: string,
  whole: boolean,
): { readonly rows: readonly (readonly string[])[]; readonly width: number; readonly even: number } {
  const scanner = new CellScanner(bytes, delimiter);
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < bytes.length && rows.length < mostRows;) {
    const end = scanner.endOf(at);
    // A row that the beginning of the file ends in is none yet; a wrong quote is told by who reads the table.
    if (end > bytes.length || (end === bytes.length && !whole)) break;
    row.push(scanner.textAt(at).trim());
    const isLast = !scanner.isDelimiter(end);
    at = scanner.behind(end);
    if (!isLast && at < bytes.length) continue;
    if (!isLast) row.push('');
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width, even] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  return { rows, width, even };
}

/** The sign before decimals, where cells show it: told where it is a comma, or where the other one may be one. */
function decimalOf(rows: readonly (readonly string[])[]): SniffedForm['decimal'] {
  const shown: Record<DecimalMark, string[]> = { '.': [], ',': [] };
  let either: string | undefined;
  for (const cell of rows.slice(1).flat()) {
    const [point, comma] = [readWritten(cell, '.'), readWritten(cell, ',')];
    if (point === undefined && comma !== undefined) shown[','].push(cell);
    else if (point !== undefined && comma === undefined) shown['.'].push(cell);
    else if (point !== comma && cell.includes(',')) either ??= cell;
  }
  if (shown[','].length > 0 && shown['.'].length === 0) return { mark: ',', because: `as in ${shown[','][0]!}` };
  if (shown['.'].length > 0 && shown[','].length === 0 && either !== undefined)
    return { mark: '.', because: `as in ${shown['.'][0]!}; ${either} has its thousands apart` };
  return undefined;
}

const isNumber = (cell: string) => numbersMeant(cell).length > 0;

/** Whether the first row names the columns. */
function namesIn([first = [], ...rows]: readonly (readonly string[])[]): SniffedForm['names'] {
  const valuesAt = (place: number) => rows.map((row) => row[place]!).filter((cell) => !missingTexts.has(cell));
  const overNumbers = first.findIndex((cell, place) => {
    const values = valuesAt(place);
    return cell !== '' && !isNumber(cell) && values.length > 0 && values.every(isNumber);
  });
  if (overNumbers >= 0) return { are: true, because: `\`${first[overNumbers]!}\` stands above numbers` };
  const number = first.find(isNumber);
  if (number !== undefined) return { are: false, because: `the first line holds ${number}, a number as those below` };
  const again = first.find((cell, place) => cell !== '' && valuesAt(place).includes(cell));
  if (again !== undefined) return { are: false, because: `\`${again}\` of the first line stands below it, too` };
  if (new Set(first).size < first.length) return { are: false, because: 'the first line has a text twice' };
  return { are: true, because: 'the texts of the first line stand nowhere below it' };
}
