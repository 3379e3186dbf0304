import { closeSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { openFile } from '../../base/read-file.ts';
import { explainUnread } from '../files/read-bytes.ts';

/** Bytes at the beginning of a file that its form is seen from. */
const startLength = 1 << 18;

/** Bytes that the beginning may unpack to: gzip makes a thousandth of zeros. */
const mostUnpacked = 300e6;

/** The beginning of a file. */
export interface Start {
  /** Unpacked, where the file is packed with gzip. */
  readonly bytes: Uint8Array;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

/** Reads the beginning of a file. @throws UserError where it is missing or cannot be read */
export function readStart(path: string): Start {
  try {
    const file = openFile(path);
    try {
      const room = Buffer.alloc(startLength + 1);
      const read = readSync(file, room, 0, room.length, 0);
      const whole = read <= startLength;
      const bytes = room.subarray(0, Math.min(read, startLength));
      if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, whole };
      // What is cut in the middle gives what came before; damage is told by who reads all of it.
      const unpacked = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpacked });
      return { bytes: unpacked.subarray(0, startLength), whole: whole && unpacked.length <= startLength };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (/^(Z_|ERR_BUFFER)/.test((error as NodeJS.ErrnoException).code ?? ''))
      return { bytes: Buffer.alloc(0), whole: false };
    throw explainUnread({ path }, error);
  }
}
