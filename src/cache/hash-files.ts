import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { failure } from '../base/diagnostics.ts';
import { realPath } from '../base/files.ts';
import { inTurns } from '../base/turns.ts';
import { hashFile } from '../datasets/read-bytes.ts';
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
    hashes.set(hashes.has(name) ? `${name} (${hashes.size + 1})` : name, await hashOne(path));
  }
  return Object.fromEntries(hashes);
}

/** The path of a file from a folder, also where either is spelt by way of links; undefined where it is not in it. */
function inFolder(folder: string, path: string): string | undefined {
  const isInside = (way: string): boolean => !way.startsWith('..') && !isAbsolute(way);
  const asWritten = relative(folder, path);
  return isInside(asWritten)
    ? asWritten
    : [relative(realPath(folder), join(realPath(dirname(path)), basename(path)))].find(isInside);
}

async function hashOne(path: string): Promise<string> {
  try {
    // Ctrl-C is answered in the middle of a large file.
    return await inTurns(hashFile(path));
  } catch (error) {
    throw failure(
      'data-file-unreadable',
      `the data file ${path} cannot be read: ${(error as Error).message}`,
      undefined,
      error,
    );
  }
}
