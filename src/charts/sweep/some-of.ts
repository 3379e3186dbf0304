/** Trials that a figure draws a line or a point of, as more are a blot, and bytes. */
const mostDrawn = 300;

/** Of many trials some, evenly by their rank, the best and the worst among them; and what the caption says of it. */
export function someOf<T>(ranked: readonly T[]): { readonly drawn: readonly T[]; readonly tell: string } {
  if (ranked.length <= mostDrawn) return { drawn: ranked, tell: '' };
  const step = (ranked.length - 1) / (mostDrawn - 1);
  const drawn = Array.from({ length: mostDrawn }, (_, i) => ranked[Math.round(i * step)]!);
  return { drawn, tell: ` ${mostDrawn} of ${ranked.length} trials are drawn, evenly by rank.` };
}
