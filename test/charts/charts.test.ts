import { Resvg } from '@resvg/resvg-js';
import { decode } from 'fast-png';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chartDocs } from '../../src/charts/chart-docs.ts';
import { charts } from '../../src/charts/charts.ts';
import type { Chart, ChartInput, Figure } from '../../src/charts/chart.ts';
import { renderReport } from '../../src/charts/report.ts';
import { rasterize } from '../../src/charts/rasterize.ts';
import { HOSTILE, examples, hostileExample, masksExample, numbersExample, stripesExample } from './edge-examples.ts';
import { figuresOf } from './figures-of.ts';
import { classesIn, mnistExample } from './mnist-example.ts';
import { reportOf } from './report-example.ts';

const table: [string, Chart][] = Object.entries(charts);

describe.each(table)('chart %s', (name, chart) => {
  const fitted = fittingExample(chart);
  const drawn = figuresOf(chart, fitted);

  test('lives in a file of its own, named as users write it', () => {
    const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
    expect(readdirSync(new URL('../../src/charts', import.meta.url))).toContain(file);
    expect(chartDocs[name as keyof typeof chartDocs]).toMatch(/^[A-Z].*\.$/);
  });

  test('gives the same bytes for the same input', async () => {
    expect(await drawn).toHaveLength(1);
    expect(await figuresOf(chart, fittingExample(chart))).toEqual(await drawn);
  });

  test('says what it is and what to look at', async () => {
    const [{ title, caption, svg }] = (await drawn) as [Figure];
    expect(title).toMatch(/^[A-Z]/);
    expect(caption).toMatch(/^[A-Z\d].*\.$/);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/);
  });

  test('keeps hostile names text', async () => {
    const [{ svg }] = (await figuresOf(chart, hostileResults(fitted))) as [Figure];
    expect(tagsOf(svg)).toEqual(tagsOf((await drawn)[0]!.svg));
    expect(svg).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
  });

  test.each(Object.entries(examples))('draws %s', async (_, example) => {
    for (const { svg, width } of await figuresOf(chart, example())) await expectDrawn(svg, width);
  });
});

