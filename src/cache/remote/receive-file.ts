import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { besideName, makeFolder } from '../../base/files.ts';
import { showBytes } from '../../base/quantities.ts';

/**
 * Writes what comes in pieces into a file, which is whole or not there.
 *
 * @param from what it is called in messages
 * @param limit bytes; what is more is not written
 * @throws UserError `remote-too-large`; what the pieces throw; the file system's own error
 */
export async function receiveFile(
  pieces: AsyncIterable<Uint8Array>,
  file: string,
  { from, limit }: { readonly from: string; readonly limit: number },
): Promise<void> {
  makeFolder(dirname(file));
  const aside = join(dirname(file), besideName());
  // Nothing that stands there is followed or written over.
  const handle = await open(aside, 'wx');
  try {
    try {
      let bytes = 0;
      for await (const piece of pieces) {
        bytes += piece.length;
        if (bytes > limit) throw tooMuch(from, limit);
        await handle.writeFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
}

/** What is thrown of more than was asked for. */
export function tooMuch(from: string, limit: number): Error {
  return failure('remote-too-large', `${from} has more than ${showBytes(limit)}`, 'It is left there, and not used.');
}
