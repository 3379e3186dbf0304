import type { Diagnostic } from '../base/diagnostics.ts';
import type { InputSpec } from '../datasets/dataset.ts';
import { layerRow } from '../layers/layers.ts';
import type { PlacedLayer } from './pipeline.ts';
import type { PlannedLayer } from './plan.ts';

/**
 * Finds layers that read indices, but not all that the data has: TensorFlow would stop at the first one beyond.
 *
 * @param layers undefined where one does not fit
 */
export function checkIndices(layers: readonly (PlannedLayer | undefined)[], placed: readonly PlacedLayer[], given: readonly InputSpec[]): readonly Diagnostic[] {
  return layers.flatMap((layer, index): Diagnostic[] => {
    const source = layer === undefined ? undefined : given[-1 - layer.inputs[0]!];
    const known = layer === undefined ? undefined : layerRow(layer.type).readsIndices?.(layer.options);
    if (source?.indices === undefined || known === undefined || known >= source.indices) return [];
    return [{
      code: 'index-out-of-range',
      severity: 'error',
      message: `\`${layer!.name}\` reads numbers below ${known}, but \`${source.name}\` has ${source.indices}: 0 to ${source.indices - 1}.`,
      range: placed[index]!.range,
      hint: `Make it ${source.indices}.`,
      related: placed[index]!.uses ?? [],
    }];
  });
}
