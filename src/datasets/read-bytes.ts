import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { failure } from '../base/diagnostics.ts';
import type { DataFile } from './dataset.ts';

/** Bytes that a text file of data may have: what is read as a whole has to fit the memory several times. */
const limit = 256e6;

/** Reads a text of data, UTF-8 with or without mark. @throws UserError when it is missing, too large, cannot be read, or is not UTF-8 */
export function readText(path: string): { readonly text: string; readonly file: DataFile } {
  const bytes = readBytes(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { text: decode(path, bytes), file: { name: basename(path), sha256, bytes: bytes.length } };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure('data-file-corrupt', `${path} is not a text in UTF-8`, 'Save it as UTF-8: `iconv -f latin1 -t utf-8 OLD > NEW`.');
  }
}

/** Reads a file of data. @throws UserError when it is missing, too large, or cannot be read */
export function readBytes(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw failure('data-file-missing', `${path} is not a file`);
    if (stat.size > limit) throw failure('data-file-too-large', `${path} has ${stat.size} bytes; ${limit} are the most`, 'Give a part of it.');
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw failure('data-file-missing', `the data file ${path} does not exist`, 'Check the path; it counts from the folder of the pipeline file.');
    if (code !== undefined) throw failure('data-file-unreadable', `the data file ${path} cannot be read: ${(error as Error).message}`, undefined, error);
    throw error;
  }
}
