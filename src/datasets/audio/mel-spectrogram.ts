import type { InParts } from '../../base/turns.ts';

/** Windows that are transformed without a pause. */
const part = 256;

/** What a spectrogram is made by. */
export interface SpectrogramOptions {
  /** Samples per second. */
  readonly sampleRate: number;
  readonly seconds: number;
  /** Samples of a Fourier transform, a power of two. */
  readonly fftLength: number;
  /** Samples of a window; `fftLength` at most. */
  readonly frameLength: number;
  /** Samples from one window to the next. */
  readonly frameStep: number;
  readonly numMelBins: number;
  /** In Hz. */
  readonly minFrequency: number;
  /** In Hz; left out: half of the rate. */
  readonly maxFrequency?: number;
}

/** These alone, of options that say more. */
export const spectrogramOf = ({
  sampleRate,
  seconds,
  fftLength,
  frameLength,
  frameStep,
  numMelBins,
  minFrequency,
  maxFrequency,
}: SpectrogramOptions): SpectrogramOptions => ({
  sampleRate,
  seconds,
  fftLength,
  frameLength,
  frameStep,
  numMelBins,
  minFrequency,
  ...(maxFrequency === undefined ? {} : { maxFrequency }),
});

/** Samples that a spectrogram is made of. */
export function lengthOf({ seconds, sampleRate }: Pick<SpectrogramOptions, 'seconds' | 'sampleRate'>): number {
  return Math.round(seconds * sampleRate);
}

/** Bytes that a recording takes while its spectrogram is made: its signal, decibels, and what they are rounded to. */
export function bytesOfMaking(options: SpectrogramOptions): number {
  const [frames, mels] = spectrogramShape(options);
  return 8 * lengthOf(options) + 12 * frames * mels;
}

/** Windows in time, bins of frequencies, and 1. */
export function spectrogramShape(options: SpectrogramOptions): readonly [frames: number, mels: number, channels: 1] {
  return [1 + Math.floor(lengthOf(options) / options.frameStep), options.numMelBins, 1];
}

/** The least power that is told apart from none, and how far below the loudest the quietest is, in decibels. */
const [leastPower, range] = [1e-10, 80] as const;

/** Some neighbouring frequencies of a transform, and how much each counts. */
interface Filter {
  readonly from: number;
  readonly weights: Float64Array;
}

/**
 * What makes log-mel spectrograms, [frames, mels, 1] in decibels, by the conventions of keras.layers.MelSpectrogram:
 * windows (Hann's, periodic) lie around every `frameStep`th sample, the signal is mirrored at its ends, powers go
 * through triangles on HTK's mel scale, and what is more than 80 dB below the loudest is raised to that. All is
 * computed in float64, and rounded to float32 once.
 *
 * @returns takes a signal of `lengthOf` samples, more than half of `fftLength`
 */
export function melSpectrogram(options: SpectrogramOptions): (signal: Float64Array) => InParts<Float32Array> {
  const { fftLength, frameLength, frameStep } = options;
  const [frames, mels] = spectrogramShape(options);
  const window = windowOf(frameLength, fftLength);
  const transform = fourier(fftLength);
  const filters = melFilters(options);
  const [re, im] = [new Float64Array(fftLength), new Float64Array(fftLength)];
  const power = new Float64Array(fftLength / 2 + 1);
  return function* (signal) {
    const decibels = new Float64Array(frames * mels);
    const mirrored = (at: number) => (at < signal.length ? Math.abs(at) : 2 * (signal.length - 1) - at);
    const fill = (into: Float64Array, frame: number) => {
      const start = frame * frameStep - fftLength / 2;
      for (let k = 0; k < fftLength; k++) into[k] = frame < frames ? window[k]! * signal[mirrored(start + k)]! : 0;
    };
    const tell = (frame: number) => {
      for (let mel = 0; mel < mels; mel++) {
        const { from, weights } = filters[mel]!;
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[from + k]!;
        decibels[frame * mels + mel] = 10 * Math.log10(Math.max(leastPower, sum));
      }
    };
    // Two windows of real numbers are transformed as one of complex numbers.
    for (let frame = 0; frame < frames; frame += 2) {
      if (frame % part === 0) yield;
      fill(re, frame);
      fill(im, frame + 1);
      transform(re, im);
      for (const second of [0, 1]) {
        const [own, other] = second === 0 ? [re, im] : [im, re];
        for (let k = 0; k < power.length; k++) {
          const back = (fftLength - k) % fftLength;
          power[k] = ((own[k]! + own[back]!) ** 2 + (other[k]! - other[back]!) ** 2) / 4;
        }
        if (frame + second < frames) tell(frame + second);
      }
    }
    const loudest = decibels.reduce((most, one) => Math.max(most, one), -Infinity);
    return Float32Array.from(decibels, (one) => Math.max(one, loudest - range));
  };
}

