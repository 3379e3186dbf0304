/**
 * A quantile of sorted numbers, between two of them by a straight line, to the bits of numpy's `percentile`.
 *
 * @param share from 0 to 1
 */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.min(Math.floor(place), sorted.length - 1);
  const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const part = place - below;
  return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

/**
 * Where a number stands among rising ones, from 0 to 1, between two of them by a straight line. Of several that are
 * equal to it, the middle.
 */
export function shareBelow(quantiles: readonly number[], value: number): number {
  const last = quantiles.length - 1;
  if (last === 0) return 0;
  const at = (first: number) => {
    if (first < 0) return 0;
    if (first >= last) return 1;
    const [a, b] = [quantiles[first]!, quantiles[first + 1]!];
    return (first + (value - a) / (b - a)) / last;
  };
  // The last one that is not above it, and the last that is below.
  const upper = at(countWhere(quantiles, (one) => one <= value) - 1);
  const less = countWhere(quantiles, (one) => one < value);
  const lower = less <= last && quantiles[less] === value ? less / last : at(less - 1);
  return (upper + lower) / 2;
}

/** How many numbers from the first on are such; behind one that is not, none is. */
function countWhere(numbers: readonly number[], holds: (one: number) => boolean): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(numbers[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The number that a share of the standard normal distribution is below: AS 241 (Wichura 1988), exact to a double. */
export function normalQuantile(share: number): number {
  const q = share - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (polynomial(middle.over, r) / polynomial(middle.under, r)) * q;
  }
  const r = Math.sqrt(-Math.log(q <= 0 ? share : 1 - share));
  const [{ over, under }, from] = r <= 5 ? [flank, 1.6] : [tail, 5];
  const x = polynomial(over, r - from) / polynomial(under, r - from);
  return q < 0 ? -x : x;
}

/** Coefficients from the highest power down. */
const polynomial = (coefficients: readonly number[], x: number) =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

const middle = {
  over: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  under: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
};
const flank = {
  over: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  under: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const tail = {
  over: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  under: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
};
