/**
 * Of so many examples that a property is tried with, a fifth; all of them in the long tests (`DRAWS=all`), which have
 * more time.
 */
export function draws(all: number): number {
  return process.env['DRAWS'] === 'all' ? all : Math.ceil(all / 5);
}
