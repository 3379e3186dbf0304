/**
 * Of so many examples that a property is tried with, a fifth; all of them with `DRAWS=all`, for who changes what it is
 * about: the examples are the same ones each time.
 */
export function draws(all: number): number {
  return process.env['DRAWS'] === 'all' ? all : Math.ceil(all / 5);
}
