import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { assert, property, uint8Array } from 'fast-check';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { isMisfit } from '../../src/base/row.ts';
import { type DatasetSpec, decoded } from '../../src/datasets/dataset.ts';
import { datasets } from '../../src/datasets/datasets.ts';
import {
  type SpectrogramOptions,
  lengthOf,
  melSpectrogram,
  spectrogramShape,
} from '../../src/datasets/audio/mel-spectrogram.ts';
import { within } from '../../src/datasets/pictures/picture-head.ts';
import { atOnce } from '../../src/base/turns.ts';
import { readWavHead, signalIn } from '../../src/datasets/audio/read-wav.ts';
import { Rig } from '../rig.ts';
import { tone, writeWav } from './wav.ts';

/** What Keras and SciPy make of files; see audio.py. */
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'audio.json'), 'utf8')) as {
  readonly spectrograms: readonly {
    readonly options: SpectrogramOptions;
    readonly file: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly encodings: readonly {
    readonly name: string;
    readonly file: string;
    readonly rate: number;
    readonly channels: number;
    readonly values: readonly number[];
  }[];
};

const bytesIn = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const headOf = (bytes: Uint8Array) => readWavHead('a.wav', within(bytes), bytes.length);

test.each(judged.spectrograms)('spectrograms are those of Keras: $options', ({ options, file, shape, values }) => {
  const bytes = bytesIn(file);
  const signal = atOnce(signalIn('a.wav', bytes, headOf(bytes), lengthOf(options)));
  const made = atOnce(melSpectrogram(options)(signal));
  expect(spectrogramShape(options)).toEqual([...shape, 1]);
  expect(made).toHaveLength(values.length);
  made.forEach((value, k) =>
    expect(Math.abs(value - values[k]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(values[k]!))),
  );
});

test.each(judged.encodings)('$name are read as SciPy reads them', ({ file, rate, channels, values }) => {
  const bytes = bytesIn(file);
  const head = headOf(bytes);
  expect(head).toMatchObject({ rate, channels, count: values.length });
  const signal = atOnce(signalIn('a.wav', bytes, head, values.length + 2));
  values.forEach((value, k) => expect(signal[k]).toBeCloseTo(value, 14));
  expect(signal.slice(-2)).toEqual(new Float64Array(2));
});

const fault = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) {
      const { code, message, hint } = error.diagnostics[0]!;
      return `${code}: ${message}. ${hint}`;
    }
    throw error;
  }
  return 'none';
};

const wav = writeWav([0.1, 0.2, 0.3, 0.4]);
const changed = (at: number, ...bytes: readonly number[]) => {
  const copy = wav.slice();
  copy.set(bytes, at);
  return copy;
};

test.each([
  ['nothing', new Uint8Array(), /^empty-recording: a\.wav is empty/],
  ['FLAC', Buffer.from('fLaC....'), /^not-a-recording: a\.wav is no WAV file, but a FLAC file.*ffmpeg/],
  ['a web page', Buffer.from('<!doctype html>'), /^not-a-recording: .*a web page/],
  ['more than 4 GB', changed(0, ...Buffer.from('RF64')), /^not-a-recording: .*RF64/],
  ['no chunk', wav.slice(0, 12), /^damaged-recording: .*no word of how to read/],
  ['no samples', wav.slice(0, 36), /^damaged-recording: .*it has no samples/],
  ['half of the format', changed(16, 8), /^damaged-recording: .*cut short/],
  ['half of the samples', wav.slice(0, 48), /^damaged-recording: .*cut short, after 48 of 52 bytes/],
  ['mu-law', changed(20, 7), /^recording-encoding: .*compressed as mu-law.*ffmpeg -i a\.wav/],
  ['IMA ADPCM', changed(20, 0x11), /^recording-encoding: .*IMA ADPCM/],
  ['a kind that nobody knows', changed(20, 0x99), /^recording-encoding: .*of kind 0x99/],
  ['no channels', changed(22, 0), /^damaged-recording: .*0 channels/],
  ['more bits than bytes hold', changed(34, 24), /^damaged-recording: .*1 channels of 24 bits in 2 bytes/],
  ['floats of 16 bits', changed(20, 3), /^recording-encoding: .*16 bits, as floats/],
  ['data of no bytes', writeWav([]), /^empty-recording: a\.wav has no samples/],
])('%s is told', (_, bytes, told) => {
  expect(fault(() => headOf(bytes))).toMatch(told);
});

