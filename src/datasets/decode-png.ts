import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { type DecodedPng, decode } from 'fast-png';
import type { PngHeader } from './png-files.ts';

/** Bytes of the chunks that are small: 256 colours, and how opaque each is. */
const mostBytes: Readonly<Record<string, number>> = { PLTE: 3 * 256, tRNS: 256 };

/**
 * Decodes a PNG file, in the memory that its header promises: a few bytes can unpack to gigabytes. Of texts, profiles and
 * further frames, which may do so too, nothing is unpacked.
 *
 * @throws Error that says what is wrong with the file
 */
export function decodePng(bytes: Uint8Array, header: PngHeader): DecodedPng {
  const chunks = chunksOf(bytes);
  const pixels = unzip(Buffer.concat(chunks.get('IDAT') ?? []), pixelBytes(header));
  const small = Object.keys(mostBytes).flatMap((type) => (chunks.has(type) ? [chunk(type, chunks.get(type)![0]!)] : []));
  const parts = [bytes.subarray(0, 8), chunk('IHDR', chunks.get('IHDR')![0]!), ...small, chunk('IDAT', deflateSync(pixels, { level: 0 })), chunk('IEND', new Uint8Array())];
  return decode(Buffer.concat(parts));
}

/** Chunks that a file may have: with the largest picture in pieces of a kilobyte. */
const mostChunks = 100_000;

/** The contents of the chunks, by their type (PNG specification, 5.3). @throws Error when one is damaged, they are too many, or the file is cut short */
function chunksOf(bytes: Uint8Array): ReadonlyMap<string, readonly Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  let count = 0;
  for (let at = 8; !chunks.has('IEND');) {
    if (++count > mostChunks) throw new Error(`it has more than ${mostChunks} chunks`);
    const end = at + 8 + (at + 8 <= bytes.length ? view.getUint32(at) : 0);
    if (end + 4 > bytes.length) throw new Error('it is cut short');
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) throw new Error(`the checksum of its chunk ${JSON.stringify(type)} is wrong`);
    if (end - at - 8 > (mostBytes[type] ?? Infinity)) throw new Error(`its chunk ${type} is too large`);
    const known = chunks.get(type);
    if (known === undefined) chunks.set(type, [bytes.subarray(at + 8, end)]);
    else known.push(bytes.subarray(at + 8, end));
    at = end + 4;
  }
  return chunks;
}

function unzip(packed: Uint8Array, size: number): Uint8Array {
  try {
    const pixels = inflateSync(packed, { maxOutputLength: size });
    if (pixels.length === size) return pixels;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new Error('it unpacks to more pixels than its header says', { cause: error }) : error;
  }
  throw new Error('it has fewer pixels than its header says');
}

/** Where the seven passes of an interlaced picture begin, and how far apart their pixels are: x, y, dx, dy (8.2). */
const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;

/** Bytes of the pixels, unpacked: each row begins with the one that names its filter. */
function pixelBytes({ width, height, depth, samples, interlaced }: PngHeader): number {
  const rows = (columns: number, count: number) => (columns === 0 ? 0 : count * (1 + Math.ceil((columns * samples * depth) / 8)));
  if (!interlaced) return rows(width, height);
  return passes.reduce((sum, [x, y, dx, dy]) => sum + rows(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))), 0);
}

/** A chunk, whose checksum nobody reads. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}
