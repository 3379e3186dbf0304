import { failure } from '../../base/diagnostics.ts';
import { formatShape } from '../../base/tensor-shape.ts';
import type { AskedRow, InputSpec, TrainedOn, Values } from '../dataset.ts';
import { decodePicture } from './decode-picture.ts';
import { type Tensor, isNamed, isTensor, kindOf, labelsIn, proveNames, valuesOf } from '../given-values.ts';
import { isPng, readHeader, shapeOf } from './png-header.ts';

/** Gives the bytes of the file that a text names. */
type Read = (path: string) => Uint8Array;

/**
 * Takes pictures, each a PNG file, its bytes as numbers, or what a canvas gives.
 *
 * @param where what messages call the row
 * @param read gives the bytes of the file that a text names; left out: texts are no pictures
 * @throws UserError where the row cannot be used
 */
export type PictureEncoder<Made = Values> = (
  row: unknown,
  where: string,
  read?: Read,
) => Pick<AskedRow, 'actual' | 'fault'> & { readonly x: readonly (Values | Made)[] };

/** What reads the bytes of files. */
export interface FileDecoder<Made> {
  /** Whether bytes are a file's, and no values. */
  readonly isFile: (bytes: Uint8Array, input: InputSpec) => boolean;
  /** @throws UserError where they are no picture, or one of another shape */
  readonly decode: (bytes: Uint8Array, input: InputSpec, name: string) => Values | Made;
}

const pngAlone: FileDecoder<never> = { isFile: isPng, decode: (...given) => pictureFrom(...given) };

/**
 * The encoder of a model that learnt from pictures. By itself it needs nothing of Node, and reads PNG files alone.
 *
 * @param files what else reads them
 */
export function pictureEncoder<Made = never>(
  { inputs, targets }: Pick<TrainedOn, 'inputs' | 'targets'>,
  files: FileDecoder<Made> = pngAlone,
): PictureEncoder<Made> {
  const names = inputs.map(({ name }) => name);
  const [input] = inputs as [InputSpec];
  const isOne = inputs.length === 1;
  return (row, where, read) => {
    const parts = isNamed(row) && !isTensor(row) && !isImageData(row) ? row : { [input.name]: row };
    if (!isOne && parts !== row)
      throw failure(
        'missing-input',
        `${where} is ${kindOf(row)}, not an object with ${names.map((name) => `\`${name}\``).join(' and ')}`,
        'Give a picture for each: { "left": "a.png", "right": "b.png" }.',
      );
    proveNames(parts, names, where);
    const x = inputs.map((input) =>
      pictureOf(parts[input.name], { input, where: isOne ? where : `${where}: ${input.name}`, read, files }),
    );
    return { x, ...labelsIn(parts, targets, where) };
  };
}

function pictureOf<Made>(
  given: unknown,
  {
    input,
    where,
    read,
    files,
  }: {
    readonly input: InputSpec;
    readonly where: string;
    readonly read: Read | undefined;
    readonly files: FileDecoder<Made>;
  },
): Values | Made {
  if (typeof given === 'string' && read !== undefined)
    return files.decode(read(given), input, `${where}: ${given.split(/[\\/]/).at(-1)!}`);
  if (isImageData(given)) return valuesOf(pixelsOf(given, input, where), input, where);
  if (given instanceof Uint8Array && files.isFile(given, input)) return files.decode(given, input, where);
  return valuesOf(given, input, where);
}

/** What a canvas gives: red, green, blue and how opaque it is, of each pixel. */
interface CanvasPixels {
  readonly width: unknown;
  readonly height: unknown;
  readonly data: Uint8ClampedArray;
}

function isImageData(value: unknown): value is CanvasPixels {
  // An input may be called `data` too.
  return isNamed(value) && value['data'] instanceof Uint8ClampedArray && ('width' in value || 'height' in value);
}

/**
 * As a file of it would be read.
 *
 * @throws UserError where its size is not that of its data, it has transparency, or colours where there are greys
 */
function pixelsOf(given: CanvasPixels, { shape }: InputSpec, where: string): Tensor {
  const { data } = given;
  const [width, height] = [Number(given.width), Number(given.height)];
  if (data.length !== 4 * width * height)
    throw failure(
      'wrong-shape',
      `${where} has width ${width}, height ${height} and ${data.length} bytes of \`data\`, not 4 for each pixel`,
      "Give what a canvas' `getImageData` gives, as it is.",
    );
  const channels = shape[2] === 1 ? 1 : 3;
  const values = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue] = [data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!];
    if (data[4 * pixel + 3] !== 255)
      throw failure(
        'transparent-picture',
        `${where} has transparency: not all of its pixels are opaque`,
        'Fill the canvas with what is behind the picture, such as white, before it is drawn.',
      );
    if (channels === 1 && (red !== green || green !== blue))
      throw failure('wrong-shape', `${where} has colours, and the model takes greys`, 'Make it grey before.');
    values.set([red, green, blue].slice(0, channels), pixel * channels);
  }
  return { shape: [height, width, channels], values };
}

/** The values of a PNG file. @throws UserError where it is none, or of another shape */
export function pictureFrom(bytes: Uint8Array, input: InputSpec, name: string): Values {
  const shape = shapeOf(readHeader(name, bytes));
  proveTaken(shape, input, name);
  return decodePicture(name, bytes, shape);
}

/** @throws UserError where a picture is not of the shape that the model takes */
export function proveTaken(found: readonly number[], { shape }: InputSpec, name: string): void {
  if (String(found) === String(shape)) return;
  const [height, width, channels] = shape;
  const colours = channels === 1 ? '-colorspace Gray ' : '-define png:color-type=2 ';
  throw failure(
    'wrong-shape',
    `${name} is ${formatShape(found)}, and the model takes ${formatShape(shape)}`,
    `Make it as the pictures were that it was trained on, such as with ImageMagick: ` +
      `\`magick PICTURE -resize '${width}x${height}!' ${colours}NEW.png\`.`,
  );
}
