import type { Values } from './dataset.ts';
import { type InputWays, decodeMatrix } from './input-ways.ts';

/** Raw values as they are scaled on the way into a model, in float32, as TensorFlow does. It needs nothing of Node. */
export function asScaled(values: Values, scale: number): Float32Array {
  const factor = Math.fround(scale);
  return Float32Array.from(values, (value) => value * factor);
}

/** Raw values as the model takes them: scaled, and standardized and whitened where the input is. */
export function asTaken(values: Values, input: InputWays): Float32Array {
  const taken = asStandardized(values, input);
  if (input.whitened === undefined) return taken;
  const { mean, matrix: text } = input.whitened;
  const [matrix, n] = [decodeMatrix(text), mean.length];
  const apart = taken.map((value, i) => value - mean[i % n]!);
  return Float32Array.from(taken, (_, i) => {
    const [from, place] = [i - (i % n), i % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += apart[from + k]! * matrix[k * n + place]!;
    return sum;
  });
}

function asStandardized(values: Values, input: InputWays): Float32Array {
  const ways = channelWays(input);
  if (ways === undefined) return asScaled(values, input.scale);
  const { factors, offsets } = ways;
  return Float32Array.from(values, (value, i) => {
    const channel = i % factors.length;
    return Math.fround(value * factors[channel]!) + offsets[channel]!;
  });
}

/**
 * What scale and standardization come to: the factor of each channel, and what is added then, in float32. Undefined
 * where nothing is standardized.
 */
export function channelWays({
  scale,
  standardized,
}: InputWays): Readonly<Record<'factors' | 'offsets', Float32Array>> | undefined {
  return (
    standardized && {
      factors: Float32Array.from(standardized, ({ deviation }) => scale / deviation),
      offsets: Float32Array.from(standardized, ({ mean, deviation }) => -mean / deviation),
    }
  );
}
