/** Longer ones are no slip of a finger, and take long to compare. */
const lengthLimit = 120;
/** Names that a wrong one is compared with: a file may hold tens of thousands. */
const knownLimit = 1_000;

/**
 * The known name that a wrong one was most likely meant to be; undefined when none of the first thousand is near.
 * Case, `_`, `-` and spaces do not count: `learning_rate` is `learningRate`.
 */
export function nearest(wrong: string, known: Iterable<string>): string | undefined {
  if (wrong.length > lengthLimit) return undefined;
  const plain = simplify(wrong);
  let compared = 0;
  let best: string | undefined;
  let bestDistance = Infinity;
  // Of `reLU` and `relu`, as far from a typo, the one written more alike.
  const rank = (distance: number, name: string) => distance + Math.min(editDistance(wrong, name), 100) / 1000;
  for (const name of known) {
    if (++compared > knownLimit) break;
    const other = simplify(name);
    // A part of the name is as good as a typo: `max` for `maxpool`, `crossEntropy` for `softmaxCrossEntropy`; its
    // beginning better (`val_acc`), and so are the initials of its words: `mse` for `meanSquaredError`, `lr` for
    // `learningRate`.
    const prefix = plain.length >= 3 && other.startsWith(plain);
    const initials = plain.length >= 2 && plain === initialsOf(name);
    const inside =
      prefix ||
      initials ||
      (Math.min(plain.length, other.length) >= 4 && (other.includes(plain) || plain.includes(other)));
    const limit = Math.max(1, Math.floor(Math.max(plain.length, other.length) / 3));
    // As many letters as one has more than the other have to be put in.
    if (!inside && Math.abs(plain.length - other.length) > limit) continue;
    let distance = 0;
    if (other !== plain)
      distance = prefix || initials ? 0.5 : Math.min(editDistance(plain, other), inside ? 2 : Infinity);
    if (!inside && (distance > limit || distance >= plain.length)) continue;
    if (rank(distance, name) < bestDistance) [best, bestDistance] = [name, rank(distance, name)];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 20) return Infinity;
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

const initialsOf = (name: string) => name.replaceAll(/(?<=.)[^A-Z]/g, '').toLowerCase();
const simplify = (name: string) => name.toLowerCase().replaceAll(/[-_\s]/g, '');

/** Names for a message: all of a few, the first of many. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, names.length > 18 ? 16 : 18).map((name) => `\`${name}\``);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
