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
  return { scale: { mean, deviation: isConstant ? 1 : Math.sqrt(variance) }, isConstant };
}
