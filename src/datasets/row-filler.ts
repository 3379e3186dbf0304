import type { Scale } from './scale.ts';

/** Columns that are written together. */
const together = 4;
/** Rows that are written at a time: they stay near the processor until all those columns are. */
const block = 512;

/**
 * Writes columns of numbers into rows, some of them at a time: one by one, each number would wait for the memory of its
 * row.
 */
export class RowFiller {
  private readonly to: Float32Array;
  private readonly width: number;
  private readonly rows: Uint32Array;
  private readonly columns: Float32Array[] = [];
  private readonly places: number[] = [];

  /** @param to takes them, `width` numbers a row @param rows which of a column's numbers they are, in their order */
  constructor(to: Float32Array, width: number, rows: Uint32Array) {
    [this.to, this.width, this.rows] = [to, width, rows];
  }

  /** Takes the numbers of a column, which may change from here on. @param place among those of a row */
  put(place: number, numbers: Float64Array, { mean, deviation }: Scale): void {
    const { rows } = this;
    const at = this.places.push(place) - 1;
    const column = (this.columns[at] ??= new Float32Array(rows.length));
    for (let k = 0; k < rows.length; k++) column[k] = (numbers[rows[k]!]! - mean) / deviation;
    if (this.places.length === together) this.end();
  }

  /** Writes what was taken. */
  end(): void {
    const { to, width, rows, columns, places } = this;
    for (let from = 0; from < rows.length; from += block) {
      const end = Math.min(from + block, rows.length);
      for (const [at, place] of places.entries()) {
        const column = columns[at]!;
        for (let k = from; k < end; k++) to[k * width + place] = column[k]!;
      }
    }
    places.length = 0;
  }
}
