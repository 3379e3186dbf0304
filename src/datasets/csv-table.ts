import { failure } from '../base/diagnostics.ts';
import type { Misfit } from '../base/row.ts';
import { shorten } from '../base/shorten.ts';
import type { InParts } from '../base/turns.ts';
import type { DecimalMark } from '../base/written-number.ts';
import { type DataPlace, nameOf } from './data-file.ts';
import type { DataFile } from './dataset.ts';
import { bytesOfText, readText } from './read-bytes.ts';

/** A CSV file: its first line names the columns. Of its cells it keeps where they begin: as texts they would take ten times the file. */
export class CsvTable {
  readonly name: string;
  readonly file: DataFile;
  /** What stands before the decimals; left out where each column shows it. */
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  /** Columns whose cells have shown that a comma stands before the decimals. */
  readonly commas = new Set<string>();
  /** Rows below the line that names the columns. */
  readonly count: number;
  private readonly text: string;
  private readonly delimiter: number;
  private readonly starts: Uint32Array;
  private readonly places: ReadonlyMap<string, number>;

  constructor({ text, file }: ReturnType<typeof readText>, { name, delimiter, decimal, starts, width }: { readonly name: string; readonly delimiter: number; readonly decimal: DecimalMark | undefined; readonly starts: Uint32Array; readonly width: number }) {
    [this.name, this.file, this.text, this.delimiter, this.decimal, this.starts] = [name, file, text, delimiter, decimal, starts];
    this.columns = Array.from(starts.subarray(0, width), (start) => cellAt(text, start, delimiter).trim());
    this.places = new Map(this.columns.map((column, at) => [column, at]));
    this.count = starts.length / width - 1;
  }

  /** Bytes that reading it takes: the file, its text and where the cells begin. */
  get memory(): number {
    return this.file.bytes + bytesOfText(this.text, this.file) + this.starts.buffer.byteLength;
  }

  /** The place of a column; undefined where there is none of the name. */
  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  /** What stands in a cell. @param row counted from 0, below the names */
  cell(row: number, place: number): string {
    return cellAt(this.text, this.starts[(row + 1) * this.columns.length + place]!, this.delimiter);
  }

  /** The line that a row begins in, counted from 1. */
  lineOf(row: number): number {
    return lineAt(this.text, this.starts[(row + 1) * this.columns.length]!);
  }
}

/**
 * Reads a CSV file (RFC 4180): quoted cells may hold the delimiter, quotes (doubled) and line ends; empty lines are passed over.
 *
 * @throws UserError when it is missing, has no rows, a row with another number of cells, a column twice, or quotes that RFC 4180 does not allow
 */
export function* readCsv(place: DataPlace, delimiter: string, decimal?: DecimalMark): InParts<CsvTable> {
  const read = readText(place);
  const name = nameOf(place);
  const { starts, width } = yield* findCells(name, read.text, delimiter.charCodeAt(0));
  if (starts.length <= width) throw failure('data-mismatch', `${name} has no rows`, 'Its first line must name the columns, and a line for each sample follow.');
  const table = new CsvTable(read, { name, delimiter: delimiter.charCodeAt(0), decimal, starts, width });
  const twice = table.columns.find((column, at) => table.placeOf(column) !== at);
  if (twice !== undefined) throw failure('data-mismatch', `${name} has two columns named \`${twice.slice(0, 100)}\``, 'Rename one.');
  return table;
}

const [lineFeed, carriageReturn, quote] = [10, 13, 34];
// Each is a key of a map, and a column of a layer's weights.
const mostColumns = 2 ** 18;

/** Where each cell begins, row by row; all rows have as many. */
function* findCells(name: string, text: string, delimiter: number): InParts<{ readonly starts: Uint32Array; readonly width: number }> {
  let starts = new Uint32Array(1 << 10);
  let [count, first, width, pause] = [0, 0, 0, 0];
  for (let at = 0; at < text.length;) {
    if (at >= pause) {
      pause = at + (1 << 18);
      yield;
    }
    if (count + 2 > starts.length) starts = longer(starts);
    if (width === 0 && count > mostColumns) throw failure('data-mismatch', `${name} has more than ${mostColumns} columns`, 'Is `delimiter` right? A line is a sample, a column one number of each.');
    starts[count++] = at;
    const end = endOf(text, at, delimiter);
    const wrong = wrongQuote(text, at, end, delimiter);
    if (wrong !== undefined) {
      const place = count - first - 1;
      const column = place < width ? `, in the column \`${shorten(cellAt(text, starts[place]!, delimiter).trim())}\`` : '';
      throw failure('data-mismatch', `${name}, line ${lineAt(text, at)}: ${wrong.problem}${column}`, wrong.hint);
    }
    at = end + 1;
    if (text.charCodeAt(end) === delimiter) {
      if (at < text.length) continue;
      starts[count++] = at;
    } else if (text.charCodeAt(end) === carriageReturn && text.charCodeAt(at) === lineFeed) at++;
    const cells = count - first;
    if (cells === 1 && end === starts[first]) count = first;
    else if (width === 0) width = cells;
    else if (cells !== width) throw failure('data-mismatch', `${name}, line ${lineAt(text, starts[first]!)}: ${cells} cells instead of ${width}`, 'Is `delimiter` right? A cell that holds it must stand in quotes.');
    first = count;
  }
  return { starts: starts.subarray(0, count), width };
}

function longer(starts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(2 * starts.length);
  more.set(starts);
  return more;
}

/** The place behind a cell; where a quote stands in a cell that none opens, that quote's. */
function endOf(text: string, from: number, delimiter: number): number {
  return text.charCodeAt(from) === quote ? endOfQuoted(text, from) : endOfPlain(text, from, delimiter);
}

/** What is wrong with the quotes of a cell, told where it begins: what a missing one lets run together ends anywhere. */
function wrongQuote(text: string, from: number, end: number, delimiter: number): (Misfit & { readonly hint: string }) | undefined {
  const next = text.charCodeAt(end);
  if (end === text.length || next === delimiter || next === lineFeed || next === carriageReturn) return undefined;
  if (end > text.length) return { problem: 'a quote that opens a cell has no end', hint: 'Close it. A quote in a quoted cell is written twice.' };
  if (text.charCodeAt(from) !== quote) return { problem: 'a quote stands in a cell that does not begin with one', hint: 'Put the whole cell in quotes, without blanks around them, and write a quote in it twice.' };
  const lines = lineAt(text, end) - lineAt(text, from);
  const ended = lines === 0 ? '' : ` ${lines} ${lines === 1 ? 'line' : 'lines'} below`;
  return { problem: `a cell goes on behind its closing quote${ended}`, hint: `${lines === 0 ? '' : 'Is the quote that opens it closed? '}Nothing may stand behind the quote, blanks neither, and a quote in a quoted cell is written twice.` };
}

function endOfPlain(text: string, from: number, delimiter: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === delimiter || code === lineFeed || code === carriageReturn || code === quote) break;
  }
  return end;
}

/** @returns more than the text has where there is no closing quote */
function endOfQuoted(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && text.charCodeAt(end + 1) === quote) end = text.indexOf('"', end + 2);
  return end < 0 ? text.length + 1 : end + 1;
}

/** A cell without its quotes, where they are right. */
function cellAt(text: string, from: number, delimiter: number): string {
  const end = endOf(text, from, delimiter);
  return text.charCodeAt(from) === quote ? text.slice(from + 1, end - 1).replaceAll('""', '"') : text.slice(from, end);
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) {
    const code = text.charCodeAt(i);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(i + 1) !== lineFeed)) line++;
  }
  return line;
}
