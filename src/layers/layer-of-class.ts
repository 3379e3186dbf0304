import type * as TensorFlow from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';

/**
 * A layer as its class name and its options stand for it in a saved model: where the function of TensorFlow.js that
 * makes it takes more than its types say.
 *
 * @throws Error where TensorFlow.js knows no such layer
 */
export function layerOfClass(
  tf: Tf,
  className: string,
  options: TensorFlow.serialization.ConfigDict,
): TensorFlow.layers.Layer {
  const [layerClass, make] = tf.serialization.SerializationMap.getMap().classNameMap[className] ?? [];
  const layer = layerClass && make?.(layerClass, options);
  if (!(layer instanceof tf.layers.Layer)) throw new Error(`TensorFlow.js has no layer ${className}.`);
  return layer;
}
