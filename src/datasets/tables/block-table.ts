import { type UserError, failure } from '../../base/diagnostics.ts';
import { type Formed, list, object, oneOf, optional, text, whole } from '../../base/json-form.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { CellStore } from './cell-store.ts';
import type { DataFile } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** What is known of a table whose cells lie on the disk. */
export const blockFacts = object({
  columns: list(text()),
  counted: oneOf('line', 'row'),
  /** Of each block its rows, its first segment, and how many columns it has: those that come later have none there. */
  blocks: list(object({ count: whole, first: whole, width: whole })),
  /** Of columns that cannot be read, why. */
  unreadable: list(object({ place: whole, problem: text(), hint: optional(text()) })),
  /** The first whole number of a column that a double does not hold. */
  inexact: list(object({ place: whole, row: whole, value: text() })),
});

/** See blockFacts. */
export type BlockFacts = Formed<typeof blockFacts>;

/** The cells of a column in the rows of a block. */
export interface Segment {
  /** Bytes that it takes. */
  readonly memory: number;
  textAt(row: number): string;
  /** As readPlain of a table. */
  readPlain(values: Float64Array, rows: PlainRows): number;
  /** As shows of a table. */
  shows(row: number, decimal: DecimalMark): boolean;
  /** As reader of a table. */
  reader(read: (cell: string) => number | undefined): (row: number) => number | undefined;
}

/** What a table in blocks is made of. */
interface Given {
  readonly file: DataFile;
  readonly store: CellStore<BlockFacts>;
  readonly decimal: DecimalMark | undefined;
  /** Makes cells of the bytes of a segment; without bytes none of them holds anything. */
  readonly decode: (bytes: Uint8Array<ArrayBuffer> | undefined, count: number) => Segment;
  /** Bytes that cells may take in memory. */
  readonly room: number;
}

/** A table whose cells lie on the disk, of which some segments are in memory: those that were asked for last. */
export class BlockTable implements Table {
  readonly name: string;
  readonly files: readonly DataFile[];
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  readonly commas = new Set<string>();
  readonly count: number;
  readonly counted: 'line' | 'row';
  private readonly given: Given;
  private readonly places: ReadonlyMap<string, number>;
  /** The first row of each block, and the end of all. */
  private readonly firsts: Float64Array;
  /** By block and column, the one that was asked for last behind the others. */
  private readonly held = new Map<number, Segment>();
  private taken = 0;
  private lines: { readonly block: number; readonly of: Uint32Array } | undefined;
  private last = 0;

  constructor(given: Given) {
    const { file, store, decimal } = given;
    const { columns, counted, blocks } = store.facts;
    [this.given, this.name, this.files, this.decimal] = [given, file.name, [file], decimal];
    [this.columns, this.counted] = [columns, counted];
    this.places = new Map(columns.map((column, at) => [column, at]));
    this.firsts = new Float64Array(blocks.length + 1);
    for (const [k, { count }] of blocks.entries()) this.firsts[k + 1] = this.firsts[k]! + count;
    this.count = this.firsts[blocks.length]!;
  }

  get memory(): number {
    return this.given.store.memory + this.given.room;
  }

  placeOf(column: string): number | undefined {
    return this.places.get(column);
  }

  unreadable(column: string): UserError | undefined {
    const place = this.places.get(column);
    const found = this.given.store.facts.unreadable.find((one) => one.place === place);
    return found && failure('unreadable-column', found.problem, found.hint);
  }

  cell(row: number, place: number): string {
    const k = this.blockOf(row);
    return this.segment(k, place).textAt(row - this.firsts[k]!);
  }

  sampleAt(row: number): SamplePlace {
    const number = this.numberOf(row);
    return { file: this.name, ...(this.counted === 'line' ? { line: number } : { sample: number }) };
  }

  spotOf(row: number): string {
    return `${this.counted} ${this.numberOf(row)}`;
  }

