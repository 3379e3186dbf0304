/** What is taken from the numbers of a column, and what they are divided by then. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Leaves numbers as they are. */
export const unscaled: Scale = { mean: 0, deviation: 1 };

/** How a column is standardized. */
export interface Fitted {
  readonly scale: Scale;
  /** Whether all numbers are the same, but for what rounding makes of their mean. */
  readonly isConstant: boolean;
}

/** Numbers of samples with a scale for each component: each place along the last axis, as float32. */
export function standardized(numbers: Float64Array, scales: readonly Scale[] = [unscaled]): Float32Array {
  return Float32Array.from(numbers, (value, i) => {
    const { mean, deviation } = scales[i % scales.length]!;
    return (value - mean) / deviation;
  });
}

/**
 * Standardized numbers in the unit that they came in: in float32 those of a large mean and a small deviation would be
 * all alike.
 */
export function inOwnUnit(numbers: Float32Array, scales: readonly Scale[] = [unscaled]): Float64Array {
  return Float64Array.from(numbers, (value, i) => {
    const { mean, deviation } = scales[i % scales.length]!;
    return value * deviation + mean;
  });
}

/**
 * Fits a scale to each component of a target of numbers.
 *
 * @param shape of one sample
 * @param rows the samples that are trained on
 */
export function fitTarget(numbers: Float64Array, shape: readonly number[], rows: Uint32Array): readonly Fitted[] {
  const width = shape.at(-1)!;
  const places = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return Array.from({ length: width }, (_, component) => {
    const at = (i: number) => (rows[Math.floor(i / places)]! * places + (i % places)) * width + component;
    return fitScale(
      numbers,
      Uint32Array.from({ length: rows.length * places }, (_, i) => at(i)),
    );
  });
}

/**
 * Fits the scale of a column to some of its rows, as scikit-learn's StandardScaler does: by the corrected two-pass
 * algorithm, and with deviation 1 where the variance is within its rounding (`_is_constant_feature`).
 */
export function fitScale(numbers: Float64Array, rows: Uint32Array): Fitted {
  // Over arrays of numbers, `of` takes eight times as long.
  let sum = 0;
  for (let k = 0; k < rows.length; k++) sum += numbers[rows[k]!]!;
  const mean = sum / rows.length;
  let [apart, squares] = [0, 0];
  for (let k = 0; k < rows.length; k++) {
    const difference = numbers[rows[k]!]! - mean;
    apart += difference;
    squares += difference * difference;
  }
  const variance = (squares - (apart * apart) / rows.length) / rows.length;
  const rounding = rows.length * Number.EPSILON;
  const isConstant = variance <= rounding * variance + (rounding * mean) ** 2;
  // Not divided, the rounding of a large mean would be a large number.
  return {
    scale: isConstant ? { mean: mean + apart / rows.length, deviation: 1 } : { mean, deviation: Math.sqrt(variance) },
    isConstant,
  };
}
