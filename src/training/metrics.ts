import { type TObject, Type } from 'typebox';
import { wholeNumber } from '../base/numbers.ts';
import type { Chosen } from '../base/row.ts';
import {
  type Averaging,
  type ClassCounts,
  type Confusion,
  accuracyOf,
  averageScore,
  classScores,
  countsOf,
  mean,
  meanDistance,
  sum,
} from '../base/class-scores.ts';
import { fewClasses } from '../base/class-indices.ts';
import { averageLabelScore, subsetAccuracy } from '../base/label-scores.ts';
import { type ClassValues, noOptions } from './loss.ts';
import type { ClassMetricRow, ClassPredictions, MetricRow, NumberPredictions, Predictions } from './metric-row.ts';
import { numberMetrics } from './number-metrics.ts';
import { areaUnderCurve, logLoss, topK } from './probability-metrics.ts';

/**
 * Cohen (1960, 1968): agreement above what the sizes of the classes alone would give; NaN where they leave nothing to
 * gain, as in scikit-learn.
 *
 * @param cost of a prediction that is so many classes above the right one
 */
function cohenKappa(confusion: Confusion | ClassCounts, cost: (classes: number) => number): number {
  if ('hits' in confusion) return kappaOfCounts(confusion);
  const total = sum(confusion.flat());
  const predicted = confusion.map((_, k) => sum(confusion.map((row) => row[k]!)));
  const byChance = confusion.map((row) => predicted.map((count) => (sum(row) * count) / total));
  return 1 - meanDistance(confusion, cost) / meanDistance(byChance, cost);
}

/** The same where all mistakes cost the same. */
function kappaOfCounts({ support, predicted, hits }: ClassCounts): number {
  const total = sum(Array.from(support));
  const byChance = sum(Array.from(support, (count, k) => count * predicted[k]!)) / total ** 2;
  return 1 - (1 - sum(Array.from(hits)) / total) / (1 - byChance);
}

const costs = {
  none: (classes: number) => Number(classes !== 0),
  quadratic: (classes: number) => classes ** 2,
};

function defineMetric<O extends TObject>(row: Omit<ClassMetricRow<O>, 'of'>): ClassMetricRow {
  return { ...row, of: 'class' } as ClassMetricRow;
}

/** One of the three scores of a class. */
function defineScore(name: 'precision' | 'recall' | 'f1', doc: string): ClassMetricRow {
  return defineMetric({
    doc:
      `${doc}. Of two classes it is that of the second one, the positive (scikit-learn's pos_label=1); ` +
      'of more the mean over those that occur in the truth or the predictions (macro); ' +
      'of several labels at once the mean over all labels.',
    several: 'too',
    example: `metrics: [${name}, { ${name}: { of: fraud } }]`,
    options: averaging,
    label: ({ of, mean: kind }) => [name, of ?? kind ?? []].flat().join('_'),
    misfit: (_, { of, mean: kind }) =>
      of === undefined || kind === undefined
        ? undefined
        : { problem: `${name} is of one class or a mean, not both`, hint: 'Keep `of` or `mean`.' },
    compute: (outcome, options) =>
      outcome.several === undefined
        ? averageScore(name, outcome, options as Averaging)
        : averageLabelScore(name, outcome.several, options as Averaging),
  });
}

const meanIoU = ({ confusion }: ClassPredictions): number => {
  const { support, predicted, hits } = countsOf(confusion);
  const shares = Array.from(hits, (both, k) => {
    const union = support[k]! + predicted[k]! - both;
    return union === 0 ? [] : [both / union];
  });
  return mean(shares.flat());
};

const averaging = Type.Object({
  of: Type.Optional(
    Type.String({
      description: 'The class it is of, by its name; it is recorded as `test_f1_fraud`.',
      examples: ['fraud'],
      minLength: 1,
    }),
  ),
  mean: Type.Optional(
    Type.Enum(['macro', 'weighted', 'micro'], {
      description:
        'The mean over the classes that occur: each counts the same (`macro`), or by its samples (`weighted`); ' +
        'or of all together (`micro`), which of one class per sample is the accuracy; ' +
        'it is recorded as `test_f1_macro`.',
      examples: ['macro'],
    }),
  ),
});

