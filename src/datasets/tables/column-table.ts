import { type UserError, failure } from '../../base/diagnostics.ts';
import type { InParts } from '../../base/turns.ts';
import { inexact } from './block-table.ts';
import { mostColumns } from './csv-table.ts';
import type { DataFile } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';
import { type NumberPart, NumberParts } from './number-parts.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** What a typed format has in a cell: a whole number that a double does not hold is a `bigint`; nothing is missing. */
export type TypedCell = number | bigint | string | undefined;

/** What a code of a cell says: that it holds a number, or nothing; others are texts, by their places. */
const [isNumber, isMissing, firstText] = [0, 1, 2];

/** Bytes that a table may take in memory: what a few bytes of a file promise may be far more. */
const mostBytes = 2e9;

/** Two lengths, before the cells of a column in bytes. */
const bytesOfCount = 8;

/** Bytes of a cell in memory: a number and a code. */
export const bytesOfCell = 12;

/** A column of a typed format: its cells are numbers, or texts of which each is held once. */
export class TypedColumn {
  readonly name: string;
  private values = new Float64Array(64);
  /** All cells, as long as each is one of many numbers that came together. */
  private parts: NumberParts | undefined = new NumberParts();
  private codes: Uint32Array | undefined;
  private readonly texts: string[] = [];
  private readonly known = new Map<string, number>();
  private length = 0;
  private characters = 0;
  private problem: UserError | undefined;
  private large: { readonly row: number; readonly value: bigint } | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Bytes that it takes. */
  get memory(): number {
    return (
      (this.parts?.memory ?? 0) +
      this.values.byteLength +
      (this.codes?.byteLength ?? 0) +
      2 * this.characters +
      100 * this.texts.length
    );
  }

  /** Adds numbers, none of which is NaN. */
  addNumbers(part: NumberPart): void {
    if (this.parts === undefined) {
      const numbers = new NumberParts();
      numbers.add(part);
      for (let row = 0; row < numbers.count; row++) this.add(numbers.at(row));
      return;
    }
    this.parts.add(part);
    this.length = this.parts.count;
  }

  add(cell: TypedCell): void {
    if (this.parts !== undefined) this.takeApart(this.parts);
    const row = this.length++;
    if (row === this.values.length) this.enlarge(2 * row);
    if (typeof cell === 'number' && !Number.isNaN(cell)) this.values[row] = cell;
    else this.addOther(row, cell);
  }

  /** Adds an empty cell in place of one that holds neither a number nor a text. @param because told where it is read */
  refuse(because: UserError): void {
    this.problem ??= because;
    this.add(undefined);
  }

  /** Why it cannot be read, where a cell was refused. */
  get unreadable(): UserError | undefined {
    return this.problem;
  }

  /** Adds cells without a value until it has that many. */
  fillUp(count: number): void {
    while (this.length < count) this.add(undefined);
  }

  /** Nothing follows: it has that many cells, and gives back room that nothing was written to. */
  end(count: number): void {
    this.fillUp(count);
    if (this.parts !== undefined) return;
    this.values = this.values.slice(0, this.length);
    this.codes &&= this.codes.slice(0, this.length);
    this.known.clear();
  }

  textAt(row: number): string {
    const code = this.codes?.[row] ?? isNumber;
    if (code === isNumber) return String(this.parts === undefined ? this.values[row] : this.parts.at(row));
    return code === isMissing ? '' : this.texts[code - firstText]!;
  }

  /** Its numbers, to be read into: those that are read by readPlain may be 0 until then. */
  copy(): Float64Array {
    return this.parts === undefined ? this.values.slice() : new Float64Array(this.length);
  }

  /** As readPlain of a table. */
  readPlain(values: Float64Array, { from, to }: PlainRows): number {
    const { values: own, codes, parts } = this;
    if (parts !== undefined) return parts.read(values, from, to);
    let row = from;
    for (; row < to; row++) {
      const value = own[row]!;
      if ((codes !== undefined && codes[row] !== isNumber) || !Number.isFinite(Math.fround(value))) break;
      values[row] = value;
    }
    return row;
  }

  shows(): boolean {
    return false;
  }

  reader(read: (cell: string) => number | undefined): (row: number) => number | undefined {
    const seen: (number | undefined)[] = [];
    return (row) => {
      const code = this.codes?.[row] ?? isNumber;
      if (code < firstText) return read(this.textAt(row));
      return (seen[code] ??= read(this.textAt(row).trim()));
    };
  }

  /** The first number that a double does not hold, and its row. */
  get tooLarge(): { readonly row: number; readonly value: bigint } | undefined {
    return this.large;
  }

  /** All cells, once it has ended, for `ofBytes`. */
  get bytes(): Uint8Array {
    const { parts, codes, length } = this;
    const values = parts === undefined ? this.values : Float64Array.from({ length }, (_, row) => parts.at(row));
    const texts = Buffer.from(JSON.stringify(this.texts));
    const lengths = Uint32Array.of(length, codes === undefined ? 0 : length);
    const numbers = [lengths, values, codes ?? new Uint32Array()];
    return Buffer.concat([
      ...numbers.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
      texts,
    ]);
  }

