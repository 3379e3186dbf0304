import type { Diagnostic } from '../base/diagnostics.ts';
import { lostMasks } from '../layers/lost-masks.ts';
import type { PlacedLayer } from './pipeline.ts';
import type { PlannedLayer } from './plan.ts';

/**
 * Warns of layers that know no masks where one comes in, as Keras does.
 *
 * @param layers undefined where one does not fit
 */
export function checkMasks(layers: readonly (PlannedLayer | undefined)[], placed: readonly PlacedLayer[]): readonly Diagnostic[] {
  return lostMasks(layers).map(({ layer, origins }) => {
    const { type, name, range, uses } = placed[layer]!;
    const first = origins.slice(0, 3);
    const names = `${first.map((origin) => `\`${placed[origin]!.name}\``).join(' and ')}${origins.length > first.length ? ` and ${origins.length - first.length} more` : ''}`;
    return {
      code: 'mask-lost',
      severity: 'warning',
      message: `\`${name}\` loses the mask of ${names}: layers of type ${type} know no masks, so from here on steps that are not there count like the others.`,
      range,
      hint: 'What reads a mask belongs above it, such as `globalAveragePooling1d` or `lstm`.',
      related: [...first.map((origin) => ({ message: `${placed[origin]!.name} makes the mask`, range: placed[origin]!.range })), ...(uses ?? [])],
    };
  });
}
