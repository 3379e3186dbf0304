import type { Scale } from '../scale.ts';
import type { Table } from './table.ts';

/** Rows that are read at a time: a dictionary of a column comes to the processor once for all of them. */
const stretch = 1 << 14;
/** Rows that are written at a time: they stay near the processor until all columns are. */
const block = 512;

/** Rows of numbers that are made of some rows of a table. */
interface Rows {
  /** Takes them, as many numbers a row as there are places. */
  readonly to: Float32Array;
  /** Which rows of the table they are, from the first to the last. */
  readonly rows: Uint32Array;
}

/** A column whose cells are plain numbers. */
export interface SweptColumn {
  /** Its place in the table, and that among the numbers of a row. */
  readonly from: number;
  readonly place: number;
  readonly scale: Scale;
}

interface Sweep {
  readonly parts: readonly Rows[];
  readonly width: number;
  readonly held: Float64Array;
  readonly letsGo: boolean;
}

/** Whether rows go from the first to the last. */
export function areAscending(rows: Uint32Array): boolean {
  for (let k = 1; k < rows.length; k++) if (rows[k]! <= rows[k - 1]!) return false;
  return true;
}

/**
 * Reads columns of plain numbers some rows at a time, and writes them into rows: column by column each number would
 * wait for the memory of its row.
 *
 * @param held room for a number of each row of the table
 * @param letsGo whether nothing else is made of the table
 */
export function* sweep(
  table: Table,
  columns: readonly SweptColumn[],
  { parts, width, held, letsGo }: Sweep,
): Generator<void, void> {
  const next = parts.map(() => 0);
  const read = columns.map(() => new Float32Array(Math.min(stretch, table.count)));
  for (let first = 0; first < table.count; first += stretch) {
    const range = { from: first, to: Math.min(first + stretch, table.count), decimal: table.decimal ?? '.' } as const;
    for (const [k, { from, scale }] of columns.entries()) {
      yield;
      table.readPlain(held, from, range);
      scaled(read[k]!, held, range, scale);
    }
    for (const [part, rows] of parts.entries())
      next[part] = writeRows(columns, read, { ...rows, width, first, from: next[part]!, before: range.to });
    if (letsGo) table.letGo?.(range.to);
  }
}

function scaled(
  numbers: Float32Array,
  held: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  { mean, deviation }: Scale,
): void {
  for (let row = from; row < to; row++) numbers[row - from] = (held[row]! - mean) / deviation;
}

interface Written extends Rows {
  readonly width: number;
  /** The first row of the table that was read. */
  readonly first: number;
  /** The place of the first row that is written, and the row of the table that none is written from. */
  readonly from: number;
  readonly before: number;
}

/** @returns the place of the first row that was not read yet */
function writeRows(columns: readonly SweptColumn[], read: readonly Float32Array[], written: Written): number {
  const { to, rows, width, first, before } = written;
  let { from } = written;
  while (from < rows.length && rows[from]! < before) {
    let end = from;
    for (const most = Math.min(from + block, rows.length); end < most && rows[end]! < before;) end++;
    for (const [k, { place }] of columns.entries()) {
      const numbers = read[k]!;
      for (let row = from, at = from * width + place; row < end; row++, at += width)
        to[at] = numbers[rows[row]! - first]!;
    }
    from = end;
  }
  return from;
}
