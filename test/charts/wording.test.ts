import { expect, test } from 'vitest';
import { charts } from '../../src/charts/charts.ts';
import { masksExample } from './edge-examples.ts';
import { classesIn, inputOf, picturesOf } from './mnist-example.ts';

/** What a figure says of labels and what was predicted of them. */
async function captionOf(
  chart: 'confusionMatrix' | 'perClassScores',
  labels: readonly number[],
  predicted: readonly number[],
): Promise<string> {
  const input = inputOf({
    classes: ['a', 'b', 'c'],
    labels: Uint8Array.from(labels),
    predicted: Uint8Array.from(predicted),
    inputs: new Uint8Array(labels.length),
    inputShape: [1, 1, 1],
    epochs: 2,
  });
  return (await charts[chart].draw(input, classesIn(input))).caption;
}

test('one mistake is not several, and what happens once is not said to be most often', async () => {
  expect(await captionOf('confusionMatrix', [0, 1, 2], [0, 1, 2])).toBe(
    'All test samples lie on the blue diagonal: no mistakes.',
  );
  expect(await captionOf('confusionMatrix', [0, 1, 2], [0, 1, 1])).toBe(
    'Blue is right, orange is the one test sample that is mistaken: c is taken for b.',
  );
  expect(await captionOf('confusionMatrix', [0, 1, 2], [0, 2, 1])).toBe(
    'Blue is right, orange is one of the 2 test samples that are mistaken, and stronger is a larger share of the row.',
  );
  expect(await captionOf('confusionMatrix', [0, 1, 1, 2], [0, 2, 2, 1])).toMatch(
    /share of the row; most often \(2 times\) b is taken for c\.$/,
  );
});

test('of classes that are equally good none is the best', async () => {
  expect(await captionOf('perClassScores', [0, 1, 2], [0, 1, 2])).toBe(
    'The number is F1, and that of all classes is 1.0000.',
  );
  expect(await captionOf('perClassScores', [0, 0], [0, 0])).toBe('The number is F1.');
  expect(await captionOf('perClassScores', [0, 1, 2, 2], [0, 1, 1, 2])).toMatch(
    /^The number is F1; best is a \(1\.0000\), hardest is [bc] /,
  );
});

/** The figure of masks of a shape, for classes. */
async function figureOfMasks([height, width]: readonly [number, number], classes: readonly string[]) {
  const input = masksExample();
  const places = height * width;
  const some = Uint8Array.from({ length: 10 * places }, (_, i) => i % 2);
  const result = { ...classesIn(input), classes, shape: [height, width], actual: some, predicted: some };
  const figure = await charts.masks.draw({ ...input, pictures: picturesOf(some, [height, width, 1]) }, result);
  const [, , total] = /viewBox="0 0 (\d+) (\d+)"/.exec(figure.svg)!.map(Number);
  return { ...figure, height: total! };
}

test('rows of masks are as high as the pictures, and never overlap', async () => {
  const [square, wide, tall, line] = await Promise.all(
    (
      [
        [16, 16],
        [8, 16],
        [16, 8],
        [1, 16],
      ] as const
    ).map((shape) => figureOfMasks(shape, ['a', 'b'])),
  );
  expect(tall!.height).toBe(square!.height);
  expect(wide!.height).toBe(square!.height - 3 * 60);
  expect(line!.height).toBeLessThan(wide!.height);
});

test('the legend of few classes has room for their names', async () => {
  const long = 'an upright pillar of red stone';
  const { svg, width } = await figureOfMasks([16, 16], ['background', long, 'ground']);
  expect(svg).toContain(`>${long}<`);
  const at = [...svg.matchAll(/<rect x="(\d+)"[^>]*width="14"/g)].map(([, x]) => Number(x));
  expect(at).toHaveLength(3);
  expect(at[2]! - at[1]!).toBeGreaterThan(190);
  expect(at[2]!).toBeLessThan(width - 100);
});

test.each(['image', 'recording', 'sample'] as const)('figures call a %s by its name', async (noun) => {
  const inputs = Uint8Array.from({ length: 40 * 16 }, (_, i) => i % 251);
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
  const predicted = labels.map((label, i) => (i % 5 === 0 ? 1 - label : label));
  const input = inputOf({ classes: ['a', 'b'], labels, predicted, inputs, inputShape: [4, 4, 1], epochs: 2 });
  const pictures = { ...picturesOf(inputs, [4, 4, 1]), noun };
  const given = {
    ...input,
    pictures,
    augmented: { pictures, samples: 2, epochs: [1] },
    shown: { groups: [{ name: 'a', count: 20, rows: [0, 2] }], classes: 2, pictures },
  };
  for (const name of ['imageGrid', 'sampleImage', 'augmentedSamples', 'misclassified', 'trainingSamples'] as const) {
    const { title, caption } = await charts[name].draw(given, classesIn(given));
    const said = `${title}. ${caption}`;
    if (noun !== 'image') expect(said).not.toMatch(/image|picture/i);
    if (!['misclassified', 'trainingSamples'].includes(name)) expect(said).toMatch(new RegExp(`${noun}s?\\b`, 'i'));
  }
});