  numbers(): Uint32Array {
    if (this.counted === 'row') return Uint32Array.from({ length: this.count }, (_, row) => row + 1);
    const numbers = new Uint32Array(this.count);
    for (const k of this.given.store.facts.blocks.keys()) numbers.set(this.linesOf(k), this.firsts[k]);
    return numbers;
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    this.proveExact(place);
    const values = new Float64Array(this.count);
    const decimal = this.decimal ?? '.';
    let read = 0;
    for (const k of this.given.store.facts.blocks.keys()) {
      yield;
      const [from, to] = [this.firsts[k]!, this.firsts[k + 1]!];
      read = this.readPlain(values, place, { from, to, decimal });
      if (read < to) break;
    }
    return { values, read };
  }

  readPlain(values: Float64Array, place: number, { from, to, decimal }: PlainRows): number {
    for (let row = from; row < to;) {
      const k = this.blockOf(row);
      const [first, end] = [this.firsts[k]!, Math.min(to, this.firsts[k + 1]!)];
      const rows = { from: row - first, to: end - first, decimal };
      row = first + this.segment(k, place).readPlain(values.subarray(first), rows);
      if (row < end) return row;
    }
    return to;
  }

  readWhole(values: Float64Array, place: number): boolean {
    this.proveExact(place);
    if (this.commas.has(this.columns[place]!)) return false;
    return this.readPlain(values, place, { from: 0, to: this.count, decimal: this.decimal ?? '.' }) === this.count;
  }

  shows(row: number, place: number, decimal: DecimalMark): boolean {
    const k = this.blockOf(row);
    return this.segment(k, place).shows(row - this.firsts[k]!, decimal);
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    let [block, of]: [number, (row: number) => number | undefined] = [-1, () => undefined];
    return (row) => {
      const k = this.blockOf(row);
      if (k !== block) [block, of] = [k, this.segment(k, place).reader(read)];
      return of(row - this.firsts[k]!);
    };
  }

  private segment(block: number, place: number): Segment {
    const key = block * this.columns.length + place;
    const known = this.held.get(key);
    if (known !== undefined) {
      this.held.delete(key);
      this.held.set(key, known);
      return known;
    }
    const { store, decode, room } = this.given;
    const { count, first, width } = store.facts.blocks[block]!;
    const made = decode(place < width ? store.read(first + 1 + place) : undefined, count);
    this.taken += made.memory;
    for (const [other, { memory }] of this.held) {
      if (this.taken <= room) break;
      this.held.delete(other);
      this.taken -= memory;
    }
    this.held.set(key, made);
    return made;
  }

  private numberOf(row: number): number {
    if (this.counted === 'row') return row + 1;
    const k = this.blockOf(row);
    return this.linesOf(k)[row - this.firsts[k]!]!;
  }

  private linesOf(block: number): Uint32Array {
    if (this.lines?.block !== block)
      this.lines = {
        block,
        of: new Uint32Array(this.given.store.read(this.given.store.facts.blocks[block]!.first).buffer),
      };
    return this.lines.of;
  }

  /** @throws UserError where a column has numbers that a double does not hold */
  private proveExact(place: number): void {
    const found = this.given.store.facts.inexact.find((one) => one.place === place);
    if (found !== undefined) throw inexact(this, found.row, found.value, this.columns[place]!);
  }

  /** Rows are mostly asked for one after the other. */
  private blockOf(row: number): number {
    const { firsts } = this;
    if (row < firsts[this.last]! || row >= firsts[this.last + 1]!) this.last = blockAt(firsts, row);
    return this.last;
  }
}

/** The block that a row is in. @param firsts the first row of each */
function blockAt(firsts: Float64Array, row: number): number {
  let [low, high] = [0, firsts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (firsts[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** That a column has a whole number that a double does not hold. */
export function inexact(table: Pick<Table, 'name' | 'spotOf'>, row: number, value: string, column: string): UserError {
  return failure(
    'number-not-exact',
    `${table.name}, ${table.spotOf(row)}: ${shorten(column)} is ${value}, ` +
      'beyond the 2^53 up to which whole numbers are exact',
    'An identifier is nothing to learn from: leave it out of `features`. Write a quantity as a float.',
  );
}
