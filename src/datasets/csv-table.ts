import { failure } from '../base/diagnostics.ts';
import { type DataPlace, nameOf } from './data-file.ts';
import type { DataFile } from './dataset.ts';
import { readText } from './read-bytes.ts';

/** A CSV file: its first line names the columns. */
export interface CsvTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly file: DataFile;
}

/** One record, and the line of the file that it begins in, counted from 1. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Reads a CSV file (RFC 4180): quoted cells may hold the delimiter, quotes (doubled) and line ends; empty lines are passed over.
 *
 * @throws UserError when it is missing, has no rows, a row with another number of cells, or a column twice
 */
export function readCsv(place: DataPlace, delimiter: string): CsvTable {
  const { text, file } = readText(place);
  const name = nameOf(place);
  const [head, ...rows] = parseRecords(text, delimiter);
  if (head === undefined || rows.length === 0) throw failure('data-mismatch', `${name} has no rows`, 'Its first line must name the columns, and a line for each sample follow.');
  const columns = head.cells.map((cell) => cell.trim());
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw failure('data-mismatch', `${name} has two columns named \`${twice}\``, 'Rename one.');
  const odd = rows.find(({ cells }) => cells.length !== columns.length);
  if (odd !== undefined) throw failure('data-mismatch', `${name}, line ${odd.line}: ${odd.cells.length} cells instead of ${columns.length}`, 'Is `delimiter` right? A cell that holds it must stand in quotes.');
  return { name, columns, rows, file };
}

function parseRecords(text: string, delimiter: string): CsvRow[] {
  const records: CsvRow[] = [];
  let [cells, start, line, at] = [[] as string[], 1, 1, 0];
  while (at < text.length) {
    const { cell, end, lines } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    cells.push(cell);
    line += lines;
    at = end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      cells.push('');
    }
    if (cells.length > 1 || cells[0] !== '') records.push({ cells, line: start });
    at += text.startsWith('\r\n', at) ? 2 : 1;
    start = ++line;
    cells = [];
  }
  return records;
}

function plainCell(text: string, from: number, delimiter: string): { readonly cell: string; readonly end: number; readonly lines: number } {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  return { cell: text.slice(from, end), end, lines: 0 };
}

function quotedCell(text: string, from: number): { readonly cell: string; readonly end: number; readonly lines: number } {
  let end = from + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  const cell = text.slice(from + 1, end);
  return { cell: cell.replaceAll('""', '"'), end: end + 1, lines: cell.split('\n').length - 1 };
}
