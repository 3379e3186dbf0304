import { Type } from 'typebox';
import type { Misfit } from '../base/row.ts';

/** What an epoch may be judged by, by Keras' names. */
const monitorNames = ['loss', 'accuracy', 'mae', 'val_loss', 'val_accuracy', 'val_mae'] as const;

/** Values of an epoch's metrics. */
export type EpochMetrics = Readonly<Record<string, number>>;

/** The options of everything that waits for a metric to get better. */
export function monitorOptions({ patience, minDelta }: { readonly patience: number; readonly minDelta: number }) {
  return {
    monitor: Type.Enum([...monitorNames], { description: 'The metric that should get better from epoch to epoch; mae is the mean absolute error of numbers. With several outputs: loss and val_loss, of all together.', examples: ['val_loss'], default: 'val_loss' }),
    patience: Type.Integer({ description: 'Epochs in a row without getting better that are let pass.', examples: [patience], default: patience, minimum: 0 }),
    minDelta: Type.Number({ description: 'Smallest change that counts as better.', examples: [0.001], default: minDelta, minimum: 0 }),
    mode: Type.Enum(['auto', 'min', 'max'], { description: 'Whether less is better or more; `auto` takes more for an accuracy and less for a loss.', examples: ['auto'], default: 'auto' }),
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
  const more = mode === 'max' || (mode === 'auto' && monitor.endsWith('accuracy'));
  return more ? value - minDelta > best : value + minDelta < best;
}

/** The misfit of a metric that is not measured, or of validation where nothing is validated. @param measured of training */
export function monitorMisfit({ monitor }: Pick<Monitor, 'monitor'>, measured: readonly string[], validation: number): Misfit | undefined {
  if (!measured.includes(monitor.replace(/^val_/, ''))) return { problem: `${monitor} is never measured`, hint: `Monitor ${measured.filter((name) => monitorNames.some((known) => known === name)).join(' or ')}, or the same of validation, with val_ before it.` };
  if (validation > 0 || !monitor.startsWith('val_')) return undefined;
  return { problem: `${monitor} is never measured: the split leaves no sample for validation`, hint: 'Raise `data.split.validation`, or monitor loss.' };
}
