import type { TargetSpec } from '../datasets/dataset.ts';
import type { Scale } from '../datasets/scale.ts';
import { lossRow } from './losses.ts';
import type { Output } from './output.ts';
import type { OutputOptions } from './training-options.ts';

/**
 * The outputs of a model, in the order of the data's targets.
 *
 * @param scales of each target, those of its components; null or left out where it is not standardized
 */
export function modelOutputs(
  targets: readonly TargetSpec[],
  given: readonly OutputOptions[],
  scales: readonly (readonly Scale[] | null | undefined)[],
): readonly Output[] {
  return targets.map((target, k) => {
    const { loss, weight } = optionsOf(target, given);
    const own = scales[k] ?? null;
    return {
      target,
      loss: { row: lossRow(loss.type), options: loss.options },
      weight,
      ...(own === null ? {} : { scales: own }),
    };
  });
}

/** What the pipeline says of the output that predicts a target. */
export function optionsOf({ name }: TargetSpec, given: readonly OutputOptions[]): OutputOptions {
  return given.find(({ target }) => target === undefined || target === name)!;
}
