import { tens } from './plain-number.ts';

/** What the form of a number says beside its decimals: that a minus stands before it; that the cell is empty. */
const [withMinus, isEmpty] = [0x10, 0x0f];
/** Bits of a form, and what all of them are. */
const [formBits, allForms] = [5, 0x1f];
/** Digits that do not fit 32 bits beside a form. */
const tooMany = 2 ** (32 - formBits);

/** Decimals that a form has room for. */
export const mostDecimals = isEmpty - 1;

/** What digits are divided by, by the form: no branch on the sign, which nobody can foretell. */
const divisors = Float64Array.from({ length: allForms + 1 }, (_, form) => {
  return form < withMinus ? tens[form]! : -tens[form - withMinus]!;
});

/** Numbers of a column in a block, one of which has many digits. */
interface WideColumn {
  readonly digits: Float64Array;
  readonly forms: Uint8Array;
}

/** Some rows, column after column. */
interface Block {
  /** Digits and form of each number. It can be resized: so its memory is given back at once. */
  readonly packed: Uint32Array<ArrayBuffer>;
  readonly rows: number;
  /** The columns that have a number of more digits, by their places. */
  readonly wide: Map<number, WideColumn>;
}

/**
 * Numbers as they are written: the digits of each as one whole number, how many of them are decimals, and the sign. So
 * most take 4 bytes, give back their text to the letter, and are the double nearest to it: up to 15 digits and a power
 * of ten are exact, which leaves one rounding.
 */
export class NumberBlocks {
  /** Cells of a row. */
  readonly width: number;
  /** Rows that are written before they are kept. */
  readonly room: number;
  /** Those rows, column after column: see write. */
  packed: Uint32Array;
  /** Rows that are kept. */
  count = 0;
  private wide = new Map<number, WideColumn>();
  /** What is read of a column. */
  private readonly some: Uint32Array;
  private readonly blocks: Block[] = [];

  constructor(width: number) {
    this.width = width;
    // Columns of a power of two would all want the same places near the processor.
    this.room = Math.min(4080, Math.max(16, Math.floor(2 ** 17 / width)));
    this.packed = new Uint32Array(this.room * width);
    this.some = new Uint32Array(this.room);
  }

  /** Bytes that they take. */
  get memory(): number {
    let bytes = this.packed.byteLength;
    for (const { packed, wide } of this.blocks) {
      bytes += packed.byteLength;
      for (const { digits, forms } of wide.values()) bytes += digits.byteLength + forms.byteLength;
    }
    return bytes;
  }

  /** Writes a number of digits that are more than 27 bits into a row that is not kept yet. */
  writeWide(row: number, column: number, digits: number, form: number): void {
    let wide = this.wide.get(column);
    if (wide === undefined) {
      wide = { digits: new Float64Array(this.room), forms: new Uint8Array(this.room) };
      this.wide.set(column, wide);
    }
    wide.digits[row] = digits;
    wide.forms[row] = form;
  }

  /** Keeps the rows that were written. */
  keep(rows: number): void {
    const { width, room, packed, wide } = this;
    for (const [column, { digits, forms }] of wide) {
      for (let row = 0; row < rows; row++) {
        if (digits[row] !== 0) continue;
        const code = packed[column * room + row]!;
        digits[row] = code >>> formBits;
        forms[row] = code & allForms;
      }
    }
    const bytes = rows * width * Uint32Array.BYTES_PER_ELEMENT;
    const kept = new Uint32Array(new ArrayBuffer(bytes, { maxByteLength: bytes }));
    for (let column = 0; column < width; column++)
      kept.set(packed.subarray(column * room, column * room + rows), column * rows);
    this.blocks.push({ packed: kept, rows, wide });
    this.wide = new Map();
    this.count += rows;
  }

  /** Nothing follows. */
  end(): void {
    this.packed = new Uint32Array();
  }

  /**
   * Reads numbers of a column into values, by their rows.
   *
   * @returns the first row whose cell is empty, or where it was to end
   */
  read(values: Float64Array, column: number, from: number, to: number): number {
    let row = from;
    while (row < to) {
      const k = Math.floor(row / this.room);
      const { packed, rows, wide } = this.blocks[k]!;
      const first = k * this.room;
      const end = Math.min(to, first + rows);
      const long = wide.get(column);
      if (long === undefined) {
        // What may be resized is read more slowly.
        this.some.set(packed.subarray(column * rows + row - first, column * rows + end - first));
        row = readPacked(values, row, end, this.some);
      } else row = readWide(values, row, end, long, first);
      if (row < end) return row;
    }
    return row;
  }

  /** Lets go of the blocks that lie before a row: nothing of them can be read any more. */
  letGo(before: number): void {
    for (const [k, { packed, rows, wide }] of this.blocks.entries()) {
      if (k * this.room + rows > before) return;
      packed.buffer.resize(0);
      wide.clear();
    }
  }

  /** Whether a row can still be read. */
  has(row: number): boolean {
    return this.blocks[Math.floor(row / this.room)]!.packed.length > 0;
  }

  /** What a number is written with, as one number; undefined where that is more than 32 bits. */
  codeAt(row: number, column: number): number | undefined {
    const { packed, rows, wide } = this.blocks[Math.floor(row / this.room)]!;
    return wide.has(column) ? undefined : packed[column * rows + (row % this.room)]!;
  }

  /** The text of a number. @param mark what stands before its decimals */
  textAt(row: number, column: number, mark: string): string {
    const long = this.blocks[Math.floor(row / this.room)]!.wide.get(column);
    const place = row % this.room;
    const code = this.codeAt(row, column) ?? long!.forms[place]!;
    const decimals = code & isEmpty;
    if (decimals === isEmpty) return '';
    const digits = String(long === undefined ? code >>> formBits : long.digits[place]!).padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    const text = decimals === 0 ? digits : `${digits.slice(0, point)}${mark}${digits.slice(point)}`;
    return (code & withMinus) === 0 ? text : `-${text}`;
  }
}

function readPacked(values: Float64Array, from: number, to: number, packed: Uint32Array): number {
  for (let row = from; row < to; row++) {
    const code = packed[row - from]!;
    if ((code & isEmpty) === isEmpty) return row;
    values[row] = (code >>> formBits) / divisors[code & allForms]!;
  }
  return to;
}

function readWide(
  values: Float64Array,
  from: number,
  to: number,
  { digits, forms }: WideColumn,
  first: number,
): number {
  for (let row = from; row < to; row++) {
    const form = forms[row - first]!;
    if ((form & isEmpty) === isEmpty) return row;
    values[row] = digits[row - first]! / divisors[form]!;
  }
  return to;
}

/** A number of 32 bits of few digits. */
export const packedOf = (digits: number, form: number) => (digits << formBits) | form;
/** The form of a number with so many decimals. @param sign 1 where a minus stands before it, else 0 */
export const formOf = (decimals: number, sign: number) => (sign << 4) | decimals;
/** The form of a cell that nothing stands in. */
export const emptyForm = isEmpty;
/** Whether digits are too many for packedOf. */
export const areMany = (digits: number) => digits >= tooMany;
