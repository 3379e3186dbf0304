/** What a column of numbers shows. */
export interface ColumnFacts {
  readonly smallest: number;
  readonly largest: number;
  /** Cells without a number. */
  readonly missing: number;
}

/** Smallest and largest number of a column, and how many are none; both are NaN where all are none. */
export function rangeOf(column: ArrayLike<number>): ColumnFacts {
  if (column instanceof Uint8Array) return rangeOfBytes(column);
  let [smallest, largest, missing] = [Infinity, -Infinity, 0];
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (Number.isNaN(value)) missing++;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return missing === column.length
    ? { smallest: Number.NaN, largest: Number.NaN, missing }
    : { smallest, largest, missing };
}

/** Without comparing 55 million of them. */
function rangeOfBytes(bytes: Uint8Array): ColumnFacts {
  const seen = new Uint8Array(256);
  for (let k = 0; k < bytes.length; k++) seen[bytes[k]!] = 1;
  return bytes.length === 0
    ? { smallest: Number.NaN, largest: Number.NaN, missing: 0 }
    : { smallest: seen.indexOf(1), largest: seen.lastIndexOf(1), missing: 0 };
}

/** Fewer rows say nothing of what is usual. */
const fewest = 20;

/**
 * Rows whose number stands ten times as far from the middle as every other row's, where they are no more than one of
 * fifty: incomes have a long tail, but not a gap in it.
 */
export function outliersIn(column: Float64Array): readonly number[] {
  if (column.length < fewest) return [];
  const step = Math.ceil(column.length / 4096);
  const some = column.filter((value, row) => row % step === 0 && Number.isFinite(value)).sort();
  const middle = some[some.length >> 1];
  if (middle === undefined) return [];
  const apart = some.map((value) => Math.abs(value - middle)).sort();
  const usual = apart[Math.floor(0.9 * (apart.length - 1))]!;
  // Of counts that are mostly 0, the others are no outliers.
  if (apart[apart.length >> 1] === 0) return [];
  const most = Math.ceil(column.length / 50);
  const far: number[] = [];
  let nearest = 0;
  for (let row = 0; row < column.length; row++) {
    const distance = Math.abs(column[row]! - middle);
    if (distance <= 5 * usual) nearest = Math.max(nearest, distance);
    else if (!Number.isNaN(distance) && far.push(row) > most) return [];
  }
  const distance = (row: number) => Math.abs(column[row]! - middle);
  far.sort((a, b) => distance(a) - distance(b));
  const start = far.findIndex((row, k) => distance(row) >= 10 * (k === 0 ? nearest : distance(far[k - 1]!)));
  return start < 0 ? [] : far.slice(start).sort((a, b) => a - b);
}

/**
 * Whether each of a few values of a column goes with one class alone, five rows for each at the least.
 *
 * @param classes how many there are
 */
export function tellsClass(column: Float64Array, labels: Float64Array, classes: number): boolean {
  const classOf = new Map<number, number>();
  const seen = new Set<number>();
  for (let row = 0; row < column.length; row++) {
    const known = classOf.get(column[row]!);
    if (known !== undefined && known !== labels[row]) return false;
    if (known !== undefined) continue;
    classOf.set(column[row]!, labels[row]!);
    seen.add(labels[row]!);
    if (classOf.size > 2 * classes) return false;
  }
  return seen.size > 1 && column.length >= Math.max(fewest, 5 * classOf.size);
}

/**
 * Whether a column is a target of numbers written otherwise: in another unit (all of them on a line, but for rounding),
 * or as its logarithm, its rank or whatever else keeps their order, as finely as half of the target's own numbers.
 */
export function tellsNumber(column: Float64Array, target: Float64Array): boolean {
  return column.length >= fewest && (isOnLine(column, target) || keepsOrder(column, target));
}

function isOnLine(column: Float64Array, target: Float64Array): boolean {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(column), mean(target)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let row = 0; row < column.length; row++) {
    const [a, b] = [column[row]! - x, target[row]! - y];
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  return xx > 0 && yy > 0 && xy * xy >= (1 - 1e-6) * xx * yy;
}

function keepsOrder(column: Float64Array, target: Float64Array): boolean {
  let direction = 0;
  for (let row = 1; row < column.length; row++) {
    const turn = Math.sign(column[row]! - column[row - 1]!) * Math.sign(target[row]! - target[row - 1]!);
    if (Number.isNaN(turn) || turn * direction < 0) return false;
    direction ||= turn;
  }
  // Few columns come this far, so that sorting costs nothing.
  const rows = Uint32Array.from(column.keys()).sort(
    (a, b) => column[a]! - column[b]! || direction * (target[a]! - target[b]!),
  );
  let [finer, coarser] = [1, 1];
  for (let k = 1; k < rows.length; k++) {
    const [before, row] = [rows[k - 1]!, rows[k]!];
    if (direction * (target[row]! - target[before]!) < 0) return false;
    if (target[row] !== target[before]) finer++;
    if (column[row] !== column[before]) coarser++;
  }
  return coarser >= Math.max(fewest, finer / 2);
}
