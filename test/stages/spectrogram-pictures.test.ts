import { afterAll, expect, test } from 'vitest';
import { sampleNoun } from '../../src/datasets/findings/sample-noun.ts';
import { load } from '../../src/stages/load.ts';
import { picturesIn } from '../../src/stages/pictures.ts';
import { tone, writeWav } from '../datasets/wav.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rate = 8000;

test('a recording is drawn with time to the right and low frequencies at the bottom', async () => {
  // Silence, and then a tone: of one class a low one, of the other a high one.
  const half = Array.from({ length: rate / 4 }, () => 0);
  for (const [name, hertz] of [
    ['deep', 300],
    ['high', 3000],
  ] as const)
    for (let k = 0; k < 4; k++)
      rig.write(`sounds/${name}/${k}.wav`, writeWav([...half, ...tone(hertz + k, 0.25, { rate })], { rate }));
  const windows = { fftLength: 256, frameLength: 200, frameStep: 80, numMelBins: 20, minFrequency: 20 };
  const options = {
    folder: 'sounds',
    classes: [],
    test: 0.25,
    sampleRate: rate,
    seconds: 0.5,
    ...windows,
    onError: 'fail',
  };
  const { dataset } = await load({
    source: { type: 'audio', options },
    split: { validation: 0, stratified: true },
    seed: 1,
    folder: rig.folder,
  });
  const { noun, shape, read, areDrawings } = picturesIn({ ...dataset, test: dataset.train })!;
  expect([noun, sampleNoun(dataset.spec)]).toEqual(['recording', 'recordings']);
  expect([shape, await areDrawings()]).toEqual([[20, 51, 1], false]);
  const labels = dataset.train.labels(0);
  for (const [sample, label] of labels.entries()) {
    const picture = await read(sample);
    const rows = Array.from({ length: 20 }, (_, row) => picture.subarray(51 * row, 51 * (row + 1)));
    const [first, last] = [0, 1].map((part) =>
      rows.map((row) => Math.max(...row.slice(part === 0 ? 0 : 30, part === 0 ? 20 : 51))),
    ) as [number[], number[]];
    expect(Math.max(...first)).toBe(0);
    expect(Math.max(...last)).toBe(255);
    expect(last.indexOf(255) > 10).toBe(label === 0);
  }
});
