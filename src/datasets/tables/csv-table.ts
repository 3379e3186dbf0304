import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { CsvForm } from './csv-options.ts';
import { CellScanner } from './csv-scanner.ts';
import type { DataFile, DataPlace } from '../files/data-file.ts';
import { plainNumber, showsMark } from './plain-number.ts';
import { readUnpacked } from '../files/unpack-gzip.ts';
import { SeenCells } from './seen-cells.ts';
import type { SamplePlace } from '../dataset.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';
import { proveText } from '../files/text-encoding.ts';

/** Cells of a file that were found. */
export interface Found {
  readonly name: string;
  readonly file: DataFile;
  readonly decimal: DecimalMark | undefined;
  readonly scanner: CellScanner;
  /** Where each cell begins, row by row. */
  readonly starts: Uint32Array;
  /** Cells of a row. */
  readonly width: number;
  /** The names of the columns, where no line has them. */
  readonly named: readonly string[] | undefined;
}

/** Columns that are read together. */
export const columnsTogether = 8;

/** Rows of them at a time: their bytes stay near the processor. */
const block = 1024;

/**
 * A CSV file. Of its cells it keeps where they begin among the bytes: as texts they would take ten times the file.
 */
export class CsvTable implements Table {
  readonly name: string;
  readonly files: readonly DataFile[];
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly commas = new Set<string>();
  readonly count: number;
  readonly counted = 'line';
  private readonly scanner: CellScanner;
  private readonly starts: Uint32Array;
  /** Those of the first row. */
  private readonly first: number;
  /** Rows behind whose cells the file has an end of a line: a number has to end before the file does. */
  private readonly ended: number;
  private readonly places: ReadonlyMap<string, number>;
  private seen: SeenCells | undefined;
  private started: Map<number, StartOfColumn> = new Map();
  private readers = 0;

  constructor({ name, file, decimal, scanner, starts, width, named }: Found) {
    [this.name, this.files, this.decimal, this.scanner, this.starts] = [name, [file], decimal, scanner, starts];
    this.columns = named ?? Array.from(starts.subarray(0, width), (start) => scanner.textAt(start).trim());
    this.first = named === undefined ? width : 0;
    this.places = new Map(this.columns.map((column, at) => [column, at]));
    this.count = (starts.length - this.first) / width;
    this.ended = scanner.endsInLine ? this.count : this.count - 1;
  }

  get memory(): number {
    return this.scanner.bytes.length + this.starts.byteLength;
  }

  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  unreadable(): undefined {
    return undefined;
  }

  cell(row: number, place: number): string {
    return this.scanner.textAt(this.startOf(row, place));
  }

  sampleAt(row: number): SamplePlace {
    return { file: this.name, line: this.scanner.lineAt(this.startOf(row, 0)) };
  }

  spotOf(row: number): string {
    return `line ${this.scanner.lineAt(this.startOf(row, 0))}`;
  }

  numbers(): Uint32Array {
    const lines = new Uint32Array(this.count);
    let [at, line] = [0, 1];
    for (let row = 0; row < lines.length; row++) {
      const start = this.startOf(row, 0);
      line = this.scanner.lineAt(start, at, line);
      [at, lines[row]] = [start, line];
    }
    return lines;
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    const started = this.started.get(place) ?? (yield* this.startColumns(place));
    this.started.delete(place);
    return started;
  }

  readPlain(values: Float64Array, place: number, { from, to, decimal }: PlainRows): number {
    const form = this.scanner.plainForm(decimal);
    if (form === undefined) return from;
    const {
      scanner: { bytes },
      starts,
      first,
      columns: { length: width },
    } = this;
    const end = Math.min(to, this.ended);
    let row = from;
    for (; row < end; row++) {
      const value = plainNumber(bytes, starts[first + row * width + place]!, form);
      if (Number.isNaN(value)) break;
      values[row] = value;
    }
    return row;
  }

