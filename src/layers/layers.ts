import type { Tf } from '../engine/engine.ts';
import { activationLayers } from './activation.ts';
import { attentionLayers, multiHeadAttention } from './attention.ts';
import { convolutionRecurrentLayers } from './convolution-recurrent.ts';
import { convolutionLayers } from './convolution.ts';
import { coreLayers } from './core.ts';
import { embeddingLayers, positionEmbedding } from './embedding.ts';
import type { LayerRow } from './layer.ts';
import { dotProduct, mergeLayers, subtraction } from './merge.ts';
import { noiseLayers } from './noise.ts';
import { groupNormalization, normalizationLayers } from './normalization.ts';
import { registerOwnLayer } from './own-layer.ts';
import { paddingLayers } from './padding.ts';
import { poolingLayers } from './pooling.ts';
import { categoryEncoding, preprocessingLayers, resizing } from './preprocessing.ts';
import { recurrentLayers } from './recurrent.ts';
import { separableLayers } from './separable.ts';
import { transposedLayers } from './transposed.ts';
import { wrapperLayers } from './wrappers.ts';

/** Layers of one input, which wrappers may hold. */
const simple = {
  ...coreLayers, ...convolutionLayers, ...transposedLayers, ...separableLayers, ...poolingLayers, ...paddingLayers, ...normalizationLayers, ...activationLayers, ...noiseLayers, ...recurrentLayers,
  ...convolutionRecurrentLayers, ...embeddingLayers, ...preprocessingLayers, ...attentionLayers,
};

/** What runs from both ends; TensorFlow.js' copying of `rnn` fails at its cells. */
const { rnn: _, ...bothWays } = recurrentLayers;

/** All layer types, by the names of the TensorFlow.js Layers API. */
export const layers = { ...simple, ...mergeLayers, ...wrapperLayers(bothWays, simple) } as const satisfies Record<string, LayerRow>;

/** The name of a layer type. */
export type LayerType = keyof typeof layers;

/** The row of a type that the check has let through. */
export function layerRow(type: string): LayerRow {
  return layers[type as LayerType];
}

/** Makes TensorFlow.js know the classes of our own, so that it loads saved models that hold them. */
export function registerOwnLayers(tf: Tf): void {
  registerOwnLayer(subtraction, tf);
  registerOwnLayer(dotProduct, tf);
  registerOwnLayer(groupNormalization, tf);
  registerOwnLayer(multiHeadAttention, tf);
  registerOwnLayer(positionEmbedding, tf);
  registerOwnLayer(resizing, tf);
  registerOwnLayer(categoryEncoding, tf);
}
