import type { Scale } from './scale.ts';
import type { Table } from './table.ts';

/** Rows that are read and written at a time: they stay near the processor until all columns are. */
const block = 1024;

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

/** Whether rows go from the first to the last. */
export const areAscending = (rows: Uint32Array): boolean => rows.every((row, k) => k === 0 || row > rows[k - 1]!);

/**
 * Reads columns of plain numbers some rows at a time, and writes them into rows: column by column each number would
 * wait for the memory of its row.
 *
 * @param held room for a number of each row of the table
 */
export function* sweep(
  table: Table,
  columns: readonly SweptColumn[],
  { parts, width, held }: { readonly parts: readonly Rows[]; readonly width: number; readonly held: Float64Array },
): Generator<void, void> {
  const next = parts.map(() => 0);
  for (let first = 0; first < table.count; first += block) {
    yield;
    const range = { from: first, to: Math.min(first + block, table.count), decimal: table.decimal ?? '.' } as const;
    const ends = parts.map(({ rows }, part) => {
      let end = next[part]!;
      while (end < rows.length && rows[end]! < range.to) end++;
      return end;
    });
    for (const { from, place, scale } of columns) {
      table.readPlain(held, from, range);
      for (const [part, { to, rows }] of parts.entries())
        write({ to, rows, width, place, from: next[part]!, end: ends[part]! }, held, scale);
    }
    for (const [part, end] of ends.entries()) next[part] = end;
  }
}

interface Written extends Rows {
  readonly width: number;
  readonly place: number;
  readonly from: number;
  readonly end: number;
}

function write({ to, rows, width, place, from, end }: Written, held: Float64Array, { mean, deviation }: Scale): void {
  for (let k = from; k < end; k++) to[k * width + place] = (held[rows[k]!]! - mean) / deviation;
}
