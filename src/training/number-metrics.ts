import type { NumberMetricRow, NumberPredictions } from './metric-row.ts';
import { meanDistance } from '../base/class-scores.ts';
import { noOptions } from './loss.ts';

function defineNumberMetric(
  name: string,
  doc: string,
  compute: (outcome: NumberPredictions) => number,
  ofOrdered?: NumberMetricRow['ofOrdered'],
): NumberMetricRow {
  return {
    of: 'number',
    doc,
    example: `metrics: [${name}]`,
    options: noOptions,
    compute,
    ...(ofOrdered && { ofOrdered }),
    ...(name.endsWith('Error') ? { lessIsBetter: true } : {}),
  };
}

/** Mean over all numbers of something of the predicted and the actual one. */
function meanOf({ predicted, actual }: NumberPredictions, of: (predicted: number, actual: number) => number): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += of(predicted[i]!, actual[i]!);
  return sum / actual.length;
}

const squaredError = (outcome: NumberPredictions) => meanOf(outcome, (p, y) => (p - y) ** 2);

/**
 * 1 - squared error / variance, as sklearn.metrics.r2_score: 1 is perfect, 0 no better than the mean, and so is any
 * wrong prediction of numbers that are all alike; NaN of a single number.
 */
function r2Score(outcome: NumberPredictions): number {
  const { actual } = outcome;
  const error = squaredError(outcome);
  if (actual.length < 2 || Number.isNaN(error)) return Number.NaN;
  if (actual.every((y) => y === actual[0])) return error === 0 ? 1 : 0;
  const mean = meanOf(outcome, (_, y) => y);
  return 1 - error / meanOf(outcome, (_, y) => (y - mean) ** 2);
}

/** Metrics of numbers. */
export const numberMetrics = {
  meanAbsoluteError: defineNumberMetric(
    'meanAbsoluteError',
    'Mean of the absolute differences from the numbers, in their unit; of classes in order, in classes.',
    (outcome) => meanOf(outcome, (p, y) => Math.abs(p - y)),
    (confusion) => meanDistance(confusion, Math.abs),
  ),
  meanSquaredError: defineNumberMetric(
    'meanSquaredError',
    'Mean of the squared differences from the numbers.',
    squaredError,
  ),
  rootMeanSquaredError: defineNumberMetric(
    'rootMeanSquaredError',
    'Root of the mean squared difference: in the unit of the numbers, large errors count more.',
    (outcome) => Math.sqrt(squaredError(outcome)),
  ),
  meanAbsolutePercentageError: defineNumberMetric(
    'meanAbsolutePercentageError',
    'Mean of the absolute differences in percent of the number; a number of 0 counts as 1e-7, as in Keras.',
    (outcome) => meanOf(outcome, (p, y) => (100 * Math.abs(p - y)) / Math.max(Math.abs(y), 1e-7)),
  ),
  r2Score: defineNumberMetric(
    'r2Score',
    'Share of the variance of the numbers that the model explains: ' +
      '1 is all, 0 no more than their mean does (coefficient of determination).',
    r2Score,
  ),
} as const;
