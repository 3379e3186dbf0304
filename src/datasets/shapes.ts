import { Type } from 'typebox';
import { wholeNumber } from '../base/numbers.ts';
import { randomIntegers, seedFor } from '../base/seeds.ts';
import { type InParts, inTurns } from '../base/turns.ts';
import { type Dataset, type DatasetSpec, type Samples, defineDataset } from './dataset.ts';
import { generatedFile, withinMemory } from './generated.ts';
import { laterPictureRows } from './pictures/later-picture-rows.ts';

/** What a pixel can belong to, and whether a point lies in the shape; both coordinates from -1 to 1, y downwards. */
const kinds: readonly (readonly [name: string, holds: (x: number, y: number) => boolean])[] = [
  ['background', () => false],
  ['disc', (x, y) => x * x + y * y <= 1],
  ['square', (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.85],
  ['triangle', (x, y) => y <= 0.8 && y >= 2 * Math.abs(x) - 1],
];

const amount = (what: string, count: number) =>
  wholeNumber({ description: `${what} pictures.`, default: count, minimum: 2, maximum: 1_000_000 });

/** Pictures that are drawn from the seed, with a mask each. */
export const shapes = defineDataset({
  doc:
    'A toy source to try segmentation on: pictures of one to three discs, squares and triangles in noise, ' +
    'drawn from the seed; target `mask`, a class for each pixel.',
  example: 'source: { shapes: { size: 32 } }',
  options: Type.Object({
    size: wholeNumber({ description: 'Height and width of a picture.', default: 32, minimum: 8, maximum: 512 }),
    train: amount('Training', 2_000),
    test: amount('Test', 400),
  }),
  describe: (options) => withinMemory(specOf(options)),
  named: () => [],
  files: () => [],
  load: (options, _, seed, signal) => inTurns(drawAll(options, seed), signal),
  ...laterPictureRows,
});

function specOf({
  size,
  train,
  test,
}: {
  readonly size: number;
  readonly train: number;
  readonly test: number;
}): DatasetSpec {
  return {
    inputs: [{ name: 'input', shape: [size, size, 1], dtype: 'uint8', scale: 1 / 255 }],
    targets: [{ kind: 'class', name: 'mask', classes: kinds.map(([name]) => name), shape: [size, size] }],
    count: { train, test },
  };
}

function* drawAll(options: Parameters<typeof specOf>[0], seed: number): InParts<Dataset> {
  const part = (name: 'train' | 'test') => draw(options.size, options[name], seedFor(seed, 'data', 'shapes', name));
  const [train, test] = [yield* part('train'), yield* part('test')];
  return { name: 'shapes', spec: specOf(options), train, test, files: [yield* generatedFile('shapes', [train, test])] };
}

function* draw(size: number, count: number, seed: number): InParts<Samples> {
  const random = randomIntegers(seed);
  const pixels = new Uint8Array(count * size * size);
  for (let at = 0; at < pixels.length; at++) {
    if (at % (1 << 16) === 0) yield;
    pixels[at] = random(90);
  }
  const mask = new Uint8Array(pixels.length);
  for (let picture = 0; picture < count; picture++) {
    yield;
    const first = picture * size * size;
    for (let left = 1 + random(3); left > 0; left--) {
      const kind = 1 + random(kinds.length - 1);
      const radius = size * (0.12 + random(100) / 700);
      const [centreX, centreY, grey] = [random(size), random(size), 110 + random(100)];
      for (let at = 0; at < size * size; at++) {
        if (!kinds[kind]![1](((at % size) - centreX) / radius, (Math.floor(at / size) - centreY) / radius)) continue;
        mask[first + at] = kind;
        pixels[first + at] = grey + random(46);
      }
    }
  }
  return { inputs: [pixels], targets: [mask], count };
}
