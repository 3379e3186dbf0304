import { isAscii, isUtf8 } from 'node:buffer';
import type { InParts } from '../base/turns.ts';
import type { CsvForm } from './csv-options.ts';
import { CellScanner } from './csv-scanner.ts';
import { mostColumns } from './csv-table.ts';
import { type DataPlace, nameOf } from './data-file.ts';
import { NumberBlocks, areMany, emptyForm, formOf, mostDecimals, packedOf } from './number-blocks.ts';
import { type Found, NumberTable } from './number-table.ts';
import { readInPieces } from './read-bytes.ts';

const [lineFeed, carriageReturn, minus, zero] = [0x0a, 0x0d, 0x2d, 0x30];

/** Bytes of a line, at most. */
const longestLine = 1 << 20;

/** Bytes that are looked at together. */
const wordBytes = 4;

/** Digits that are exact in a double, and those that are exact in 32 bits. */
const [mostDigits, fewDigits] = [15, 9];

/**
 * Reads a CSV file of nothing but plain numbers and empty cells piece by piece, as a table that takes half of its bytes
 * or less.
 *
 * @returns undefined where anything else stands in it, or anything is wrong: reading it as a whole says what
 */
export function* readNumbers(place: DataPlace, form: CsvForm): InParts<NumberTable | undefined> {
  const { delimiter, decimal = '.', comment } = form;
  if (comment !== undefined || delimiter === decimal || !/^[^-\d]$/.test(delimiter) || !isAscii(Buffer.from(delimiter)))
    return undefined;
  const rows = new NumberRows({ ...form, decimal });
  const read = yield* readInPieces(place.path, (piece) => rows.take(piece));
  const found = read === undefined ? undefined : rows.end();
  if (read === undefined || found === undefined) return undefined;
  if (place.sha256 !== undefined && place.sha256 !== read.sha256) return undefined;
  const file = { name: nameOf(place), sha256: read.sha256, bytes: read.size };
  return new NumberTable({ place, file, delimiter, decimal: form.decimal, ...found });
}

/** Takes the rows of a file as they come. */
class NumberRows {
  private readonly form: CsvForm;
  private readonly delimiter: number;
  private readonly mark: number;
  /** A line that has not ended yet, and what follows it; room for an end that the last line has not, and a word. */
  private readonly bytes = Buffer.allocUnsafe(2 * longestLine + 1 + wordBytes);
  private readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  private length = 0;
  private columns: readonly string[] | undefined;
  private numbers: NumberBlocks | undefined;
  private firstLine = 1;
  /** Bytes of the file before those that are here, and where the rows of each block begin in it. */
  private passed = 0;
  private readonly starts: number[] = [];
  /** Rows that are not kept yet. */
  private written = 0;

  constructor(form: CsvForm & { readonly decimal: string }) {
    this.form = form;
    this.delimiter = form.delimiter.charCodeAt(0);
    this.mark = form.decimal.charCodeAt(0);
  }

  /** @returns whether all lines that have ended are numbers */
  take(piece: Uint8Array): boolean {
    const { bytes, length } = this;
    if (piece.length === 0) return true;
    if (length + piece.length + wordBytes >= bytes.length) return false;
    bytes.set(piece, length);
    this.length += piece.length;
    return this.readLines(bytes.lastIndexOf(lineFeed, this.length - 1) + 1);
  }

  /** What was read, once nothing follows; undefined where it is no table. */
  end(): Pick<Found, 'numbers' | 'columns' | 'firstLine' | 'starts'> | undefined {
    if (this.length > 0) {
      this.bytes[this.length++] = lineFeed;
      if (!this.readLines(this.length)) return undefined;
    }
    const { numbers, columns, firstLine, starts } = this;
    if (numbers === undefined || columns === undefined) return undefined;
    if (this.written > 0) numbers.keep(this.written);
    numbers.end();
    const isNone = numbers.count === 0 || new Set(columns).size < columns.length;
    return isNone ? undefined : { numbers, columns, firstLine, starts };
  }

  private readLines(end: number): boolean {
    if (end === 0) return true;
    let at: number | undefined = 0;
    if (this.columns === undefined) {
      at = this.readNames(end);
      if (at === undefined) return false;
      this.starts.push(at);
    }
    if (!this.readRows(at, end)) return false;
    this.bytes.copyWithin(0, end, this.length);
    this.length -= end;
    this.passed += end;
    return true;
  }