/** All metrics. */
export const metrics = {
  accuracy: defineMetric({
    doc: 'Share of the samples whose class is predicted right; of several labels at once the share of the labels.',
    example: 'metrics: [accuracy]',
    options: noOptions,
    several: 'too',
    compute: ({ confusion }) => accuracyOf(confusion),
  }),
  subsetAccuracy: defineMetric({
    doc: 'Share of the samples of which every label is predicted right, where they may have several at once.',
    example: 'metrics: [subsetAccuracy, f1]',
    options: noOptions,
    several: 'only',
    compute: ({ several }) => (several === undefined ? Number.NaN : subsetAccuracy(several)),
  }),
  balancedAccuracy: defineMetric({
    doc: 'Mean of the recall of the classes that occur: a small class counts as much as a large one.',
    example: 'metrics: [balancedAccuracy]',
    options: noOptions,
    compute: ({ confusion }) =>
      mean(classScores(confusion).flatMap(({ recall, support }) => (support === 0 ? [] : [recall]))),
  }),
  precision: defineScore('precision', 'Right among those predicted as the class'),
  recall: defineScore('recall', 'Right among those of the class'),
  f1: defineScore('f1', 'Harmonic mean of precision and recall'),
  meanIoU: defineMetric({
    doc:
      'Mean over the classes of: places that are rightly the class, ' +
      'among those that are or are predicted as it (intersection over union, Jaccard 1901). For masks.',
    example: 'metrics: [meanIoU]',
    options: noOptions,
    compute: meanIoU,
  }),
  cohenKappa: defineMetric({
    doc:
      'Agreement with the labels above what chance would give, 1 at most (Cohen 1960); with quadratic weights ' +
      'of classes in order, where a prediction far off counts more (Cohen 1968).',
    example: 'metrics: [cohenKappa, { cohenKappa: { weights: quadratic } }]',
    options: Type.Object({
      weights: Type.Optional(
        Type.Enum(['quadratic'], {
          description:
            'A wrong class costs the square of how many classes it is off, in the order of the list; ' +
            'it is recorded as `test_cohenKappa_quadratic`. Without it all cost the same.',
          examples: ['quadratic'],
        }),
      ),
    }),
    label: ({ weights }) => ['cohenKappa', weights ?? []].flat().join('_'),
    misfit: ({ length }, { weights }) =>
      weights === undefined || length <= fewClasses
        ? undefined
        : {
            problem: `cohenKappa with weights is of ${fewClasses} classes in order at most, and there are ${length}`,
            hint: 'Leave the weights out.',
          },
    compute: ({ confusion }, { weights }) => cohenKappa(confusion, costs[weights ?? 'none']),
  }),
  topK: defineMetric({
    doc: 'Share of the samples whose class is among the k most probable ones.',
    example: 'metrics: [topK(5)]',
    options: Type.Object({ k: wholeNumber({ description: 'How many guesses count.', default: 5, minimum: 1 }) }),
    text: {
      usage: 'topK(K)',
      word: (word, position) => (position === 0 && /^\d+$/.test(word) ? { k: Number(word) } : undefined),
    },
    needs: 'ranks',
    label: ({ k }) => `top${k}`,
    misfit: ({ length }, { k }) =>
      k < length
        ? undefined
        : { problem: `topK(${k}) is always 1 with ${length} classes`, hint: `Use a k below ${length}.` },
    compute: (outcome, { k }) => topK(outcome, k),
  }),
  auc: defineMetric({
    doc:
      'Area under the receiver operating characteristic, from the ranks of the outputs: ' +
      'how surely a sample of the class ranks above another. Of two classes it is that of the second one; ' +
      'of more the mean over those that occur, each against the rest; ' +
      'of several labels at once the mean over the labels.',
    example: 'metrics: [auc]',
    options: noOptions,
    several: 'too',
    needs: 'ranks',
    compute: areaUnderCurve,
  }),
  logLoss: defineMetric({
    doc: 'Mean of -log(probability of the class, or of each label), whatever the loss of training is.',
    example: 'metrics: [logLoss]',
    options: noOptions,
    several: 'too',
    needs: 'probabilities',
    lessIsBetter: true,
    compute: logLoss,
  }),
  perplexity: defineMetric({
    doc: 'e to the power of logLoss: among how many classes the model hesitates. For texts.',
    example: 'metrics: [perplexity]',
    options: noOptions,
    needs: 'probabilities',
    lessIsBetter: true,
    compute: (outcome) => Math.exp(logLoss(outcome)),
  }),
  ...numberMetrics,
} as const satisfies Record<string, MetricRow>;

/** What is measured where the file does not say: each measures the outputs that it fits. */
export const defaultMetrics: readonly Chosen[] = [
  { type: 'accuracy', options: {} },
  { type: 'subsetAccuracy', options: {} },
  { type: 'meanAbsoluteError', options: {} },
];

/** The row of a metric that the check has let through. */
export function metricRow(type: string): MetricRow {
  return metrics[type as keyof typeof metrics];
}

/** What a metric needs beside the confusion matrix. */
export function neededValues(type: string): ClassValues | undefined {
  const row = metricRow(type);
  return row.of === 'class' ? row.needs : undefined;
}

/** What a target is, as far as metrics care. */
type Measured =
  | Pick<NumberPredictions, 'kind'>
  | (Pick<ClassPredictions, 'kind' | 'classes' | 'ordinal'> & {
      readonly several?: { readonly labels: readonly string[] };
    });

/** Whether a metric is of such targets. */
export function isOfSuch(row: MetricRow, target: Measured): boolean {
  if (target.kind === 'number') return row.of === 'number';
  if (row.of === 'number') return target.ordinal === true && row.ofOrdered !== undefined;
  // Units of classes in order rank samples by how high they are, not class by class.
  if (target.ordinal === true && row.needs === 'ranks') return false;
  return target.several === undefined ? row.several !== 'only' : row.several !== undefined;
}

/** What the classes or labels of a target are called. */
export function namesIn(target: Measured): readonly string[] {
  return target.kind === 'number' ? [] : (target.several?.labels ?? target.classes);
}

/** Whether a metric measures such a target: those of classes with a class of their own, only what has that. */
export function measures({ type, options: { of } }: Chosen, target: Measured): boolean {
  return (
    isOfSuch(metricRow(type), target) &&
    (target.kind === 'number' || typeof of !== 'string' || namesIn(target).includes(of))
  );
}

/** What a metric is recorded as, after `test_` and the name of the output. */
export function labelOf({ type, options }: Chosen): string {
  return metricRow(type).label?.(options) ?? type;
}

/** The value of a metric by the name it is recorded as; nothing where it does not measure such a target. */
export function measure(metric: Chosen, outcome: Predictions): Readonly<Record<string, number>> {
  if (!measures(metric, outcome)) return {};
  const { type, options } = metric;
  const [row, name] = [metricRow(type), labelOf(metric)];
  if (row.of === 'class' && outcome.kind === 'class') return { [name]: row.compute(outcome, options) };
  if (row.of === 'number' && outcome.kind === 'number') return { [name]: row.compute(outcome, options) };
  if (row.of === 'number' && outcome.kind === 'class' && !('hits' in outcome.confusion))
    return { [name]: row.ofOrdered!(outcome.confusion) };
  return {};
}
