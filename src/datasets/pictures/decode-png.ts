import { crc32, inflateSync } from 'node:zlib';
import { asLatin1, type PngHeader } from './png-header.ts';

/** What a PNG file of at most 8 bits a sample holds. */
export interface DecodedPng {
  /** A byte for each sample, as it is in the file: 0 to 2^depth - 1. */
  readonly samples: Uint8Array;
  /** Red, green and blue of each colour, where samples are indices of them. */
  readonly palette: Uint8Array;
  /**
   * How opaque each colour of the palette is; of greys and colours, the one that is transparent (PNG specification,
   * 11.3.1.1).
   */
  readonly transparency?: Uint8Array;
}

/** Bytes of the chunks that are small: 256 colours, and how opaque each is. */
const mostBytes: Readonly<Record<string, number>> = { PLTE: 3 * 256, tRNS: 256 };

/**
 * Decodes a PNG file, in the memory that its header promises: a few bytes can unpack to gigabytes. Of texts, profiles
 * and further frames, which may do so too, nothing is unpacked.
 *
 * @throws Error that says what is wrong with the file
 */
export function decodePng(bytes: Uint8Array, header: PngHeader): DecodedPng {
  const chunks = chunksOf(bytes);
  const [palette = new Uint8Array()] = chunks.get('PLTE') ?? [];
  if (palette.length % 3 !== 0 || (header.indexed && palette.length === 0))
    throw new Error(
      palette.length === 0 ? 'it has no palette (chunk PLTE)' : 'its palette (chunk PLTE) ends within a colour',
    );
  if (!chunks.has('IDAT')) throw new Error('it has no pixels (chunk IDAT)');
  const transparency = chunks.get('tRNS')?.[0];
  if (transparency !== undefined && !header.indexed && !header.alpha && transparency.length !== 2 * header.samples)
    throw new Error('its transparency (chunk tRNS) does not fit its colours');
  const samples = samplesOf(unpack(joined(chunks.get('IDAT')!), packedBytes(header)), header);
  return { samples, palette, ...(transparency === undefined ? {} : { transparency }) };
}

/** Chunks that a file may have: with the largest picture in pieces of a kilobyte. */
const mostChunks = 100_000;

/**
 * The contents of the chunks, by their type (PNG specification, 5.3).
 *
 * @throws Error when one is damaged, they are too many, or the file is cut short
 */
function chunksOf(bytes: Uint8Array): ReadonlyMap<string, readonly Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  let count = 0;
  for (let at = 8; !chunks.has('IEND');) {
    if (++count > mostChunks) throw new Error(`it has more than ${mostChunks} chunks`);
    if (at === bytes.length) throw new Error('it is cut short: its end (chunk IEND) is missing');
    const end = at + 8 + (at + 8 <= bytes.length ? view.getUint32(at) : 0);
    if (end + 4 > bytes.length) throw new Error('it is cut short');
    const type = asLatin1(bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end))
      throw new Error(`the checksum of its chunk ${JSON.stringify(type)} is wrong`);
    if (end - at - 8 > (mostBytes[type] ?? Infinity)) throw new Error(`its chunk ${type} is too large`);
    const known = chunks.get(type);
    if (known === undefined) chunks.set(type, [bytes.subarray(at + 8, end)]);
    else known.push(bytes.subarray(at + 8, end));
    at = end + 4;
  }
  return chunks;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes that zlib's buffers have at least. */
const leastChunk = 64;

function unpack(packed: Uint8Array, size: number): Uint8Array {
  let pixels: Uint8Array;
  try {
    // One buffer of the size that it has to have: zlib's own are 16 kB, many times what a small picture needs.
    pixels = inflateSync(packed, { maxOutputLength: size, chunkSize: Math.max(leastChunk, size + 1) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new Error('it unpacks to more pixels than its header says', { cause: error });
    if (code === undefined || !code.startsWith('Z_')) throw error;
    throw new Error(code === 'Z_BUF_ERROR' ? 'its pixels end too early' : 'its pixels cannot be unpacked', {
      cause: error,
    });
  }
  if (pixels.length < size) throw new Error('it has fewer pixels than its header says');
  return pixels;
}

/** A pass over the picture: which pixels it has, and how many. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly columns: number;
  readonly rows: number;
}

/** Where the seven passes of an interlaced picture begin, and how far apart their pixels are: x, y, dx, dy (8.2). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes that have pixels. */
function passesOf({ width, height, interlaced }: PngHeader): readonly Pass[] {
  return (interlaced ? adam7 : [[0, 0, 1, 1] as const])
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.ceil((width - x) / dx),
      rows: Math.ceil((height - y) / dy),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Each row of a pass begins at a byte of its own. */
function rowBytes({ columns }: Pass, { samples, depth }: PngHeader): number {
  return Math.ceil((columns * samples * depth) / 8);
}

/** Bytes of the pixels, unpacked: before each row, the one that names its filter. */
function packedBytes(header: PngHeader): number {
  return passesOf(header).reduce((sum, pass) => sum + pass.rows * (1 + rowBytes(pass, header)), 0);
}

function samplesOf(pixels: Uint8Array, header: PngHeader): Uint8Array {
  const { width, height, samples, depth } = header;
  const all = new Uint8Array(width * height * samples);
  let at = 0;
  for (const pass of passesOf(header)) {
    const length = rowBytes(pass, header);
    let above = new Uint8Array(length);
    for (let y = pass.y; y < height; y += pass.dy) {
      const row = pixels.subarray(at + 1, at + 1 + length) as Uint8Array<ArrayBuffer>;
      unfilter(pixels[at]!, row, above, Math.max(1, (samples * depth) / 8));
      if (depth === 8 && pass.dx === 1) all.set(row, y * width * samples);
      else
        for (let k = 0; k < pass.columns * samples; k++) {
          const pixel = Math.floor(k / samples);
          const bit = k * depth;
          all[(y * width + pass.x + pixel * pass.dx) * samples + (k - pixel * samples)] =
            (row[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
        }
      [above, at] = [row, at + 1 + length];
    }
  }
  return all;
}

/** Turns what a row has instead of its bytes into them (9.2). @param step from a byte to that of the pixel before */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new Error(`a row of its pixels names the filter ${filter}: there are 0 to 4`);
  if (filter === 0) return;
  const { length } = row;
  if (filter === 1) for (let i = step; i < length; i++) row[i]! += row[i - step]!;
  else if (filter === 2) for (let i = 0; i < length; i++) row[i]! += above[i]!;
  else
    for (let i = 0; i < length; i++) {
      const [left, corner] = i < step ? [0, 0] : [row[i - step]!, above[i - step]!];
      row[i]! += filter === 3 ? (left + above[i]!) >> 1 : paeth(left, above[i]!, corner);
    }
}

/** Whichever of them is nearest to left + up - corner (9.4). */
function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
