import { afterAll, expect, test } from 'vitest';
import { OwnData } from './own-data.ts';
import { newPicture } from './png.ts';
import { tone, writeWav } from './wav.ts';

const own = new OwnData();
afterAll(() => own.remove());

/** Plants recordings of two classes. @param rateOf the rate of each, by its number */
function plant(folder: string, rateOf: (k: number) => number, seconds = 1): string {
  for (const name of ['left', 'right'])
    for (let k = 0; k < 5; k++)
      own.plant(`${folder}/${name}/${k}.wav`, writeWav(tone(440, seconds, { rate: rateOf(k) }), { rate: rateOf(k) }));
  return `${own.folder}/${folder}`;
}

test('of the usual rate and length, nothing but the folder is said', () => {
  const text = own.written(plant('usual', () => 16_000));
  expect(text).toMatch(
    /audio:\n +folder: \S*usual"? # a sub-folder for each of 2 classes: left 5, right 5\n +seconds: 1 # all take 1 at most\n +test: 0.2/,
  );
  for (const line of ['the heads of all 10 recordings', 'batchNormalization', 'conv 3x16x64 relu', 'dense 2 #'])
    expect(text).toContain(line);
});

test.each([
  [8000, 1, { fftLength: 256, frameLength: 200, frameStep: 80, numMelBins: 40 }],
  [44_100, 1, { fftLength: 2048, frameLength: 1102, frameStep: 441 }],
  // Windows lie further apart where there would be too many.
  [16_000, 12, { frameStep: 400 }],
  [8000, 0.05, { fftLength: 256, frameLength: 200, frameStep: 80, numMelBins: 40 }],
])('of %i samples a second, %f seconds long, windows have 25 ms', (rate, seconds, windows) => {
  const text = own.written(plant(`rate-${rate}-${seconds}`, () => rate, seconds));
  expect(text).toContain(`seconds: ${Math.min(10, Math.max(0.1, seconds))} #`);
  const found = [...text.matchAll(/^ +(fftLength|frameLength|frameStep|numMelBins): (\d+) #/gm)];
  expect(Object.fromEntries(found.map(([, key, value]) => [key, Number(value)]))).toEqual(windows);
});

test.each([1000, 2000, 3000, 4000, 6000, 11_025, 12_000, 22_050, 32_000, 48_000, 96_000])(
  'at %i samples a second each bin holds a frequency',
  (rate) => {
    // What is written is checked: a bin that never hears anything is an error.
    const text = own.written(plant(`bins-${rate}`, () => rate, 0.2));
    expect(Number(/numMelBins: (\d+)/.exec(text)?.[1] ?? 64)).toBeGreaterThanOrEqual(12);
  },
);

test('recordings of different rates are told, with what converts them', () => {
  const folder = plant('mixed', (k) => (k === 2 ? 22_050 : 16_000));
  expect(own.told(folder)).toMatch(
    /2 of 10 recordings do not have 16000 samples per second: .*left\/2\.wav has 22050.*ffmpeg -i .* -ar 16000/s,
  );
});

test('what cannot be read is skipped, and the file says so; without any that can be read, it is told', () => {
  const folder = plant('broken', () => 16_000);
  own.plant('broken/left/6.wav', 'RIFF');
  const text = own.written(folder);
  expect(text).toMatch(/onError: skip # 1 of 11 cannot be used: .*6\.wav is no WAV file/s);
  // What is skipped is no sample to be right for.
  expect(text).toMatch(/To beat: an accuracy of 0.5000: `\w+` is right for 5 of 10 samples/);
  for (const name of ['a', 'b']) own.plant(`none/${name}/1.wav`, 'nothing');
  expect(own.told(`${own.folder}/none`)).toContain('is no WAV file');
});

test('a single recording is told what is missing', () => {
  const folder = plant('one', () => 16_000);
  expect(own.told(`${folder}/left/0.wav`)).toContain('is a recording');
});

test('a folder called test or val that is not used is named, but where classes are called so', () => {
  const folder = plant('parts/train', () => 16_000, 0.2).replace(/\/train$/, '');
  plant('parts/val', () => 16_000, 0.2);
  for (const part of ['test', 'dev']) own.plant(`parts/${part}/left/1.wav`, 'RIFF');
  const text = own.written(folder).replaceAll(/\n +# /g, ' ');
  for (const line of [
    'test: 0.2',
    '`test` is left out: it has no sub-folder for each class',
    '`dev` is left out: it has no sub-folder for each class',
    '`val` is left out: validation takes a share of `train`',
  ])
    expect(text).toContain(line);
  const loose = plant('loose', () => 16_000, 0.2);
  plant('loose/test', () => 16_000, 0.2);
  expect(own.written(loose)).toContain('`test` is left out: no folder `train` with the classes is beside it');
  for (const name of ['test', 'val'])
    for (let k = 0; k < 5; k++)
      own.plant(`called/${name}/${k}.wav`, writeWav(tone(440, 0.2, { rate: 16_000 }), { rate: 16_000 }));
  expect(own.written(`${own.folder}/called`)).not.toContain('is left out:');
});

/** Plants pictures beside recordings, which nobody learns from. */
const besides = (folder: string, ...paths: readonly string[]) => {
  for (const path of paths) own.plant(`${folder}/${path}`, newPicture());
};

test('a picture or two beside recordings change nothing, and a note tells of them', () => {
  const cover = plant('cover', () => 16_000, 0.2);
  besides('cover', 'left/cover.png');
  own.plant('cover/right/notes.svg', '<svg/>');
  expect(own.written(cover).replaceAll(/\n +# /g, ' ')).toMatch(/audio:[^]*pictures are left out: .*notes\.svg/);
  const lone = plant('lone', () => 16_000, 0.2);
  besides('lone', 'plots/a.png');
  expect(own.written(lone).replaceAll(/\n +# /g, ' ')).toMatch(/audio:[^]*pictures are left out: .* one sub-folder/);
  const plots = plant('plots', () => 16_000, 0.2);
  besides('plots', 'plots/a.png', 'plots2/a.png');
  expect(own.written(plots)).toMatch(
    /audio:[^]*classes: \[left, right\][^]*# 2 pictures are left out: there are as many recordings or more/,
  );
});

test('of as many recordings as pictures the pictures are taken; one class of each is told', () => {
  const folder = plant('even', () => 16_000, 0.2);
  besides('even', ...['left', 'right'].flatMap((name) => [1, 2, 3, 4, 5].map((k) => `${name}/${k}.png`)));
  expect(own.written(folder)).toMatch(/images:[^]*# 10 recordings are left out: there are as many pictures or more/);
  for (const [name, content] of [
    ['1.wav', 'RIFF'],
    ['2.wav', 'RIFF'],
    ['a.png', newPicture()],
  ] as const)
    own.plant(`single/one/${name}`, content);
  expect(own.told(`${own.folder}/single`)).toContain('has one sub-folder with recordings, one');
});
