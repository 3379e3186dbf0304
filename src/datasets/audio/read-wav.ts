import { failure } from '../../base/diagnostics.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { InParts } from '../../base/turns.ts';
import { Damage, type ReadAt } from '../found-head.ts';
import { asLatin1 } from '../pictures/png-header.ts';

/** What a WAV file says of its samples. */
export interface WavHead {
  /** Samples per second. */
  readonly rate: number;
  readonly channels: number;
  /** Whether samples are floats; whole numbers otherwise, of 8 bits without a sign. */
  readonly isFloat: boolean;
  /** Of a sample. */
  readonly bits: number;
  /** Samples of each channel. */
  readonly count: number;
  /** Where the first one begins, in bytes. */
  readonly from: number;
}

/** How samples are written that are numbers. */
const [pcm, float, extensible] = [1, 3, 0xfffe] as const;

const isRead = (isFloat: boolean, bits: number) => (isFloat ? [32, 64] : [8, 16, 24, 32]).includes(bits);

/** Ways of writing samples that cannot be read, by the names that their users know. */
const compressed: Readonly<Record<number, string>> = {
  0x02: 'Microsoft ADPCM',
  0x06: 'A-law',
  0x07: 'mu-law',
  0x11: 'IMA ADPCM',
  0x31: 'GSM 6.10',
  0x50: 'MPEG audio',
  0x55: 'MP3',
  0xff: 'AAC',
  0x161: 'Windows Media Audio',
};

/** What `ffmpeg` makes of any recording. */
const asPcm = '-c:a pcm_s16le NEW.wav';

const convert = `Convert it: \`ffmpeg -i OLD ${asPcm}\`.`;

/** How files begin that are no WAV files, what they are, and the way out. */
const impostors: readonly (readonly [begin: RegExp, kind: string, hint: string])[] = [
  [/^fLaC/, 'a FLAC file', convert],
  [/^OggS/, 'an Ogg file', convert],
  [/^(ID3|\xff[\xe0-\xff])/, 'an MP3 file', convert],
  [/^FORM[^]{4}AIF[FC]/, 'an AIFF file', convert],
  [/^(RF64|BW64)/, 'an RF64 file, for more than 4 GB', convert],
  [/^RIFX/, 'a RIFX file, of big-endian numbers', convert],
  [/^RIFF[^]{4}AVI /, 'a video', convert],
  [/^\.snd/, 'an AU file', convert],
  [/^[^]{4}ftyp/, 'an MP4 or M4A file', convert],
  [
    /^\0\x05\x16\x07/,
    'what macOS keeps about one',
    'Remove it: macOS writes one beside each file on disks of other systems.',
  ],
  [/^version https:\/\/git-lfs/, 'what Git LFS puts in its place', '`git lfs pull` fetches it.'],
  [/^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)/i, 'a web page', 'Fetch it again.'],
];

/** Whether bytes begin as a WAV file does. */
export function isWav(bytes: Uint8Array): boolean {
  return /^RIFF[^]{4}WAVE/.test(asLatin1(bytes.subarray(0, 12)));
}

/** Chunks that are looked at before the samples; files have a few. */
const mostChunks = 1000;

/**
 * What the head of a WAV file says. Nothing that it promises is believed beyond the file's own size.
 *
 * @param path what messages call it
 * @param size bytes of the file
 * @throws UserError when it is none, damaged, empty, or in a way of writing that cannot be read
 */
export function readWavHead(path: string, readAt: ReadAt, size: number): WavHead {
  if (size === 0) throw failure('empty-recording', `${path} is empty`, again);
  const begin = readAt(0, 256);
  if (!isWav(begin)) {
    const [, kind, hint] = impostors.find(([pattern]) => pattern.test(asLatin1(begin))) ?? [];
    throw failure(
      'not-a-recording',
      `${path} is no WAV file${kind === undefined ? '' : `, but ${kind}`}`,
      hint ?? again,
    );
  }
  try {
    return headIn(path, readAt, size);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    throw failure('damaged-recording', `${path} is damaged: ${error.message}`, again, error);
  }
}

const again = 'Fetch or save it again.';

/** Whether a length is what a program writes that writes into a pipe, and does not know how long it will be. */
const isUnknown = (length: number) => length === 0 || length >= 0x7fff_f000;

