/** Sweeps after which Jacobi's method has long converged. */
const sweeps = 60;

/**
 * Eigenvalues of a symmetric matrix, and their vectors, by cyclic Jacobi rotations (Golub and Van Loan, 8.5).
 *
 * @param matrix n x n, row by row @returns the k-th vector stands in column k of `vectors`
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const size = a.reduce((sum, value) => sum + value ** 2, 0);
  for (let sweep = 0; sweep < sweeps && apartFromDiagonal(a, n) > 1e-28 * size; sweep++)
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q]!;
        if (off === 0) continue;
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const rotate = (of: Float64Array, first: number, second: number) => {
          const [x, y] = [of[first]!, of[second]!];
          of[first] = c * (x - t * y);
          of[second] = c * (t * x + y);
        };
        for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q);
        for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k);
        for (let k = 0; k < n; k++) rotate(vectors, k * n + p, k * n + q);
      }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

/** The sum of squares off the diagonal. */
function apartFromDiagonal(a: Float64Array, n: number): number {
  return a.reduce((sum, value, i) => (i % (n + 1) === 0 ? sum : sum + value ** 2), 0);
}
