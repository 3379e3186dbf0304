import { closeSync } from 'node:fs';
import { openFile } from '../../base/read-file.ts';
import { type InParts, atOnce } from '../../base/turns.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { DataFile, DataPlace } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';
import { changed } from '../files/file-blocks.ts';
import type { NumberBlocks } from './number-blocks.ts';
import { explainUnread, hashFile, readPart } from '../files/read-bytes.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** Bytes of digits from which on they are let go of once numbers are made of them. */
const leastLetGo = 1e6;

/** Cells of a column that are read once where they are alike. */
const mostSeen = 4096;

/** What a file of numbers holds. */
export interface Found {
  readonly place: DataPlace;
  readonly file: DataFile;
  readonly delimiter: string;
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly numbers: NumberBlocks;
  /** The line of the first row. */
  readonly firstLine: number;
  /** Where the rows of each block begin in the file. */
  readonly starts: readonly number[];
}

/** A CSV file of nothing but numbers, each row in a line: of its cells it keeps the digits. */
export class NumberTable implements Table {
  readonly name: string;
  readonly files: readonly DataFile[];
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly commas = new Set<string>();
  readonly count: number;
  readonly counted = 'line';
  readonly isSwept = true;
  private readonly digits: NumberBlocks;
  private readonly mark: DecimalMark;
  private readonly firstLine: number;
  private readonly places: ReadonlyMap<string, number>;
  private readonly found: Found;
  private again: { readonly block: number; readonly lines: readonly string[] } | undefined;

  constructor(found: Found) {
    const { file, decimal, columns, numbers, firstLine } = found;
    [this.found, this.name, this.files, this.decimal, this.columns] = [found, file.name, [file], decimal, columns];
    [this.digits, this.count, this.firstLine] = [numbers, numbers.count, firstLine];
    this.mark = decimal ?? '.';
    this.places = new Map(columns.map((column, at) => [column, at]));
  }

  get memory(): number {
    return this.digits.memory;
  }

  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  unreadable(): undefined {
    return undefined;
  }

  cell(row: number, place: number): string {
    return this.digits.has(row) ? this.digits.textAt(row, place, this.mark) : this.cellAgain(row, place);
  }

  letGo(before: number): void {
    if (this.memory >= leastLetGo) this.digits.letGo(before);
  }

  sampleAt(row: number): SamplePlace {
    return { file: this.name, line: this.firstLine + row };
  }

  spotOf(row: number): string {
    return `line ${this.firstLine + row}`;
  }

  numbers(): Uint32Array {
    return Uint32Array.from({ length: this.count }, (_, row) => this.firstLine + row);
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    yield;
    const values = new Float64Array(this.count);
    return { values, read: this.digits.read(values, place, 0, this.count) };
  }

  readPlain(values: Float64Array, place: number, { from, to, decimal }: PlainRows): number {
    return decimal === this.mark ? this.digits.read(values, place, from, to) : from;
  }

  readWhole(values: Float64Array, place: number): boolean {
    return this.commas.size === 0 && this.digits.read(values, place, 0, this.count) === this.count;
  }

  /** A cell whose digits were let go of, from the file. @throws UserError where that is no longer what it was */
  private cellAgain(row: number, place: number): string {
    const block = Math.floor(row / this.digits.room);
    if (this.again?.block !== block) this.again = { block, lines: this.linesAgain(block) };
    const line = this.again.lines[row - block * this.digits.room]!;
    return line.split(this.found.delimiter)[place]!.trimEnd();
  }

  private linesAgain(block: number): readonly string[] {
    const { place, file, starts } = this.found;
    try {
      if (this.again === undefined && atOnce(hashFile(place.path)) !== file.sha256) throw changed(place);
      const opened = openFile(place.path);
      try {
        const from = starts[block]!;
        const bytes = readPart(opened, from, (starts[block + 1] ?? file.bytes) - from);
        return Buffer.from(bytes).toString('latin1').split('\n');
      } finally {
        closeSync(opened);
      }
    } catch (error) {
      throw explainUnread(place, error);
    }
  }

  shows(): boolean {
    return false;
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    const seen = new Map<number, number>();
    return (row) => {
      const code = this.digits.codeAt(row, place);
      if (code === undefined) return read(this.cell(row, place));
      const known = seen.get(code);
      if (known !== undefined) return known;
      const value = read(this.cell(row, place));
      if (value !== undefined && seen.size < mostSeen) seen.set(code, value);
      return value;
    };
  }
}
