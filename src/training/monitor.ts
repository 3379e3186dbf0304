import { Type } from 'typebox';
import type { Chosen, Misfit } from '../base/row.ts';
import { type MetricRow, metricRow, metrics } from './metrics.ts';

/** What every epoch tells, by Keras' names. */
const alwaysMeasured: readonly string[] = ['loss', 'accuracy', 'mae', 'val_loss', 'val_accuracy', 'val_mae'];

/** Metrics of the evaluate stage, measured on the validation samples where something waits for them: `val_f1`, ...; options are at their defaults. */
const ofValidation: ReadonlyMap<string, Chosen> = new Map(Object.entries<MetricRow>(metrics).map(([type, row]) => {
  const options = Object.fromEntries(Object.entries(row.options.properties as Readonly<Record<string, { readonly default?: unknown }>>).map(([key, option]) => [key, option.default]));
  return [`val_${row.label?.(options) ?? type}`, { type, options }] as const;
}).filter(([name]) => !alwaysMeasured.includes(name)));

/** What an epoch may be judged by. */
const monitorNames = [...alwaysMeasured, ...ofValidation.keys()];

/** The metric that has to be measured on the validation samples for something that waits for it; undefined for what every epoch tells. */
export function monitoredMetric(monitor: string): Chosen | undefined {
  return ofValidation.get(monitor);
}

/** Values of an epoch's metrics. */
export type EpochMetrics = Readonly<Record<string, number>>;

/** The options of everything that waits for a metric to get better. */
export function monitorOptions({ patience, minDelta }: { readonly patience: number; readonly minDelta: number }) {
  return {
    monitor: Type.Enum([...monitorNames], { description: 'The metric that should get better from epoch to epoch; mae is the mean absolute error of numbers. `val_` before a metric of the evaluate section measures that on the validation samples after each epoch. With several outputs: loss and val_loss, of all together.', examples: ['val_loss'], default: 'val_loss' }),
    patience: Type.Integer({ description: 'Epochs in a row without getting better that are let pass.', examples: [patience], default: patience, minimum: 0 }),
    minDelta: Type.Number({ description: 'Smallest change that counts as better.', examples: [0.001], default: minDelta, minimum: 0 }),
    mode: Type.Enum(['auto', 'min', 'max'], { description: 'Whether less is better or more; `auto` takes less for losses and errors, more for all else.', examples: ['auto'], default: 'auto' }),
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
export function monitoredMetrics({ earlyStopping, schedule }: { readonly earlyStopping?: Pick<Monitor, 'monitor'>; readonly schedule?: Chosen }): readonly Chosen[] {
  const monitors = new Set([earlyStopping?.monitor, schedule?.options['monitor']].filter((name) => typeof name === 'string'));
  return [...monitors].flatMap((name) => monitoredMetric(name) ?? []);
}

function moreIsBetter(monitor: string): boolean {
  const metric = monitoredMetric(monitor);
  return metric === undefined ? monitor.endsWith('accuracy') : metricRow(metric.type).lessIsBetter !== true;
}

/** The misfit of a metric that is not measured, or of validation where nothing is validated. @param measured of training */
export function monitorMisfit({ monitor }: Pick<Monitor, 'monitor'>, measured: readonly string[], validation: number): Misfit | undefined {
  const known = monitoredMetric(monitor) !== undefined || measured.includes(monitor.replace(/^val_/, ''));
  if (!known) return { problem: `${monitor} is never measured`, hint: `Monitor ${measured.filter((name) => alwaysMeasured.includes(name)).join(' or ')}, or the same of validation, with val_ before it.` };
  if (validation > 0 || !monitor.startsWith('val_')) return undefined;
  return { problem: `${monitor} is never measured: the split leaves no sample for validation`, hint: 'Raise `data.split.validation`, or monitor loss.' };
}
