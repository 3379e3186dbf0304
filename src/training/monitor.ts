import { Type } from 'typebox';
import type { MetricRow } from './metric-row.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { type Chosen, EXPECTED } from '../base/row.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { isOfSuch, metricRow, metrics } from './metrics.ts';

/** What every epoch tells, of all samples together or of one output. */
const alwaysMeasured: readonly string[] = ['loss', 'accuracy', 'meanAbsoluteError'];

const isTold = (name: string) => alwaysMeasured.includes(name);

/** What epochs call it that something waits for: `val_mae` is short for `val_meanAbsoluteError`. */
export function measuredAs(monitor: string): string {
  return monitor.replace(/(^|_)mae$/, '$1meanAbsoluteError');
}

/**
 * Metrics of the evaluate stage, measured on the validation samples where something waits for them, by what they are
 * called; options are at their defaults.
 */
const ofValidation: ReadonlyMap<string, Chosen> = new Map(
  Object.entries<MetricRow>(metrics)
    .map(([type, row]) => {
      const options = Object.fromEntries(
        Object.entries(row.options.properties as Readonly<Record<string, { readonly default?: unknown }>>).map(
          ([key, option]) => [key, option.default],
        ),
      );
      return [row.label?.(options) ?? type, { type, options }] as const;
    })
    // Of classes in order it is one of validation, as epochs tell their accuracy.
    .filter(([name]) => name === 'meanAbsoluteError' || !isTold(name)),
);

/** A metric that has to be measured on the validation samples. */
export interface WaitedFor {
  readonly metric: Chosen;
  /** The name of the target; left out: the only one. */
  readonly output?: string;
}

/**
 * `val_f1`, or of one of several outputs `val_digit_f1`: what has to be measured for something that waits for it;
 * undefined for what every epoch tells.
 */
export function monitoredMetric(monitor: string, targets: readonly TargetSpec[]): WaitedFor | undefined {
  const [, output, label] = /^val_(?:(.+)_)?([^_]+)$/.exec(monitor) ?? [];
  const metric = ofValidation.get(label ?? '');
  const target = targets.find(({ name }) => output === undefined || name === output);
  if (metric?.type === 'meanAbsoluteError' && target?.kind === 'number') return undefined;
  return metric && { metric, ...(output === undefined ? {} : { output }) };
}

/** What the epochs of a training may be judged by. @param measured what each tells of the training samples */
export function monitorNames(measured: readonly string[], targets: readonly TargetSpec[]): string[] {
  const fitting = targets.flatMap((target) =>
    [...ofValidation]
      .filter(([name, { type }]) => isOfSuch(metricRow(type), target) && !(isTold(name) && target.kind === 'number'))
      .map(([label]) => `val_${targets.length > 1 ? `${target.name}_` : ''}${label}`),
  );
  return [...measured, ...measured.map((name) => `val_${name}`), ...fitting];
}

/** The options of everything that waits for a metric to get better. */
export function monitorOptions({ patience, minDelta }: { readonly patience: number; readonly minDelta: number }) {
  return {
    monitor: Type.String({
      description:
        'The metric that should get better from epoch to epoch; mae is short for meanAbsoluteError. ' +
        '`loss` is of standardized numbers where these are trained on, all others are in the unit of the data. ' +
        '`val_` before a metric of the evaluate section measures that on the validation samples ' +
        'after each epoch. With several outputs loss and val_loss are of all together, ' +
        'and each has its own: val_digit_accuracy is the accuracy of `digit`.',
      examples: [
        ...alwaysMeasured.map((name) => `val_${name}`),
        ...alwaysMeasured,
        ...[...ofValidation.keys()].filter((name) => !isTold(name)).map((name) => `val_${name}`),
      ],
      pattern: `^(?:.+_)?(?:${[...new Set([...alwaysMeasured, 'mae', ...ofValidation.keys()])].join('|')})$`,
      [EXPECTED]: 'a metric such as `val_loss`, `accuracy` or `val_f1`',
      default: 'val_loss',
    }),
    patience: wholeNumber({
      description: 'Epochs in a row without getting better that are let pass.',
      examples: [patience],
      default: patience,
      minimum: 0,
    }),
    minDelta: realNumber({
      description: 'Smallest change that counts as better.',
      examples: [0.001],
      default: minDelta,
      minimum: 0,
    }),
    mode: Type.Enum(['auto', 'min', 'max'], {
      description: 'Whether less is better or more; `auto` takes less for losses and errors, more for all else.',
      examples: ['auto'],
      default: 'auto',
    }),
  };
}

/** How better is told from worse. */
export interface Monitor {
  readonly monitor: string;
  readonly minDelta: number;
  readonly mode: 'auto' | 'min' | 'max';
}

/** Whether a value is better than the best so far by more than minDelta, as Keras compares them; NaN is never. */
export function isBetter({ monitor, minDelta, mode }: Monitor, value: number, best: number | undefined): boolean {
  if (best === undefined) return !Number.isNaN(value);
  const more = mode === 'max' || (mode === 'auto' && moreIsBetter(monitor));
  return more ? value - minDelta > best : value + minDelta < best;
}

/** The metrics that early stopping and a schedule wait for, beside what every epoch tells. */
export function monitoredMetrics(
  waiting: Parameters<typeof monitorsOf>[0],
  targets: readonly TargetSpec[],
): readonly WaitedFor[] {
  return monitorsOf(waiting).flatMap((name) => monitoredMetric(name, targets) ?? []);
}

/** The names of what early stopping and a schedule wait for. */
export function monitorsOf({
  earlyStopping,
  schedule,
}: {
  readonly earlyStopping?: Pick<Monitor, 'monitor'>;
  readonly schedule?: Chosen;
}): readonly string[] {
  return [
    ...new Set([earlyStopping?.monitor, schedule?.options['monitor']].filter((name) => typeof name === 'string')),
  ];
}

/**
 * Whether more of a recorded metric is better: `accuracy`, `val_f1`, `test_digit_f1_fraud`; less is of losses, errors,
 * and what is none of our metrics.
 */
export function moreIsBetter(name: string): boolean {
  // What stands before it, or behind, may be the name of an output or of a class.
  for (const part of name.split('_').toReversed()) {
    const row = metricNamed(part);
    if (part === 'loss' || row !== undefined) return row !== undefined && row.lessIsBetter !== true;
  }
  return false;
}

/** The row of a metric by the word that names it in what is recorded: `f1`, `top5`. */
export function metricNamed(part: string): MetricRow | undefined {
  if (/^top\d+$/.test(part)) return metricRow('topK');
  return Object.hasOwn(metrics, part) ? metricRow(part) : undefined;
}
