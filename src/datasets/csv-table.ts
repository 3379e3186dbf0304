import { failure } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import type { InParts } from '../base/turns.ts';
import type { DecimalMark } from '../base/written-number.ts';
import { CellScanner } from './csv-scanner.ts';
import type { DataFile, DataPlace } from './data-file.ts';
import { plainNumber, showsMark } from './plain-number.ts';
import { readBytes } from './read-bytes.ts';
import { SeenCells } from './seen-cells.ts';
import { proveText } from './text-encoding.ts';

interface Found {
  readonly name: string;
  readonly file: DataFile;
  readonly decimal: DecimalMark | undefined;
  readonly scanner: CellScanner;
  /** Where each cell begins, row by row. */
  readonly starts: Uint32Array;
  /** Cells of a row. */
  readonly width: number;
}

/** The numbers of a column, of which the first ones are read. */
export interface StartOfColumn {
  readonly values: Float64Array;
  /** How many rows are. */
  readonly read: number;
}

/** Columns that are read together. */
export const columnsTogether = 8;

/** Rows of them at a time: their bytes stay near the processor. */
const block = 1024;

/**
 * A CSV file: its first line names the columns. Of its cells it keeps where they begin among the bytes: as texts they
 * would take ten times the file.
 */
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
  private readonly scanner: CellScanner;
  private readonly starts: Uint32Array;
  private readonly places: ReadonlyMap<string, number>;
  private readonly seen: SeenCells;
  private started: Map<number, StartOfColumn> = new Map();
  private readers = 0;

  constructor({ name, file, decimal, scanner, starts, width }: Found) {
    [this.name, this.file, this.decimal, this.scanner, this.starts] = [name, file, decimal, scanner, starts];
    this.columns = Array.from(starts.subarray(0, width), (start) => scanner.textAt(start).trim());
    this.places = new Map(this.columns.map((column, at) => [column, at]));
    this.count = starts.length / width - 1;
    this.seen = new SeenCells(scanner.bytes);
  }

  /** Bytes that it takes: the file, and where its cells begin. */
  get memory(): number {
    return this.file.bytes + this.starts.byteLength;
  }

  /** The place of a column; undefined where there is none of the name. */
  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  /** What stands in a cell. @param row counted from 0, below the names */
  cell(row: number, place: number): string {
    return this.scanner.textAt(this.startOf(row, place));
  }

  /** The line that a row begins in, counted from 1. */
  lineOf(row: number): number {
    return this.scanner.lineAt(this.startOf(row, 0));
  }

  /** As lineOf, of all rows. */
  lines(): Uint32Array {
    const lines = new Uint32Array(this.count);
    let [at, line] = [0, 1];
    for (let row = 0; row < lines.length; row++) {
      const start = this.startOf(row, 0);
      line = this.scanner.lineAt(start, at, line);
      [at, lines[row]] = [start, line];
    }
    return lines;
  }

  /** Begins to read a column: its plain numbers, up to the first cell that may be something else. */
  *startColumn(place: number): InParts<StartOfColumn> {
    const started = this.started.get(place) ?? (yield* this.startColumns(place));
    this.started.delete(place);
    return started;
  }

  /**
   * Reads the plain numbers of a column, from a row up to another.
   *
   * @param values takes them, by their rows
   * @returns the first row of which it is not certain that its cell is one
   */
  readPlain(
    values: Float64Array,
    place: number,
    { from, to, decimal }: { readonly from: number; readonly to: number; readonly decimal: DecimalMark },
  ): number {
    const form = this.scanner.plainForm(decimal);
    if (form === undefined) return from;
    const {
      scanner: { bytes },
      starts,
      columns: { length: width },
      count,
    } = this;
    let row = from;
    // Each number has to end before the file does.
    for (; row < to && row < count - 1; row++) {
      const value = plainNumber(bytes, starts[(row + 1) * width + place]!, form);
      if (Number.isNaN(value)) break;
      values[row] = value;
    }
    return row;
  }

  /** Whether a cell is a number that shows what stands before the decimals; false where it takes longer to say. */
  shows(row: number, place: number, decimal: DecimalMark): boolean {
    const form = this.scanner.plainForm(decimal);
    return form !== undefined && row < this.count - 1 && showsMark(this.scanner.bytes, this.startOf(row, place), form);
  }

  /** Reads cells of a column by their texts, without blanks around them, and most of those that are alike once. */
  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    const { scanner } = this;
    const reader = ++this.readers;
    return (row) => {
      const start = this.startOf(row, place);
      return this.seen.valueOf(reader, start, scanner.endOf(start), () => read(scanner.textAt(start).trim()));
    };
  }

  /**
   * Begins to read some columns that stand side by side: to get at their bytes takes as long as to read the numbers
   * there.
   */
  private *startColumns(place: number): InParts<StartOfColumn> {
    // The same neighbours whichever of them is asked for first: columns may be named from the last to the first.
    const first = place - (place % columnsTogether);
    const places = Array.from({ length: Math.min(columnsTogether, this.columns.length - first) }, (_, k) => first + k);
    const columns = places.map(() => ({ values: new Float64Array(this.count), read: 0 }));
    const decimal = this.decimal ?? '.';
    for (let from = 0; from < this.count; from += block) {
      const to = Math.min(from + block, this.count);
      for (const [k, column] of columns.entries())
        if (column.read === from) column.read = this.readPlain(column.values, places[k]!, { from, to, decimal });
      yield;
    }
    this.started = new Map(places.map((one, k) => [one, columns[k]!]));
    return columns[place - first]!;
  }

  private startOf(row: number, place: number): number {
    return this.starts[(row + 1) * this.columns.length + place]!;
  }
}