  /** @returns where the first row begins; undefined where the names of the columns are nothing plain */
  private readNames(end: number): number | undefined {
    const { form, bytes } = this;
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    let at = hasMark ? 3 : 0;
    let names = form.columns;
    if (names === undefined) {
      const scanner = new CellScanner(bytes.subarray(0, end), form.delimiter);
      const found: string[] = [];
      for (let isLast = false; !isLast;) {
        const stop = scanner.endOf(at);
        if (stop >= end || found.length > mostColumns) return undefined;
        isLast = !scanner.isDelimiter(stop);
        if (isLast && scanner.wrongQuote(at, stop) !== undefined) return undefined;
        if (bytes[stop] === carriageReturn && bytes[stop + 1] !== lineFeed) return undefined;
        found.push(scanner.textAt(at).trim());
        at = scanner.behind(stop);
      }
      const line = bytes.subarray(0, at);
      if (!isUtf8(line) || line.includes(0) || (found.length === 1 && found[0] === '')) return undefined;
      this.firstLine = scanner.lineAt(at);
      names = found;
    }
    this.columns = names;
    this.numbers = new NumberBlocks(names.length);
    return at;
  }

  private readRows(from: number, end: number): boolean {
    const { bytes, view, delimiter, mark } = this;
    const numbers = this.numbers!;
    const { width, room } = numbers;
    const { packed } = numbers;
    let row = this.written;
    for (let at = from; at < end;) {
      for (let column = 0; column < width; column++) {
        let byte = bytes[at]!;
        // 1 for a minus, without a branch.
        const sign = ((byte ^ minus) - 1) >>> 31;
        at += sign;
        byte = bytes[at]!;
        const start = at;
        let whole = 0;
        for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
          whole = (Math.imul(whole, 10) + digit) | 0;
          byte = bytes[++at]!;
        }
        let length = at - start;
        // Texts are made of numbers again: a zero too many would be lost.
        if (length > 1 && bytes[start] === zero) return false;
        let decimals = 0;
        if (byte === mark) {
          const point = at++;
          // Most of a number stands here: four digits take as long as one.
          for (let word = view.getInt32(at, true); areDigits(word); word = view.getInt32(at, true)) {
            whole = (Math.imul(whole, 10_000) + numberOf(word)) | 0;
            at += wordBytes;
          }
          byte = bytes[at]!;
          for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
            whole = (Math.imul(whole, 10) + digit) | 0;
            byte = bytes[++at]!;
          }
          decimals = at - point - 1;
          if (length === 0 || decimals === 0 || decimals > mostDecimals) return false;
          length += decimals;
        } else if (length === 0) {
          // A line without anything is none.
          if (sign === 1 || width === 1) return false;
          decimals = emptyForm;
        }
        if (length > mostDigits) return false;
        const form = formOf(decimals, sign);
        packed[column * room + row] = packedOf(whole, form);
        if (length > fewDigits || areMany(whole))
          numbers.writeWide(row, column, length > fewDigits ? wholeOf(bytes, start, at) : whole, form);
        if (column < width - 1) {
          if (byte !== delimiter) return false;
        } else {
          if (byte === carriageReturn) byte = bytes[++at]!;
          if (byte !== lineFeed) return false;
        }
        at++;
      }
      if (++row < room) continue;
      numbers.keep(row);
      this.starts.push(this.passed + at);
      row = 0;
    }
    this.written = row;
    return true;
  }
}

/** Whether four bytes are digits: their upper halves are 3, and still are with 6 more, which carries from ten on. */
const areDigits = (word: number) =>
  (word & 0xf0_f0_f0_f0) === 0x30_30_30_30 && ((word + 0x06_06_06_06) & 0xf0_f0_f0_f0) === 0x30_30_30_30;

/** The number of four digits, the first of which is in the lowest byte: two and two of them, then both. */
function numberOf(word: number): number {
  const digits = word & 0x0f_0f_0f_0f;
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

/** The digits of a number, whatever stands between them. */
function wholeOf(bytes: Uint8Array, from: number, to: number): number {
  let whole = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - zero;
    if (digit >>> 0 < 10) whole = whole * 10 + digit;
  }
  return whole;
}
