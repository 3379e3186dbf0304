import type { Scale } from '../scale.ts';

/** Columns that are written together. */
const together = 4;
/** Rows that are written at a time: they stay near the processor until all those columns are. */
const block = 512;

/** Takes the numbers of an input, of the samples of a part. Each is at a place among those of a row. */
export interface RowTaker {
  /** Takes those of a column of the table, which may change from here on, less the mean and divided. */
  put(place: number, numbers: Float64Array, scale: Scale): void;
  /** Takes what is made of each number of a column. */
  putMade(place: number, numbers: Float64Array, make: (number: number) => number): void;
  /** Takes some numbers of a sample; samples come one after the other. @param place of the first */
  putSome(sample: number, place: number, numbers: Int32Array | Float32Array): void;
  /** Nothing follows. */
  end(): void;
}

/**
 * Writes columns of numbers into rows, some of them at a time: one by one, each number would wait for the memory of its
 * row.
 */
export class RowFiller implements RowTaker {
  private readonly to: Float32Array;
  private readonly width: number;
  private readonly rows: Uint32Array;
  private readonly columns: Float32Array[] = [];
  private readonly places: number[] = [];

  /** @param to takes them, `width` numbers a row @param rows which of a column's numbers they are, in their order */
  constructor(to: Float32Array, width: number, rows: Uint32Array) {
    [this.to, this.width, this.rows] = [to, width, rows];
  }

  put(place: number, numbers: Float64Array, { mean, deviation }: Scale): void {
    const { rows } = this;
    const at = this.places.push(place) - 1;
    const column = (this.columns[at] ??= new Float32Array(rows.length));
    for (let k = 0; k < rows.length; k++) column[k] = (numbers[rows[k]!]! - mean) / deviation;
    if (this.places.length === together) this.end();
  }

  putMade(place: number, numbers: Float64Array, make: (number: number) => number): void {
    const { to, width, rows } = this;
    for (let k = 0; k < rows.length; k++) to[k * width + place] = make(numbers[rows[k]!]!);
  }

  putSome(sample: number, place: number, numbers: Int32Array | Float32Array): void {
    this.to.set(numbers, sample * this.width + place);
  }

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
