import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { failure } from '../base/diagnostics.ts';
import { realPath } from '../base/files.ts';
import { openFile } from '../base/read-file.ts';
import { dataFileLimit } from '../datasets/read-bytes.ts';
import type { DataHashes } from './fingerprints.ts';

/**
 * SHA-256 of files, each read to its last byte: a time or a size would not tell of a flipped bit.
 *
 * @param folder files in it are named by their paths from there, others by their own names and those of their folders
 * @throws UserError when one cannot be read
 */
export async function hashFiles(paths: readonly string[], folder: string): Promise<DataHashes> {
  const hashes = new Map<string, string>();
  for (const path of paths) {
    const name = inFolder(folder, path) ?? join(basename(dirname(path)), basename(path));
    // Two folders may each hold a file of one name.
    hashes.set(hashes.has(name) ? `${name} (${hashes.size + 1})` : name, await hashFile(path));
  }
  return Object.fromEntries(hashes);
}

/** The path of a file from a folder, also where either is spelt by way of links; undefined where it is not in it. */
function inFolder(folder: string, path: string): string | undefined {
  const isInside = (way: string): boolean => !way.startsWith('..') && !isAbsolute(way);
  const asWritten = relative(folder, path);
  return isInside(asWritten) ? asWritten : [relative(realPath(folder), join(realPath(dirname(path)), basename(path)))].find(isInside);
}

// A stream for each of thousands of pictures takes twenty times as long.
const buffer = Buffer.allocUnsafe(1 << 20);

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const file = openFile(path);
    try {
      for (let [bytes, whole] = [buffer.length, 0]; bytes > 0;) {
        bytes = readSync(file, buffer);
        whole += bytes;
        // It would be refused when it is read, and a file of /proc may have no end.
        if (whole > dataFileLimit) throw new Error(`it has more than ${dataFileLimit.toLocaleString('en')} bytes`);
        hash.update(buffer.subarray(0, bytes));
        // Ctrl-C is answered in the middle of a large file.
        if (bytes === buffer.length) await setImmediate();
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw failure('data-file-unreadable', `the data file ${path} cannot be read: ${(error as Error).message}`, undefined, error);
  }
  return hash.digest('hex');
}