  /** A column of what `bytes` gave. @param bytes of a buffer of their own */
  static ofBytes(name: string, { buffer, length: end }: Uint8Array<ArrayBuffer>): TypedColumn {
    const column = new TypedColumn(name);
    const [length = 0, coded = 0] = new Uint32Array(buffer, 0, 2);
    const texts = bytesOfCount + length * 8 + coded * 4;
    column.parts = undefined;
    column.length = length;
    column.values = new Float64Array(buffer, bytesOfCount, length);
    column.codes = coded === 0 ? undefined : new Uint32Array(buffer, bytesOfCount + length * 8, coded);
    for (const text of JSON.parse(Buffer.from(buffer, texts, end - texts).toString()) as readonly string[]) {
      column.texts.push(text);
      column.characters += text.length;
    }
    return column;
  }

  /** From here on cells come one by one. */
  private takeApart(parts: NumberParts): void {
    this.parts = undefined;
    this.length = 0;
    for (let row = 0; row < parts.count; row++) this.add(parts.at(row));
  }

  private addOther(row: number, cell: TypedCell): void {
    this.codes ??= new Uint32Array(this.values.length);
    if (typeof cell !== 'string' && typeof cell !== 'bigint') {
      this.codes[row] = isMissing;
      return;
    }
    if (typeof cell === 'bigint') this.large ??= { row, value: cell };
    const text = String(cell);
    let place = this.known.get(text);
    if (place === undefined) {
      place = this.texts.push(text) - 1;
      this.known.set(text, place);
      this.characters += text.length;
    }
    this.codes[row] = place + firstText;
  }

  private enlarge(size: number): void {
    const values = new Float64Array(size);
    values.set(this.values);
    this.values = values;
    if (this.codes === undefined) return;
    const codes = new Uint32Array(size);
    codes.set(this.codes);
    this.codes = codes;
  }
}

/** A table of a typed format. */
export class ColumnTable implements Table {
  readonly name: string;
  readonly files: readonly DataFile[];
  readonly decimal = undefined;
  readonly columns: readonly string[];
  readonly commas = new Set<string>();
  readonly count: number;
  readonly counted: 'line' | 'row';
  private readonly typed: readonly TypedColumn[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly lines: Uint32Array | undefined;

  /** @param lines that rows stand in; left out: they stand in none, and are counted from 1 */
  constructor(file: DataFile, typed: readonly TypedColumn[], count: number, lines?: Uint32Array) {
    [this.name, this.files, this.typed, this.count, this.lines] = [file.name, [file], typed, count, lines];
    this.counted = lines === undefined ? 'row' : 'line';
    this.columns = typed.map(({ name }) => name);
    this.places = new Map(this.columns.map((column, at) => [column, at]));
  }

  get memory(): number {
    return this.typed.reduce((sum, { memory }) => sum + memory, this.lines?.byteLength ?? 0);
  }

  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  unreadable(column: string): UserError | undefined {
    const place = this.places.get(column);
    return place === undefined ? undefined : this.typed[place]!.unreadable;
  }

  cell(row: number, place: number): string {
    return this.typed[place]!.textAt(row);
  }

  sampleAt(row: number): SamplePlace {
    const line = this.lines?.[row];
    return { file: this.name, ...(line === undefined ? { sample: row + 1 } : { line }) };
  }

  spotOf(row: number): string {
    return `${this.counted} ${this.lines?.[row] ?? row + 1}`;
  }

  numbers(): Uint32Array {
    return this.lines ?? Uint32Array.from({ length: this.count }, (_, row) => row + 1);
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    yield;
    const column = this.exact(place);
    const values = column.copy();
    return { values, read: column.readPlain(values, { from: 0, to: this.count, decimal: '.' }) };
  }

  readPlain(values: Float64Array, place: number, rows: PlainRows): number {
    return this.typed[place]!.readPlain(values, rows);
  }

  readWhole(values: Float64Array, place: number): boolean {
    return this.exact(place).readPlain(values, { from: 0, to: this.count, decimal: '.' }) === this.count;
  }

  shows(): boolean {
    return false;
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    return this.typed[place]!.reader(read);
  }

  /** @throws UserError where a column has numbers that a double does not hold */
  private exact(place: number): TypedColumn {
    const column = this.typed[place]!;
    const { tooLarge } = column;
    if (tooLarge !== undefined) throw inexact(this, tooLarge.row, String(tooLarge.value), column.name);
    return column;
  }
}

/** @throws UserError where a table would have too many columns, or more cells than fit */
export function proveCells(name: string, columns: number, rows: number): void {
  if (columns > mostColumns)
    throw failure(
      'too-many-columns',
      `${name} has more than ${mostColumns} columns`,
      'A row is a sample, a column one number of each.',
    );
  if (columns * rows * bytesOfCell > mostBytes) throw tooMuch(name);
}

/** @throws UserError where the columns take more than a table may */
export function proveFits(name: string, columns: Iterable<TypedColumn>): void {
  let bytes = 0;
  for (const { memory } of columns) bytes += memory;
  if (bytes > mostBytes) throw tooMuch(name);
}

function tooMuch(name: string): UserError {
  return failure(
    'data-file-too-large',
    `${name} would take more than ${mostBytes / 1e9} GB as a table`,
    'Give a part of it: fewer rows, or only the columns that are used.',
  );
}
