import { crc32 } from 'node:zlib';
import { failure } from '../../base/diagnostics.ts';
import { showBytes } from '../../base/quantities.ts';

/** [height, width, channels]: 1 for grey values or indices, 3 for RGB. */
export type PictureShape = readonly [number, number, 1 | 3];

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

const again = 'Fetch or save it again.';

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

/** The bytes that a PNG file begins with. */
export const signature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as those of a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((value, at) => bytes[at] === value);
}

/**
 * A small file can claim any size, so it is compared before anything is unpacked.
 *
 * @throws UserError when the file is no PNG file, or too large
 */
export function readHeader(path: string, bytes: Uint8Array): PngHeader {
  if (bytes.length === 0) throw failure('empty-picture', `${path} is empty`, again);
  if (!signature.slice(0, bytes.length).every((value, at) => bytes[at] === value)) {
    const [kind, hint] = kindOf(bytes);
    const called = formats.find(([ending]) => ending.test(path));
    if (called === undefined) throw failure('not-png', `${path} is not a PNG file${kind}`, hint);
    throw failure('not-a-picture', `${path} is not a ${called[1]} file${kind}`, hint);
  }
  const damaged = (what: string) => failure('damaged-picture', `${path} is damaged: ${what}`, again);
  if (bytes.length < 33) throw damaged(`it is cut short, after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || asLatin1(bytes.subarray(12, 16)) !== 'IHDR')
    throw damaged('it does not begin with a header (chunk IHDR)');
  if (crc32(bytes.subarray(12, 29)) !== view.getUint32(29))
    throw damaged('the checksum of its header (chunk IHDR) is wrong');
  const [width, height, depth, colour, interlaced] = [
    view.getUint32(16),
    view.getUint32(20),
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

/** Formats that names show, but for PNG. */
const formats: readonly (readonly [ending: RegExp, called: string])[] = [
  [/\.(jpe?g|jpe|jfif)$/i, 'JPEG'],
  [/\.webp$/i, 'WebP'],
  [/\.tiff?$/i, 'TIFF'],
  [/\.gif$/i, 'GIF'],
];

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

function kindOf(bytes: Uint8Array): readonly [string, string] {
  const begin = asLatin1(bytes.subarray(0, 256));
  const [, kind, hint] = impostors.find(([pattern]) => pattern.test(begin)) ?? ['', '', again];
  return [kind === '' ? '' : `, but ${kind}`, hint];
}

/** A character for each byte. */
export function asLatin1(bytes: Uint8Array): string {
  // An array of arguments, as spread ones are gathered one by one: thousands of files have several of these each.
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}
