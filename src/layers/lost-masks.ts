import type { ConnectedLayer } from './build-model.ts';
import { layerRow } from './layers.ts';

/** A layer that knows no masks, and gets one. */
export interface LostMask {
  /** Index of the layer. */
  readonly layer: number;
  /** Indices of those that its masks come from. */
  readonly origins: readonly number[];
}

type Layers = readonly (Pick<ConnectedLayer, 'type' | 'options' | 'inputs'> | undefined)[];

/** Finds the layers below which a mask is lost: layers there take steps that are not there for others. */
export function lostMasks(layers: Layers): readonly LostMask[] {
  return followMasks(layers).lost;
}

/** Of each layer, indices of those that the mask of its output comes from; none where it has no mask. */
export function maskOrigins(layers: Layers): readonly (readonly number[])[] {
  return followMasks(layers).origins;
}

function followMasks(layers: Layers): {
  readonly lost: readonly LostMask[];
  readonly origins: readonly (readonly number[])[];
} {
  const origins: (readonly number[])[] = [];
  const lost = layers.flatMap((layer, index): LostMask[] => {
    origins.push([]);
    if (layer === undefined) return [];
    const given = layer.inputs.map((from) => origins[from] ?? []);
    const all = [...new Set(given.flat())];
    const { mask } = layerRow(layer.type);
    const kept = mask?.(
      layer.options,
      given.map(({ length }) => length > 0),
    );
    if (kept === true)
      origins[index] =
        mask!(
          layer.options,
          given.map(() => false),
        ) === true
          ? [index]
          : all;
    return kept === undefined && all.length > 0 ? [{ layer: index, origins: all }] : [];
  });
  return { lost, origins };
}
