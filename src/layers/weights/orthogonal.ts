import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/**
 * A matrix with orthonormal rows (or columns, where there are more rows than columns), times gain: random normal
 * vectors, made orthogonal one after the other by the modified Gram-Schmidt process, which gives the distribution of
 * the QR decomposition with a positive diagonal that Saxe et al. (2014) start from.
 *
 * @returns rows * columns values, row by row
 */
export function orthogonalMatrix([rows, columns]: readonly [number, number], gain: number, seed: number): Float32Array {
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const random = xoroshiro128plus(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, normal);
    for (const other of vectors) {
      const along = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i]! -= along * other[i]!;
    }
    const size = Math.sqrt(dot(vector, vector));
    // As good as dependent on the others: rounding would decide its direction.
    if (size > 1e-6) vectors.push(vector.map((value) => value / size));
  }
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return gain * (rows <= columns ? vectors[row]![column]! : vectors[column]![row]!);
  });
}

/** In loops, as are the subtractions: of a large matrix they are most of what its layer takes to be built. */
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
