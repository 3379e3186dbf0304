import { readSync, writeSync } from 'node:fs';
import type { RowTaker } from './row-filler.ts';
import type { Scale } from '../scale.ts';

/** Numbers that are written at a time. */
const together = 1 << 16;

/** Samples whose numbers are written together, where they come sample by sample. */
const someSamples = 1 << 10;

const float = Float32Array.BYTES_PER_ELEMENT;

/** Numbers that come sample by sample and are not written yet, place after place. */
interface Waiting {
  readonly place: number;
  readonly width: number;
  readonly first: number;
  readonly numbers: Float32Array;
  count: number;
}

/**
 * The numbers of an input in a file, column after column, so that they are never in memory together. They are read back
 * in rows.
 */
export class ColumnSpill implements RowTaker {
  private readonly file: number;
  private readonly from: number;
  private readonly width: number;
  private readonly rows: Uint32Array;
  private waiting: Waiting | undefined;

  /**
   * @param file open for reading and writing
   * @param from its byte where they begin
   * @param width numbers of a row
   * @param rows which of a column's numbers they are, in their order
   */
  constructor(file: number, from: number, width: number, rows: Uint32Array) {
    [this.file, this.from, this.width, this.rows] = [file, from, width, rows];
  }

  /** Bytes that all of them take. */
  get bytes(): number {
    return this.rows.length * this.width * float;
  }

  put(place: number, numbers: Float64Array, { mean, deviation }: Scale): void {
    this.putMade(place, numbers, (number) => (number - mean) / deviation);
  }

  putMade(place: number, numbers: Float64Array, make: (number: number) => number): void {
    const { rows } = this;
    for (let from = 0; from < rows.length; from += together) {
      const some = new Float32Array(Math.min(together, rows.length - from));
      for (let k = 0; k < some.length; k++) some[k] = make(numbers[rows[from + k]!]!);
      this.write(place, from, some);
    }
  }

  putSome(sample: number, place: number, numbers: Int32Array | Float32Array): void {
    if (this.waiting?.place !== place || this.waiting.count === someSamples) this.end();
    this.waiting ??= {
      place,
      width: numbers.length,
      first: sample,
      numbers: new Float32Array(numbers.length * someSamples),
      count: 0,
    };
    const { waiting } = this;
    for (let k = 0; k < numbers.length; k++) waiting.numbers[k * someSamples + waiting.count] = numbers[k]!;
    waiting.count++;
  }

  end(): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) return;
    const { place, width, first, numbers, count } = waiting;
    for (let k = 0; k < width; k++)
      this.write(place + k, first, numbers.subarray(k * someSamples, k * someSamples + count));
  }

  /** Some samples, as many numbers each as a row has. @throws the file system's own error */
  readRows(first: number, count: number): Float32Array<ArrayBuffer> {
    const { width } = this;
    const rows = new Float32Array(count * width);
    const column = new Float32Array(count);
    for (let place = 0; place < width; place++) {
      const bytes = new Uint8Array(column.buffer);
      for (let done = 0; done < bytes.length;) {
        const read = readSync(this.file, bytes, done, bytes.length - done, this.byteOf(place, first) + done);
        if (read === 0) throw Object.assign(new Error('a file that was just written ends too soon'), { code: 'EIO' });
        done += read;
      }
      for (let k = 0; k < count; k++) rows[k * width + place] = column[k]!;
    }
    return rows;
  }

  private byteOf(place: number, sample: number): number {
    return this.from + (place * this.rows.length + sample) * float;
  }

  private write(place: number, sample: number, numbers: Float32Array): void {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.file, bytes, done, bytes.length - done, this.byteOf(place, sample) + done);
  }
}
