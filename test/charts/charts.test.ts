import { Resvg } from '@resvg/resvg-js';
import { decode } from 'fast-png';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { charts } from '../../src/charts/charts.ts';
import type { Chart } from '../../src/charts/chart.ts';
import { rasterize } from '../../src/charts/rasterize.ts';
import { examples, hostileExample } from './edge-examples.ts';
import { mnistExample } from './mnist-example.ts';

const table: [string, Chart][] = Object.entries(charts);

describe.each(table)('chart %s', (name, chart) => {
  test('lives in a file of its own, named as users write it', () => {
    const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
    expect(readdirSync(new URL('../../src/charts', import.meta.url))).toContain(file);
    expect(chart.doc).toMatch(/^[A-Z].*\.$/);
  });

  test('gives the same bytes for the same input', async () => {
    const first = await chart.draw(mnistExample());
    const again = await chart.draw(mnistExample());
    expect(again).toEqual(first);
  });

  test('says what it is and what to look at', async () => {
    const { title, caption, svg } = await chart.draw(mnistExample());
    expect(title).toMatch(/^[A-Z]/);
    expect(caption).toMatch(/^[A-Z\d].*\.$/);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+"/);
  });

  test('keeps hostile names text', async () => {
    const { svg } = await chart.draw(hostileExample());
    expect(tagsOf(svg)).toEqual(tagsOf((await chart.draw(mnistExample())).svg));
    expect(svg).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
  });

  test.each(Object.entries(examples))('draws %s', async (_, example) => {
    const input = example();
    if (!chart.fits(input)) return;
    const { svg, width } = await chart.draw(input);
    // resvg's parser is a strict one: it throws at markup that is not well-formed.
    expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(width);
    expect(svg.replace(/aria-label="[^"]*"/, '')).not.toMatch(/="[^"]*(NaN|undefined|null)/);
    expect(width).toBeLessThan(1500);
    const png = await rasterize(svg, 1);
    const picture = decode(png);
    expect(picture.width).toBe(width);
    expect(coloursOf(picture.data)).toBeGreaterThan(8);
  });
});

test('a figure that makes no sense is not offered', () => {
  expect(fitting('no images')).toEqual(['learningCurves', 'confusionMatrix', 'perClassScores']);
  expect(fitting('no mistakes')).not.toContain('misclassified');
  expect(fitting('mnist')).toEqual(Object.keys(charts));
});

test('learning curves show published figures beside ours', async () => {
  const svg = await charts.learningCurves.draw(mnistExample()).then((figure) => figure.svg);
  for (const text of ['Tutorial (published)', '>0.342<', '>0.0147<', 'Tutorial, test: 0.9872', '>training<', '>validation<']) expect(svg).toContain(text);
  const { reference: _, ...alone } = mnistExample();
  expect((await charts.learningCurves.draw(alone)).svg).not.toContain('published');
});

test('the confusion matrix counts every sample once', async () => {
  const input = mnistExample();
  const { svg } = await charts.confusionMatrix.draw(input);
  const counts = [...svg.matchAll(/font-size="13px"[^>]*>(\d+)<\/text>/g)].map(([, count]) => Number(count));
  expect(counts.reduce((a, b) => a + b)).toBe(input.test.count);
});

test('the surest mistakes come first and are all mistakes', async () => {
  const { svg } = await charts.misclassified.draw(mnistExample());
  const sure = [...svg.matchAll(/>([\d.]+) %</g)].map(([, percent]) => Number(percent));
  expect(sure).toHaveLength(15);
  expect(sure).toEqual(sure.toSorted((a, b) => b - a));
});

test('another seed shows other images', async () => {
  for (const chart of [charts.imageGrid, charts.sampleImage]) {
    expect((await chart.draw({ ...mnistExample(), seed: 1 })).svg).not.toBe((await chart.draw({ ...mnistExample(), seed: 2 })).svg);
  }
});

function fitting(example: string): string[] {
  const input = examples[example]!();
  return table.filter(([, chart]) => chart.fits(input)).map(([name]) => name);
}

function tagsOf(svg: string): string[] {
  return [...new Set([...svg.matchAll(/<([^\s/>]+)/g)].map(([, tag]) => tag!))].sort();
}

function coloursOf(data: ArrayLike<number>): number {
  const colours = new Set<number>();
  for (let i = 0; i < data.length; i += 4) colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return colours.size;
}
