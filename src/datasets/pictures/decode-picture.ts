import { type UserError, failure } from '../../base/diagnostics.ts';
import { type DecodedPng, decodePng } from './decode-png.ts';
import { type PictureShape, type PngHeader, readHeader, shapeOf } from './png-header.ts';

/**
 * The greys or colours of a PNG file. An alpha channel of which all is opaque is dropped.
 *
 * @param path what messages call it
 * @throws UserError when it is damaged, of another shape, has transparency or 16 bits per channel
 */
export function decodePicture(path: string, bytes: Uint8Array, shape: PictureShape): Uint8Array {
  const { png, header } = decodeAs(path, bytes, shape);
  const { samples, palette } = png;
  const seen = seeThrough(png, header);
  if (seen > 0) throw transparent(path, seen, header.width * header.height);
  if (!header.indexed) {
    const scale = 255 / (2 ** header.depth - 1);
    const opaque = withoutAlpha(samples, header);
    return scale === 1 ? opaque : opaque.map((value) => value * scale);
  }
  const values = new Uint8Array(samples.length * 3);
  // A colour that the palette does not have is black, as in other programs.
  samples.forEach((index, at) => values.set(palette.subarray(3 * index, 3 * index + 3), at * 3));
  return values;
}

/** That a picture has transparency. @param seen how many of its pixels are not opaque */
export function transparent(path: string, seen: number, pixels: number): UserError {
  return failure(
    'transparent-picture',
    `${path} has transparency: ${seen} of its ${pixels} pixels are not opaque`,
    'Say what is behind them, such as with ImageMagick, into a new folder: ' +
      '`magick mogrify -path NEW -background white -alpha remove -alpha off FOLDER/*.png`.',
  );
}

/** Pixels that are not opaque (PNG specification, 11.3.1.1 and 12.4). */
function seeThrough(
  { samples, transparency = new Uint8Array() }: DecodedPng,
  { samples: each, depth, alpha, indexed }: PngHeader,
): number {
  let count = 0;
  if (indexed) for (const index of samples) count += Number((transparency[index] ?? 255) < 255);
  else if (alpha)
    for (let at = each - 1; at < samples.length; at += each) count += Number(samples[at]! < 2 ** depth - 1);
  else if (transparency.length > 0) {
    for (let at = 0; at < samples.length; at += each) {
      let alike = 0;
      while (alike < each && samples[at + alike] === ((transparency[2 * alike]! << 8) | transparency[2 * alike + 1]!))
        alike++;
      count += Number(alike === each);
    }
  }
  return count;
}

/** Samples without how opaque each is. A loop, as `filter` takes four times as long as all the rest of reading. */
export function withoutAlpha(samples: Uint8Array, { samples: each, alpha }: PngHeader): Uint8Array {
  if (!alpha) return samples;
  const kept = new Uint8Array((samples.length / each) * (each - 1));
  for (let from = 0, to = 0; from < samples.length; from++) if (from % each < each - 1) kept[to++] = samples[from]!;
  return kept;
}

/** @throws UserError where a picture has another shape than the others */
export function proveShape(path: string, shape: readonly number[], wanted: readonly number[]): void {
  if (String(shape) !== String(wanted))
    throw failure(
      'picture-shape-differs',
      `${path} is ${shape.join(' x ')}, not ${wanted.join(' x ')} as the others`,
      'All pictures and masks must have one size; all pictures must be in greys, or all in colours.',
    );
}

/** A PNG file in the shape that it has to have, as far as that is given. @throws UserError as decodePicture */
export function decodeAs(
  path: string,
  bytes: Uint8Array,
  wanted: readonly number[],
  isMask = false,
): { readonly png: DecodedPng; readonly header: PngHeader } {
  const header = readHeader(path, bytes);
  proveShape(path, shapeOf(header).slice(0, wanted.length), wanted);
  if (header.depth === 16) throw tooManyBits(path, header.depth, isMask);
  try {
    return { png: decodePng(bytes, header), header };
  } catch (error) {
    throw failure(
      'damaged-picture',
      `${path} is damaged: ${(error as Error).message}`,
      'Fetch or save it again.',
      error,
    );
  }
}

/** That a picture or mask has more than 8 bits per channel. */
export function tooManyBits(path: string, depth: number, isMask = false): UserError {
  return failure('sixteen-bit-picture', `${path} has ${depth} bits per channel`, withEightBits(isMask));
}

/** The way out where there are 16 bits per channel. Values of a mask must stay what they are: 1 of 65,535 is no 0. */
export function withEightBits(isMask: boolean): string {
  return isMask
    ? 'Save it with 8, each value as it is: Pillow does so with ' +
        "`Image.fromarray(numpy.array(Image.open('a.png')).astype('uint8')).save('NEW/a.png')`, " +
        'where ImageMagick would divide all values by 257.'
    : 'Save it with 8, such as with ImageMagick, into a new folder: `magick mogrify -path NEW -depth 8 FOLDER/*.png`.';
}
