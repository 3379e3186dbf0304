import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomIntegers } from '../../src/base/seeds.ts';
import { tone, writeWav } from '../datasets/wav.ts';
import { Rig, eventsOf } from '../rig.ts';
import { startServe } from './model-server.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const draw = randomIntegers(7);
const rate = 8000;

/** A quarter of a second of each class, at a pitch and as loud as is drawn. */
const sounds: Readonly<Record<string, () => number[]>> = {
  tone: () => tone(200 + draw(2000), 0.25, { rate }),
  chirp: () => tone(200 + draw(800), 0.25, { rate, rising: 4000 + draw(6000) }),
  noise: () => Array.from({ length: rate / 4 }, () => draw(2001) / 2000 - 0.5),
};

function made(name: string): Uint8Array {
  const loudness = 0.2 + draw(800) / 1000;
  return writeWav(
    sounds[name]!().map((value) => value * loudness + (draw(2001) - 1000) / 1e5),
    { rate },
  );
}

let measured: Readonly<Record<string, number>>;
beforeAll(async () => {
  for (const name of Object.keys(sounds))
    for (let i = 0; i < 60; i++) rig.write(`${i < 50 ? 'sounds' : 'more'}/${name}/${i}.wav`, made(name));
  rig.write(
    'sounds.yaml',
    `name: sounds
data:
  source:
    audio:
      { folder: sounds, sampleRate: ${rate}, seconds: 0.25, fftLength: 256, frameLength: 200, frameStep: 80,
        numMelBins: 32 }
model:
  layers: [batchNormalization, conv 3x3x8 relu, maxpool 2x2, conv 3x3x16 relu, globalMaxPooling2d, dense 3]
train:
  optimizer: adam(0.01)
  loss: softmaxCrossEntropy
  epochs: 15
  augment: [{ timeMask: { size: 4, fillValue: -60 } }, { frequencyMask: { size: 3, fillValue: -60 } }]
evaluate: { metrics: [accuracy] }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'sounds.yaml', '--json']);
  expect(code, stderr).toBe(0);
  ({ metrics: measured } = eventsOf(stdout).at(-1)! as unknown as { metrics: typeof measured });
}, 120_000);

test('tones, chirps and noise are told apart, also others than those trained on', async () => {
  expect(measured['test_accuracy']).toBeGreaterThan(0.95);
  const { code, stdout, stderr } = await rig.run(['evaluate', 'last', '--data', 'more', '--json']);
  expect(code, stderr).toBe(0);
  const { metrics } = eventsOf(stdout).at(-1)! as unknown as { metrics: Readonly<Record<string, number>> };
  expect(metrics['test_accuracy']).toBeGreaterThan(0.95);
});

test('predict and serve take WAV files, and say why one is none', async () => {
  const { stdout } = await rig.run(['predict', 'last', 'more/noise/55.wav', 'more/chirp/56.wav']);
  const told = eventsOf(stdout) as unknown as readonly { readonly predicted: { readonly label: string } }[];
  expect(told.map(({ predicted }) => predicted.label)).toEqual(['noise', 'chirp']);
  const server = await startServe(rig, ['last']);
  const post = (body: Uint8Array) => server.post('/invocations', body, { 'content-type': 'audio/wav' });
  const noise = new Uint8Array(readFileSync(join(rig.folder, 'more/noise/55.wav')));
  const answer = await post(noise);
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('noise')]);
  const other = await post(writeWav([0, 0], { rate: 44100 }));
  expect(other.status).toBe(400);
  expect(other.text).toContain('the body has 44100 samples per second, not 8000');
  await server.stop();
});

test('pipeline data tells what is wrong with recordings, and ends with 1', async () => {
  rig.write('sounds/tone/bad.wav', 'fLaC');
  const { code, stderr } = await rig.run(['data', 'sounds.yaml']);
  expect(code).toBe(1);
  expect(stderr).toContain('error not-a-recording');
  expect(stderr).toContain('bad.wav is no WAV file, but a FLAC file');
});
