import type { PartName, SplitOptions } from '../splits/split.ts';

/** What a column says where `parts` does not say otherwise. */
const usual: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train'],
  validation: ['validation', 'valid', 'val'],
  test: ['test'],
};

/** The parts, as they follow each other. */
export const partNames = ['train', 'validation', 'test'] as const;

/** The words that a column has for a part. */
export function wordsFor(part: PartName, { parts = {} }: Pick<SplitOptions, 'parts'>): readonly string[] {
  const own = parts[part];
  return own === undefined ? usual[part] : [own];
}

/** A word that two parts have; undefined where there is none. */
export function sharedWord(split: Pick<SplitOptions, 'parts'>): string | undefined {
  const words = partNames.flatMap((part) => wordsFor(part, split));
  return words.find((word, k) => words.indexOf(word) !== k);
}
