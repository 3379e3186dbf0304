import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteSize, duration } from '../../src/base/quantities.ts';
import { numbersMeant, sharesMeant, suggestNumber } from '../../src/base/written-number.ts';
import { suggestValue } from '../../src/language/check/suggest-value.ts';
import { draws } from '../draws.ts';

const locales = [
  'en-US',
  'en-GB',
  'de-DE',
  'de-CH',
  'de-AT',
  'fr-FR',
  'fr-CH',
  'it-IT',
  'es-ES',
  'pt-BR',
  'pt-PT',
  'nl-NL',
  'sv-SE',
  'nb-NO',
  'da-DK',
  'fi-FI',
  'pl-PL',
  'cs-CZ',
  'ru-RU',
  'ja-JP',
];
const number = fc.oneof(
  fc.integer({ min: -99_999_999, max: 99_999_999 }),
  fc.double({ min: -1e7, max: 1e7, noNaN: true }),
  fc.double({ min: 0, max: 0.01, noNaN: true }),
  fc.integer({ min: 1000, max: 9999 }).map((n) => n / 1000),
);
const decimals = fc.integer({ min: 0, max: 6 });

/** The hint for a number of a file that was written as this text, in quotes or not. */
function hintFor(text: string, type: 'number' | 'integer'): string | undefined {
  const source = { name: 'p.yaml', text };
  return suggestValue({ kind: 'scalar', value: text, range: { source, start: 0, end: text.length } }, { type });
}

const numbersIn = (hint: string) =>
  (hint.match(/(?<=Write |or )-?[\d.]+(e[+-]?\d+)?/g) ?? []).map((one) => Number(one.replace(/\.$/, '')));

test('of a number as any country writes it, one meaning is that number, and a hint tells it', () => {
  fc.assert(
    fc.property(
      number,
      fc.constantFrom(...locales),
      decimals,
      fc.constantFrom('always' as const, 'auto' as const, false),
      (value, locale, maximumFractionDigits, useGrouping) => {
        const text = new Intl.NumberFormat(locale, { maximumFractionDigits, useGrouping }).format(value);
        const right = Number(
          new Intl.NumberFormat('en-US', { maximumFractionDigits, useGrouping: false }).format(value),
        );
        expect(numbersMeant(text), text).toContain(right);
        expect(numbersMeant(text).length).toBeLessThanOrEqual(2);
        // What is a number of YAML as it stands is taken for that.
        const hint = Number.isFinite(Number(text)) ? undefined : hintFor(text, 'number');
        if (hint !== undefined) expect(numbersIn(hint), `${text}: ${hint}`).toContain(right);
        const whole = hintFor(text, 'integer');
        if (whole !== undefined && Number.isInteger(right) && !Number.isFinite(Number(text)))
          expect(numbersIn(whole), `${text}: ${whole}`).toContain(right);
      },
    ),
    { numRuns: draws(10_000) },
  );
});

test('of a share as any country writes it, too', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.constantFrom(...locales),
      decimals,
      (value, locale, maximumFractionDigits) => {
        const text = new Intl.NumberFormat(locale, { maximumFractionDigits, style: 'percent' }).format(value);
        const right = Number(
          new Intl.NumberFormat('en-US', {
            maximumFractionDigits: maximumFractionDigits + 2,
            useGrouping: false,
          }).format(Number((value * 100).toFixed(maximumFractionDigits)) / 100),
        );
        expect(
          sharesMeant(text).some((one) => Math.abs(one - right) <= 10 ** -(maximumFractionDigits + 2)),
          `${text}: ${sharesMeant(text).join()} ${right}`,
        ).toBe(true);
      },
    ),
    { numRuns: draws(4000) },
  );
});

test('whatever is written in digits and signs, a hint is a way that some country would read it', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('0', '1', '2', '5', '0', '0', ',', '.', ' ', "'", '_', '-', '%', 'e', 'x', '$'),
        minLength: 1,
        maxLength: 9,
      }),
      (text) => {
        const hint = Number.isFinite(Number(text)) ? undefined : hintFor(text, 'number');
        if (hint === undefined) return;
        const digits = (of: string) => of.replaceAll(/\D/g, '').replaceAll(/^0+|0+$/g, '');
        const written = text.replace(/[e%].*$/, '').trim();
        for (const one of numbersIn(hint)) {
          expect(digits(String(one).replace(/e.*$/, '')), `${text}: ${hint}`).toBe(digits(written));
          // A sign either groups digits in threes or stands before the decimals.
          const whole = written.replace(/^[+-]/, '').split(/[^\d]/);
          expect(whole.length <= 2 || whole.slice(1, -1).every((part) => part.length === 3), `${text}: ${hint}`).toBe(
            true,
          );
        }
      },
    ),
    { numRuns: draws(10_000) },
  );
});

test.each([
  ['0,001', 'Write 0.001.'],
  ['1,234', 'Write 1.234 or 1234, whichever is meant.'],
  ['1.234,5', 'Write 1234.5.'],
  ['1,234.5', 'Write 1234.5.'],
  ['1,234,567', 'Write 1234567.'],
  ['1.234.567', 'Write 1234567.'],
  ['1 000', 'Write 1000.'],
  ['1\u202f000,5', 'Write 1000.5.'],
  ['1’000', 'Write 1000.'],
  ['1_000', 'Write 1000.'],
  [',5', 'Write 0.5.'],
  ['1,5e-3', 'Write 0.0015.'],
  ['\u22120.5', 'Write -0.5.'],
  ['5%', 'Write 0.05.'],
  ['5,5 %', 'Write 0.055.'],
  ['1.1%', 'Write 0.011.'],
  ['0b11', 'Write 3.'],
  ['1 2', undefined],
  ['1,2,3', undefined],
  ['1,23,456', undefined],
  ['$5', undefined],
  ['1e999', undefined],
  ['', undefined],
  [' ', undefined],
])('%j', (text, hint) => {
  expect(hintFor(text, 'number')).toBe(hint);
});

test.each(['"1e5"', '"0x10"', "'0.5'"])('%s is a number in quotes', (text) => {
  const source = { name: 'p.yaml', text };
  expect(
    suggestValue(
      { kind: 'scalar', value: text.slice(1, -1), range: { source, start: 0, end: text.length } },
      { type: 'number' },
    ),
  ).toBe('Remove the quotes.');
});

test('for a whole number no fraction and no share is named', () => {
  expect(['1,5', '1,234', '100%', '0,001'].map((text) => hintFor(text, 'integer'))).toEqual([
    undefined,
    'Write 1234.',
    undefined,
    undefined,
  ]);
  expect(suggestNumber('12,5', true)).toBeUndefined();
});

test('quantities with a comma: what is clear is suggested, what is not is not', () => {
  expect(['1,5 GB', '1,500 MB', '0,512 GB', '1,234.5 MB'].map((text) => byteSize.suggest(text))).toEqual([
    '1.5GB',
    undefined,
    '0.512GB',
    '1234.5MB',
  ]);
  expect(['1,5h', '1,500s'].map((text) => duration.suggest(text))).toEqual(['1.5h', undefined]);
});
