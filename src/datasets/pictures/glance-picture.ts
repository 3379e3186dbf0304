import { closeSync, fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openFile } from '../../base/read-file.ts';
import type { ReadAt } from '../found-head.ts';
import { type PictureHead, readHead } from './picture-head.ts';
import { readHeader, signature } from './png-header.ts';
import { dataFileLimit, explainUnread } from '../files/read-bytes.ts';

/** What a few bytes of a picture tell. */
export interface Glance {
  readonly path: string;
  readonly head: PictureHead;
  /** Equal in files that are equal, and seldom in others. */
  readonly mark: string;
  /** Whether the file ends as one of its format does, as far as its last bytes show that. */
  readonly ended: boolean;
  /** Whether it says how opaque its pixels are, in them or in a chunk of its own. */
  readonly alpha: boolean;
}

/** What is read of a file takes as long as its header alone, and is the whole of a small one. */
const block = Buffer.alloc(4096);
const tail = Buffer.alloc(12);

/** Bytes of the chunk that ends a file; it holds nothing. */
const ending = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/**
 * Looks at the beginning and the end of a picture.
 *
 * @param isMask whether it has to be a PNG file
 * @throws UserError when it is missing, no picture, or too large
 */
export function glanceAt(path: string, isMask = false): Glance {
  try {
    const file = openFile(path);
    try {
      const { size } = fstatSync(file);
      if (size > dataFileLimit) throw Object.assign(new Error('it is too large'), { code: 'EFBIG' });
      const begin = block.subarray(0, readSync(file, block, 0, block.length, 0));
      const end =
        size <= begin.length
          ? begin.subarray(-tail.length)
          : tail.subarray(0, readSync(file, tail, 0, tail.length, size - tail.length));
      if (isMask) readHeader(path, begin);
      const head = readHead(path, readerOf(file, begin));
      const mark = `${size} ${crc32(begin)}`;
      if (head.format !== 'png') {
        const ended = head.format !== 'jpeg' || (end.at(-2) === 0xff && end.at(-1) === 0xd9);
        return { path, head, mark, ended, alpha: head.alpha };
      }
      const { transparent, animated } = chunksBefore(file);
      return {
        path,
        head: animated ? { ...head, several: true } : head,
        mark,
        ended: end.equals(ending),
        alpha: head.alpha || transparent,
      };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw explainUnread({ path }, error);
  }
}

/** Bytes of an open file, in pieces of 64 KB where they are behind its first ones. */
function readerOf(file: number, begin: Uint8Array): ReadAt {
  let [piece, from] = [begin, 0];
  return (offset, length) => {
    if (offset >= from && offset + length <= from + piece.length)
      return piece.subarray(offset - from, offset - from + length);
    const fresh = Buffer.alloc(Math.max(length, 1 << 16));
    [piece, from] = [fresh.subarray(0, readSync(file, fresh, 0, fresh.length, offset)), offset];
    return piece.subarray(0, length);
  };
}

/** Chunks that are looked at before the pixels; pictures have a few. */
const mostChunks = 1000;

/**
 * Whether a chunk before the pixels says how opaque they are, or that more pictures follow: others may hold its name as
 * text, or be as long as they like.
 */
function chunksBefore(file: number): { readonly transparent: boolean; readonly animated: boolean } {
  const start = Buffer.alloc(8);
  let at = signature.length;
  let [transparent, animated] = [false, false];
  for (let count = 0; count < mostChunks && readSync(file, start, 0, start.length, at) === start.length; count++) {
    const type = start.toString('latin1', 4);
    if (type === 'IDAT') break;
    transparent ||= type === 'tRNS';
    animated ||= type === 'acTL';
    at += start.readUInt32BE(0) + 12;
  }
  return { transparent, animated };
}
