import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodedPng } from 'fast-png';
import { failure } from '../base/diagnostics.ts';
import { showBytes } from '../base/quantities.ts';
import { bytesOf, type DataFile, type DatasetSpec } from './dataset.ts';
import { readBytes } from './read-bytes.ts';

/** [height, width, channels]: 1 for grey values or indices, 3 for RGB. */
export type PictureShape = readonly [number, number, number];

/** A PNG file as bytes, and what proves which file it was. */
export interface Picture {
  readonly values: Uint8Array;
  readonly file: DataFile;
}

/** Names of what is in a folder, in their order. @throws UserError when it is none, or cannot be read */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw failure('data-file-missing', `the folder ${folder} ${code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is not a folder' : `cannot be read: ${message}`}`, 'Check the path; it counts from the folder of the pipeline file.', error);
  }
}

/** Paths of the PNG files of a folder, in the order of their names. @throws UserError when it has none, has pictures of other formats, or is none */
export function listPngFiles(folder: string): readonly string[] {
  const names = namesIn(folder);
  const found = names.filter((name) => /\.png$/i.test(name));
  const foreign = names.find((name) => /\.(jpe?g|gif|bmp|webp|tiff?)$/i.test(name));
  const convert = 'Convert the others into a new folder, such as with ImageMagick: `magick PICTURE NEW_FOLDER/NAME.png`, and name that one.';
  if (found.length === 0) throw failure('data-file-missing', `the folder ${folder} holds no PNG file`, foreign === undefined ? 'Put pictures there.' : convert);
  if (foreign !== undefined) throw failure('data-mismatch', `the folder ${folder} holds ${foreign}, which is no PNG file`, convert);
  return found.map((name) => join(folder, name));
}

/** Values of pictures of one shape, one after the other. */
export function joinPictures(pictures: readonly Picture[]): Uint8Array {
  const size = pictures[0]!.values.length;
  const all = new Uint8Array(pictures.length * size);
  pictures.forEach(({ values }, i) => all.set(values, i * size));
  return all;
}

/** The spec of data that is read from pictures: each of them, beside all that are joined, and what unpacking some left. */
export function fromPictures(spec: DatasetSpec): DatasetSpec {
  const bytes = bytesOf(spec);
  return { ...spec, reading: bytes + Math.min(6 * bytes, unpacked) };
}

/** Measured with 1,000 to 20,000 pictures: the bytes of six copies that each picture takes on its way, collected now and then. */
const unpacked = 150e6;

/** One entry for a folder: its files may be thousands. */
export function folderFile(name: string, pictures: readonly Picture[]): DataFile {
  const hash = createHash('sha256').update(JSON.stringify(pictures.map(({ file }) => [file.name, file.sha256])));
  return { name: `folder of ${name}`, sha256: hash.digest('hex'), bytes: pictures.reduce((sum, { file }) => sum + file.bytes, 0) };
}

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
}

/** The shape that `readPicture` gives a file, from its header alone. @throws UserError when it is missing, no PNG file, or too large */
export function readPictureShape(path: string): PictureShape {
  return shapeOf(readHeader(path, readBytes({ path }).bytes));
}

/**
 * Reads a picture, in greys or colours.
 *
 * @throws UserError when it is missing, damaged, of another shape, has transparency or 16 bits per channel
 */
export async function readPicture(path: string, shape: PictureShape): Promise<Picture> {
  const { png, file } = await readPng(path, shape);
  const { palette, transparency, channels, depth } = png;
  const seeThrough = palette === undefined ? transparency !== undefined || channels === 2 || channels === 4 : palette.some((colour) => (colour[3] ?? 255) < 255);
  if (seeThrough) throw failure('data-mismatch', `${path} has transparency`, 'Save it without an alpha channel.');
  const plain = unpack(path, png);
  if (palette === undefined) return { values: depth === 8 ? plain : plain.map((value) => (value * 255) / (2 ** depth - 1)), file };
  const values = new Uint8Array(plain.length * 3);
  plain.forEach((index, at) => values.set(palette[index]?.slice(0, 3) ?? [0, 0, 0], at * 3));
  return { values, file };
}

/**
 * Reads a mask: of each pixel the grey value, or the index of its colour, as it is in the file.
 *
 * @throws UserError when it is missing, damaged, of another size, or in colours without a palette
 */
export async function readMask(path: string, size: PictureShape): Promise<Picture> {
  const { png, file } = await readPng(path, [size[0], size[1]]);
  if (png.channels !== 1) throw failure('data-mismatch', `${path} has ${png.channels} channels`, 'A mask has one grey value, or one colour of a palette, for each class.');
  return { values: unpack(path, png), file };
}

/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit = 100e6;

/** Samples of a pixel by the colour type; types 0 and 4 are grey, 3 has indices, 4 and 6 transparency. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A small file can claim any size, so it is compared before anything is unpacked. @throws UserError when the file is no PNG file, or too large */
function readHeader(path: string, bytes: Uint8Array): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(0) !== 0x8950_4e47 || view.getUint32(12) !== 0x4948_4452) throw failure('data-file-corrupt', `${path} is not a PNG file`);
  const [width, height, depth, colour, interlaced] = [view.getUint32(16), view.getUint32(20), bytes[24]!, bytes[25]!, bytes[28] === 1];
  const samples = samplesOf[colour];
  if (width === 0 || height === 0 || samples === undefined) throw failure('data-file-corrupt', `${path} is damaged: its header is none of a PNG file`, 'Fetch or save it again.');
  const header = { width, height, depth, samples, interlaced, indexed: colour === 3 };
  const size = shapeOf(header).reduce((product, length) => product * length, Math.max(1, depth / 8));
  if (size > pictureLimit) throw failure('data-file-too-large', `${path} is ${width} x ${height} pixels, ${showBytes(size)} of values: a picture may have ${showBytes(pictureLimit)}`, 'Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.');
  return header;
}

/** What a pixel is read as: one grey value, or three of a colour. */
function shapeOf({ width, height, samples, indexed }: PngHeader): PictureShape {
  return [height, width, samples <= 2 && !indexed ? 1 : 3];
}

async function readPng(path: string, wanted: readonly number[]): Promise<{ readonly png: DecodedPng; readonly file: DataFile }> {
  const { bytes, file } = readBytes({ path });
  const header = readHeader(path, bytes);
  const shape = shapeOf(header).slice(0, wanted.length);
  if (String(shape) !== String(wanted)) throw failure('data-mismatch', `${path} is ${shape.join(' x ')}, not ${wanted.join(' x ')} as the first picture`, 'All pictures and masks must have one size; all pictures must be in greys, or all in colours.');
  const { decodePng } = await import('./decode-png.ts');
  try {
    return { png: decodePng(bytes, header), file };
  } catch (error) {
    throw failure('data-file-corrupt', `${path} is damaged: ${(error as Error).message}`, 'Fetch or save it again.', error);
  }
}

/** One byte for each value; files of 1, 2 and 4 bits have several in a byte. */
function unpack(path: string, { data, depth, width, height }: DecodedPng): Uint8Array {
  if (depth === 16) throw failure('data-mismatch', `${path} has 16 bits per channel`, 'Save it with 8.');
  const bytes = data as Uint8Array;
  if (depth === 8) return bytes;
  const perRow = Math.ceil((width * depth) / 8);
  return new Uint8Array(width * height).map((_, at) => {
    const bit = (at % width) * depth;
    return (bytes[Math.floor(at / width) * perRow + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}
