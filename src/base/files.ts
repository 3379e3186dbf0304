import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that a reader, or a kill half-way, sees the old content or the new and never a part of it.
 *
 * @param aside where it is written first, on the same disk; left out: beside it
 * @throws the file system's own error (ENOSPC, EROFS, EACCES, ...); nothing is left behind then.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array, aside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(aside, data, { flush: true });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * Makes the names in a folder outlast a loss of power: without it, a file that was just renamed into place, itself flushed,
 * may be gone. Does nothing where folders cannot be flushed: on Windows, and on some network file systems.
 *
 * @throws the file system's own error
 */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(folder);
  }
}

/**
 * Appends a text whole or not at all.
 *
 * @param file open for appending, by this process alone
 * @throws the file system's own error; no part of the text is left then
 */
export function appendWhole(file: number, text: string): void {
  const { size } = fstatSync(file);
  const bytes = Buffer.from(text);
  try {
    // A disk that fills up takes a part of the bytes without an error.
    if (writeSync(file, bytes) < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}
