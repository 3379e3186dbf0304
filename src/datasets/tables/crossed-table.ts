import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { crossedText, placeIn } from './csv-cells.ts';
import { type CsvOptions, type WrittenCsvOptions, at } from './csv-options.ts';
import type { DataFile } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import { columnsOfTargets } from './table-targets.ts';
import type { PlainRows, StartOfColumn, Table } from './table.ts';

/** Columns that are crosses, by name, each with the columns that it is made of. */
export type Crosses = Readonly<Record<string, readonly string[]>>;

/**
 * A table with its crosses behind its columns; the table itself where it has none.
 *
 * @throws WrongOption where a cross has the name of a column, or is made of what is no column or a target
 */
export function withCrosses(table: Table, { cross = {}, targets }: Pick<CsvOptions, 'cross'> & Targets): Table {
  const crosses = Object.entries(cross);
  if (crosses.length === 0) return table;
  for (const [name, columns] of crosses) {
    if (table.placeOf(name) !== undefined)
      throw wrongCross(at('cross', name), `${table.name} has a column \`${shorten(name)}\` already`);
    for (const [k, column] of columns.entries()) {
      const path = at('cross', name, k);
      if (columnsOfTargets(targets).includes(column)) throw wrongCross(path, `\`${shorten(column)}\` is a target`);
      if (Object.hasOwn(cross, column)) throw wrongCross(path, `\`${shorten(column)}\` is a cross itself`);
      placeIn(table, column, ...path);
    }
  }
  return new CrossedTable(table, cross);
}

interface Targets {
  readonly targets: WrittenCsvOptions['targets'];
}

const wrongCross = (path: OptionPath, problem: string) =>
  new WrongOption(
    path,
    failure('wrong-cross', `cross: ${problem}`, 'A cross has a name of its own and is made of columns of the file.'),
  );

/** A table with columns more, each of the texts of several others. */
export class CrossedTable implements Table {
  readonly columns: readonly string[];
  readonly memory: number;
  private readonly own: Table;
  /** The places of what each cross is made of. */
  private readonly crossed: readonly (readonly number[])[];

  constructor(own: Table, crosses: Crosses) {
    this.own = own;
    this.columns = [...own.columns, ...Object.keys(crosses)];
    this.crossed = Object.values(crosses).map((columns) => columns.map((column) => placeIn(own, column)));
    this.memory = own.memory;
  }

  get name(): string {
    return this.own.name;
  }

  get files(): readonly DataFile[] {
    return this.own.files;
  }

  get decimal(): Table['decimal'] {
    return this.own.decimal;
  }

  get commas(): Set<string> {
    return this.own.commas;
  }

  get count(): number {
    return this.own.count;
  }

  get counted(): 'line' | 'row' {
    return this.own.counted;
  }

  placeOf(column: string): number | undefined {
    const first = this.own.columns.length;
    const place = this.columns.indexOf(column, first);
    return place < first ? this.own.placeOf(column) : place;
  }

  unreadable(column: string): UserError | undefined {
    return this.own.unreadable(column);
  }

  cell(row: number, place: number): string {
    const places = this.crossed[place - this.own.columns.length];
    if (places === undefined) return this.own.cell(row, place);
    return crossedText(
      places.map((one) => this.own.cell(row, one).trim()),
      this.decimal,
    );
  }

  sampleAt(row: number): SamplePlace {
    return this.own.sampleAt(row);
  }

  spotOf(row: number): string {
    return this.own.spotOf(row);
  }

  numbers(): Uint32Array {
    return this.own.numbers();
  }

  *startColumn(place: number): InParts<StartOfColumn> {
    if (place < this.own.columns.length) return yield* this.own.startColumn(place);
    return { values: new Float64Array(this.count), read: 0 };
  }

  readPlain(values: Float64Array, place: number, rows: PlainRows): number {
    return place < this.own.columns.length ? this.own.readPlain(values, place, rows) : rows.from;
  }

  shows(row: number, place: number, decimal: '.' | ','): boolean {
    return place < this.own.columns.length && this.own.shows(row, place, decimal);
  }

  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined {
    if (place < this.own.columns.length) return this.own.reader(place, read);
    const known = new Map<string, number | undefined>();
    return (row) => {
      const cell = this.cell(row, place);
      if (known.has(cell)) return known.get(cell);
      const value = read(cell);
      if (known.size < mostKnown) known.set(cell, value);
      return value;
    };
  }
}

/** Texts whose values are remembered: a cross that is hashed may have as many as there are rows. */
const mostKnown = 10_000;
