/** How far numbers lie from their mean: the errors of who always says the mean. */
export interface Spread {
  /** The standard deviation. */
  readonly deviation: number;
  /** The mean distance. */
  readonly distance: number;
}

/** @param width how many numbers a sample has, each with a mean of its own */
export function spreadOf(numbers: ArrayLike<number>, width = 1): Spread {
  let [squares, distances, known] = [0, 0, 0];
  for (let column = 0; column < width; column++) {
    const own: number[] = [];
    for (let k = column; k < numbers.length; k += width) if (Number.isFinite(numbers[k])) own.push(numbers[k]!);
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    for (const one of own) {
      squares += (one - mean) ** 2;
      distances += Math.abs(one - mean);
    }
    known += own.length;
  }
  return { deviation: Math.sqrt(squares / known), distance: distances / known };
}