function headIn(path: string, readAt: ReadAt, size: number): WavHead {
  let format: Format | undefined;
  let at = 12;
  for (let chunk = 0; chunk < mostChunks && at + 8 <= size; chunk++) {
    const head = readAt(at, 8);
    const [id, length] = [asLatin1(head.subarray(0, 4)), viewOf(head).getUint32(4, true)];
    const from = at + 8;
    if (id === 'fmt ') format = formatIn(path, readAt(from, Math.min(length, 40)));
    if (id === 'data') {
      if (format === undefined) throw new Damage('its samples come before what says how to read them');
      // Nothing may be just that, where the length of the whole file is known.
      const isOpen = isUnknown(length) && (length > 0 || isUnknown(viewOf(readAt(4, 4)).getUint32(0, true)));
      if (!isOpen && from + length > size) throw new Damage(`it is cut short, after ${size} of ${from + length} bytes`);
      const { width, ...rest } = format;
      const count = Math.floor((isOpen ? size - from : length) / width);
      if (count === 0) throw failure('empty-recording', `${path} has no samples`, again);
      return { ...rest, count, from };
    }
    // Chunks begin at even places.
    at = from + length + (length % 2);
  }
  throw new Damage(`it has no ${format === undefined ? 'word of how to read its samples' : 'samples'}`);
}

type Format = Pick<WavHead, 'rate' | 'channels' | 'isFloat' | 'bits'> & {
  /** Bytes of one moment: a sample of each channel. */
  readonly width: number;
};

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The end of the name that a way of writing has in WAVE_FORMAT_EXTENSIBLE, behind its number. */
const ofKnown = [0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

function formatIn(path: string, bytes: Uint8Array): Format {
  if (bytes.length < 16) throw new Damage('what says how to read its samples is cut short');
  const view = viewOf(bytes);
  let tag = view.getUint16(0, true);
  if (tag === extensible) {
    if (bytes.length < 40) throw new Damage('what says how to read its samples is cut short');
    if (!ofKnown.every((byte, k) => bytes[28 + k] === byte)) throw unread(path, 'in a way of writing of its own');
    tag = view.getUint16(24, true);
  }
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const width = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (tag !== pcm && tag !== float) {
    const name = compressed[tag];
    throw unread(path, name === undefined ? `of kind 0x${tag.toString(16)}` : `compressed as ${name}`);
  }
  const isFloat = tag === float;
  // Twelve bits, or twenty, stand in the upper ones of so many bytes.
  const held = channels === 0 ? 0 : (width / channels) * 8;
  if (channels === 0 || rate === 0 || bits === 0 || bits > held || !Number.isInteger(held))
    throw new Damage(`it has ${channels} channels of ${bits} bits in ${width} bytes, at ${rate} Hz`);
  if (!isRead(isFloat, held)) throw unread(path, `of ${bits} bits, as ${isFloat ? 'floats' : 'whole numbers'}`);
  return { rate, channels, isFloat, bits: held, width };
}

function unread(path: string, kind: string) {
  return failure(
    'recording-encoding',
    `${path} has samples ${kind}, which cannot be read`,
    `Convert it to PCM: \`ffmpeg -i ${shellWord(path.split(/[\\/]/).at(-1)!)} ${asPcm}\`.`,
  );
}

/**
 * The mean of the channels, -1 to 1, of the first samples; silence where there are fewer.
 *
 * @param path what messages call it
 * @param bytes all of the file
 * @param length how many samples are wanted
 * @throws UserError where a sample is no number that a sound could have
 */
export function* signalIn(path: string, bytes: Uint8Array, head: WavHead, length: number): InParts<Float64Array> {
  const { channels, count, from } = head;
  const signal = new Float64Array(length);
  const read = readerOf(viewOf(bytes), head);
  const width = head.bits / 8;
  for (let at = 0, place = from; at < Math.min(count, length); at++) {
    if (at % part === 0) yield;
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, place += width) sum += read(place);
    if (!(Math.abs(sum) <= loudest))
      throw failure('damaged-recording', `${path} is damaged: its sample ${at + 1} is ${sum / channels}`, again);
    signal[at] = sum / channels;
  }
  return signal;
}

/** Samples that are read without a pause. */
const part = 1 << 18;

/** What floats may be at most; whole numbers that were written as floats are far below it. */
const loudest = 1e30;

/** Gives the sample at a place, as a share of the loudest one. */
function readerOf(view: DataView, { isFloat, bits }: WavHead): (place: number) => number {
  if (isFloat) return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  return (at) => view.getInt32(at, true) / 2 ** 31;
}
