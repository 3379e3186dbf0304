import { closeSync, fstatSync } from 'node:fs';
import { openFile } from '../../base/read-file.ts';
import type { InParts } from '../../base/turns.ts';

/**
 * Reads parts of a file that is larger than so many bytes.
 *
 * @param read is given the open file and its bytes, and need not close it
 * @returns undefined of a smaller one, and of one that cannot be opened: reading it as a whole says why
 */
export function* inLargeFile<Read>(
  path: string,
  bytes: number,
  read: (file: number, size: number) => InParts<Read>,
): InParts<Read | undefined> {
  let file: number;
  try {
    file = openFile(path);
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    return size <= bytes ? undefined : yield* read(file, size);
  } finally {
    closeSync(file);
  }
}
