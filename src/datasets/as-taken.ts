import type { InputSpec, Values } from './dataset.ts';

/** Raw values as they are scaled on the way into a model, in float32, as TensorFlow does. It needs nothing of Node. */
export function asScaled(values: Values, scale: number): Float32Array {
  const factor = Math.fround(scale);
  return Float32Array.from(values, (value) => value * factor);
}

/** Raw values as the model takes them: scaled, and standardized where the input is. */
export function asTaken(values: Values, input: Pick<InputSpec, 'scale' | 'standardized'>): Float32Array {
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
}: Pick<InputSpec, 'scale' | 'standardized'>): Readonly<Record<'factors' | 'offsets', Float32Array>> | undefined {
  return (
    standardized && {
      factors: Float32Array.from(standardized, ({ deviation }) => scale / deviation),
      offsets: Float32Array.from(standardized, ({ mean, deviation }) => -mean / deviation),
    }
  );
}