test('an open end, as of a pipe, is the end of the file; a chunk between is passed over', () => {
  expect(headOf(changed(40, 255, 255, 255, 255)).count).toBe(4);
  // As SoX writes it.
  expect(headOf(changed(40, 0, 0xf0, 0xff, 0x7f)).count).toBe(4);
  const list = [...Buffer.from('LIST'), 3, 0, 0, 0, 1, 2, 3, 0];
  const longer = Uint8Array.of(...wav.slice(0, 36), ...list, ...wav.slice(36));
  expect(headOf(longer)).toEqual({ ...headOf(wav), from: 44 + list.length });
});

test('of no samples none are made of what is written behind them', () => {
  const list = [...Buffer.from('LIST'), 8, 0, 0, 0, ...Buffer.from('INFOISFT')];
  const bytes = Uint8Array.of(...writeWav([]), ...list);
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true);
  expect(fault(() => headOf(bytes))).toMatch(/^empty-recording: a\.wav has no samples/);
  bytes.fill(0, 4, 8);
  expect(headOf(bytes).count).toBe(8);
});

test('what is no number is damage, not a class', () => {
  const bytes = writeWav(new Uint8Array(Float32Array.of(0.5, NaN).buffer), { tag: 3, bits: 32 });
  expect(fault(() => atOnce(signalIn('a.wav', bytes, headOf(bytes), 2)))).toMatch(
    /^damaged-recording: .*its sample 2 is NaN/,
  );
});

test('no bytes end in anything but a mistake', () => {
  assert(
    property(uint8Array({ maxLength: 60 }), uint8Array({ minLength: 1, maxLength: 44 }), (tail, over) => {
      const bytes = Uint8Array.of(...wav.slice(0, 12), ...tail, ...over, ...wav.slice(12));
      bytes.set(over.slice(0, 12), 30);
      fault(() => atOnce(signalIn('a.wav', bytes, headOf(bytes), 10)));
    }),
    { numRuns: 200 },
  );
});

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
  for (let i = 0; i < 5; i++)
    for (const [name, hertz] of [
      ['high', 2000],
      ['low', 200],
    ] as const)
      rig.write(`data/${name}/${i}.wav`, writeWav(tone(hertz + 10 * i, 0.1)));
});
afterEach(() => rig.remove());
afterAll(() => rig.remove());

const small = {
  classes: [],
  test: 0.2,
  sampleRate: 16000,
  seconds: 0.1,
  fftLength: 256,
  frameLength: 256,
  frameStep: 128,
  numMelBins: 12,
  minFrequency: 20,
  onError: 'fail',
} as const;
const options = { ...small, folder: 'data' };
const { audio } = datasets;

function described(given: Record<string, unknown> = options): DatasetSpec {
  const spec = audio.describe(given, rig.folder);
  if (isMisfit(spec)) throw new Error(`${spec.code}: ${spec.problem}. ${spec.hint} @${spec.path?.join('.')}`);
  return spec as DatasetSpec;
}
const warned = (given: Record<string, unknown> = options) =>
  (described(given).warnings ?? []).map(({ problem }) => problem);

test('a folder of classes is what it holds, and the loudest bin that of its tone', async () => {
  expect(described()).toMatchObject({
    inputs: [{ shape: [13, 12, 1], dtype: 'float32' }],
    targets: [{ classes: ['high', 'low'] }],
    count: { train: 8, test: 2 },
  });
  expect(warned()).toEqual([]);
  const { train, origin } = await audio.load(options, rig.folder, 7);
  const loudest = Array.from({ length: 8 }, (_, row) => {
    const middle = train.inputs[0]!.slice((row * 13 + 6) * 12, (row * 13 + 7) * 12);
    return middle.indexOf(Math.max(...middle));
  });
  const [high, low] = [0, 1].map((label) => loudest.filter((_, row) => train.targets[0]![row] === label));
  expect([new Set(high).size, new Set(low).size, Math.min(...high!) > Math.max(...low!)]).toEqual([1, 1, true]);
  expect(origin!.place('train', 0).file).toMatch(/^high\/\d\.wav$/);
});

