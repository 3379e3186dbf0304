import type { NumberMetricRow, NumberPredictions, NumberSums } from './metric-row.ts';
import { meanDistance } from '../base/class-scores.ts';
import { noOptions } from './loss.ts';

type Outcome = NumberPredictions | NumberSums;

function defineNumberMetric(
  name: string,
  doc: string,
  compute: (outcome: Outcome) => number,
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

/** What of a predicted and an actual number is summed up. */
const differences = {
  absolute: (predicted: number, actual: number) => Math.abs(predicted - actual),
  squared: (predicted: number, actual: number) => (predicted - actual) ** 2,
  percent: (predicted: number, actual: number) =>
    (100 * Math.abs(predicted - actual)) / Math.max(Math.abs(actual), 1e-7),
};
type Difference = keyof typeof differences;

/** Sums up numbers that come one after the other. */
export class SummedNumbers {
  #count = 0;
  #first = 0;
  readonly #sums = { absolute: 0, squared: 0, percent: 0 };
  /** Of the numbers less the first one: a large mean would round what is apart away. */
  #apart = 0;
  #squares = 0;

  add(predicted: number, actual: number): void {
    if (this.#count++ === 0) this.#first = actual;
    this.#sums.absolute += differences.absolute(predicted, actual);
    this.#sums.squared += differences.squared(predicted, actual);
    this.#sums.percent += differences.percent(predicted, actual);
    const apart = actual - this.#first;
    this.#apart += apart;
    this.#squares += apart * apart;
  }

  sums(): NumberSums['sums'] {
    const count = this.#count;
    return { count, ...this.#sums, apart: Math.max(0, this.#squares - (this.#apart * this.#apart) / count) };
  }
}

/** Mean over all numbers of how far the predicted is from the actual one. */
function meanOf(outcome: Outcome, difference: Difference): number {
  if ('sums' in outcome) return outcome.sums[difference] / outcome.sums.count;
  return meanOver(outcome, differences[difference]);
}

function meanOver({ predicted, actual }: NumberPredictions, of: (predicted: number, actual: number) => number): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += of(predicted[i]!, actual[i]!);
  return sum / actual.length;
}

/**
 * 1 - squared error / variance, as sklearn.metrics.r2_score: 1 is perfect, 0 no better than the mean, and so is any
 * wrong prediction of numbers that are all alike; NaN of a single number.
 */
function r2Score(outcome: Outcome): number {
  const error = meanOf(outcome, 'squared');
  const count = 'sums' in outcome ? outcome.sums.count : outcome.actual.length;
  if (count < 2 || Number.isNaN(error)) return Number.NaN;
  const variance = varianceOf(outcome);
  if (variance === 0) return error === 0 ? 1 : 0;
  return 1 - error / variance;
}

/** 0 only where all numbers are alike. */
function varianceOf(outcome: Outcome): number {
  if ('sums' in outcome) return outcome.sums.apart / outcome.sums.count;
  const { actual } = outcome;
  if (actual.every((y) => y === actual[0])) return 0;
  const mean = meanOver(outcome, (_, y) => y);
  return meanOver(outcome, (_, y) => (y - mean) ** 2);
}

/** Metrics of numbers. */
export const numberMetrics = {
  meanAbsoluteError: defineNumberMetric(
    'meanAbsoluteError',
    'Mean of the absolute differences from the numbers, in their unit; of classes in order, in classes.',
    (outcome) => meanOf(outcome, 'absolute'),
    (confusion) => meanDistance(confusion, Math.abs),
  ),
  meanSquaredError: defineNumberMetric(
    'meanSquaredError',
    'Mean of the squared differences from the numbers.',
    (outcome) => meanOf(outcome, 'squared'),
  ),
  rootMeanSquaredError: defineNumberMetric(
    'rootMeanSquaredError',
    'Root of the mean squared difference: in the unit of the numbers, large errors count more.',
    (outcome) => Math.sqrt(meanOf(outcome, 'squared')),
  ),
  meanAbsolutePercentageError: defineNumberMetric(
    'meanAbsolutePercentageError',
    'Mean of the absolute differences in percent of the number; a number of 0 counts as 1e-7, as in Keras.',
    (outcome) => meanOf(outcome, 'percent'),
  ),
  r2Score: defineNumberMetric(
    'r2Score',
    'Share of the variance of the numbers that the model explains: ' +
      '1 is all, 0 no more than their mean does (coefficient of determination).',
    r2Score,
  ),
} as const;
