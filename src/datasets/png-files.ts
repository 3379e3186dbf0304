import { createHash } from 'node:crypto';
import type { DataFile } from './data-file.ts';
import { failure } from '../base/diagnostics.ts';
import { bytesOf, type DataWarning, type DatasetSpec } from './dataset.ts';
import { type DecodedPng, decodePng } from './decode-png.ts';
import { type PictureShape, type PngHeader, readHeader, shapeOf } from './png-header.ts';
import { readBytes } from './read-bytes.ts';

/** A PNG file as bytes, and what proves which file it was. */
export interface Picture {
  readonly values: Uint8Array;
  readonly file: DataFile;
}

/** Values of pictures of one shape, one after the other. */
export function joinPictures(pictures: readonly Picture[]): Uint8Array {
  const size = pictures[0]!.values.length;
  const all = new Uint8Array(pictures.length * size);
  pictures.forEach(({ values }, i) => all.set(values, i * size));
  return all;
}

/**
 * The spec of data that is read from pictures: each of them, beside all that are joined, and what unpacking some left.
 */
export function fromPictures(spec: DatasetSpec): DatasetSpec {
  const bytes = bytesOf(spec);
  return { ...spec, reading: bytes + Math.min(6 * bytes, unpacked) };
}

/**
 * Measured with 1,000 to 20,000 pictures: the bytes of six copies that each picture takes on its way, collected now and
 * then.
 */
const unpacked = 150e6;

/** The spec with what is strange about the pictures. */
export function withWarnings(spec: DatasetSpec, warnings: readonly DataWarning[]): DatasetSpec {
  return warnings.length === 0 ? spec : { ...spec, warnings };
}

/** One entry for a folder: its files may be thousands. */
export function folderFile(name: string, pictures: readonly Picture[]): DataFile {
  const hash = createHash('sha256').update(JSON.stringify(pictures.map(({ file }) => [file.name, file.sha256])));
  return {
    name: `folder of ${name}`,
    sha256: hash.digest('hex'),
    bytes: pictures.reduce((sum, { file }) => sum + file.bytes, 0),
  };
}

/**
 * Reads a picture, in greys or colours. An alpha channel of which all is opaque is dropped.
 *
 * @throws UserError when it is missing, damaged, of another shape, has transparency or 16 bits per channel
 */
export function readPicture(path: string, shape: PictureShape): Picture {
  const { bytes, file } = readBytes({ path });
  return { values: decodePicture(path, bytes, shape), file };
}

/** As readPicture, of a file that was read. @param path what messages call it */
export function decodePicture(path: string, bytes: Uint8Array, shape: PictureShape): Uint8Array {
  const { png, header } = decode(path, bytes, shape);
  const { samples, palette } = png;
  const seen = seeThrough(png, header);
  if (seen > 0)
    throw failure(
      'transparent-picture',
      `${path} has transparency: ${seen} of its ${header.width * header.height} pixels are not opaque`,
      'Say what is behind them, such as with ImageMagick, into a new folder: ' +
        '`magick mogrify -path NEW -background white -alpha remove -alpha off FOLDER/*.png`.',
    );
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

/**
 * Reads a mask: of each pixel the grey value, or the index of its colour, as it is in the file.
 *
 * @throws UserError when it is missing, damaged, of another size, or in colours without a palette
 */
export function readMask(path: string, size: PictureShape): Picture {
  const { bytes, file } = readBytes({ path });
  const { png, header } = decode(path, bytes, [size[0], size[1]]);
  if (header.samples > 2)
    throw failure(
      'mask-with-channels',
      `${path} has ${header.samples} channels`,
      'A mask has one grey value, or one colour of a palette, for each class.',
    );
  return { values: withoutAlpha(png.samples, header), file };
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

/** A loop, as `filter` takes four times as long as all the rest of reading a picture. */
function withoutAlpha(samples: Uint8Array, { samples: each, alpha }: PngHeader): Uint8Array {
  if (!alpha) return samples;
  const kept = new Uint8Array((samples.length / each) * (each - 1));
  for (let from = 0, to = 0; from < samples.length; from++) if (from % each < each - 1) kept[to++] = samples[from]!;
  return kept;
}

function decode(
  path: string,
  bytes: Uint8Array,
  wanted: readonly number[],
): { readonly png: DecodedPng; readonly header: PngHeader } {
  const header = readHeader(path, bytes);
  const shape = shapeOf(header).slice(0, wanted.length);
  if (String(shape) !== String(wanted))
    throw failure(
      'picture-shape-differs',
      `${path} is ${shape.join(' x ')}, not ${wanted.join(' x ')} as the others`,
      'All pictures and masks must have one size; all pictures must be in greys, or all in colours.',
    );
  if (header.depth === 16) throw failure('sixteen-bit-picture', `${path} has 16 bits per channel`, withEightBits);
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

/** The way out for pictures of 16 bits per channel. */
export const withEightBits =
  'Save it with 8, such as with ImageMagick, into a new folder: `magick mogrify -path NEW -depth 8 FOLDER/*.png`.';
