import type { Tf } from '../engine/tensorflow.ts';
import { multiHeadAttention } from './attention.ts';
import { averageOfPresent } from './average-present.ts';
import { positionEmbedding } from './embedding.ts';
import { allPresent, maskOfInput, onlyHere, zeroAbsent } from './mask-layers.ts';
import { maskedMerge } from './masked-merge.ts';
import { dotProduct, subtraction } from './merge.ts';
import { groupNormalization } from './normalization.ts';
import { type OwnLayer, registerOwnLayer } from './custom-layer.ts';
import { categoryEncoding, resizing } from './preprocessing.ts';

const registering =
  <O extends Readonly<Record<string, unknown>>>(layer: OwnLayer<O>) =>
  (tf: Tf) =>
    registerOwnLayer(layer, tf);

/** Registers every layer that saved models may hold and plain TensorFlow.js does not have. */
const registrations = [
  registering(averageOfPresent),
  registering(maskOfInput),
  registering(allPresent),
  registering(zeroAbsent),
  registering(onlyHere),
  registering(maskedMerge),
  registering(subtraction),
  registering(dotProduct),
  registering(groupNormalization),
  registering(multiHeadAttention),
  registering(positionEmbedding),
  registering(resizing),
  registering(categoryEncoding),
];

/**
 * Makes TensorFlow.js know Layerline's own layers, and its own `gelu_new` by the name that it reads, so that
 * `loadLayersModel` loads models that hold them: in Node and, as `layerline/browser`, which needs nothing of Node, in
 * browsers.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
 */
export function registerLayers(tf: Tf): void {
  for (const register of registrations) register(tf);
  // Its loader reads names in snake case as ones in camel case, this one too, and then knows it no more.
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  classNameMap['geluNew'] ??= classNameMap['gelu_new']!;
}
