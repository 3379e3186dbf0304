import { constants, gunzipSync } from 'node:zlib';
import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { type DataFile, type DataPlace, nameOf } from './data-file.ts';
import { damagedGzip, endsTooEarly } from './gzip-pieces.ts';
import { dataFileLimit, readBytes } from './read-bytes.ts';

/** Whether a file is packed with gzip, by its first bytes. */
export function isPacked(begin: Uint8Array): boolean {
  return begin[0] === 0x1f && begin[1] === 0x8b;
}

/**
 * What a packed file says of itself, which only unpacking all of it proves.
 *
 * @param begin its first bytes, a few thousand
 * @param end its last four, or fewer
 * @returns what it begins with, and the bytes that it holds; undefined where its beginning is damaged
 */
export function glanceInto(
  begin: Uint8Array,
  end: Uint8Array,
): { readonly begin: Uint8Array; readonly length: number } | undefined {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 24 };
    const view = new DataView(end.buffer, end.byteOffset, end.byteLength);
    return { begin: gunzipSync(begin, options), length: view.getUint32(0, true) };
  } catch {
    return undefined;
  }
}

/** What a file that is packed holds; what is not packed as it is. */
export function unpacked(place: DataPlace, bytes: Uint8Array): Uint8Array {
  if (!isPacked(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: dataFileLimit });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const name = nameOf(place);
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw failure(
        'data-file-too-large',
        `${name} unpacks to more than ${showCount(dataFileLimit)} bytes, the most that a file of data may have`,
        'Unpack it: a table that is not packed may have more. Of other data give a part.',
        error,
      );
    throw code === 'Z_BUF_ERROR' ? endsTooEarly(name, error) : damagedGzip(name, message, error);
  }
}

/**
 * Reads a file of data, and unpacks it where it is packed with gzip.
 *
 * @returns what it holds, and the file as it lies there
 * @throws UserError as readBytes, and when it is damaged or unpacks to more than a file may have
 */
export function readUnpacked(place: DataPlace): { readonly bytes: Uint8Array; readonly file: DataFile } {
  const { bytes, file } = readBytes(place);
  return { bytes: unpacked(place, bytes), file };
}
