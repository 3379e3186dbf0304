import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCompactText } from '../../src/language/syntax/compact-text.ts';

const parts = (text: string) => {
  const { name, words, unbalanced } = splitCompactText(text);
  return unbalanced ?? [name.text, ...words.map((word) => word.text)];
};

test.each([
  ['relu', ['relu']],
  ['conv 3x3x32 same', ['conv', '3x3x32', 'same']],
  ['conv  3x3x32\n normal(0, 0.01)', ['conv', '3x3x32', 'normal(0, 0.01)']],
  ['normal(0.01)', ['normal', '0.01']],
  ['uniform( -1 , 1 )', ['uniform', '-1', '1']],
  ['dense(10) relu', ['dense', '10', 'relu']],
  ['f(g(1, 2), 3)', ['f', 'g(1, 2)', '3']],
  ['zeros()', ['zeros']],
  ['f(,)', ['f', '', '']],
  ['', ['']],
  ['f(1', 1],
  ['f 1)', 3],
])('%j', (text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test('every word is where it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '1', ' ', '(', ')', ',', '=') }), (text) => {
      const { name, words } = splitCompactText(text);
      for (const word of [name, ...words]) expect(text.slice(word.start, word.end)).toBe(word.text);
    }),
  );
});