test('what is cut off, filled up or left out is told', () => {
  rig.write('data/low/long.wav', writeWav(tone(200, 0.25)));
  rig.write('data/low/short.wav', writeWav(tone(200, 0.05)));
  rig.write('data/low/._0.wav', 'x');
  rig.write('data/low/.hidden.wav', wav);
  rig.write('data/low/notes.txt', 'x');
  rig.write('data/low/more/a.wav', wav);
  symlinkSync('loop', join(rig.folder, 'data/low/loop'));
  expect(warned()).toEqual([
    'left out: data/low holds 1 recording in its sub-folder more and 1 hidden recording (such as .hidden.wav) ' +
      'and 1 link that cannot be followed (such as loop) and 1 .txt file',
    'of 12 recordings, 0.1 s of each are read: 1 are longer and cut off (up to 0.25 s), ' +
      '1 are shorter and filled up with silence (down to 0.05 s)',
  ]);
});

test('copies are told, in the classes and on both sides of a test of its own', () => {
  // Alike at the beginning and in length: what differs stands further back.
  const late = (place: number) => writeWav(tone(200, 0.1).map((value, at) => (at < place ? 0 : value)));
  for (const name of ['a', 'b', 'c']) rig.write(`data/low/${name}.wav`, late(900));
  rig.write('data/high/d.wav', late(900));
  rig.write('data/high/e.wav', late(700));
  const codes = (given: Record<string, unknown>) =>
    (described(given).warnings ?? []).map(({ code, problem }) => `${code}: ${problem}`);
  expect(codes(options)).toEqual([
    'recording-in-two-classes: 3 recordings are in two classes, byte for byte: ' +
      'data/low/a.wav is data/high/d.wav, data/low/b.wav is data/high/d.wav, data/low/c.wav is data/high/d.wav',
  ]);
  rmSync(join(rig.folder, 'data/high/d.wav'));
  expect(codes(options)).toEqual([
    'copied-recordings: 2 of 14 recordings are copies of others, byte for byte: ' +
      'data/low/b.wav is data/low/a.wav, data/low/c.wav is data/low/a.wav',
  ]);
  rig.write('own/high/x.wav', late(500));
  rig.write('own/low/y.wav', late(900));
  expect(codes({ ...options, test: 'own' })).toEqual([
    'copied-into-test: 1 of 2 test recordings are training recordings too, byte for byte: ' +
      'own/low/y.wav is data/low/a.wav',
  ]);
});

test('a long recording is read in parts, and what it takes meanwhile is forecast', () => {
  const long = { ...small, seconds: 60, frameLength: 200 };
  const bytes = writeWav(tone(200, 60));
  let pauses = 0;
  const signal = work(signalIn('a.wav', bytes, headOf(bytes), lengthOf(long)));
  work(melSpectrogram(long)(signal));
  expect(pauses).toBeGreaterThan(30);
  expect(described({ ...options, seconds: 60 }).reading! - described().reading!).toBeGreaterThan(8 * 60 * 16000);

  function work<T>(parts: Generator<void, T>): T {
    for (;;) {
      const { done, value } = parts.next();
      if (done === true) return value;
      pauses++;
    }
  }
});

