import type { Values } from './dataset.ts';

/** Raw values as the model takes them: scaled in float32, as TensorFlow does. It needs nothing of Node. */
export function asTaken(values: Values, scale: number): Float32Array {
  const factor = Math.fround(scale);
  return Float32Array.from(values, (value) => value * factor);
}