async function expectDrawn(svg: string, width: number): Promise<void> {
  // resvg's parser is a strict one: it throws at markup that is not well-formed.
  expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(width);
  expect(svg.replace(/aria-label="[^"]*"/, '')).not.toMatch(/="[^"]*(NaN|undefined|null)/);
  expect(width).toBeLessThan(1500);
  const png = await rasterize(svg, 1);
  const picture = decode(png);
  expect(picture.width).toBe(width);
  expect(coloursOf(picture.data)).toBeGreaterThan(8);
}

/** The first example that the chart fits. */
function fittingExample(chart: Chart): ChartInput {
  for (const example of Object.values(examples)) {
    const input = example();
    if (fits(chart, input)) return input;
  }
  throw new Error('no example has what this chart shows');
}

const fits = (chart: Chart, input: ChartInput): boolean =>
  chart.of === 'run' ? chart.fits(input) : input.evaluation.outputs.some((result) => chart.fits(input, result));

/** The same with hostile names. */
function hostileResults(input: ChartInput): ChartInput {
  const hostile = hostileExample();
  if (classNames(input).length === 10) return hostile;
  const outputs = input.evaluation.outputs.map((result) => ({
    ...result,
    name: HOSTILE[0]!,
    ...(result.kind === 'class' ? { classes: HOSTILE.slice(0, result.classes.length) } : {}),
  }));
  return { ...input, evaluation: { ...input.evaluation, outputs }, reference: hostile.reference! };
}

const classNames = ({
  evaluation: {
    outputs: [result],
  },
}: ChartInput): readonly string[] => (result?.kind === 'class' ? result.classes : []);

test('a figure that makes no sense is not offered', () => {
  expect(fitting('no images')).toEqual(['learningCurves', 'confusionMatrix', 'perClassScores']);
  expect(fitting('no mistakes, one picture augmented')).not.toContain('misclassified');
  expect(fitting('mnist')).toEqual(
    Object.keys(charts).filter(
      (name) =>
        !['masks', 'predictedVersusActual', 'reconstructions', 'augmentedSamples', 'trainingSamples'].includes(name),
    ),
  );
  expect(fitting('numbers')).toEqual(['learningCurves', 'predictedVersusActual']);
  expect(fitting('masks')).toEqual(['learningCurves', 'confusionMatrix', 'perClassScores', 'masks']);
});

test('learning curves show published figures beside ours', async () => {
  const svg = await charts.learningCurves.draw(mnistExample()).then((figure) => figure.svg);
  for (const text of [
    'Tutorial (published)',
    '>0.342<',
    '>0.0147<',
    'Tutorial, test: 0.9872',
    '>training<',
    '>validation<',
  ])
    expect(svg).toContain(text);
  const { reference: _, ...alone } = mnistExample();
  expect((await charts.learningCurves.draw(alone)).svg).not.toContain('published');
});

test.each([
  [
    2,
    'The model has the weights of epoch 2, the best: loss 3.000 (validation 4.000). After epoch 3: ' +
      'loss 2.000 (validation 6.000).',
  ],
  [3, 'The model has the weights of epoch 3, the best: loss 2.000 (validation 6.000).'],
])('learning curves mark the epoch %i whose weights the model has', async (best, caption) => {
  const history = [
    { loss: 5, val_loss: 5 },
    { loss: 3, val_loss: 4 },
    { loss: 2, val_loss: 6 },
  ];
  const { reference: _, ...input } = { ...mnistExample(), history };
  const marked = await charts.learningCurves.draw({ ...input, best });
  expect(marked.caption).toBe(caption);
  // The text and its halo, in the only panel.
  expect(marked.svg.match(new RegExp(`>weights of epoch ${best}<`, 'g'))).toHaveLength(2);
  const plain = await charts.learningCurves.draw(input);
  expect(plain.svg).not.toContain('weights of epoch');
  expect(plain.caption).toBe('After epoch 3: loss 2.000 (validation 6.000).');
});

test.each([
  [0, 70],
  [-70, 70],
  [0.0004, 0.0009],
  [0, 7],
  [10, 99],
  [20, 5e6],
  [0, 9e7],
  [-4e-7, 4e-7],
])('the axes of numbers from %f to %f are written as people do', async (low, high) => {
  const actual = Float64Array.from({ length: 11 }, (_, i) => low + (i * (high - low)) / 10);
  const { svg } = await charts.predictedVersusActual.draw(numbersExample(), {
    kind: 'number',
    name: 'n',
    shape: [1],
    actual,
    predicted: actual,
  });
  const labels = [...svg.matchAll(/<text[^>]*>(-?[−\d][^<]*)<\/text>/g)].map(([, label]) =>
    label!.replaceAll(',', '').replace('−', '-'),
  );
  const values = labels.map(Number);
  expect(labels.length).toBeGreaterThan(6);
  const exponents = labels.filter((label) => label.includes('e'));
  expect(exponents).toEqual(
    labels.filter((_, i) => values[i] !== 0 && (Math.abs(values[i]!) >= 1e7 || Math.abs(values[i]!) < 1e-4)),
  );
  // Ticks are evenly spaced, so that a rounded one would stand out.
  const steps = values
    .slice(1)
    .map((value, i) => value - values[i]!)
    .filter((step) => step > 0);
  expect(Math.max(...steps) / Math.min(...steps)).toBeCloseTo(1, 5);
});

test('names that begin alike stay apart', async () => {
  const classes = Array.from({ length: 10 }, (_, i) => `synthetic_class_of_things_number_${i}`);
  const result = { ...classesIn(mnistExample()), classes };
  for (const chart of [charts.confusionMatrix, charts.imageGrid]) {
    const { svg } = await chart.draw(mnistExample(), result);
    expect(new Set([...svg.matchAll(/>(syn…[^<]*)</g)].map(([, name]) => name)).size).toBe(10);
  }
});

test('what is counted is called what it is', async () => {
  const [samples, pixels] = [classesIn(mnistExample()), classesIn(masksExample())];
  const captions = await Promise.all(
    [samples, pixels, { ...pixels, shape: [256] }].map(
      async (result) => (await charts.confusionMatrix.draw(masksExample(), result)).caption,
    ),
  );
  expect(captions.map((caption) => /test (\w+) that are mistaken/.exec(caption)![1])).toEqual([
    'samples',
    'pixels',
    'characters',
  ]);
});

test('the confusion matrix counts every sample once', async () => {
  const input = mnistExample();
  const { svg } = await charts.confusionMatrix.draw(input, classesIn(input));
  const counts = [...svg.matchAll(/font-size="13px"[^>]*>(\d+)<\/text>/g)].map(([, count]) => Number(count));
  expect(counts.reduce((a, b) => a + b)).toBe(classesIn(input).actual.length);
});

test('the surest mistakes come first and are all mistakes', async () => {
  const { svg } = await charts.misclassified.draw(mnistExample(), classesIn(mnistExample()));
  const sure = [...svg.matchAll(/>([\d.]+) %</g)].map(([, percent]) => Number(percent));
  expect(sure).toHaveLength(15);
  expect(sure).toEqual(sure.toSorted((a, b) => b - a));
});

test('masks say which class each colour is', async () => {
  const { svg } = await charts.masks.draw(masksExample(), classesIn(masksExample()));
  const legend = [...svg.matchAll(/fill="(rgb\([^"]*\))"[^>]*\/><text [^>]*>([^<]*)</g)].map(
    ([, paint, name]) => `${name} ${paint}`,
  );
  expect(legend).toEqual(['nothing rgb(221,226,232)', 'thing rgb(8,104,172)']);
});

