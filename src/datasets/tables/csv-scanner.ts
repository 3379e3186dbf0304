import { isAscii } from 'node:buffer';
import type { Misfit } from '../../base/row.ts';
import type { DecimalMark } from '../../base/written-number.ts';
import type { PlainForm } from './plain-number.ts';

const [lineFeed, carriageReturn, blank, quote] = [0x0a, 0x0d, 0x20, 0x22];

/** Finds where cells end in the bytes of a table, which are UTF-8: no byte of a character looks like another one. */
export class CellScanner {
  readonly bytes: Uint8Array;
  private readonly buffer: Buffer;
  private readonly encoding: BufferEncoding;
  private readonly delimiter: Uint8Array;
  /** 1 for each byte that a cell without quotes may end at. */
  private readonly stops = new Uint8Array(256);
  private readonly plain: Readonly<Record<DecimalMark, PlainForm | undefined>>;

  constructor(bytes: Uint8Array, delimiter: string) {
    this.bytes = bytes;
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.encoding = isAscii(bytes) ? 'latin1' : 'utf8';
    this.delimiter = Buffer.from(delimiter);
    for (const byte of [lineFeed, carriageReturn, quote, this.delimiter[0]!]) this.stops[byte] = 1;
    this.plain = { '.': this.formOf('.'), ',': this.formOf(',') };
  }

  isQuoted(start: number): boolean {
    return this.bytes[start] === quote;
  }

  /**
   * The place behind a cell; where a quote stands in a cell that none opens, that quote's; more than there are bytes
   * where a quote is not closed.
   */
  endOf(start: number): number {
    const { bytes, stops } = this;
    let [end, byte] = [start, bytes[start]!];
    if (byte === quote) return this.endOfQuoted(start);
    const [delimiter] = this.delimiter;
    while (end < bytes.length && (stops[byte] === 0 || (byte === delimiter && !this.isDelimiter(end))))
      byte = bytes[++end]!;
    return end;
  }

  /** What stands in a cell, without its quotes. */
  textAt(start: number): string {
    const end = this.endOf(start);
    if (!this.isQuoted(start)) return this.buffer.toString(this.encoding, start, end);
    return this.buffer.toString(this.encoding, start + 1, end - 1).replaceAll('""', '"');
  }

  /** The place of the next cell, or of the next line. @param end of a cell */
  behind(end: number): number {
    if (this.isDelimiter(end)) return end + this.delimiter.length;
    return this.bytes[end] === carriageReturn && this.bytes[end + 1] === lineFeed ? end + 2 : end + 1;
  }

  /** The place of the line behind the one that a place is in, whatever stands there. */
  behindLine(at: number): number {
    const { bytes } = this;
    let end = at;
    while (end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== carriageReturn) end++;
    return this.behind(end);
  }

  /** Whether the last line has an end, as all others do. */
  get endsInLine(): boolean {
    return this.bytes.at(-1) === lineFeed || this.bytes.at(-1) === carriageReturn;
  }

  isDelimiter(at: number): boolean {
    const { bytes, delimiter } = this;
    if (bytes[at] !== delimiter[0]) return false;
    for (let k = 1; k < delimiter.length; k++) if (bytes[at + k] !== delimiter[k]) return false;
    return true;
  }

  /**
   * What is wrong with the quotes of a cell, told where it begins: what a missing one lets run together ends anywhere.
   */
  wrongQuote(start: number, end: number): (Misfit & { readonly hint: string }) | undefined {
    const next = this.bytes[end];
    if (next === lineFeed || next === carriageReturn || end === this.bytes.length || this.isDelimiter(end))
      return undefined;
    if (end > this.bytes.length)
      return {
        problem: 'a quote that opens a cell has no end',
        hint: 'Close it. A quote in a quoted cell is written twice.',
      };
    if (!this.isQuoted(start))
      return {
        problem: 'a quote stands in a cell that does not begin with one',
        hint: 'Put the whole cell in quotes, without blanks around them, and write a quote in it twice.',
      };
    const lines = this.lineAt(end) - this.lineAt(start);
    const ended = lines === 0 ? '' : ` ${lines} ${lines === 1 ? 'line' : 'lines'} below`;
    return {
      problem: `a cell goes on behind its closing quote${ended}`,
      hint:
        `${lines === 0 ? '' : 'Is the quote that opens it closed? '}Nothing may stand behind the quote, ` +
        'blanks neither, and a quote in a quoted cell is written twice.',
    };
  }

  /** The line of a place, counted from 1. @param from where a line begins @param first its number */
  lineAt(place: number, from = 0, first = 1): number {
    const { bytes } = this;
    let line = first;
    for (let at = from; at < place; at++) {
      const byte = bytes[at];
      if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) line++;
    }
    return line;
  }

  /** How its plain numbers are written; undefined where their characters stand between cells, too. */
  plainForm(decimal: DecimalMark): PlainForm | undefined {
    return this.plain[decimal];
  }

  private formOf(decimal: DecimalMark): PlainForm | undefined {
    const [delimiter, ...more] = this.delimiter;
    const character = String.fromCharCode(delimiter!);
    if (more.length > 0 || character === decimal || /[-+\deE]/.test(character)) return undefined;
    const ends = this.stops.slice();
    ends[quote] = 0;
    return { mark: decimal.charCodeAt(0), blank: delimiter === blank ? -1 : blank, ends };
  }

  private endOfQuoted(start: number): number {
    const { bytes } = this;
    for (let at = start + 1; at < bytes.length; at++) {
      if (bytes[at] !== quote) continue;
      if (bytes[at + 1] !== quote) return at + 1;
      at++;
    }
    return bytes.length + 1;
  }
}
