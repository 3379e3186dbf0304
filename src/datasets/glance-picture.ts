import { closeSync, fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openFile } from '../base/read-file.ts';
import { type PngHeader, readHeader, signature } from './png-header.ts';
import { dataFileLimit, explainUnread } from './read-bytes.ts';

/** What a few bytes of a PNG file tell. */
export interface Glance {
  readonly path: string;
  readonly header: PngHeader;
  /** Equal in files that are equal, and seldom in others. */
  readonly mark: string;
  /** Whether the file ends as a PNG file does. */
  readonly ended: boolean;
  /** Whether it says how opaque its pixels are, in them or in a chunk of its own. */
  readonly alpha: boolean;
}

/** What is read of a file takes as long as its header alone, and is the whole of a small one. */
const block = Buffer.alloc(4096);
const tail = Buffer.alloc(12);

/** Bytes of the chunk that ends a file; it holds nothing. */
const ending = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/** Looks at the beginning and the end of a picture. @throws UserError when it is missing, no PNG file, or too large */
export function glanceAt(path: string): Glance {
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
      const header = readHeader(path, begin);
      const mark = `${size} ${crc32(begin)}`;
      return { path, header, mark, ended: end.equals(ending), alpha: header.alpha || hasTransparency(file) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw explainUnread({ path }, error);
  }
}

/** Chunks that are looked at before the pixels; pictures have a few. */
const mostChunks = 1000;

/**
 * Whether a chunk before the pixels says how opaque they are: others may hold its name as text, or be as long as they
 * like.
 */
function hasTransparency(file: number): boolean {
  const start = Buffer.alloc(8);
  let at = signature.length;
  for (let count = 0; count < mostChunks && readSync(file, start, 0, start.length, at) === start.length; count++) {
    const type = start.toString('latin1', 4);
    if (type === 'tRNS' || type === 'IDAT') return type === 'tRNS';
    at += start.readUInt32BE(0) + 12;
  }
  return false;
}