test.each([6, 7, 12, 21, 22])(
  'masks of %d classes have colours of their own, and a legend below the pictures',
  async (count) => {
    const { svg, caption } = await charts.masks.draw(stripesExample(count), classesIn(stripesExample(count)));
    const legend = [
      ...svg.matchAll(/<rect x="(\d+)" y="(\d+)"[^>]*fill="(rgb\([^"]*\))"[^>]*\/><text [^>]*>([^<]*)</g),
    ];
    expect(legend.map(([, , , , name]) => name)).toEqual(
      Array.from({ length: Math.min(count, 21) }, (_, k) => `class ${k}`),
    );
    expect(new Set(legend.map(([, , , paint]) => paint)).size).toBe(legend.length);
    expect(new Set(legend.map(([, x, y]) => `${x} ${y}`)).size).toBe(legend.length);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
    expect(Number(width)).toBeLessThan(920);
    expect(Number(height)).toBeGreaterThan(Math.max(...legend.map(([, , y]) => Number(y))) + 14);
    expect(caption.includes('Colours repeat after 21 classes.')).toBe(count > 21);
  },
);

test('another seed shows other images', async () => {
  for (const chart of [charts.imageGrid, charts.sampleImage]) {
    expect((await chart.draw({ ...mnistExample(), seed: 1 }, classesIn(mnistExample()))).svg).not.toBe(
      (await chart.draw({ ...mnistExample(), seed: 2 }, classesIn(mnistExample()))).svg,
    );
  }
});

function fitting(example: string): string[] {
  const input = examples[example]!();
  return table.filter(([, chart]) => fits(chart, input)).map(([name]) => name);
}

function tagsOf(svg: string): string[] {
  return [...new Set([...svg.matchAll(/<([^\s/>]+)/g)].map(([, tag]) => tag!))].sort();
}

function coloursOf(data: ArrayLike<number>): number {
  const colours = new Set<number>();
  for (let i = 0; i < data.length; i += 4) colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return colours.size;
}

test('a class that is nowhere, in the truth or in the predictions, has no scores and is not the hardest', async () => {
  const input = examples['a class without samples']!();
  const [{ caption, svg }] = (await figuresOf(charts.perClassScores, input)) as [Figure];
  expect(caption).toMatch(/^The number is F1; best is [ab] .*, hardest is [ab] /);
  expect(svg.match(/>–</g)).toHaveLength(1);
  expect(svg).not.toContain('>0.0000<');
  const row = /<tr>(?:(?!<tr>).)*never.*?<\/tr>/s.exec(renderReport(await reportOf(input)))![0];
  expect(row.match(/>–</g)).toHaveLength(3);
});
