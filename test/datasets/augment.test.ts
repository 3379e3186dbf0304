import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { Chosen } from '../../src/base/row.ts';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import { augmentedBatches } from '../../src/datasets/augment/augment-batches.ts';
import type { Canvas } from '../../src/datasets/augment/augmentation.ts';
import { augmentations } from '../../src/datasets/augment/augmentations.ts';
import { brighten, stretch } from '../../src/datasets/augment/change-values.ts';
import { Draws } from '../../src/datasets/augment/draws.ts';
import { hide } from '../../src/datasets/augment/hide-regions.ts';
import { blend, paste } from '../../src/datasets/augment/mix-samples.ts';
import { mirror, turn } from '../../src/datasets/augment/move-pictures.ts';
import { type Filling, move, transform } from '../../src/datasets/augment/resample.ts';
import { arraySource } from '../../src/datasets/batch-source.ts';
import type { InputSpec } from '../../src/datasets/dataset.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

const none: Filling = { fillMode: 'constant', fillValue: 0 };

type Quad = [number, number, number, number];

interface Case {
  readonly picture: number;
  readonly kernel: string;
  readonly args: readonly number[];
  readonly filling?: Filling;
  readonly result: readonly number[];
}

/** The kernels with what was drawn for them. */
const kernels: Readonly<Record<string, (canvas: Canvas, args: readonly number[], filling: Filling) => void>> = {
  turn: (canvas, [degrees], filling) => turn(canvas, degrees!, filling),
  transform: (canvas, args, filling) => transform(canvas, ...(args as Quad), filling),
  move: (canvas, [down, right], filling) => move(canvas, down!, right!, filling),
  mirror: (canvas, [direction]) => mirror(canvas, String(direction) === 'vertical' ? 'vertical' : 'horizontal'),
  stretch: (canvas, [factor]) => stretch(canvas, factor!),
  brighten: (canvas, [by]) => brighten(canvas, by!),
  hide: (canvas, [top, left, bottom, right, value]) => hide(canvas, top!, left!, bottom!, right!, value!),
  paste: (canvas, args) => paste(canvas, ...(args as Quad)),
  blend: (canvas, [share]) => blend(canvas, share!),
};

describe('what is drawn for is computed as scipy.ndimage and numpy have it', () => {
  const { pictures, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'augment-by-scipy.json'), 'utf8')) as {
    pictures: { shape: [number, number, number]; values: number[] }[];
    cases: Case[];
  };
  const exact = new Set(['move', 'mirror', 'hide', 'paste', 'brighten']);

  test.each(Object.entries(kernels))('%s', (name, kernel) => {
    const judged = cases.filter((one) => one.kernel === name);
    expect(judged.length).toBeGreaterThan(1);
    for (const { picture, args, filling = none, result } of judged) {
      const { shape, values } = pictures[picture]!;
      const canvas = canvasOf(shape, values);
      kernel(canvas, args, filling);
      if (exact.has(name)) expect([...canvas.to], JSON.stringify(args)).toEqual(result);
      else
        for (const [i, value] of canvas.to.entries())
          expect(Math.abs(value - result[i]!), JSON.stringify({ picture, args, filling, i })).toBeLessThan(1e-4);
    }
  });
});

function canvasOf([height, width, channels]: readonly [number, number, number], values: readonly number[]): Canvas {
  const from = Float32Array.from(values);
  return { height, width, channels, from, to: from.map(() => NaN), partner: from.map((value) => 255 - value), kept: 1 };
}

test('cutmix keeps the share of the label that it leaves of the pixels, mixup that of the blend', () => {
  const canvas = canvasOf(
    [4, 5, 1],
    Array.from({ length: 20 }, (_, i) => i),
  );
  paste(canvas, -1, 3, 2, 9);
  expect(canvas.kept).toBeCloseTo(1 - 4 / 20);
  blend(canvas, 0.5);
  expect(canvas.kept).toBeCloseTo(0.5 * (1 - 4 / 20));
});

const [count, shape] = [40, [6, 5, 1]] as const;
const source = arraySource({
  inputs: [Uint8Array.from({ length: count * sizeOf(shape) }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24)],
  targets: [Uint8Array.from({ length: count }, (_, i) => i % 3)],
  count,
});
const inputs: readonly InputSpec[] = [{ name: 'input', shape, dtype: 'uint8', scale: 1 / 255 }];
const size = sizeOf(shape);

