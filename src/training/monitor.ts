import { Type } from 'typebox';
import type { Misfit } from '../base/row.ts';

/** What an epoch is judged by, by Keras' names. */
export const monitorNames = ['loss', 'accuracy', 'val_loss', 'val_accuracy'] as const;

/** Values of an epoch's metrics. */
export type EpochMetrics = Readonly<Record<string, number>>;

/** The options of everything that waits for a metric to get better. */
export function monitorOptions({ patience, minDelta }: { readonly patience: number; readonly minDelta: number }) {
  return {
    monitor: Type.Enum([...monitorNames], { description: 'The metric that should get better from epoch to epoch.', examples: ['val_loss'], default: 'val_loss' }),
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

/** The misfit of a metric of validation where nothing is validated. */
export function monitorMisfit({ monitor }: Pick<Monitor, 'monitor'>, validation: number): Misfit | undefined {
  if (validation > 0 || !monitor.startsWith('val_')) return undefined;
  return { problem: `${monitor} is never measured: the split leaves no sample for validation`, hint: 'Raise `data.split.validation`, or monitor loss.' };
}
