import type { RangeOf } from '../language/read-pipeline.ts';
import type { PlannedLayer } from './planned-model.ts';
import { type Diagnostic, asWarning, mistake } from '../base/diagnostics.ts';
import type { InputSpec } from '../datasets/dataset.ts';
import { lostMasks } from '../layers/lost-masks.ts';
import type { PlacedLayer } from '../language/pipeline.ts';

type Layers = readonly (PlannedLayer | undefined)[];

/**
 * Warns of layers that know no masks where one comes in, as Keras does, and of masks that leave out what is there.
 *
 * @param layers undefined where one does not fit
 * @param inputs of the data
 */
export function checkMasks(
  layers: Layers,
  placed: readonly PlacedLayer[],
  inputs: readonly InputSpec[],
  rangeOf: RangeOf,
): readonly Diagnostic[] {
  return [...maskedIndices(layers, inputs, rangeOf), ...tellLost(layers, placed)];
}

/** Embeddings that take index 0 for nothing, where the data has something there. */
function maskedIndices(layers: Layers, inputs: readonly InputSpec[], rangeOf: RangeOf): readonly Diagnostic[] {
  return layers.flatMap((layer, index): Diagnostic[] => {
    const input = layer?.options['maskZero'] === true ? inputs[-1 - layer.inputs[0]!] : undefined;
    if (input?.indices === undefined || input.padded) return [];
    return [
      asWarning(
        mistake(
          'mask-of-data',
          `\`maskZero\` leaves out each 0 of \`${input.name}\`, but nothing is filled up there: ` +
            `0 is the first of its ${input.indices} indices, so \`${layer!.name}\` masks real steps.`,
          rangeOf(['model', 'layers', index, layer!.type, 'maskZero']),
          'Leave `maskZero` out.',
        ),
      ),
    ];
  });
}

function tellLost(layers: Layers, placed: readonly PlacedLayer[]): readonly Diagnostic[] {
  return lostMasks(layers).map(({ layer, origins }) => {
    const { type, name, range, uses } = placed[layer]!;
    const first = origins.slice(0, 3);
    const more = origins.length > first.length ? ` and ${origins.length - first.length} more` : '';
    const names = `${first.map((origin) => `\`${placed[origin]!.name}\``).join(' and ')}${more}`;
    return {
      ...asWarning(
        mistake(
          'mask-lost',
          `\`${name}\` loses the mask of ${names}: layers of type ${type} know no masks, ` +
            'so from here on steps that are not there count like the others.',
          range,
          'What reads a mask belongs above it, such as `globalAveragePooling1d` or `lstm`.',
        ),
      ),
      related: [
        ...first.map((origin) => ({ message: `${placed[origin]!.name} makes the mask`, range: placed[origin]!.range })),
        ...(uses ?? []),
      ],
    };
  });
}