/** Hann's window, in the middle of so many values. */
function windowOf(frameLength: number, fftLength: number): Float64Array {
  const window = new Float64Array(fftLength);
  const before = Math.floor((fftLength - frameLength) / 2);
  for (let k = 0; k < frameLength; k++) window[before + k] = 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / frameLength);
  return window;
}

const toMel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);

/** The frequencies of each bin: triangles on the mel scale, each between the middles of its neighbours. */
function melFilters({
  sampleRate,
  fftLength,
  numMelBins,
  minFrequency,
  maxFrequency = sampleRate / 2,
}: SpectrogramOptions): readonly Filter[] {
  const [least, most] = [toMel(minFrequency), toMel(maxFrequency)];
  const step = (most - least) / (numMelBins + 1);
  // Frequency 0 is no tone, and counts nowhere.
  const places = Array.from({ length: fftLength / 2 }, (_, k) => toMel(((k + 1) * sampleRate) / fftLength));
  return Array.from({ length: numMelBins }, (_, bin) => {
    const middle = least + (bin + 1) * step;
    const weights = places.map((place) => 1 - Math.abs(place - middle) / step);
    const first = weights.findIndex((weight) => weight > 0);
    return first < 0
      ? { from: 0, weights: new Float64Array(0) }
      : { from: first + 1, weights: Float64Array.from(weights.slice(first).filter((weight) => weight > 0)) };
  });
}

/** How many bins lie between two neighbouring frequencies of the transform, so that they never hear anything. */
export function deafBins(options: SpectrogramOptions): number {
  return melFilters(options).filter(({ weights }) => weights.length === 0).length;
}

/** A Fourier transform in place, by halves (Cooley and Tukey). @param length a power of two */
function fourier(length: number): (re: Float64Array, im: Float64Array) => void {
  const half = length / 2;
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
  const turned = new Uint32Array(length);
  for (let k = 1; k < length; k++) turned[k] = turned[k >> 1]! / 2 + (k % 2) * half;
  return (re, im) => {
    for (let k = 0; k < length; k++) {
      const other = turned[k]!;
      if (other <= k) continue;
      const [real, imaginary] = [re[k]!, im[k]!];
      re[k] = re[other]!;
      im[k] = im[other]!;
      re[other] = real;
      im[other] = imaginary;
    }
    for (let size = 1; size < length; size *= 2) {
      const stride = half / size;
      for (let from = 0; from < length; from += 2 * size)
        for (let k = 0; k < size; k++) {
          const at = from + k;
          const across = at + size;
          const c = cos[k * stride]!;
          const s = sin[k * stride]!;
          const real = re[across]! * c - im[across]! * s;
          const imaginary = re[across]! * s + im[across]! * c;
          re[across] = re[at]! - real;
          im[across] = im[at]! - imaginary;
          re[at] = re[at]! + real;
          im[at] = im[at]! + imaginary;
        }
    }
  };
}