/** The list of a file, with all defaults. */
function listOf(text: string): readonly Chosen[] {
  const { pipeline, diagnostics } = readPipeline({
    name: 'x.yaml',
    text:
      'name: x\ndata: { source: mnist }\nmodel: { layers: [flatten, dense 10] }\n' +
      `train: { optimizer: sgd, loss: softmaxCrossEntropy, epochs: 1, augment: ${text} }\n`,
  });
  expect(diagnostics).toEqual([]);
  return pipeline!.train.augment!;
}

interface Seen {
  readonly pixels: readonly number[];
  readonly label: number;
  readonly other?: number;
  readonly share?: number;
}

/** What becomes of each sample, by its place. */
async function samplesOf(
  augment: readonly Chosen[],
  { epoch = 1, seed = 7, rows = Uint32Array.from({ length: count }, (_, i) => i), batch = 8, from = 0 } = {},
): Promise<ReadonlyMap<number, Seen>> {
  const partners = Uint32Array.from({ length: count }, (_, i) => i);
  const seen = new Map<number, Seen>();
  let at = from * batch;
  for await (const { x, y, mixed, count: some } of augmentedBatches(
    source,
    { rows, size: batch, from },
    { augment, inputs, seed, epoch, partners },
  ))
    for (let i = 0; i < some; i++)
      seen.set(rows[at++]!, {
        pixels: [...x[0]!.subarray(i * size, (i + 1) * size)],
        label: y[0]![i]!,
        ...(mixed && { other: mixed.other[i]!, share: mixed.share[i]! }),
      });
  return seen;
}

const examples = Object.entries(augmentations).map(([name, { example }]) => [name, JSON.stringify(parse(example))]);
const all = `[${examples.map(([, example]) => example).join(', ')}]`;

test.each(examples)(
  '%s changes pictures in its own way in each epoch, and leaves the source alone',
  async (name, one) => {
    const plain = await samplesOf([]);
    const chosen = listOf(`[${one}]`);
    const [first, again, next] = [
      await samplesOf(chosen),
      await samplesOf(chosen),
      await samplesOf(chosen, { epoch: 2 }),
    ];
    expect(again).toEqual(first);
    expect(next).not.toEqual(first);
    expect(await samplesOf(chosen, { seed: 8 })).not.toEqual(first);
    expect(first).not.toEqual(plain);
    expect(await samplesOf([])).toEqual(plain);
    expect(chosen[0]!.type).toBe(name);
  },
);

test('order, size of batches and where one goes on change nothing of any sample', async () => {
  const augment = listOf(all);
  const expected = await samplesOf(augment, { epoch: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i),
        { minLength: 1 },
      ),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(3),
      async (rows, batch, from) => {
        const seen = await samplesOf(augment, { epoch: 3, rows: Uint32Array.from(rows), batch, from });
        expect(seen.size).toBe(Math.max(0, rows.length - from * batch));
        for (const [sample, one] of seen) expect(one).toEqual(expected.get(sample));
      },
    ),
    { numRuns: 25 },
  );
});

test('labels are mixed in the shares of the pictures, the larger first', async () => {
  for (const list of ['[mixup(1)]', '[cutmix(1)]', '[mixup(1), cutmix(1)]']) {
    const plain = await samplesOf([]);
    const mixed = await samplesOf(listOf(list));
    for (const [sample, { label, other, share }] of mixed) {
      expect(share).toBeGreaterThanOrEqual(0.5);
      expect(share).toBeLessThanOrEqual(1);
      expect([label, other]).toContain(plain.get(sample)!.label);
    }
    expect([...mixed.values()].some(({ label }, sample) => label !== plain.get(sample)!.label)).toBe(true);
  }
});

