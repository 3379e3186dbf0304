import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { escape, fitText, fitTexts, textWidth } from '../../src/charts/fit-text.ts';

const fontFile = createRequire(import.meta.url).resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf');

function realWidth(text: string, size: number): number {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="100">' +
    `<text y="50" font-family="Inter" font-size="${size}">${escape(text)}</text></svg>`;
  return new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: [fontFile], defaultFontFamily: 'Inter' },
  }).getBBox()!.width;
}

describe('width of text', () => {
  test.each([
    'training',
    'Ankle boot',
    '0.9872',
    'loss (logarithmic)',
    'WILLIAM',
    'minimum',
    'T-shirt/top',
    'Кириллица',
    'Ελληνικά',
  ])('%s is within a tenth of the real one', (text) => {
    expect(Math.abs(textWidth(text, 20) / realWidth(text, 20) - 1)).toBeLessThan(0.1);
  });

  test('a cut text fits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const cut = fitText(text, width, 12);
        expect(textWidth(cut, 12)).toBeLessThanOrEqual(width);
        expect(cut).not.toMatch(/\n/);
      }),
    );
  });
});

describe('names side by side', () => {
  test.each([
    ['an end', ['synthetic_class_01', 'synthetic_class_02', 'dog'], ['syn…_01', 'syn…_02', 'dog']],
    ['a middle', ['kernel_of_a_left_hand_side_glove', 'kernel_of_a_right_hand_side_glove'], ['…_left_…', '…_right…']],
    [
      'an end within an end',
      ['abcdefghijklmno', 'abcdefghijklmnop', 'abcdefghijklmnopq'],
      ['abc…no', 'abc…nop', 'abc…opq'],
    ],
    ['nothing that is shown', ['x\u0001', 'x\u0002'], ['1 x□', '2 x□']],
    ['nothing', ['same name for both', 'same name for both'], ['same n…', 'same n…']],
  ])('differ as the names do in %s', (_, names, shown) => {
    expect(fitTexts(names, 54, 12)).toEqual(shown);
  });

  test('differ, and fit, whatever they are', () => {
    const name = fc.oneof(
      fc.string({ maxLength: 40, unit: 'binary' }),
      fc
        .tuple(
          fc.constantFrom('a long beginning ', 'a long beginning of a name '),
          fc.string({ maxLength: 4 }),
          fc.constantFrom('', ' and a long end'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 54, max: 120 }),
        (names, width) => {
          const shown = fitTexts(names, width, 12);
          expect(new Set(shown).size).toBe(names.length);
          for (const text of shown) expect(textWidth(text, 12)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('escape', () => {
  test('leaves no markup and nothing that XML forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = escape(text);
        expect(safe).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(
          () =>
            new Resvg(
              `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" id="${safe}"><text>${safe}</text></svg>`,
            ),
        ).not.toThrow();
      }),
    );
  });

  test('shows a box for control characters, lone surrogates and direction overrides', () => {
    expect(escape('a\u0000b\ud800c\u202ed')).toBe('a□b□c□d');
  });
});
