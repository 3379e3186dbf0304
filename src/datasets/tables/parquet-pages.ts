import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import type { TypedCell } from './column-table.ts';
import type { CellReader, RawValue } from './parquet-cells.ts';

/** A page of a column, unpacked. */
export interface ParquetPage {
  readonly bytes: Uint8Array;
  /** What says which cells have a value; left out: it stands in front of the values. */
  readonly levels?: Uint8Array;
  readonly encoding: string;
  /** Cells, those without a value among them. */
  readonly count: number;
}

/** What is thrown of a file that is not as Parquet is. @param problem as what follows `... cannot be read` */
export const damaged = (problem: string) => new Error(problem);

/** Bytes that texts may have which begin as those before do. */
const mostShared = 256e6;

/** The cells of a dictionary. */
export function dictionaryOf(bytes: Uint8Array, count: number, reader: CellReader): readonly TypedCell[] {
  const next = plain(bytes, reader);
  return Array.from({ length: Math.min(count, 8 * bytes.length) }, () => reader.cell(next()));
}

/** The cells of a page. @param dictionary of the pages before it */
export function* cellsOf(
  page: ParquetPage,
  reader: CellReader,
  dictionary: readonly TypedCell[] | undefined,
): Generator<TypedCell> {
  const { count } = page;
  let [levels, values] = [page.levels, page.bytes];
  if (levels === undefined && reader.isOptional) {
    const length = viewOf(values).getUint32(0, true);
    [levels, values] = [values.subarray(4, 4 + length), values.subarray(4 + length)];
  }
  const present = reader.isOptional ? hybrid(levels ?? values, 1, count) : undefined;
  let some = count;
  for (let row = 0; row < count; row++) if (present !== undefined && present[row] === 0) some--;
  const next = valuesOf({ bytes: values, encoding: page.encoding, count: some }, reader, dictionary);
  for (let row = 0; row < count; row++) yield present === undefined || present[row] === 1 ? next() : undefined;
}

/** Gives one value of a page after the other. */
function valuesOf(
  { bytes, encoding, count }: Omit<ParquetPage, 'levels'>,
  reader: CellReader,
  dictionary: readonly TypedCell[] | undefined,
): () => TypedCell {
  const { type, cell } = reader;
  if (count === 0) return () => undefined;
  if (encoding.endsWith('_DICTIONARY')) {
    const indices = hybrid(bytes.subarray(1), bytes[0]!, count);
    let at = 0;
    return () => {
      const index = indices[at++]!;
      if (dictionary === undefined || index >= dictionary.length) throw damaged('a value of it is in no dictionary');
      return dictionary[index];
    };
  }
  if (encoding === 'PLAIN') {
    const next = plain(bytes, reader);
    return () => cell(next());
  }
  if (encoding === 'RLE' && type === 'BOOLEAN') {
    const flags = hybrid(bytes.subarray(4), 1, count);
    let at = 0;
    return () => cell(flags[at++] === 1);
  }
  const view = { view: viewOf(bytes), offset: 0 };
  const widths: Partial<Record<typeof type, number>> = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8 };
  if (encoding === 'BYTE_STREAM_SPLIT' && count * (widths[type] ?? Infinity) <= bytes.length)
    return each(byteStreamSplit(view, count, type, undefined), cell);
  if (encoding === 'DELTA_BINARY_PACKED') {
    const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
    deltaBinaryUnpack(view, count, numbers);
    return each(numbers, cell);
  }
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' || encoding === 'DELTA_BYTE_ARRAY') {
    const shared = new Int32Array(count);
    if (encoding === 'DELTA_BYTE_ARRAY') deltaBinaryUnpack(view, count, shared);
    const lengths = new Int32Array(count);
    deltaBinaryUnpack(view, count, lengths);
    const next = texts(bytes.subarray(view.offset), shared, lengths);
    return () => cell(next());
  }
  throw damaged(`values of ${type} as ${encoding} are not read`);
}

function each(values: ArrayLike<RawValue>, cell: CellReader['cell']): () => TypedCell {
  let at = 0;
  return () => cell(values[at++]!);
}

