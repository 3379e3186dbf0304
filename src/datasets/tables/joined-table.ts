import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { DataFile } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** Tables of the same columns as one, row after row. */
export class JoinedTable implements Table {
  readonly name: string;
  readonly files: readonly DataFile[];
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly commas = new Set<string>();
  readonly count: number;
  readonly counted: 'line' | 'row';
  private readonly parts: readonly Table[];
  /** The first row of each part, and the end of all. */
  private readonly firsts: readonly number[];
  private last = 0;

  /** @throws UserError where their columns differ */
  constructor(parts: readonly [Table, ...Table[]]) {
    const [first, ...others] = parts;
    for (const other of others) proveSame(first, other);
    this.name = `${first.name} and ${others.length} more`;
    [this.parts, this.columns, this.decimal] = [parts, first.columns, first.decimal];
    this.counted = first.counted;
    this.files = parts.flatMap(({ files }) => files);
    const firsts = [0];
    for (const { count } of parts) firsts.push(firsts.at(-1)! + count);
    this.firsts = firsts;
    this.count = firsts.at(-1)!;
  }

  get memory(): number {
    return this.parts.reduce((sum, { memory }) => sum + memory, 0);
  }

  placeOf(column: string): number | undefined {
    return this.parts[0]!.placeOf(column);
  }

  unreadable(column: string): UserError | undefined {
    for (const part of this.parts) {
      const problem = part.unreadable(column);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  cell(row: number, place: number): string {
    const k = this.partOf(row);
    return this.parts[k]!.cell(row - this.firsts[k]!, place);
  }

  sampleAt(row: number): SamplePlace {
    const k = this.partOf(row);
    return this.parts[k]!.sampleAt(row - this.firsts[k]!);
  }

  spotOf(row: number): string {
    const k = this.partOf(row);
    const { name } = this.parts[k]!;
    return `${this.parts[k]!.spotOf(row - this.firsts[k]!)} of ${name}`;
  }

  numbers(): Uint32Array {
    const numbers = new Uint32Array(this.count);
    for (const [k, part] of this.parts.entries()) numbers.set(part.numbers(), this.firsts[k]);
    return numbers;
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    const values = new Float64Array(this.count);
    let read = 0;
    for (const [k, part] of this.parts.entries()) {
      const start = yield* part.startColumn(place);
      values.set(start.values, this.firsts[k]);
      if (read === this.firsts[k]) read += start.read;
    }
    return { values, read };
  }

  readPlain(values: Float64Array, place: number, { from, to, decimal }: PlainRows): number {
    for (let row = from; row < to;) {
      const k = this.partOf(row);
      const [first, end] = [this.firsts[k]!, Math.min(to, this.firsts[k + 1]!)];
      const rows = { from: row - first, to: end - first, decimal };
      row = first + this.parts[k]!.readPlain(values.subarray(first), place, rows);
      if (row < end) return row;
    }
    return to;
  }

  shows(row: number, place: number, decimal: DecimalMark): boolean {
    const k = this.partOf(row);
    return this.parts[k]!.shows(row - this.firsts[k]!, place, decimal);
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    const readers = this.parts.map((part) => part.reader(place, read));
    return (row) => {
      const k = this.partOf(row);
      return readers[k]!(row - this.firsts[k]!);
    };
  }

  /** Rows are mostly asked for one after the other. */
  private partOf(row: number): number {
    const { firsts } = this;
    if (row < firsts[this.last]!) this.last = 0;
    while (row >= firsts[this.last + 1]!) this.last++;
    return this.last;
  }
}

function proveSame(first: Table, other: Table): void {
  const at = first.columns.findIndex((column, k) => column !== other.columns[k]);
  if (at < 0 && first.columns.length === other.columns.length) return;
  const [one, its] = [first, other].map(({ columns }) => columns[at < 0 ? first.columns.length : at]);
  const called = (column: string | undefined) => (column === undefined ? 'none' : `\`${shorten(column)}\``);
  throw failure(
    'columns-differ',
    `${other.name} has other columns than ${first.name}: ` +
      `column ${(at < 0 ? first.columns.length : at) + 1} is ${called(its)} instead of ${called(one)}`,
    'Files of one table need the same columns, in the same order.',
  );
}
