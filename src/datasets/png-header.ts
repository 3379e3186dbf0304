import { closeSync, fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { failure } from '../base/diagnostics.ts';
import { showBytes } from '../base/quantities.ts';
import { openFile } from '../base/read-file.ts';
import { dataFileLimit, explainUnread } from './read-bytes.ts';

/** [height, width, channels]: 1 for grey values or indices, 3 for RGB. */
export type PictureShape = readonly [number, number, number];

/** What the header of a PNG file says (PNG specification, 11.2.1 IHDR). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Of a pixel: 1 for greys and indices of colours, 2 with transparency, 3 for colours, 4 with transparency. */
  readonly samples: number;
  readonly interlaced: boolean;
  /** Whether pixels are indices of colours. */
  readonly indexed: boolean;
  /** Whether pixels say how opaque they are. */
  readonly alpha: boolean;
}

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

const again = 'Fetch or save it again.';

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

/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit = 100e6;

/**
 * Samples of a pixel by the colour type, and the bits that one may have; types 0 and 4 are grey, 3 has indices, 4 and 6
 * transparency.
 */
const kinds: Readonly<Record<number, readonly [samples: number, depths: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Whether bytes begin as those of a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(0, 8).equals(signature);
}

/**
 * A small file can claim any size, so it is compared before anything is unpacked.
 *
 * @throws UserError when the file is no PNG file, or too large
 */
export function readHeader(path: string, given: Uint8Array): PngHeader {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length === 0) throw failure('empty-picture', `${path} is empty`, again);
  if (!bytes.subarray(0, 8).equals(signature.subarray(0, bytes.length))) {
    const [kind, hint] = kindOf(bytes);
    throw failure('not-png', `${path} is not a PNG file${kind}`, hint);
  }
  const damaged = (what: string) => failure('damaged-picture', `${path} is damaged: ${what}`, again);
  if (bytes.length < 33) throw damaged(`it is cut short, after ${bytes.length} bytes`);
  if (bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR')
    throw damaged('it does not begin with a header (chunk IHDR)');
  if (crc32(bytes.subarray(12, 29)) !== bytes.readUInt32BE(29))
    throw damaged('the checksum of its header (chunk IHDR) is wrong');
  const [width, height, depth, colour, interlaced] = [
    bytes.readUInt32BE(16),
    bytes.readUInt32BE(20),
    bytes[24]!,
    bytes[25]!,
    bytes[28]!,
  ];
  const [samples, depths] = kinds[colour] ?? [0, []];
  if (width === 0 || height === 0 || !depths.includes(depth) || bytes[26] !== 0 || bytes[27] !== 0 || interlaced > 1)
    throw damaged('its header is none of a PNG file');
  const header = {
    width,
    height,
    depth,
    samples,
    interlaced: interlaced === 1,
    indexed: colour === 3,
    alpha: samples % 2 === 0,
  };
  const size = shapeOf(header).reduce((product, length) => product * length, Math.max(1, depth / 8));
  if (size > pictureLimit)
    throw failure(
      'picture-too-large',
      `${path} is ${width} x ${height} pixels, ${showBytes(size)} of values: ` +
        `a picture may have ${showBytes(pictureLimit)}`,
      'Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.',
    );
  return header;
}

/** What a pixel is read as: one grey value, or three of a colour. */
export function shapeOf({ width, height, samples, indexed }: PngHeader): PictureShape {
  return [height, width, samples <= 2 && !indexed ? 1 : 3];
}

const convert =
  'Its name does not make it one; convert it, such as with ImageMagick: `magick PICTURE NEW_FOLDER/NAME.png`.';

/** How files begin that are named .png and are none, what they are, and the way out. */
const impostors: readonly (readonly [begin: RegExp, kind: string, hint: string])[] = [
  [/^\xff\xd8\xff/, 'a JPEG file', convert],
  [/^GIF8/, 'a GIF file', convert],
  [/^BM/, 'a BMP file', convert],
  [/^RIFF[^]{4}WEBP/, 'a WebP file', convert],
  [/^(II\*\0|MM\0\*)/, 'a TIFF file', convert],
  [/^[^]{4}ftyp/, 'an AVIF or HEIC file', convert],
  [/^P[1-7]\s/, 'a Netpbm file', convert],
  [
    /^\0\x05\x16\x07/,
    'what macOS keeps about one',
    'Remove it: macOS writes one beside each file on disks of other systems.',
  ],
  [/^version https:\/\/git-lfs/, 'what Git LFS puts in its place', '`git lfs pull` fetches it.'],
  [/^\x89PNG/, 'one that was changed on the way, as by a transfer as text', 'Transfer it again, as binary.'],
  [
    /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)/i,
    'a web page, such as a login or an error in its place',
    'Fetch it again; open it in a browser to see what was sent instead.',
  ],
  [/^(\xef\xbb\xbf)?\s*<(\?xml|svg)/i, 'an SVG or XML file', convert],
  [/^PK\x03\x04/, 'a ZIP archive', 'Unpack it.'],
  [/^\x1f\x8b/, 'a gzip archive', 'Unpack it.'],
  [/^%PDF/, 'a PDF file', convert],
];

function kindOf(bytes: Buffer): readonly [string, string] {
  const begin = bytes.toString('latin1', 0, 256);
  const [, kind, hint] = impostors.find(([pattern]) => pattern.test(begin)) ?? ['', '', again];
  return [kind === '' ? '' : `, but ${kind}`, hint];
}
