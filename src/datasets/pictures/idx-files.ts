import { closeSync, fstatSync } from 'node:fs';
import { failure } from '../../base/diagnostics.ts';
import { openFile } from '../../base/read-file.ts';
import type { DataPlace, DataFile } from '../files/data-file.ts';
import { explainUnread, readPart, readWhole } from '../files/read-bytes.ts';
import { glanceInto, isPacked, readUnpacked, unpacked } from '../files/unpack-gzip.ts';

/** The numbers of an idx file, and what proves which file it was. */
export interface IdxFile {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
  readonly file: DataFile;
}

/**
 * Sizes of an idx file of bytes, from its header alone: two zero bytes, the type 0x08, the number of dimensions, then
 * each size as a big-endian 32-bit number (format: yann.lecun.com/exdb/mnist).
 *
 * @returns undefined where the file is not of that format
 */
function parseIdxHeader(
  header: Uint8Array,
): { readonly sizes: readonly number[]; readonly offset: number } | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 4 || view.getUint16(0) !== 0 || view.getUint8(2) !== 0x08) return undefined;
  const dimensions = view.getUint8(3);
  const offset = 4 + 4 * dimensions;
  if (dimensions === 0 || header.length < offset) return undefined;
  return { sizes: Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i)), offset };
}

/** What idx files hold by their third byte, beside bytes. */
const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x09, 'signed bytes'],
  [0x0b, 'whole numbers of 16 bits'],
  [0x0c, 'whole numbers of 32 bits'],
  [0x0d, 'floats of 32 bits'],
  [0x0e, 'floats of 64 bits'],
]);

/** Bytes that are read of an idx file to know its sizes: more than its header can have. */
const headBytes = 4096;

/**
 * Sizes of an idx file by its header and its length, without its data. Of a packed one the length is what gzip says it
 * is.
 *
 * @throws UserError as readIdxFile, but for what the data itself tells
 */
export function readIdxSizes(place: DataPlace, dimensions: readonly number[]): readonly number[] {
  try {
    const handle = openFile(place.path);
    try {
      const { size } = fstatSync(handle);
      const begin = readPart(handle, 0, headBytes);
      if (!isPacked(begin)) return proveHeader(place, begin, size, dimensions).sizes;
      const glance = glanceInto(begin, readPart(handle, size - 4, 4));
      const header = glance && parseIdxHeader(glance.begin);
      if (glance !== undefined && header !== undefined && glance.length === lengthOf(header))
        return proveHeader(place, glance.begin, glance.length, dimensions).sizes;
      // What is wrong with it is told by all of it alone.
      const bytes = unpacked(place, readWhole(place));
      return proveHeader(place, bytes, bytes.length, dimensions).sizes;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw explainUnread(place, error);
  }
}

/**
 * Reads an idx file of bytes, packed with gzip or not.
 *
 * @param dimensions the numbers of dimensions that it may have
 * @throws UserError when the file is missing, of another format, empty, cut short, too long, or not the known one
 */
export function readIdxFile(place: DataPlace, dimensions: readonly number[]): IdxFile {
  const { bytes, file } = readUnpacked(place);
  return { ...parseIdx(place, bytes, dimensions), file };
}

/** As readIdxFile, of a file that was read. */
export function parseIdx(place: DataPlace, bytes: Uint8Array, dimensions: readonly number[]): Omit<IdxFile, 'file'> {
  const { sizes, offset } = proveHeader(place, bytes, bytes.length, dimensions);
  return { sizes, data: bytes.subarray(offset) };
}

/** Bytes of a whole file. */
function lengthOf({ sizes, offset }: { readonly sizes: readonly number[]; readonly offset: number }): number {
  return offset + sizes.reduce((product, size) => product * size, 1);
}

function proveHeader(
  place: DataPlace,
  begin: Uint8Array,
  length: number,
  dimensions: readonly number[],
): { readonly sizes: readonly number[]; readonly offset: number } {
  const { url: path = place.path } = place;
  const header = parseIdxHeader(begin);
  if (header === undefined) {
    const holds = begin[0] === 0 && begin[1] === 0 ? otherTypes.get(begin[2]!) : undefined;
    throw failure(
      'not-idx',
      `${path} is not an idx file of bytes${holds === undefined ? '' : `: it holds ${holds}`}`,
      holds === undefined
        ? 'Its first bytes should be 00 00 08 and the number of dimensions. Fetch it again.'
        : 'Save it as bytes, or all as arrays of NumPy, which may hold any numbers (`npz`).',
    );
  }
  const { sizes } = header;
  if (!dimensions.includes(sizes.length)) {
    throw failure(
      'idx-dimensions',
      `${path} has ${sizes.length} dimensions instead of ${dimensions.join(' or ')}`,
      'Are images and labels exchanged?',
    );
  }
  // No net learns from nothing.
  if (sizes.includes(0))
    throw failure(
      'idx-empty',
      `${path} is empty, or damaged: its header promises ${sizes.join(' x ')} values`,
      'Fetch the file again.',
    );
  const wanted = lengthOf(header);
  if (length !== wanted) {
    throw failure(
      'idx-length',
      `${path} is ${length < wanted ? 'cut short' : 'too long'}: its header promises ${wanted} bytes, it has ${length}`,
      'Fetch the file again.',
    );
  }
  return header;
}
