import { activationLayers } from './activation.ts';
import { convolutionLayers } from './convolution.ts';
import { coreLayers } from './core.ts';
import type { LayerRow } from './layer.ts';
import { mergeLayers } from './merge.ts';
import { normalizationLayers } from './normalization.ts';
import { poolingLayers } from './pooling.ts';
import { recurrentLayers } from './recurrent.ts';

/** All layer types, by the names of the TensorFlow.js Layers API. */
export const layers = { ...coreLayers, ...convolutionLayers, ...poolingLayers, ...normalizationLayers, ...activationLayers, ...mergeLayers, ...recurrentLayers } as const satisfies Record<string, LayerRow>;

/** The name of a layer type. */
export type LayerType = keyof typeof layers;

/** The row of a type that the check has let through. */
export function layerRow(type: string): LayerRow {
  return layers[type as LayerType];
}
