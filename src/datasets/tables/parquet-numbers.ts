import { type NumberPart, type Numbers, leastTooLarge } from './number-parts.ts';
import type { CellReader } from './parquet-cells.ts';
import { type ParquetPage, hybrid } from './parquet-pages.ts';

/** How numbers stand one after the other. */
const kinds: Partial<Record<CellReader['type'], new (bytes: ArrayBuffer) => Numbers['values'] | BigInt64Array>> = {
  INT32: Int32Array,
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  INT64: BigInt64Array,
};

/**
 * The numbers of a page or a dictionary as they are stored, all at once.
 *
 * @returns undefined where they are anything else, or one of them is NaN or no number that a double holds
 */
export function plainNumbers(bytes: Uint8Array, count: number, { type, areNumbers }: CellReader): Numbers | undefined {
  const Kind = areNumbers ? kinds[type] : undefined;
  if (Kind === undefined) return undefined;
  const size = Kind === Float64Array || Kind === BigInt64Array ? 8 : 4;
  if (count * size > bytes.length) return undefined;
  // A copy, as values begin at any byte of a page; what zlib gives is a Buffer, whose `slice` makes none.
  const values = new Kind(new Uint8Array(bytes.subarray(0, count * size)).buffer);
  if (values instanceof BigInt64Array) {
    const numbers = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      numbers[k] = Number(values[k]!);
      if (!Number.isSafeInteger(numbers[k])) return undefined;
    }
    return { values: numbers, fit: true };
  }
  let fit = true;
  for (let k = 0; k < count; k++) {
    const value = values[k]!;
    if (Math.abs(value) < leastTooLarge) continue;
    if (Number.isNaN(value)) return undefined;
    fit = false;
  }
  return { values, fit };
}

/**
 * The cells of a page that are all numbers.
 *
 * @param dictionary of the pages before it, as plainNumbers has it
 * @returns undefined where that cannot be told at once: cellsOf reads them one by one
 */
export function partOf(page: ParquetPage, reader: CellReader, dictionary: Numbers | undefined): NumberPart | undefined {
  const { count, encoding } = page;
  const bytes = reader.areNumbers ? valuesBehindLevels(page, reader) : undefined;
  if (bytes === undefined || count === 0) return undefined;
  if (encoding === 'PLAIN') {
    return plainNumbers(bytes, count, reader);
  }
  if (!encoding.endsWith('_DICTIONARY') || dictionary === undefined) return undefined;
  const found = hybrid(bytes.subarray(1), bytes[0]!, count);
  return largest(found) < dictionary.values.length ? { ...dictionary, indices: found } : undefined;
}

/** The values of a page of which no cell is empty; undefined where one may be. */
function valuesBehindLevels({ bytes, levels, count }: ParquetPage, { isOptional }: CellReader): Uint8Array | undefined {
  if (!isOptional) return bytes;
  if (levels !== undefined) return areAllThere(levels, count) ? bytes : undefined;
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  return areAllThere(bytes.subarray(4, 4 + length), count) ? bytes.subarray(4 + length) : undefined;
}

/** Whether one run says of all cells that they have a value. */
function areAllThere(levels: Uint8Array, count: number): boolean {
  let [head, at] = [0, 0];
  for (let part = 0x80; part & 0x80; at++) {
    if (at >= Math.min(5, levels.length)) return false;
    part = levels[at]!;
    head += (part & 0x7f) * 2 ** (7 * at);
  }
  return head % 2 === 0 && head / 2 >= count && levels[at] === 1;
}

function largest(numbers: Uint16Array | Uint32Array): number {
  let most = 0;
  for (let k = 0; k < numbers.length; k++) most = Math.max(most, numbers[k]!);
  return most;
}