  shows(row: number, place: number, decimal: DecimalMark): boolean {
    const form = this.scanner.plainForm(decimal);
    return form !== undefined && row < this.ended && showsMark(this.scanner.bytes, this.startOf(row, place), form);
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    const { scanner } = this;
    const reader = ++this.readers;
    const seen = (this.seen ??= new SeenCells(scanner.bytes));
    return (row) => {
      const start = this.startOf(row, place);
      return seen.valueOf(reader, start, scanner.endOf(start), () => read(scanner.textAt(start).trim()));
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
    return this.starts[this.first + row * this.columns.length + place]!;
  }
}

/**
 * Reads a CSV file (RFC 4180), which may be packed with gzip: quoted cells may hold the delimiter, quotes (doubled) and
 * line ends; empty lines are passed over.
 *
 * @throws UserError when it is missing, has no rows, a row with another number of cells, a column twice, or quotes that
 * RFC 4180 does not allow
 */
export function* readCsv(place: DataPlace, form: CsvForm): InParts<CsvTable> {
  return yield* parseCsv({ place, ...readUnpacked(place) }, form);
}

/** The bytes of a table, and which they are. */
interface CsvBytes {
  readonly place: DataPlace;
  readonly bytes: Uint8Array;
  readonly file: DataFile;
}

/** A row that was passed over. */
export interface PassedRow {
  readonly line: number;
  readonly problem: UserError;
}

/**
 * As readCsv, of a file that was read and unpacked.
 *
 * @param passed takes the rows that are wrong and spoil no other, which the table is without; left out: they are
 * mistakes
 */
export function* parseCsv({ place, bytes, file }: CsvBytes, form: CsvForm, passed?: PassedRow[]): InParts<CsvTable> {
  const { name } = file;
  const scanner = new CellScanner(bytes, form.delimiter);
  const cells = yield* findCells(name, scanner, { ...form, from: proveText(place, bytes), ...(passed && { passed }) });
  const hasRows = cells.starts.length > (form.columns === undefined ? cells.width : 0);
  if (!hasRows && !passed?.length) throw noRows(name, form);
  const table = new CsvTable({ name, file, decimal: form.decimal, named: form.columns, scanner, ...cells });
  proveNoneTwice(table);
  return table;
}

/** That a file has no rows. */
export function noRows(name: string, { columns }: CsvForm): UserError {
  return failure(
    'no-rows',
    `${name} has no rows`,
    columns === undefined
      ? 'Its first line must name the columns, and a line for each sample follow.'
      : 'It needs a line for each sample.',
  );
}

/** @throws UserError where a table has two columns of one name */
export function proveNoneTwice(table: Table): void {
  const twice = table.columns.find((column, at) => table.placeOf(column) !== at);
  if (twice !== undefined)
    throw failure(
      'duplicate-column',
      twice === ''
        ? `${table.name} has two columns without a name, column ${table.columns.indexOf('') + 1} and column ` +
            `${table.columns.indexOf('', table.columns.indexOf('') + 1) + 1}`
        : `${table.name} has two columns named \`${twice.slice(0, 100)}\``,
      twice === '' ? 'Name them in the first line of the file.' : 'Rename one.',
    );
}

// Each is a key of a map, and a column of a layer's weights.
export const mostColumns = 2 ** 18;

/** Which of a file's cells are found. */
interface Sought extends CsvForm {
  /** Where the first one begins. */
  readonly from: number;
  /** Of bytes that are a part of a file; left out: they are all of it. */
  readonly part?: {
    /** Whether more bytes follow, so that a row that has not surely ended is none yet. */
    readonly isCut: boolean;
    /** Lines before it. */
    readonly lines: number;
    /** The names of the columns, once they were read. */
    readonly names: readonly string[];
  };
  /** As parseCsv. */
  readonly passed?: PassedRow[];
}

/**
 * Where each cell begins, row by row; all rows have as many.
 *
 * @returns `end`, where the first row begins that is not among them
 * @throws UserError as readCsv
 */
export function* findCells(
  name: string,
  scanner: CellScanner,
  { columns, comment, delimiter, from, part, passed }: Sought,
): InParts<Pick<Found, 'starts' | 'width'> & { readonly end: number }> {
  const { length } = scanner.bytes;
  const mark = comment === undefined ? -1 : comment.charCodeAt(0);
  // What tells the end of a cell from what only looks like it: a quote twice, a line end of two bytes.
  const reach = part?.isCut === true ? Math.max(2, Buffer.byteLength(delimiter)) : -1;
  const names = part === undefined || part.names.length === 0 ? columns : part.names;
  let known = { place: 0, line: 1 };
  // Asked for places from the first to the last: lines are counted once, however many rows are passed over.
  const lineOf = (place: number) => {
    known = { place, line: scanner.lineAt(place, known.place, known.line) };
    return (part?.lines ?? 0) + known.line;
  };
  let starts = new Uint32Array(1 << 10);
  let [count, first, width, pause, begin] = [0, 0, names?.length ?? 0, 0, from];
  for (let at = from; at < length;) {
    if (at >= pause) {
      pause = at + (1 << 18);
      yield;
    }
    if (count === first) begin = at;
    if (count === first && scanner.bytes[at] === mark) {
      at = scanner.behindLine(at);
      if (at + reach >= length && reach > 0) break;
      begin = at;
      continue;
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
    if (reach > 0 && end + reach >= length) {
      count = first;
      break;
    }
    const isLast = !scanner.isDelimiter(end);
    const wrong = isLast ? scanner.wrongQuote(at, end) : undefined;
    if (wrong !== undefined) {
      const place = count - first - 1;
      const called = names?.[place] ?? (place < width ? scanner.textAt(starts[place]!).trim() : undefined);
      const column = called === undefined ? '' : `, in the column \`${shorten(called)}\``;
      const line = lineOf(at);
      const problem = failure('bad-quotes', `${name}, line ${line}: ${wrong.problem}${column}`, wrong.hint);
      // Over several lines nobody knows where the next row begins.
      const isOfOneLine = end <= length && scanner.lineAt(end, starts[first], line) === line;
      if (passed === undefined || width === 0 || !isOfOneLine) throw problem;
      passed.push({ line, problem });
      at = scanner.behindLine(end);
      count = first;
      continue;
    }
    at = scanner.behind(end);
    if (!isLast) {
      if (at < length) continue;
      starts[count++] = at;
    }
    const cells = count - first;
    if (cells === 1 && end === starts[first]) count = first;
    else if (width === 0) width = cells;
    else if (cells !== width) {
      const line = lineOf(starts[first]!);
      const problem = failure(
        'uneven-row',
        `${name}, line ${line}: ${cells} cells instead of ${width}`,
        (columns === undefined ? '' : `\`columns\` names ${width}. `) +
          'Is `delimiter` right? A cell that holds it must stand in quotes.',
      );
      if (passed === undefined) throw problem;
      passed.push({ line, problem });
      count = first;
    }
    first = count;
    begin = at;
  }
  return { starts: starts.subarray(0, count), width, end: begin };
}

function withRoom(starts: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.ceil(size));
  more.set(starts);
  return more;
}
