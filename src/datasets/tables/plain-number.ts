/** How plain numbers are written in the cells of a table. */
export interface PlainForm {
  /** The byte before the decimals. */
  readonly mark: number;
  /** The byte of a blank that may stand around them; -1 where none may. */
  readonly blank: number;
  /** 1 for each byte that ends a cell. */
  readonly ends: Uint8Array;
}

const [quote, plus, minus, zero, exponentSign] = [0x22, 0x2b, 0x2d, 0x30, 0x65];

/** The powers of ten that are doubles. */
export const tens = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The number of a cell, without a text made of it: to the bit what `Number` gives.
 *
 * @param from where the cell begins, perhaps with a quote; it must end within the bytes
 * @returns NaN where it is none of at most 18 digits and a small exponent, or not certain: what it is, takes longer to
 * say
 */
export function plainNumber(bytes: Uint8Array, from: number, form: PlainForm): number {
  // Most have up to nine digits and nothing else: a whole number of 32 bits and a power of ten, both exact, so that one
  // rounding is left.
  let at = bytes[from] === minus ? from + 1 : from;
  let whole = 0;
  const start = at;
  let byte = bytes[at]!;
  for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
    whole = (Math.imul(whole, 10) + digit) | 0;
    byte = bytes[++at]!;
  }
  let digits = at - start;
  let decimals = 0;
  if (byte === form.mark) {
    const point = at;
    byte = bytes[++at]!;
    for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      byte = bytes[++at]!;
    }
    decimals = at - point - 1;
    digits = decimals === 0 ? 0 : digits + decimals;
  }
  if (digits === 0 || digits > 9 || form.ends[byte] === 0) return longNumber(bytes, from, form);
  const value = whole / tens[decimals]!;
  return start === from ? value : -value;
}

/** As plainNumber, of all that it may be. */
function longNumber(bytes: Uint8Array, from: number, { mark, blank, ends }: PlainForm): number {
  let at = from;
  const isQuoted = bytes[at] === quote;
  if (isQuoted) at++;
  while (bytes[at] === blank) at++;
  const sign = bytes[at];
  if (sign === minus || sign === plus) at++;
  // The first nine digits from the first that is not 0, and the next nine: each fits 32 bits.
  let high = 0;
  let low = 0;
  let digits = 0;
  let decimals = 0;
  const start = at;
  for (let digit = bytes[at]! - zero; digit >= 0 && digit <= 9; digit = bytes[++at]! - zero) {
    if (digits < 9) high = high * 10 + digit;
    else low = low * 10 + digit;
    if (high !== 0) digits++;
  }
  if (bytes[at] === mark) {
    const point = at++;
    for (let digit = bytes[at]! - zero; digit >= 0 && digit <= 9; digit = bytes[++at]! - zero) {
      if (digits < 9) high = high * 10 + digit;
      else low = low * 10 + digit;
      if (high !== 0) digits++;
    }
    decimals = at - point - 1;
    if (decimals === 0) return Number.NaN;
  }
  if (at === start || digits > 18) return Number.NaN;
  let exponent = 0;
  if ((bytes[at]! | 0x20) === exponentSign) {
    const direction = bytes[++at];
    if (direction === minus || direction === plus) at++;
    const first = at;
    for (let digit = bytes[at]! - zero; digit >= 0 && digit <= 9 && at - first < 4; digit = bytes[++at]! - zero) {
      exponent = exponent * 10 + digit;
    }
    if (at === first) return Number.NaN;
    if (direction === minus) exponent = -exponent;
  }
  while (bytes[at] === blank) at++;
  // A quote that is written twice is a part of the cell.
  if (isQuoted ? bytes[at] !== quote || bytes[at + 1] === quote : ends[bytes[at]!] === 0) return Number.NaN;
  const value = high === 0 ? 0 : scaled(digits <= 9 ? high : high * tens[digits - 9]!, low, exponent - decimals);
  return sign === minus ? -value : value;
}

/** The double nearest to (upper + lower) * 10 ** power, of whole numbers; NaN where it is not certain. */
function scaled(upper: number, lower: number, power: number): number {
  const whole = upper + lower;
  const lost = lower - (whole - upper);
  if (power === 0) return whole;
  // One operation on two exact numbers rounds once. More than this is near the end of float32.
  if (lost === 0 && power > 0) return power <= 15 ? whole * tens[power]! : Number.NaN;
  if (power > 0 || power < -22) return Number.NaN;
  const divisor = tens[-power]!;
  const quotient = whole / divisor;
  return lost === 0 ? quotient : corrected(quotient, divisor, { whole, lost });
}

/** Splits a double into halves of 26 bits (Veltkamp). */
const splitter = 2 ** 27 + 1;

interface Sum {
  readonly whole: number;
  readonly lost: number;
}

/**
 * Adds to a quotient what is left of the division of a sum.
 *
 * @returns NaN where it lies so near the middle of two doubles that rounding may hide which is nearer
 */
function corrected(quotient: number, divisor: number, { whole, lost }: Sum): number {
  // The product, exact in two parts (Dekker 1971).
  const product = quotient * divisor;
  const [a, b] = [quotient * splitter, divisor * splitter];
  const [upperQ, upperD] = [a - (a - quotient), b - (b - divisor)];
  const [lowerQ, lowerD] = [quotient - upperQ, divisor - upperD];
  const rest = lowerQ * lowerD - (product - upperQ * upperD - lowerQ * upperD - upperQ * lowerD);
  const correction = (whole - product - rest + lost) / divisor;
  // Far more than the correction's own rounding, far less than between two doubles.
  const doubt = quotient * 2 ** -83;
  const nearest = quotient + (correction - doubt);
  return nearest === quotient + (correction + doubt) ? nearest : Number.NaN;
}

/**
 * Whether a number can only be one with this mark before its decimals, as `0,5` and `12,50` show, where the other mark
 * groups digits; false where it takes longer to say.
 */
export function showsMark(bytes: Uint8Array, from: number, { mark, ends }: PlainForm): boolean {
  const isDigit = (byte: number | undefined) => byte !== undefined && byte >= zero && byte <= zero + 9;
  let at = from;
  if (bytes[at] === quote || bytes[at] === minus) at++;
  const first = at;
  while (isDigit(bytes[at])) at++;
  const whole = at - first;
  if (bytes[at] !== mark) return false;
  const point = at++;
  while (isDigit(bytes[at])) at++;
  const decimals = at - point - 1;
  if (
    decimals === 0 ||
    (bytes[from] === quote ? bytes[at] !== quote || bytes[at + 1] === quote : ends[bytes[at]!] === 0)
  )
    return false;
  return decimals !== 3 || whole === 0 || whole > 3 || bytes[first] === zero;
}
