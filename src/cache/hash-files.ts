import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { failure } from '../base/diagnostics.ts';
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
    const inside = relative(folder, path);
    const name = inside.startsWith('..') || isAbsolute(inside) ? join(basename(dirname(path)), basename(path)) : inside;
    // Two folders may each hold a file of one name.
    hashes.set(hashes.has(name) ? `${name} (${hashes.size + 1})` : name, await hashFile(path));
  }
  return Object.fromEntries(hashes);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  } catch (error) {
    throw failure('data-file-unreadable', `the data file ${path} cannot be read: ${(error as Error).message}`, undefined, error);
  }
  return hash.digest('hex');
}
