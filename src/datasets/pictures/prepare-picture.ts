import { type Resize, decodePhoto, resizePixels } from './decode-photo.ts';
import { decodePicture, tooManyBits } from './decode-picture.ts';
import type { PictureHead } from './picture-head.ts';
import type { PictureShape } from './png-header.ts';

/** What is done to each picture on its way into the net. */
export interface Preparation {
  readonly resize?: Resize;
  readonly channels?: 1 | 3;
}

/** What a picture of a shape is after it. */
export function shapeAfter([height, width, channels]: PictureShape, { resize, channels: wanted }: Preparation) {
  return [resize?.height ?? height, resize?.width ?? width, wanted ?? channels] as const satisfies PictureShape;
}

/** Whether sharp has a part in it: our own decoder reads PNG files. */
export function needsSharp({ format, shape }: PictureHead, { resize }: Preparation): boolean {
  return format !== 'png' || isResized(shape, resize);
}

function isResized([height, width]: PictureShape, resize: Resize | undefined): resize is Resize {
  return resize !== undefined && (resize.height !== height || resize.width !== width);
}

/**
 * The values of a picture, prepared.
 *
 * @param path what messages call it
 * @param head what the bytes say
 * @throws UserError when it is damaged, has transparency, or more than 8 bits per channel
 */
export async function decodePrepared(
  path: string,
  bytes: Uint8Array,
  head: PictureHead,
  preparation: Preparation,
): Promise<Uint8Array> {
  if (!needsSharp(head, preparation)) return decodeNow(path, bytes, head, preparation);
  const { shape, format, depth } = head;
  const resize = isResized(shape, preparation.resize) ? preparation.resize : undefined;
  const [, , channels] = shapeAfter(shape, preparation);
  if (format !== 'png') {
    if (depth > 8) throw tooManyBits(path, depth);
    return inChannels(await decodePhoto(path, bytes, head, resize), 3, channels);
  }
  return inChannels(await resizePixels(decodePicture(path, bytes, shape), shape, resize!), shape[2], channels);
}

/** As decodePrepared, of a PNG file that keeps its size. */
export function decodeNow(
  path: string,
  bytes: Uint8Array,
  { shape }: PictureHead,
  preparation: Preparation,
): Uint8Array {
  return inChannels(decodePicture(path, bytes, shape), shape[2], shapeAfter(shape, preparation)[2]);
}

/** Greys as colours, or colours as greys: ITU-R BT.601's luma, rounded as Pillow does. */
function inChannels(values: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return values;
  if (from === 1) {
    const colours = new Uint8Array(3 * values.length);
    for (let at = 0; at < colours.length; at++) colours[at] = values[Math.floor(at / 3)]!;
    return colours;
  }
  const greys = new Uint8Array(values.length / 3);
  for (let at = 0; at < greys.length; at++) {
    const [red, green, blue] = [values[3 * at]!, values[3 * at + 1]!, values[3 * at + 2]!];
    greys[at] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
  return greys;
}