test('what cannot be used is told with the way out', () => {
  const told = (given: Record<string, unknown>) => () => described({ ...options, ...given });
  expect(told({ folder: 'none' })).toThrow(/data-folder-missing/);
  expect(told({ fftLength: 300 })).toThrow(/no power of two. Take 256.*@source.audio.fftLength/);
  expect(told({ frameLength: 300 })).toThrow(/such as to 512/);
  expect(told({ seconds: 0.005 })).toThrow(/80 samples/);
  expect(told({ seconds: 3600 })).toThrow(/57600000 samples/);
  expect(told({ maxFrequency: 9000 })).toThrow(/no frequencies above 8000 Hz/);
  expect(told({ minFrequency: 8000 })).toThrow(/not below 8000 Hz/);
  expect(told({ numMelBins: 80 })).toThrow(/would never hear anything/);
  expect(told({ sampleRate: 8000 })).toThrow(/^recording-rate: 10 of 10 .*`sampleRate: 16000` reads them/);
  rig.write('data/low/other.wav', writeWav(tone(200, 0.1), { rate: 44100 }));
  expect(() => described()).toThrow(
    /^recording-rate: 1 of 11 .*data\/low\/other\.wav has 44100\. `ffmpeg -i data\/low\/other\.wav -ar 16000 NEW\.wav`/,
  );
  rig.write('data/high/song.mp3', 'x');
  expect(() => described()).toThrow(/^foreign-recordings: .*1 \.mp3 file.*for f in .*ffmpeg/);
  rmSync(join(rig.folder, 'data/high'), { recursive: true });
  mkdirSync(join(rig.folder, 'data/high'));
  expect(() => described()).toThrow(/^no-recordings: .*Put recordings there: WAV files/);
});

test('onError: skip leaves out what cannot be read, by its head or by all of it', async () => {
  rig.write('data/low/bad.wav', 'fLaC');
  rig.write(
    'data/low/nan.wav',
    writeWav(new Uint8Array(new Float32Array(1600).fill(NaN).buffer), { tag: 3, bits: 32 }),
  );
  expect(() => described()).toThrow(/^not-a-recording/);
  const skipping = { ...options, onError: 'skip' };
  expect(warned(skipping)).toEqual([expect.stringMatching(/^1 of 12 recordings will be skipped: data\/low\/bad\.wav/)]);
  const { spec, train, test: tested } = await audio.load(skipping, rig.folder, 7);
  expect(train.count + tested.count).toBe(10);
  expect(spec.warnings!.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/^1 of 12 recordings was skipped: data\/low\/nan\.wav \(it is damaged/),
  ]);
  await expect(audio.load({ ...options, classes: ['high', 'low'] }, rig.folder, 7)).rejects.toThrow(/FLAC/);
});

test('a table of paths and labels, and a test of its own', async () => {
  const lines = ['high', 'low'].flatMap((name) => [0, 1, 2].map((i) => `data/${name}/${i}.wav,${name}`));
  rig.write('train.csv', `file,label\n${lines.join('\n')}\n`);
  rig.write('test.csv', 'file,label\ndata/high/4.wav,high\ndata/low/4.wav,low\n');
  const given = { ...small, table: 'train.csv', test: 'test.csv' };
  expect(described(given).count).toEqual({ train: 6, test: 2 });
  const { files } = await audio.load(given, rig.folder, 7);
  expect(files.map(({ name }) => name)).toEqual(['folder of recordings', 'folder of test recordings']);
  rig.write('train.csv', `file,label\n../outside.wav,high\n`);
  expect(() => described(given)).toThrow(/^picture-path-outside/);
});

test('a model is asked by files, folders, bytes and spectrograms', async () => {
  const { inputs, targets } = described();
  const reader = audio.rows({ options, inputs, targets });
  const path = join(rig.folder, 'data/high/1.wav');
  const bytes = new Uint8Array(readFileSync(path));
  const [fromFile] = [...reader.files.wav!('1.wav', bytes)];
  const values = fromFile!.x![0]!;
  expect(reader.encode('data/high/1.wav', 'row', rig.folder).x).toEqual([values]);
  expect(reader.encode(bytes, 'row').x).toEqual([values]);
  const rows = await Promise.all([...reader.folder!(join(rig.folder, 'data'))].map(decoded));
  expect(rows.map(({ actual }) => actual![0]![0])).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  const [wrong] = [...reader.files.wav!('x.wav', writeWav([0, 0], { rate: 8000 }))];
  expect(wrong!.fault!.message).toBe('x.wav has 8000 samples per second, not 16000');
});
