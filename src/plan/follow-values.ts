import type { Shape } from '../base/tensor-shape.ts';
import type { PlannedLayer } from './planned-model.ts';
import { layerRow } from '../layers/layers.ts';
import { type Values, anything } from '../layers/values.ts';

/** An input of the data: the shape of a sample, and what is known of its values. */
export interface FollowedInput {
  readonly shape: Shape;
  readonly values?: Values;
}

/** What is known of the values of each layer. @param layers undefined where one does not fit: nothing is known of it */
export function followValues(
  layers: readonly (PlannedLayer | undefined)[],
  inputs: readonly FollowedInput[],
): readonly Values[] {
  const known: Values[] = [];
  for (const layer of layers)
    known.push(
      layer === undefined
        ? anything
        : valuesOf(layer, layers, inputs, (from) => (from < 0 ? inputs[-1 - from]!.values : known[from]) ?? anything),
    );
  return known;
}

/** What a layer makes of values. @param given those of a layer, or of an input of the data (-1 is the first) */
export function valuesOf(
  { type, options, inputs: from, outputShape }: PlannedLayer,
  layers: readonly (PlannedLayer | undefined)[],
  inputs: readonly FollowedInput[],
  given: (from: number) => Values,
): Values {
  const shapes = from.map((at) => (at < 0 ? inputs[-1 - at]!.shape : layers[at]!.outputShape));
  // An object for each of its inputs, and one for the same.
  const each = new Map(from.map((at) => [at, { ...given(at) }]));
  return (
    layerRow(type).values?.(
      from.map((at) => each.get(at)!),
      options,
      { inputs: shapes, output: outputShape },
    ) ?? anything
  );
}
