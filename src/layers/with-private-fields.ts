import type { layers } from '@tensorflow/tfjs';

/**
 * A layer of TensorFlow.js as one with fields that its class declares private or protected.
 *
 * @throws Error where the layer has no such field: another TensorFlow.js than the one that was asked for
 */
export function withPrivateFields<Fields extends object>(
  layer: layers.Layer,
  ...names: readonly (keyof Fields & string)[]
): layers.Layer & Fields {
  const has = (one: layers.Layer): one is layers.Layer & Fields => names.every((name) => name in one);
  if (!has(layer)) throw new Error(`TensorFlow.js made a ${layer.getClassName()} without ${names.join(', ')}.`);
  return layer;
}
