import { Type } from 'typebox';
import { EXPECTED } from '../../base/row.ts';
import { quantileOf } from './quantiles.ts';
import type { CellStep } from './preparation.ts';

/** What is done where a cell has no value. */
export interface Gaps {
  /** What it is taken for. */
  readonly by: 'mean' | 'median' | 'mode' | { readonly constant: string };
  /** Whether one more value says that it had none. */
  readonly isTold: boolean;
}

/** Reads what `missing` says. @returns undefined where gaps are mistakes */
export function gapsOf(text: string): Gaps | undefined {
  if (text === 'error') return undefined;
  if (text === 'indicator') return { by: 'mean', isTold: true };
  const constant = /^constant\((.*)\)$/.exec(text)?.[1];
  if (constant !== undefined) return { by: { constant: constant.trim() }, isTold: false };
  return { by: text === 'mean' || text === 'median' ? text : 'mode', isTold: false };
}

/** What a cell without a value is, as scikit-learn's SimpleImputer says; of equally frequent values the smallest. */
export function fillOf(values: Float64Array, by: 'mean' | 'median' | 'mode'): number {
  if (by === 'mean') return values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = values.toSorted();
  return by === 'median' ? quantileOf(sorted, 0.5) : mostFrequent(sorted);
}

function mostFrequent(sorted: Float64Array): number {
  let [most, best, from] = [0, Number.NaN, 0];
  for (let k = 1; k <= sorted.length; k++) {
    if (k < sorted.length && sorted[k] === sorted[from]) continue;
    if (k - from > most) [most, best] = [k - from, sorted[from]!];
    from = k;
  }
  return best;
}

const missing: CellStep = {
  kind: 'missing',
  doc:
    'What a cell without a value is taken for: the `mean`, `median` or `mode` (the most frequent value) of the rows ' +
    'trained on, or `constant(0)`, as SimpleImputer does; `indicator` takes the mean (of texts the mode), and gives ' +
    'one more value, 1 where there was none. It comes first; `error`, as without it, refuses the file.',
  example: 'missing: median',
  option: Type.String({
    description: 'By what gaps are filled.',
    pattern: '^(mean|median|mode|indicator|error|constant\\(.{1,100}\\))$',
    examples: ['median'],
    [EXPECTED]: 'mean, median, mode, indicator, error or constant(VALUE)',
  }),
  takes: ['cells'],
  gives: 'cells',
};

/** The step for cells without a value. */
export const gaps = { missing };