/** Texts that each begin with some bytes of the one before. */
function texts(bytes: Uint8Array, shared: Int32Array, lengths: Int32Array): () => Uint8Array {
  let [k, at, sum] = [0, 0, 0];
  let before = new Uint8Array();
  return () => {
    const [prefix, length] = [shared[k]!, lengths[k++]!];
    sum += prefix;
    if (prefix < 0 || prefix > before.length || length < 0 || at + length > bytes.length || sum > mostShared)
      throw damaged('a text of it has another length than it says');
    const own = bytes.subarray(at, at + length);
    at += length;
    if (prefix === 0) before = new Uint8Array(own);
    else {
      const whole = new Uint8Array(prefix + length);
      whole.set(before.subarray(0, prefix));
      whole.set(own, prefix);
      before = whole;
    }
    return before;
  };
}

/** Gives one value after the other of those that stand in a row; beyond the end it throws. */
function plain(bytes: Uint8Array, { type, length }: CellReader): () => RawValue {
  const view = viewOf(bytes);
  let at = 0;
  const step = (size: number) => {
    at += size;
    return at - size;
  };
  const part = (size: number) => {
    const from = step(size);
    if (at > bytes.length) throw damaged('a value of it lies beyond its page');
    return bytes.subarray(from, at);
  };
  switch (type) {
    case 'BOOLEAN':
      return () => {
        const bit = step(1);
        return ((view.getUint8(bit >> 3) >> (bit & 7)) & 1) === 1;
      };
    case 'INT32':
      return () => view.getInt32(step(4), true);
    case 'INT64':
      return () => view.getBigInt64(step(8), true);
    case 'INT96':
      return () => view.getBigUint64(step(8), true) | (BigInt(view.getInt32(step(4), true)) << 64n);
    case 'FLOAT':
      return () => view.getFloat32(step(4), true);
    case 'DOUBLE':
      return () => view.getFloat64(step(8), true);
    case 'BYTE_ARRAY':
      return () => part(view.getUint32(step(4), true));
    case 'FIXED_LEN_BYTE_ARRAY':
      return () => part(length ?? Number.POSITIVE_INFINITY);
  }
}

/**
 * Numbers of a few bits, in runs of one number or packed (Parquet: RLE/bit-packing hybrid). hyparquet's own believes
 * the length of a run, which may be two thousand million in a page of ten.
 */
export function hybrid(bytes: Uint8Array, width: number, count: number): Uint16Array | Uint32Array {
  if (width > 32) throw damaged(`numbers of it have ${width} bits`);
  const numbers = width > 16 ? new Uint32Array(count) : new Uint16Array(count);
  const view = viewOf(bytes);
  let at = 0;
  const byte = () => {
    if (at >= bytes.length) throw damaged('numbers of it end too early');
    return bytes[at++]!;
  };
  if (width === 0) return numbers;
  for (let seen = 0; seen < count;) {
    let [head, shift] = [0, 0];
    for (let part = 0x80; part & 0x80; shift += 7) {
      part = byte();
      if (shift > 28) throw damaged('a run of it is too long');
      head += (part & 0x7f) * 2 ** shift;
    }
    const run = Math.floor(head / 2);
    if (head % 2 === 0) {
      let value = 0;
      for (let k = 0; k < width; k += 8) value += byte() * 2 ** k;
      const end = Math.min(count, seen + run);
      numbers.fill(value, seen, end);
      seen = end;
      continue;
    }
    // Where fewer are left than the run has, they are the last ones.
    const end = Math.min(count, seen + 8 * run);
    const mask = 2 ** width;
    // Four bytes hold all bits of a number, as long as there are as many.
    if (width <= 24) {
      const first = seen;
      const most = Math.floor(((bytes.length - 4 - at) * 8) / width);
      for (const last = Math.min(end, first + most); seen < last; seen++) {
        const bit = (seen - first) * width;
        numbers[seen] = (view.getUint32(at + (bit >>> 3), true) >>> (bit & 7)) & (mask - 1);
      }
      // The others begin at a byte: eight of them have as many bytes as one has bits.
      seen = first + Math.floor((seen - first) / 8) * 8;
      at += ((seen - first) / 8) * width;
    }
    for (let [held, bits] = [0, 0]; seen < end;) {
      while (bits < width) {
        held += byte() * 2 ** bits;
        bits += 8;
      }
      numbers[seen++] = held % mask;
      held = Math.floor(held / mask);
      bits -= width;
    }
  }
  return numbers;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
