import { activationLayers } from './activation.ts';
import { attentionLayers } from './attention.ts';
import { convolutionRecurrentLayers } from './convolution-recurrent.ts';
import { convolutionLayers } from './convolution.ts';
import { coreLayers } from './core.ts';
import { embeddingLayers } from './embedding.ts';
import type { LayerRow } from './layer.ts';
import { mergeLayers } from './merge.ts';
import { noiseLayers } from './noise.ts';
import { normalizationLayers } from './normalization.ts';
import { paddingLayers } from './padding.ts';
import { poolingLayers } from './pooling.ts';
import { preprocessingLayers } from './preprocessing.ts';
import { recurrentLayers } from './recurrent.ts';
import { separableLayers } from './separable.ts';
import { transposedLayers } from './transposed.ts';
import { wrapperLayers } from './wrappers.ts';

/** Layers of one input, which wrappers may hold. */
const simple = {
  ...coreLayers,
  ...convolutionLayers,
  ...transposedLayers,
  ...separableLayers,
  ...poolingLayers,
  ...paddingLayers,
  ...normalizationLayers,
  ...activationLayers,
  ...noiseLayers,
  ...recurrentLayers,
  ...convolutionRecurrentLayers,
  ...embeddingLayers,
  ...preprocessingLayers,
  ...attentionLayers,
};

/** What runs from both ends; TensorFlow.js' copying of `rnn` fails at its cells. */
const { rnn: _, ...bothWays } = recurrentLayers;

/** All layer types, by the names of the TensorFlow.js Layers API. */
export const layers = { ...simple, ...mergeLayers, ...wrapperLayers(bothWays, simple) } as const satisfies Record<
  string,
  LayerRow
>;

/** The name of a layer type. */
export type LayerType = keyof typeof layers;

/** The row of a type that the check has let through. */
export function layerRow(type: string): LayerRow {
  return layers[type as LayerType];
}
