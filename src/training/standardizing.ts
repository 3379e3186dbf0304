import type { OutputFacts } from './output-values.ts';
import type { NumberTarget } from '../datasets/dataset.ts';
import { describeValues } from '../layers/values.ts';
import type { LossRow } from './loss.ts';

/**
 * Why the numbers of a target are trained on as they are; undefined where they are standardized: where the loss is of
 * differences alone, and the output can be any number. Other losses (of logarithms, of percentages) and outputs (of 0
 * or more, of -1 to 1, of a layer that scales them) mean the numbers themselves.
 */
export function whyAsTheyAre(
  { standardize, reconstructs }: NumberTarget,
  loss: string,
  { ofDifferences }: LossRow,
  {
    layer,
    values: { low, high, ...values },
    setsUnit,
  }: Pick<OutputFacts, 'layer' | 'values'> & { readonly setsUnit: boolean },
): string | undefined {
  if (reconstructs !== undefined) return 'the input, as the model takes it';
  if (standardize === false) return 'as `standardize` says';
  if (ofDifferences !== true) return `${loss} depends on their size`;
  if (setsUnit) return `\`${layer}\` brings it to its unit`;
  if (low === -Infinity && high === Infinity) return undefined;
  return `\`${layer}\` gives ${describeValues({ low, high, ...values })}`;
}
