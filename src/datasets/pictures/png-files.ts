import { createHash } from 'node:crypto';
import type { DataFile } from '../files/data-file.ts';
import { failure } from '../../base/diagnostics.ts';
import { bytesOf, type DataWarning, type DatasetSpec } from '../dataset.ts';
import { decodeAs, decodePicture, proveShape, withoutAlpha } from './decode-picture.ts';
import { readHead, within } from './picture-head.ts';
import type { PictureShape } from './png-header.ts';
import { type Preparation, decodePrepared, shapeAfter } from './prepare-picture.ts';
import { readBytes } from '../files/read-bytes.ts';

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
  return { ...spec, packs: 'files', reading: bytes + Math.min(6 * bytes, unpacked) };
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
export function folderFile(name: string, files: readonly DataFile[]): DataFile {
  const hash = createHash('sha256').update(JSON.stringify(files.map((file) => [file.name, file.sha256])));
  return {
    name: `folder of ${name}`,
    sha256: hash.digest('hex'),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
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

/**
 * Reads a picture of any format, and prepares it.
 *
 * @param shape what it has to be then
 * @throws UserError as readPicture
 */
export async function readPrepared(path: string, shape: PictureShape, preparation: Preparation): Promise<Picture> {
  const { bytes, file } = readBytes({ path });
  const head = readHead(path, within(bytes));
  proveShape(path, shapeAfter(head.shape, preparation), shape);
  return { values: await decodePrepared(path, bytes, head, preparation), file };
}

/**
 * Reads a mask: of each pixel the grey value, or the index of its colour, as it is in the file.
 *
 * @param size what it has to be; left out, every size is right
 * @throws UserError when it is missing, damaged, of another size, or in colours without a palette
 */
export function readMask(path: string, size?: PictureShape): Picture & { readonly size: readonly [number, number] } {
  const { bytes, file } = readBytes({ path });
  const { png, header } = decodeAs(path, bytes, size === undefined ? [] : [size[0], size[1]], true);
  if (header.samples > 2)
    throw failure(
      'mask-with-channels',
      `${path} has ${header.samples} channels`,
      'A mask has one grey value, or one colour of a palette, for each class.',
    );
  return { values: withoutAlpha(png.samples, header), file, size: [header.height, header.width] };
}
