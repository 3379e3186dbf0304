import { type Static, Type } from 'typebox';
import type { History } from '../base/results.ts';
import { isBetter, monitorOptions } from './monitor.ts';

/** Options of early stopping; by name as the Layers API has them, patient by default. */
export const earlyStoppingOptions = {
  ...monitorOptions({ patience: 5, minDelta: 0 }),
  restoreBestWeights: Type.Boolean({
    description: 'End with the weights of the best epoch instead of those of the last.',
    examples: [true],
    default: true,
  }),
};

const schema = Type.Object(earlyStoppingOptions);

/** When training ends before its last epoch. */
export type EarlyStopping = Static<typeof schema>;

/** What the epochs so far say. */
export interface Verdict {
  /** The best epoch, counted from 1; 0 when there is none yet. */
  readonly best: number;
  /** `patience` epochs in a row were not better. */
  readonly stop: boolean;
}

/**
 * Judges all epochs so far: the same history gives the same verdict, also in a run that was resumed. An epoch whose
 * value is NaN says nothing: it is not the best, and not one of those without getting better.
 */
export function judge(history: History, options: EarlyStopping): Verdict {
  let [best, at, wait] = [undefined as number | undefined, 0, 0];
  for (const [index, metrics] of history.entries()) {
    const value = metrics[options.monitor]!;
    if (isBetter(options, value, best)) [best, at, wait] = [value, index + 1, 0];
    else if (!Number.isNaN(value)) wait++;
  }
  return { best: at, stop: wait > 0 && wait >= options.patience };
}
