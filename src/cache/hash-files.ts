import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { type UserError, failure } from '../base/diagnostics.ts';
import { realPath } from '../base/files.ts';
import { showCount } from '../base/quantities.ts';
import { inTurns } from '../base/turns.ts';
import { type KnownHashes, hashesHere } from '../datasets/files/known-hashes.ts';
import { hashFile } from '../datasets/files/read-bytes.ts';
import type { DataHashes } from './fingerprints.ts';

/** How files are hashed. */
export interface HashRequest {
  /** Whether each is read, though it seems not to have changed since it was hashed. */
  readonly verify?: boolean;
  /** What is known of files from before; left out: what is kept below the folder one works in. */
  readonly known?: KnownHashes;
}

/**
 * SHA-256 of files, small ones read to their last byte: a time or a size would not tell of a flipped bit. Of a large
 * one that has not changed since an earlier run hashed it, the hash is kept.
 *
 * @param folder files in it are named by their paths from there, others by their own names and those of their folders
 * @throws UserError when one cannot be read, or was read and is another than what was known of it
 */
export async function hashFiles(
  paths: readonly string[],
  folder: string,
  { verify = false, known = hashesHere() }: HashRequest = {},
): Promise<DataHashes> {
  const hashes = new Map<string, string>();
  for (const path of paths) {
    const name = inFolder(folder, path) ?? join(basename(dirname(path)), basename(path));
    // Two folders may each hold a file of one name.
    hashes.set(hashes.has(name) ? `${name} (${hashes.size + 1})` : name, await hashOne(path, { known, anew: verify }));
  }
  known.save();
  const others = known.takeContradicted(paths);
  if (others.length > 0) throw changedUnseen(others);
  return Object.fromEntries(hashes);
}

function changedUnseen(paths: readonly string[]): UserError {
  const [many, more] = [paths.length > 1, paths.length - 3];
  return failure(
    'data-changed-unseen',
    `${paths.slice(0, 3).join(', ')}${more > 0 ? ` and ${showCount(more)} more` : ''} ` +
      `${many ? 'hold' : 'holds'} other bytes than when ${many ? 'they were' : 'it was'} hashed last, ` +
      'though size and times are the same',
    'A disk that fails does that, or a clock that was set back. ' +
      `Compare ${many ? 'them' : 'it'} with a copy; the next run takes what is there now.`,
  );
}

/** The path of a file from a folder, also where either is spelt by way of links; undefined where it is not in it. */
function inFolder(folder: string, path: string): string | undefined {
  const isInside = (way: string): boolean => !way.startsWith('..') && !isAbsolute(way);
  const asWritten = relative(folder, path);
  return isInside(asWritten)
    ? asWritten
    : [relative(realPath(folder), join(realPath(dirname(path)), basename(path)))].find(isInside);
}

async function hashOne(path: string, how: Parameters<typeof hashFile>[1]): Promise<string> {
  try {
    // Ctrl-C is answered in the middle of a large file.
    return await inTurns(hashFile(path, how));
  } catch (error) {
    throw failure(
      'data-file-unreadable',
      `the data file ${path} cannot be read: ${(error as Error).message}`,
      undefined,
      error,
    );
  }
}
