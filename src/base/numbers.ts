import { type TInteger, type TNumber, type TNumberOptions, Type } from 'typebox';

/** The largest whole number that a file may hold: to TensorFlow, sizes and places in tensors are numbers of 32 bits. */
export const largestWhole = 2 ** 31 - 1;

/** The largest number that a file may hold: the weights are float32, in which a larger one is infinite. */
export const largestReal = 3.4028234663852886e38;

/** Schema of a whole number; every one in a pipeline file is made here, so that none sizes memory without a limit. */
export function wholeNumber(about: TNumberOptions = {}): TInteger {
  const { minimum = -largestWhole, maximum = largestWhole } = about;
  return Type.Integer({ ...about, minimum, maximum });
}

/**
 * How many of a count a fraction is, rounded down: 29 of 100 for 0.29, though doubles make 28.999999999999996 of it.
 */
export function shareOf(fraction: number, count: number): number {
  const product = fraction * count;
  const nearest = Math.round(product);
  // The fraction and the product are each off by half a unit in the last place.
  return Math.abs(product - nearest) <= product * Number.EPSILON ? nearest : Math.floor(product);
}

/** Schema of a number; every one in a pipeline file is made here. */
export function realNumber(about: TNumberOptions = {}): TNumber {
  const lower = about.minimum === undefined && about.exclusiveMinimum === undefined ? { minimum: -largestReal } : {};
  const upper = about.maximum === undefined && about.exclusiveMaximum === undefined ? { maximum: largestReal } : {};
  return Type.Number({ ...about, ...lower, ...upper });
}
