import type { default as Sharp } from 'sharp';
import { UserError, failure } from '../../base/diagnostics.ts';
import { transparent } from './decode-picture.ts';
import type { PictureHead } from './picture-head.ts';
import type { PictureShape } from './png-header.ts';

/** The size that pictures are brought to, and how. */
export interface Resize {
  readonly width: number;
  readonly height: number;
  readonly fit: 'cover' | 'contain' | 'fill';
}

let opened: Promise<typeof Sharp> | undefined;

/** Loads sharp when the first picture needs it. @throws UserError when this machine has none */
async function openSharp(): Promise<typeof Sharp> {
  opened ??= import('sharp').then(
    ({ default: sharp }) => {
      // Each picture is read once, and pictures are decoded beside each other.
      sharp.cache(false);
      sharp.concurrency(1);
      return sharp;
    },
    (error: unknown) => {
      opened = undefined;
      throw failure(
        'decoder-missing',
        `sharp, which decodes and resizes pictures, cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
        'Install it for this machine: `npm install --include=optional sharp`; PNG files of one size need none.',
        error,
      );
    },
  );
  return opened;
}

/** What bears on what a picture decodes to: sharp, and the libraries inside it, with their versions. */
export async function decoderVersions(): Promise<string> {
  const { versions } = await openSharp();
  const parts = ['sharp', 'vips', 'mozjpeg', 'webp', 'tiff', 'lcms', 'highway'] as const;
  return parts.map((name) => `${name} ${versions[name] ?? 'of the system'}`).join(', ');
}

/**
 * The colours of a picture that is no PNG file, turned as it says, of its first frame or page: red, green and blue of
 * each pixel.
 *
 * @param path what messages call it
 * @param resize left out: as large as it is
 * @throws UserError when it is damaged, or has transparency
 */
export async function decodePhoto(
  path: string,
  bytes: Uint8Array,
  { shape: [height, width] }: PictureHead,
  resize?: Resize,
): Promise<Uint8Array> {
  const sharp = await openSharp();
  const size = { width, height, ...resize };
  // The head says how many there are: a file that goes on otherwise is none.
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: width * height }).autoOrient();
  if (resize !== undefined) picture.resize(resize);
  try {
    const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    if (info.width !== size.width || info.height !== size.height)
      throw new Error(`it is ${info.height} x ${info.width}, and its head says ${size.height} x ${size.width}`);
    return opaque(path, bytesOf(data), info.channels);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UserError) throw error;
    const [problem] = error.message.split('\n');
    throw failure('damaged-picture', `${path} is damaged: ${problem}`, 'Fetch or save it again.', error);
  }
}

const bytesOf = ({ buffer, byteOffset, length }: Buffer) => new Uint8Array(buffer, byteOffset, length);

/** Without how opaque each pixel is. @throws UserError where one is not */
function opaque(path: string, values: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return values;
  const pixels = values.length / channels;
  const colours = new Uint8Array(3 * pixels);
  let seen = 0;
  for (let at = 0; at < pixels; at++) {
    for (let k = 0; k < 3; k++) colours[3 * at + k] = values[channels * at + k]!;
    seen += Number(values[channels * at + 3]! < 255);
  }
  if (seen > 0) throw transparent(path, seen, pixels);
  return colours;
}

/** Brings pixels to another size, in as many channels as they have. */
export async function resizePixels(
  values: Uint8Array,
  [height, width, channels]: PictureShape,
  resize: Resize,
): Promise<Uint8Array> {
  const sharp = await openSharp();
  const raw = { width, height, channels };
  const { data, info } = await sharp(values, { raw }).resize(resize).raw().toBuffer({ resolveWithObject: true });
  if (info.channels === channels) return bytesOf(data);
  return Uint8Array.from({ length: data.length / info.channels }, (_, at) => data[at * info.channels]!);
}