test('the partner comes with what the rows above make of it', async () => {
  const above = await samplesOf(listOf('[shift(2)]'));
  const mixed = await samplesOf(listOf('[shift(2), mixup(1)]'));
  for (const [sample, { pixels, share, label }] of mixed) {
    const own = above.get(sample)!;
    const kept = own.label === label ? [share!, 1 - share!] : [1 - share!, share!];
    const fits = [...above.values()].some((partner) =>
      kept.some((part) =>
        pixels.every((value, i) => Math.abs(value - (part * own.pixels[i]! + (1 - part) * partner.pixels[i]!)) <= 0.51),
      ),
    );
    expect(fits).toBe(true);
  }
});

test('each acts as likely as it says, and in its epochs alone', async () => {
  const plain = await samplesOf([]);
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), async (probability, seed) => {
      const augment = listOf(`[{ brightness: { delta: 100, probability: ${probability.toFixed(4)} } }]`);
      let changed = 0;
      for (let epoch = 1; epoch <= 10; epoch++)
        for (const [sample, { pixels }] of await samplesOf(augment, { seed, epoch }))
          changed += Number(String(pixels) !== String(plain.get(sample)!.pixels));
      const draws = 10 * count;
      // Five deviations, and those of a delta that rounds to nothing.
      expect(Math.abs(changed - probability * draws)).toBeLessThan(
        5 * Math.sqrt(draws * probability * (1 - probability)) + 6,
      );
    }),
    { numRuns: 10 },
  );
  const timed = listOf('[flip: { probability: 1, from: 2, until: 3 }]');
  for (const [epoch, acts] of [false, true, true, false].entries()) {
    const seen = await samplesOf(timed, { epoch: epoch + 1 });
    for (const [sample, { pixels }] of seen) {
      const rows = Array.from({ length: 6 }, (_, y) => plain.get(sample)!.pixels.slice(y * 5, (y + 1) * 5));
      expect(pixels).toEqual(rows.flatMap((row) => (acts ? row.toReversed() : row)));
    }
  }
});

test('bytes are rounded and kept within 0 to 255, other numbers are not', async () => {
  const bright = await samplesOf(listOf('[brightness(250)]'));
  expect([...bright.values()].some(({ pixels }) => pixels.includes(255) && !pixels.includes(0))).toBe(true);
  const floats = arraySource({ inputs: [Float32Array.of(1, 2, 3, 4)], targets: [new Uint8Array(1)], count: 1 });
  const float: InputSpec = { name: 'input', shape: [2, 2, 1], dtype: 'float32', scale: 1 };
  const augmenting = { augment: listOf('[brightness(1000)]'), seed: 1, epoch: 1, partners: Uint32Array.of(0) };
  for await (const { x } of augmentedBatches(
    floats,
    { rows: Uint32Array.of(0), size: 1 },
    { ...augmenting, inputs: [float] },
  ))
    expect(Math.abs(x[0]![0]!)).toBeGreaterThan(5);
});

describe('what is drawn', () => {
  const draws = new Draws();
  const many = (draw: () => number, purpose: number) => {
    draws.begin(123, 45, purpose);
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };

  // Mean and variance of the distributions; 1 / (4 (2 alpha + 1)) of Beta(alpha, alpha).
  test.each([
    ['uniform', () => draws.next(), 0.5, 1 / 12],
    ['normal', () => draws.normal(), 0, 1],
    ['Beta(0.2, 0.2)', () => draws.beta(0.2), 0.5, 1 / 5.6],
    ['Beta(1, 1)', () => draws.beta(1), 0.5, 1 / 12],
    ['Beta(4, 4)', () => draws.beta(4), 0.5, 1 / 36],
    ['Beta(0.001, 0.001)', () => draws.beta(0.001), 0.5, 1 / 4.008],
  ])('%s has its mean and variance', (name, draw, mean, variance) => {
    const seen = many(draw, name.length);
    expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / 20_000));
    expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(0.06);
  });

  test('differs from sample to sample, epoch to epoch and purpose to purpose', () => {
    const firsts = new Set<number>();
    for (let key = 0; key < 20; key++)
      for (let sample = 0; sample < 20; sample++)
        for (let purpose = 0; purpose < 20; purpose++) {
          draws.begin(key, sample, purpose);
          firsts.add(draws.next());
        }
    // Of 8,000 numbers of 32 bits, hardly any two are the same.
    expect(firsts.size).toBeGreaterThan(7_990);
  });
});
