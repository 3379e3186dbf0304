import type { NumberTarget } from '../datasets/dataset.ts';
import { describeValues } from '../layers/values.ts';
import type { LossRow, OutputFacts } from './loss.ts';

/**
 * Why the numbers of a target are trained on as they are; undefined where they are standardized: where the loss is of
 * differences alone, and the output can be any number. Other losses (of logarithms, of percentages) and outputs (of 0 or
 * more, of -1 to 1) mean the numbers themselves.
 */
export function whyAsTheyAre({ standardize }: NumberTarget, loss: string, { ofDifferences }: LossRow, { layer, values }: Pick<OutputFacts, 'layer' | 'values'>): string | undefined {
  if (standardize === false) return 'as `standardize` says';
  if (ofDifferences !== true) return `${loss} depends on their size`;
  return values.low === -Infinity && values.high === Infinity ? undefined : `\`${layer}\` gives ${describeValues(values)}`;
}
