import type { Plan, PlannedLayer } from '../plan/planned-model.ts';
import { showCount } from '../base/quantities.ts';
import type { DataWarning } from '../datasets/dataset.ts';
import { layerRow } from '../layers/layers.ts';
import type { LoadedData } from './load.ts';

/**
 * Optimizers move a weight by about the learning rate at each step: from here on that is thousands of steps and more.
 */
const large = 1_000;

/**
 * A warning for each target whose numbers are trained on as they are, though they are so large that a net hardly gets
 * there. Silent where it has a way: a layer that brings them to their unit, a bias that begins near them.
 */
export function warnOfLargeNumbers(
  { dataset: { targets }, layers, outputs, asTheyAre }: Plan,
  fitted: LoadedData['fitted'],
): readonly DataWarning[] {
  return targets.flatMap(({ name }, k) => {
    const scales = fitted[k]?.map(({ scale: { mean, deviation } }) => Math.abs(mean) + deviation) ?? [];
    const size = scales.reduce((most, scale) => Math.max(most, scale), 0);
    if ((asTheyAre[k] ?? null) === null || size < large || hasWayTo(size, layers[outputs[k]!]!)) return [];
    return [
      {
        code: 'large-numbers',
        problem:
          `\`${name}\` is trained on as it is: ${asTheyAre[k]}. ` +
          `Its numbers are about ${showCount(Number(size.toPrecision(1)))}, ` +
          'and weights take very long to get there',
        hint:
          'End with a layer without activation under `loss: meanSquaredError`, so that they are standardized; ' +
          'or with `rescaling` by about their size; or have them in thousands or millions in the data.',
      },
    ];
  });
}

function hasWayTo(size: number, { type, options }: PlannedLayer): boolean {
  const { constant } = (options['biasInitializer'] ?? {}) as { readonly constant?: { readonly value: number } };
  return layerRow(type).setsUnit === true || Math.abs(constant?.value ?? 0) > size / 10;
}
