import { type Static, Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { classedOptions, listedFolders } from '../pictures/classed-options.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import { type SpectrogramOptions, deafBins, lengthOf } from './mel-spectrogram.ts';

/** Leads to an option of `audio`. */
export const at = (...path: OptionPath): OptionPath => ['source', 'audio', ...path];

/** The options of `audio`. */
export const audioOptions = Type.Object({
  ...classedOptions('WAV files of the class', 'recording'),
  sampleRate: wholeNumber({
    description: 'Samples per second that all recordings have: nothing is resampled.',
    default: 16000,
    minimum: 100,
    maximum: 768000,
  }),
  seconds: realNumber({
    description: 'How much of each recording is read, from its beginning; shorter ones are filled up with silence.',
    default: 1,
    exclusiveMinimum: 0,
    maximum: 3600,
  }),
  fftLength: wholeNumber({
    description: 'Samples of a Fourier transform, a power of two.',
    default: 512,
    minimum: 4,
    maximum: 32768,
  }),
  frameLength: wholeNumber({
    description: 'Samples of a window (Hann), at most `fftLength`. 400 are 25 ms at 16 kHz.',
    default: 400,
    minimum: 2,
    maximum: 32768,
  }),
  frameStep: wholeNumber({
    description: 'Samples from one window to the next: the spectrogram has 1 + samples / frameStep of them.',
    default: 160,
    minimum: 1,
    maximum: 1e6,
  }),
  numMelBins: wholeNumber({
    description: 'Bins on the mel scale (HTK).',
    default: 64,
    minimum: 1,
    maximum: 1024,
  }),
  minFrequency: realNumber({
    description: 'Where the lowest bin begins, in Hz.',
    default: 20,
    minimum: 0,
    maximum: 384000,
  }),
  maxFrequency: Type.Optional(
    realNumber({
      description: 'Where the highest bin ends, in Hz. Without it: half of the rate.',
      exclusiveMinimum: 0,
      maximum: 384000,
    }),
  ),
  onError: Type.Enum(['fail', 'skip'], {
    description:
      'What a recording does that cannot be read: `fail` ends the run; ' +
      '`skip` leaves it out, and a warning counts and names those.',
    default: 'fail',
  }),
});

/** What users say of recordings. */
export type AudioOptions = Static<typeof audioOptions>;

/** Samples that may be read of a recording: more than ten minutes at 16 kHz. */
const mostSamples = 1e7;

/** What a pipeline file says of `audio`. */
export const audioFace = {
  doc:
    'Your own recordings to classify, WAV files: a folder with a sub-folder of them for each class, or a table of ' +
    'paths and labels; each becomes a log-mel spectrogram [frames, mels, 1] in decibels, as ' +
    'keras.layers.MelSpectrogram makes it; target `label`.',
  example: 'source: { audio: { folder: data/words, seconds: 1, numMelBins: 40 } }',
  options: audioOptions,
  sources: listedFolders,
};

/** @throws UserError where no spectrogram can be made as the options say */
export function proveSpectrogram(given: SpectrogramOptions): void {
  const { sampleRate, seconds, fftLength, frameLength, numMelBins, minFrequency, maxFrequency } = given;
  const refuse = (option: keyof SpectrogramOptions, problem: string, hint: string) =>
    new WrongOption(at(option), failure('spectrogram-misfit', problem, hint));
  const power = 2 ** Math.round(Math.log2(fftLength));
  if (power !== fftLength)
    throw refuse('fftLength', `fftLength ${fftLength} is no power of two`, `Take ${power}, which is near.`);
  if (frameLength > fftLength)
    throw refuse(
      'frameLength',
      `a window of ${frameLength} samples does not fit a transform of ${fftLength}`,
      `Lower it, or raise \`fftLength\`, such as to ${2 ** Math.ceil(Math.log2(frameLength))}.`,
    );
  const length = lengthOf(given);
  if (length <= fftLength / 2)
    throw refuse(
      'seconds',
      `${seconds} s are ${length} samples, and a transform of ${fftLength} takes ${fftLength / 2 + 1} at least`,
      'Raise `seconds`, or lower `fftLength` and `frameLength`.',
    );
  if (length > mostSamples)
    throw refuse(
      'seconds',
      `${seconds} s are ${length} samples, and a recording may have ${mostSamples}`,
      'Cut recordings into pieces, each with its class.',
    );
  const half = sampleRate / 2;
  if (maxFrequency !== undefined && maxFrequency > half)
    throw refuse(
      'maxFrequency',
      `at ${sampleRate} Hz there are no frequencies above ${half} Hz, and maxFrequency is ${maxFrequency}`,
      'Lower it, or leave it out.',
    );
  const most = maxFrequency ?? half;
  if (minFrequency >= most)
    throw refuse('minFrequency', `minFrequency ${minFrequency} is not below ${most} Hz`, 'Lower it.');
  const deaf = deafBins(given);
  if (deaf > 0)
    throw refuse(
      'numMelBins',
      `${deaf} of ${numMelBins} bins lie between two frequencies of the transform, and would never hear anything`,
      'Take fewer, raise `fftLength`, or raise `minFrequency`.',
    );
}
