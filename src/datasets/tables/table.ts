import type { UserError } from '../../base/diagnostics.ts';
import type { InParts } from '../../base/turns.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { WrittenCsvOptions } from './csv-options.ts';
import type { DataFile, DataPlace } from '../files/data-file.ts';
import type { SamplePlace } from '../dataset.ts';

/** The numbers of a column, of which the first ones are read. */
export interface StartOfColumn {
  readonly values: Float64Array;
  /** How many rows are. */
  readonly read: number;
}

/** Rows of a table that are read into a column of numbers. */
export interface PlainRows {
  readonly from: number;
  readonly to: number;
  /** What stands before the decimals. */
  readonly decimal: DecimalMark;
}

/** A table that was read, whatever it was read from: columns with names, and cells that have a text each. */
export interface Table {
  /** What messages call it. */
  readonly name: string;
  /** The files that it was read from, in the order of its rows. */
  readonly files: readonly DataFile[];
  /** What stands before the decimals; left out where each column shows it. */
  readonly decimal: DecimalMark | undefined;
  readonly columns: readonly string[];
  /** Columns whose cells have shown that a comma stands before the decimals. */
  readonly commas: Set<string>;
  /** Rows, without the names of the columns. */
  readonly count: number;
  /** What its rows are known by. */
  readonly counted: 'line' | 'row';
  /** Bytes that it takes. */
  readonly memory: number;

  /** The place of a column; undefined where there is none of the name. */
  placeOf(column: string): number | undefined;
  /** Why a column cannot be read, as it holds lists or objects; its cells are empty. Undefined where it can. */
  unreadable(column: string): UserError | undefined;
  /** What stands in a cell; '' where nothing does. @param row counted from 0 */
  cell(row: number, place: number): string;
  /** The file of a row, and its line or number there. */
  sampleAt(row: number): SamplePlace;
  /** Where a row stands in what `name` calls: `line 3`, `row 2`, `line 3 of b.csv`. */
  spotOf(row: number): string;
  /** The lines or numbers of all rows in their files, counted from 1. */
  numbers(): Uint32Array;
  /**
   * Begins to read a column: its plain numbers, up to the first cell that may be something else.
   *
   * @returns values that are the taker's own
   * @throws UserError where it holds numbers that would be read as others
   */
  startColumn(place: number): InParts<StartOfColumn>;
  /**
   * Reads the plain numbers of a column, from a row up to another.
   *
   * @param values takes them, by their rows
   * @returns the first row of which it is not certain that its cell is one
   */
  readPlain(values: Float64Array, place: number, rows: PlainRows): number;
  /** Whether some rows of one column after the other are read as fast as one column after the other. Left out: no. */
  readonly isSwept?: true;
  /**
   * Reads a column into as many values as there are rows, where all its cells are plain numbers. Left out: a column
   * alone takes longer than `startColumn`.
   *
   * @returns whether they are
   * @throws as startColumn
   */
  readWhole?(values: Float64Array, place: number): boolean;
  /**
   * Lets go of what numbers of the rows before one are made of, which nobody asks for any more; texts of their cells
   * are read from the file then. Left out: all is kept.
   */
  letGo?(before: number): void;
  /** Whether a cell is a number that shows what stands before the decimals; false where it takes longer to say. */
  shows(row: number, place: number, decimal: DecimalMark): boolean;
  /** Reads cells of a column by their texts, without blanks around them, and most of those that are alike once. */
  reader(place: number, read: (cell: string) => number | undefined): (row: number) => number | undefined;
}

/** A format of tables. */
export interface TableFormat {
  /** The data set's name. */
  readonly name: string;
  /** Bytes that its tables may take in memory while they are read. Left out: what is usual. */
  readonly memory?: number;
  /**
   * Reads a file.
   *
   * @param room bytes that its cells may take in memory, and others lie on the disk; left out: all are in memory
   * @throws UserError where it is missing or damaged, has no rows, or is no table of the format
   */
  read(place: DataPlace, given: WrittenCsvOptions, room?: number): InParts<Table>;
  /** Bytes that a file's table takes in memory, about; Infinity where it is too large to be read as a whole. */
  sizeOf(place: DataPlace): number;
  /**
   * Reads what a file begins with.
   *
   * @param bytes of it to read, about
   * @returns undefined where all of it has to be read, as it is short, or to say what is wrong with it
   * @throws UserError of a mistake in its beginning, which may be none once all is read
   */
  readHead(place: DataPlace, bytes: number, given: WrittenCsvOptions): InParts<TableHead | undefined>;
}

/** The first rows of a file. */
export interface TableHead {
  readonly table: Table;
  /** Which share of the file's rows these are: an estimate, more than 0. */
  readonly share: number;
}
