const all = process.env['DRAWS'] === 'all';

/**
 * Of so many examples that a property is tried with, a fifth; all of them with `DRAWS=all`, as each night and for who
 * changes what it is about: the examples are the same ones each time.
 */
export function draws(number: number): number {
  return all ? number : Math.ceil(number / 5);
}

/** Of cases that are much alike and take long, one in so many; all of them with `DRAWS=all`. */
export function oneIn<Case>(number: number, cases: readonly Case[]): readonly Case[] {
  return cases.filter((_, index) => all || index % number === 0);
}
