import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { showCount } from './quantities.ts';

/**
 * Opens a file for reading. What only looks like one is refused and never waited for: a pipe would block the whole
 * process until someone writes to it, a device may have no end.
 *
 * @returns the handle, which who opened it closes
 * @throws the file system's own error; one with the code EISDIR for a folder, ENOTFILE for a pipe, a device and the
 * like
 */
export function openFile(path: string): number {
  // What a path names may change between a look at it and its opening, so the handle is asked. Windows has neither flag
  // nor pipes in folders.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const about = fstatSync(file);
    if (about.isFile()) return file;
    throw Object.assign(new Error(`it is ${kindOf(about)}`), { code: about.isDirectory() ? 'EISDIR' : 'ENOTFILE' });
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function kindOf(about: Stats): string {
  if (about.isDirectory()) return 'a folder';
  if (about.isFIFO()) return 'a pipe';
  return about.isSocket() ? 'a socket' : 'a device';
}

/**
 * Reads a file as a whole. Its size is not believed: files of /proc say 0, and others grow meanwhile.
 *
 * @param limit bytes that it may have
 * @throws as openFile; an error with the code EFBIG when it has more
 */
export function readFileWithin(path: string, limit: number): Uint8Array {
  const file = openFile(path);
  try {
    return readWithin(file, limit);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads an open file to its end.
 *
 * @param limit bytes that it may have
 * @throws an error with the code EFBIG when it has more
 */
export function readWithin(file: number, limit: number): Uint8Array {
  const { size } = fstatSync(file);
  if (size > limit) throw tooLarge(limit);
  // One byte more shows that there is no other.
  let bytes = new Uint8Array(size + 1);
  let length = 0;
  for (let read = 1; read > 0;) {
    if (length > limit) throw tooLarge(limit);
    if (length === bytes.length) bytes = enlarge(bytes, Math.min(limit + 1, 2 * length + 65_536));
    read = readSync(file, bytes, length, bytes.length - length, null);
    length += read;
  }
  return bytes.subarray(0, length);
}

/** What is thrown of a file that has more bytes than it may have. */
export function tooLarge(limit: number): Error {
  return Object.assign(new Error(`it has more than ${showCount(limit)} bytes`), { code: 'EFBIG' });
}

function enlarge(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}
