import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { UserError, failure } from '../../base/diagnostics.ts';
import { showBytes } from '../../base/quantities.ts';
import { openFile } from '../../base/read-file.ts';
import type { InParts } from '../../base/turns.ts';
import { type DataFile, type DataPlace, nameOf } from './data-file.ts';
import { dataFileLimit, explainUnread, hashFile, proveHash, readPart } from './read-bytes.ts';
import { type TextParts, isMarked, proveParts } from './text-encoding.ts';
import { GzipPieces } from './gzip-pieces.ts';
import { isPacked } from './unpack-gzip.ts';

/** Bytes of a file that are in memory together, where a row has no more. */
export const blockBytes = 8 << 20;

/** Bytes that a row may have. */
const longestRow = 1 << 28;

/** Some bytes of a text, which begin with a row. */
export interface TextBlock {
  readonly bytes: Uint8Array;
  /** Whether more follow. */
  readonly isCut: boolean;
}

/**
 * Reads a text block by block, none of which ends within a row.
 *
 * @param take says how many bytes of a block are whole rows; where it is none, it is shown a larger one
 * @param size bytes of a block
 * @throws UserError where it is no text in UTF-8, changes meanwhile or has too long a row; what `take` throws
 */
export function* inTextBlocks(
  place: DataPlace,
  { sha256 }: DataFile,
  take: (block: TextBlock) => InParts<number>,
  size = blockBytes,
): InParts<void> {
  const file = opened(place);
  try {
    const hash = createHash('sha256');
    const fill = fillerOf(place, file, (part) => hash.update(part));
    let bytes = Buffer.allocUnsafe(size);
    let [length, isFirst, hasZeros] = [0, true, false];
    for (let isCut = true; isCut;) {
      yield;
      const read = fill(bytes.subarray(length));
      length += read;
      if (read > 0 && length < bytes.length) continue;
      isCut = read > 0;
      const from = isFirst && isMarked(bytes) ? 3 : 0;
      hasZeros ||= isFirst && bytes.subarray(0, Math.min(length, 1 << 16)).includes(0);
      const taken = from + (yield* take({ bytes: bytes.subarray(from, length), isCut }));
      if (!isUtf8(bytes.subarray(from, taken))) provenText(place, file);
      isFirst &&= taken === from;
      if (taken > from) {
        bytes.copyWithin(0, taken, length);
        length -= taken;
      } else if (isCut && length === bytes.length) {
        if (2 * bytes.length > longestRow) throw tooLong(nameOf(place), longestRow);
        bytes = Buffer.concat([bytes], 2 * bytes.length);
      }
    }
    if (hash.digest('hex') !== sha256) throw changed(place);
    // Only a text that begins with zeros is looked at as a whole once more: it may be another kind of file.
    if (hasZeros) provenText(place, file);
  } catch (error) {
    // What is no text is told before what is wrong in it, as where it is read as a whole.
    if (error instanceof UserError) provenText(place, file);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The file as messages and records know it, of which no more than a megabyte is in memory. @throws UserError */
export function* fileOf(place: DataPlace): InParts<DataFile> {
  try {
    const sha256 = yield* hashFile(place.path);
    proveHash(place, sha256);
    const file = openFile(place.path);
    try {
      return { name: nameOf(place), sha256, bytes: fstatSync(file).size };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw explainUnread(place, error);
  }
}

/** Bytes in memory of a table for each of its file, with where its cells begin. */
const bytesOfByte = 3;

/** Bytes of a table for each that gzip has made of them, which says for certain only what four gigabytes of it are. */
const unpackedBytes = 10;

/** As sizeOf of a format of tables, of texts. */
export function sizeOfText({ path }: DataPlace): number {
  try {
    const file = openFile(path);
    try {
      const { size: onDisk } = fstatSync(file);
      const size = isPacked(readPart(file, 0, 2)) ? unpackedBytes * onDisk : onDisk;
      return size > dataFileLimit ? Infinity : bytesOfByte * size;
    } finally {
      closeSync(file);
    }
  } catch {
    // Reading says what is wrong with it.
    return 0;
  }
}

/** That a file is no longer what it was a moment ago. */
export const changed = (place: DataPlace): UserError =>
  failure(
    'data-changed-meanwhile',
    `${place.path} changed while it was read`,
    'Run the file again when nothing writes there any more.',
  );

function tooLong(name: string, most: number): UserError {
  return failure(
    'data-file-too-large',
    `${name} has a row of more than ${showBytes(most)}`,
    'Is a quote that opens a cell closed, and has the file line ends?',
  );
}

function opened(place: DataPlace): number {
  try {
    return openFile(place.path);
  } catch (error) {
    throw explainUnread(place, error);
  }
}

function provenText(place: DataPlace, file: number): void {
  if (isPacked(readPart(file, 0, 2))) return proveParts(place, unpackedParts(place, file));
  const length = fstatSync(file).size;
  proveParts(place, { length, part: (from, to) => readPart(file, from, to - from) });
}

/** What a packed text holds; where it is asked for what has passed, it is unpacked anew. */
function unpackedParts(place: DataPlace, file: number): TextParts {
  let [next, from, held] = [fillerOf(place, file), 0, Buffer.alloc(0)];
  const piece = Buffer.allocUnsafe(1 << 20);
  let length = 0;
  for (let read = next(piece); read > 0; read = next(piece)) length += read;
  from = length;
  return {
    length,
    part: (begin, end) => {
      if (begin < from) [next, from, held] = [fillerOf(place, file), 0, Buffer.alloc(0)];
      while (from + held.length < end) {
        const read = next(piece);
        if (read === 0) break;
        const passed = Math.min(held.length, Math.max(0, begin - from));
        held = Buffer.concat([held.subarray(passed), piece.subarray(0, read)]);
        from += passed;
      }
      return held.subarray(begin - from, end - from);
    },
  };
}

/** Gives the next bytes of a file, unpacked. @param read is shown them as they lie there */
function fillerOf(
  place: DataPlace,
  file: number,
  read: (part: Uint8Array) => void = () => undefined,
): (into: Uint8Array) => number {
  if (!isPacked(readPart(file, 0, 2)))
    return (into) => {
      const count = readSync(file, into);
      read(into.subarray(0, count));
      return count;
    };
  const pieces = new GzipPieces(nameOf(place), file, dataFileLimit);
  let piece: Uint8Array | undefined = new Uint8Array();
  return (into) => {
    if (piece?.length === 0) piece = pieces.next(read);
    if (piece === undefined) return 0;
    const count = Math.min(piece.length, into.length);
    into.set(piece.subarray(0, count));
    piece = piece.subarray(count);
    return count;
  };
}
