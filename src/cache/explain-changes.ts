import type { Fingerprint, Part } from './fingerprints.ts';
import type { EntryFacts } from './stage-cache.ts';

/** One part that differs; undefined where it is not there. */
export interface Change {
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** What differs between two lists of parts, in the order of the second. */
export function changesBetween(before: readonly Part[], now: readonly Part[]): readonly Change[] {
  const [old, current] = [new Map(before), new Map(now)];
  return [...new Set([...current.keys(), ...old.keys()])]
    .filter((name) => old.get(name) !== current.get(name))
    .map((name) => ({ name, before: old.get(name), now: current.get(name) }));
}

/** The kept outcome with the fewest differences, and those; the newest of several. */
export function nearestTo(
  { parts }: Fingerprint,
  entries: readonly EntryFacts[],
): { readonly entry: EntryFacts; readonly changes: readonly Change[] } | undefined {
  const compared = entries.map((entry) => ({ entry, changes: changesBetween(entry.fingerprint.parts, parts) }));
  return compared.toSorted((a, b) => a.changes.length - b.changes.length)[0];
}
