import type { InParts } from '../base/turns.ts';
import type { DecimalMark } from '../base/written-number.ts';
import type { DataFile } from './data-file.ts';
import type { SamplePlace } from './dataset.ts';
import type { NumberBlocks } from './number-blocks.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** Cells of a column that are read once where they are alike. */
const mostSeen = 4096;

interface Found {
  readonly file: DataFile;
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly numbers: NumberBlocks;
  /** The line of the first row. */
  readonly firstLine: number;
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

  constructor({ file, decimal, columns, numbers, firstLine }: Found) {
    [this.name, this.files, this.decimal, this.columns] = [file.name, [file], decimal, columns];
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
    return this.digits.textAt(row, place, this.mark);
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
