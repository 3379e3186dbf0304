/** How a WAV file is written. */
export interface WavWritten {
  readonly rate?: number;
  readonly channels?: number;
  /** 1 for whole numbers, 3 for floats. */
  readonly tag?: number;
  readonly bits?: number;
}

/** The bytes of a WAV file. @param values -1 to 1, of 16 bits; or the bytes of samples of another kind */
export function writeWav(
  values: Uint8Array | readonly number[],
  { rate = 16000, channels = 1, tag = 1, bits = 16 }: WavWritten = {},
): Uint8Array {
  const samples = values instanceof Uint8Array ? values : sixteen(values);
  const bytes = new Uint8Array(44 + samples.length);
  const view = new DataView(bytes.buffer);
  const width = (channels * bits) / 8;
  bytes.set(Buffer.from('RIFF    WAVEfmt '));
  view.setUint32(4, 36 + samples.length, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * width, true);
  view.setUint16(32, width, true);
  view.setUint16(34, bits, true);
  bytes.set(Buffer.from('data'), 36);
  view.setUint32(40, samples.length, true);
  bytes.set(samples, 44);
  return bytes;
}

function sixteen(values: readonly number[]): Uint8Array {
  const samples = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, at) => samples.setInt16(2 * at, Math.round(value * 32767), true));
  return new Uint8Array(samples.buffer);
}

/** A tone that rises by so many Hz each second. */
export function tone(hertz: number, seconds: number, { rate = 16000, rising = 0 } = {}): number[] {
  return Array.from({ length: Math.round(seconds * rate) }, (_, at) => {
    const time = at / rate;
    return 0.5 * Math.sin(2 * Math.PI * (hertz * time + (rising * time * time) / 2));
  });
}