/**
 * Reads a CSV file (RFC 4180): quoted cells may hold the delimiter, quotes (doubled) and line ends; empty lines are
 * passed over.
 *
 * @throws UserError when it is missing, has no rows, a row with another number of cells, a column twice, or quotes that
 * RFC 4180 does not allow
 */
export function* readCsv(place: DataPlace, delimiter: string, decimal?: DecimalMark): InParts<CsvTable> {
  const { bytes, file } = readBytes(place);
  return yield* parseCsv({ place, bytes, file }, delimiter, decimal);
}

/** The bytes of a table, and which they are. */
interface CsvBytes {
  readonly place: DataPlace;
  readonly bytes: Uint8Array;
  readonly file: DataFile;
}

/** As readCsv, of a file that was read. */
export function* parseCsv(
  { place, bytes, file }: CsvBytes,
  delimiter: string,
  decimal?: DecimalMark,
): InParts<CsvTable> {
  const { name } = file;
  const scanner = new CellScanner(bytes, delimiter);
  const cells = yield* findCells(name, scanner, proveText(place, bytes));
  if (cells.starts.length <= cells.width)
    throw failure(
      'no-rows',
      `${name} has no rows`,
      'Its first line must name the columns, and a line for each sample follow.',
    );
  const table = new CsvTable({ name, file, decimal, scanner, ...cells });
  const twice = table.columns.find((column, at) => table.placeOf(column) !== at);
  if (twice !== undefined)
    throw failure('duplicate-column', `${name} has two columns named \`${twice.slice(0, 100)}\``, 'Rename one.');
  return table;
}

// Each is a key of a map, and a column of a layer's weights.
const mostColumns = 2 ** 18;

/** Where each cell begins, row by row; all rows have as many. @param from where the first one does */
function* findCells(name: string, scanner: CellScanner, from: number): InParts<Pick<Found, 'starts' | 'width'>> {
  const { length } = scanner.bytes;
  let starts = new Uint32Array(1 << 10);
  let [count, first, width, pause] = [0, 0, 0, 0];
  for (let at = from; at < length;) {
    if (at >= pause) {
      pause = at + (1 << 18);
      yield;
    }
    // Room that nothing is written to takes no memory.
    if (count + 2 > starts.length)
      starts = withRoom(starts, Math.max(1.5 * starts.length, 1.05 * count * (length / at)));
    if (width === 0 && count > mostColumns)
      throw failure(
        'too-many-columns',
        `${name} has more than ${mostColumns} columns`,
        'Is `delimiter` right? A line is a sample, a column one number of each.',
      );
    starts[count++] = at;
    const end = scanner.endOf(at);
    const isLast = !scanner.isDelimiter(end);
    const wrong = isLast ? scanner.wrongQuote(at, end) : undefined;
    if (wrong !== undefined) {
      const place = count - first - 1;
      const column = place < width ? `, in the column \`${shorten(scanner.textAt(starts[place]!).trim())}\`` : '';
      throw failure('bad-quotes', `${name}, line ${scanner.lineAt(at)}: ${wrong.problem}${column}`, wrong.hint);
    }
    at = scanner.behind(end);
    if (!isLast) {
      if (at < length) continue;
      starts[count++] = at;
    }
    const cells = count - first;
    if (cells === 1 && end === starts[first]) count = first;
    else if (width === 0) width = cells;
    else if (cells !== width)
      throw failure(
        'uneven-row',
        `${name}, line ${scanner.lineAt(starts[first]!)}: ${cells} cells instead of ${width}`,
        'Is `delimiter` right? A cell that holds it must stand in quotes.',
      );
    first = count;
  }
  return { starts: starts.subarray(0, count), width };
}

function withRoom(starts: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.ceil(size));
  more.set(starts);
  return more;
}
