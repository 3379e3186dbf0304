import { type UserError, failure } from '../../base/diagnostics.ts';
import { shellWord } from '../../base/shell-word.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type InParts, atOnce } from '../../base/turns.ts';
import type { TrainedOn } from '../dataset.ts';
import { type PictureEncoder, pictureEncoder } from '../pictures/encode-picture.ts';
import { type SpectrogramOptions, lengthOf, melSpectrogram } from './mel-spectrogram.ts';
import { within } from '../pictures/picture-head.ts';
import { type WavHead, isWav, readWavHead, signalIn } from './read-wav.ts';

/** Names of recordings that can be read. */
export const recordingNames = /\.(wav|wave)$/i;

/** What makes spectrograms of files. */
export type SpectrogramReader = (name: string, bytes: Uint8Array) => InParts<Float32Array>;

/** Reads spectrograms from the bytes of WAV files. It throws a UserError where one cannot be used. */
export function spectrogramReader(options: SpectrogramOptions): SpectrogramReader {
  const make = melSpectrogram(options);
  return function* (name, bytes) {
    const head = readWavHead(name, within(bytes), bytes.length);
    if (head.rate !== options.sampleRate) throw wrongRate([{ name, head }], options, 1);
    return yield* make(yield* signalIn(name, bytes, head, lengthOf(options)));
  };
}

/** The encoder of a model that learnt from recordings: WAV files, or spectrograms. It needs nothing of Node. */
export function recordingEncoder(trained: TrainedOn<SpectrogramOptions>): PictureEncoder<never> {
  const read = spectrogramReader(trained.options);
  return pictureEncoder<never>(trained, {
    // Whatever else has other bytes than a spectrogram has numbers is told what it is.
    isFile: (bytes, { shape }) => isWav(bytes) || bytes.length !== sizeOf(shape),
    decode: (bytes, _, name) => atOnce(read(name, bytes)),
  });
}

/**
 * That recordings have another rate than all are to have.
 *
 * @param total how many were looked at
 */
export function wrongRate(
  differing: readonly { readonly name: string; readonly head: WavHead }[],
  { sampleRate }: Pick<SpectrogramOptions, 'sampleRate'>,
  total: number,
): UserError {
  const [{ name, head }] = differing as [(typeof differing)[number]];
  const isOnly = differing.length === total && differing.every((one) => one.head.rate === head.rate);
  const file = recordingNames.test(name) ? shellWord(name) : 'FILE';
  const convert = `\`ffmpeg -i ${file} -ar ${sampleRate} NEW.wav\` converts it.`;
  return failure(
    'recording-rate',
    total === 1
      ? `${name} has ${head.rate} samples per second, not ${sampleRate}`
      : `${differing.length} of ${total} recordings do not have ${sampleRate} samples per second: ` +
          `${name} has ${head.rate}`,
    total > 1 && isOnly ? `\`sampleRate: ${head.rate}\` reads them as they are. ${convert}` : convert,
  );
}
