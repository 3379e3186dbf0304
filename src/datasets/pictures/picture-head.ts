import { failure } from '../../base/diagnostics.ts';
import { showBytes } from '../../base/quantities.ts';
import { Damage, type FoundHead, type ReadAt } from '../found-head.ts';
import { gifHead, jpegHead, tiffHead, webpHead } from './photo-heads.ts';
import { type PictureShape, type PngHeader, asLatin1, isPng, readHeader, shapeOf } from './png-header.ts';

/** Formats of pictures that can be read. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif';

/** What a picture says of itself before any of it is decoded. */
export interface PictureHead extends Pick<FoundHead, 'depth' | 'alpha' | 'several' | 'cmyk'> {
  readonly format: PictureFormat;
  /** Height and width as it is shown, turned as it says; 1 for greys, 3 for all else. */
  readonly shape: PictureShape;
  /** Of a PNG file. */
  readonly png?: PngHeader;
}

/** How files begin, by their format. */
const beginnings: readonly (readonly [format: Exclude<PictureFormat, 'png'>, begin: RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[^]{4}WEBP/],
  ['tiff', /^(II\*\0|MM\0\*)/],
];

const readers = { jpeg: jpegHead, gif: gifHead, webp: webpHead, tiff: tiffHead } as const;

/** The format that bytes show by how they begin; undefined where they show none that can be read. */
export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  if (isPng(bytes)) return 'png';
  const begin = asLatin1(bytes.subarray(0, 12));
  return beginnings.find(([, pattern]) => pattern.test(begin))?.[0];
}

/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit = 100e6;

/**
 * What the head of a picture says. A small file can claim any size, so it is compared before anything is unpacked.
 *
 * @param path what messages call it
 * @throws UserError when it is no picture that can be read, damaged, or too large
 */
export function readHead(path: string, readAt: ReadAt): PictureHead {
  const begin = readAt(0, 256);
  const format = formatOf(begin);
  if (format === undefined || format === 'png') {
    const png = readHeader(path, begin);
    const { depth, alpha } = png;
    return { format: 'png', shape: shapeOf(png), depth, alpha, several: false, cmyk: false, png };
  }
  const { width, height, channels, orientation, ...rest } = found(path, format, readAt);
  const bytes = width * height * channels * Math.max(1, rest.depth / 8);
  if (bytes > pictureLimit)
    throw failure(
      'picture-too-large',
      `${path} is ${width} x ${height} pixels, ${showBytes(bytes)} of values: ` +
        `a picture may have ${showBytes(pictureLimit)}`,
      'Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.',
    );
  const [high, wide] = orientation > 4 ? [width, height] : [height, width];
  return { format, shape: [high, wide, channels], ...rest };
}

function found(path: string, format: keyof typeof readers, readAt: ReadAt): FoundHead {
  try {
    const head = readers[format](readAt);
    if (head.width === 0 || head.height === 0) throw new Damage('it has no size');
    return head;
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    throw failure('damaged-picture', `${path} is damaged: ${error.message}`, 'Fetch or save it again.', error);
  }
}

/** Reads a picture's head from its bytes. */
export const within =
  (bytes: Uint8Array): ReadAt =>
  (offset, length) =>
    bytes.subarray(offset, offset + length);
