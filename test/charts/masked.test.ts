import { expect, test } from 'vitest';
import type { ChartInput } from '../../src/charts/chart.ts';
import { imageGrid } from '../../src/charts/image-grid.ts';
import { masks } from '../../src/charts/masks.ts';
import { misclassified } from '../../src/charts/misclassified.ts';
import { predictedVersusActual } from '../../src/charts/predicted-versus-actual.ts';
import { masksExample, numbersExample } from './edge-examples.ts';
import { figuresOf } from './figures-of.ts';
import { classesIn, mnistExample } from './mnist-example.ts';

const withThere = ({ evaluation, ...input }: ChartInput, isThere: (place: number) => boolean): ChartInput => ({
  ...input,
  evaluation: {
    ...evaluation,
    outputs: evaluation.outputs.flatMap((output) =>
      output.kind === 'reconstruction'
        ? []
        : [{ ...output, there: Uint8Array.from(output.actual, (_, place) => Number(isThere(place))) }],
    ),
  },
});

const captionOf = async (chart: Parameters<typeof figuresOf>[0], input: ChartInput) =>
  (await figuresOf(chart, input))[0]?.caption;

test('what is masked is no mistake', async () => {
  const { actual, predicted } = classesIn(mnistExample());
  expect(
    await captionOf(
      misclassified,
      withThere(mnistExample(), (place) => actual[place] === predicted[place]),
    ),
  ).toBeUndefined();
  const wrong = [...actual.keys()].filter((place) => actual[place] !== predicted[place]);
  expect(
    await captionOf(
      misclassified,
      withThere(mnistExample(), (place) => place !== wrong[0]),
    ),
  ).toContain(` of ${wrong.length - 1} mistakes`);
  expect(
    await captionOf(
      imageGrid,
      withThere(mnistExample(), (place) => actual[place] === predicted[place]),
    ),
  ).toMatch(/has 32 right and 0 wrong/);
});

test('shares and errors are of what is there', async () => {
  const { actual, predicted } = classesIn(masksExample());
  expect(
    await captionOf(
      masks,
      withThere(masksExample(), (place) => actual[place] === predicted[place]),
    ),
  ).toContain('100.00 % of the pixels');
  expect(
    await captionOf(
      predictedVersusActual,
      withThere(numbersExample(), (place) => place % 2 === 1),
    ),
  ).toContain('499 of 500 test values');
});
