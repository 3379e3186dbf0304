import { type NumberResult, whereThere } from '../base/results.ts';
import { showMeasure } from '../base/quantities.ts';
import type { OutputChart } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { palette } from './palette.ts';
import { drawVega, numberLabels } from './vega.ts';

const { blue, vermilion } = palette;
const SIZE = 380;

/** More points than this only make the picture darker, and the report larger. */
const LIMIT = 2_000;

/** Numbers as the model says them over what they are. */
export const predictedVersusActual: OutputChart = {
  of: 'output',
  needs: 'an output of numbers',
  fits: (_, given) => {
    if (given.kind !== 'number') return false;
    const { actual, predicted } = counted(given);
    return actual.some(Number.isFinite) && predicted.some(Number.isFinite);
  },
  async draw(input, given) {
    const result = counted(given as NumberResult);
    const every = Math.ceil(result.actual.length / LIMIT);
    const points = [...result.actual.keys()]
      .filter((i) => i % every === 0 && Number.isFinite(result.predicted[i]))
      .map((i) => ({ actual: result.actual[i]!, predicted: result.predicted[i]! }));
    const all = points.flatMap(({ actual, predicted }) => [actual, predicted]);
    const [low, high] = all.reduce(
      ([least, most], value) => [Math.min(least!, value), Math.max(most!, value)],
      [Infinity, -Infinity],
    ) as [number, number];
    const room = (high - low) * 0.04 || 1;
    const scale = { domain: [low - room, high + room], nice: false, zero: false };
    const axis = { ...numberLabels, tickCount: 6 } as const;
    const drawing = await drawVega({
      width: SIZE,
      height: SIZE,
      layer: [
        {
          data: { values: [low - room, high + room].map((value) => ({ actual: value, predicted: value })) },
          mark: { type: 'line', color: vermilion.light, strokeWidth: 1.5 },
          encoding: place(scale, axis),
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, color: blue.light, opacity: 0.55, size: 36 },
          encoding: place(scale, axis),
        },
      ],
    });
    return drawFigure(titleFor('Predicted over actual', input, result), caption(result, points.length), drawing);
  },
};

function counted(result: NumberResult): NumberResult {
  return {
    ...result,
    actual: whereThere(result.actual, result.there),
    predicted: whereThere(result.predicted, result.there),
  };
}

function place(scale: object, axis: object) {
  return {
    x: { field: 'actual', type: 'quantitative', scale, axis: { ...axis, title: 'actual' } },
    y: { field: 'predicted', type: 'quantitative', scale, axis: { ...axis, title: 'predicted' } },
  } as const;
}

function caption({ actual, predicted }: NumberResult, shown: number): string {
  const errors = actual.map((value, i) => Math.abs(value - predicted[i]!)).sort();
  const median = errors[Math.floor(errors.length / 2)]!;
  const points =
    shown === actual.length ? 'Each point is a test value' : `The points are ${shown} of ${actual.length} test values`;
  return (
    `${points}; on the line it is predicted exactly, ` +
    `and half of all are no further off than ${showMeasure(median)}.`
  );
}
