import { type ArrayOptions, arrayOf } from '../arrays/array-parts.ts';

/** The arrays of a file, by what they are called without the part that they are for. */
export interface NamedArrays {
  /** In the order in which they lie there; without parts, the arrays themselves. */
  readonly names: readonly string[];
  /** What arrays of a part are called; left out: no arrays are for parts. */
  readonly parts?: ArrayOptions['parts'];
  /** Whether arrays for validation are taken for the test, as there are none for it. */
  readonly isValidationTest: boolean;
}

const words: readonly (readonly [keyof ArrayOptions['parts'], string])[] = [
  ['train', 'train|training|tr'],
  ['validation', 'val|valid|validation|dev'],
  ['test', 'test|testing|te'],
];

/** What arrays of a part are called where nothing is said. */
export const usualParts: ArrayOptions['parts'] = { train: '*_train', validation: '*_val', test: '*_test' };

/** Finds the part of `x_train`, `train_images` or `X-test`. */
export function nameArrays(arrays: readonly string[]): NamedArrays {
  const found = new Map(words.map(([part, word]) => [part, patternOf(arrays, word)]));
  const [train, validation, test] = [found.get('train'), found.get('validation'), found.get('test')];
  const isValidationTest = test === undefined && validation !== undefined;
  const held = test ?? validation;
  if (train === undefined || held === undefined) return { names: arrays, isValidationTest: false };
  const parts = {
    train,
    test: held,
    // A pattern that no array has.
    validation: isValidationTest ? usualParts.validation : (validation ?? usualParts.validation),
  };
  const bases = new Set(
    arrays.flatMap((array) => {
      const base = baseOf(array, train);
      return base !== undefined && arrays.includes(arrayOf(base, held)) ? [base] : [];
    }),
  );
  if (bases.size < 2) return { names: arrays, isValidationTest: false };
  return { names: [...bases], parts, isValidationTest };
}

/** The pattern by which arrays of a part are called. @param word of the part, an alternative of a regular expression */
function patternOf(arrays: readonly string[], word: string): string | undefined {
  for (const array of arrays) {
    const behind = new RegExp(`^.+?([_-](?:${word}))$`, 'i').exec(array)?.[1];
    if (behind !== undefined) return `*${behind}`;
    const before = new RegExp(`^((?:${word})[_-]).+$`, 'i').exec(array)?.[1];
    if (before !== undefined) return `${before}*`;
  }
  return undefined;
}

/** What stands for the sign of a pattern. */
function baseOf(array: string, pattern: string): string | undefined {
  const [before = '', behind = ''] = pattern.split('*');
  const isOne = array.startsWith(before) && array.endsWith(behind) && array.length > before.length + behind.length;
  return isOne ? array.slice(before.length, array.length - behind.length) : undefined;
}
