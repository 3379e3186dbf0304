import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWritten } from '../../src/base/written-number.ts';
import { plainNumber, showsMark } from '../../src/datasets/tables/plain-number.ts';
import { draws } from '../draws.ts';

const ends = new Uint8Array(256);
for (const end of ',\n\r') ends[end.charCodeAt(0)] = 1;

/** What is read of a cell, and what may stand behind it. */
const read = (cell: string, behind = ',') =>
  plainNumber(Buffer.from(`${cell}${behind}`), 0, { mark: 0x2e, blank: 0x20, ends });

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0012345678999'), minLength: 0, maxLength: most });
/** Sign, digits, decimals, exponent, quotes and blanks, each as they may be written, right or wrong. */
const written = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    digits(12),
    fc.constantFrom('.', '.', '', ',', '..'),
    digits(12),
    fc.constantFrom('', '', 'e', 'E', 'e-', 'e+', 'x'),
    digits(2),
    fc.constantFrom('', '', ' ', '"'),
  )
  .map(
    ([sign, whole, mark, decimals, exponent, power, around]) =>
      `${around}${sign}${whole}${mark}${decimals}${exponent}${exponent === '' ? '' : power}${around}`,
  )
  // Between quotes alone, a comma is a part of the cell.
  .filter((cell) => cell.startsWith('"') || !cell.includes(','));
/** All digits of a double, as programs write them, and some more or less. */
const double = fc
  .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 21 }))
  .chain(([value, precision]) =>
    fc.constantFrom(String(value), value.toPrecision(precision), (value % 1e6).toFixed(precision - 1)),
  );
/**
 * The middle of two doubles that stand side by side, as far as 18 digits say it: which one is nearer is hardest to
 * tell.
 */
const middle = fc
  .tuple(fc.double({ min: 1e-4, max: 1e6, noNaN: true }), fc.integer({ min: 15, max: 18 }))
  .map(([value, precision]) => {
    const bits = new BigUint64Array(Float64Array.of(value).buffer);
    const exact = ((bits[0]! & 0xf_ffff_ffff_ffffn) | 0x10_0000_0000_0000n) * 2n + 1n;
    const shift = 1076 - Number(bits[0]! >> 52n);
    const scaled = String((exact * 10n ** 40n) >> BigInt(shift)).padStart(41, '0');
    const text = `${scaled.slice(0, -40)}.${scaled.slice(-40)}`;
    return text.slice(0, /[1-9]/.exec(text)!.index + precision + 1);
  });

test('a plain number is what Number makes of its text, to the bit', () => {
  let certain = 0;
  const texts = fc.oneof(written, double, middle);
  fc.assert(
    fc.property(texts, fc.constantFrom(',', '\n', '\r\n'), (cell, behind) => {
      const value = read(cell, behind);
      if (Number.isNaN(value)) return;
      certain++;
      const text = cell.startsWith('"') ? cell.slice(1, -1) : cell;
      expect(text.trim()).not.toBe('');
      expect(Object.is(value, Number(text)), `${cell}: ${value}`).toBe(true);
    }),
    { numRuns: draws(60_000) },
  );
  expect(certain).toBeGreaterThan(draws(20_000));
});

test.each([
  '0',
  '-0',
  '007',
  '1.5',
  '-1.2882',
  '.5',
  '+3',
  ' 4 ',
  '"6"',
  '" 6.5 "',
  '1e3',
  '-2.5E-07',
  '123456789',
  '1234567890',
  '0.1234567890123456',
  '12345678.0123456789',
  '0.30000000000000004',
  '9007199254740993',
  '1.7976931348623157e+03',
  '0.0000000000',
  '000000000000000000000000012.50',
  '999999999999999999',
])('%s is plain', (cell) => {
  expect(read(cell)).toBe(Number(cell.replaceAll('"', '')));
});

test.each([
  '',
  ' ',
  '-',
  '+-1',
  '.',
  '1.',
  '1e',
  '1e+',
  '1..2',
  '1.2.3',
  '0x10',
  '1_000',
  '1 000',
  '--1',
  'inf',
  'NaN',
  '1e400',
  '1e23',
  '"1""',
  '"1',
  '"1,5"',
  '1a',
  'a',
  '123456789012345678e21',
  '\u0661',
  '1\u00a0',
  '1234567890123456789',
])('of %j is not said in a glance what it is', (cell) => {
  expect(read(cell)).toBeNaN();
});

test('what shows the mark before the decimals is a number with it alone', () => {
  const shown = { '.': 0, ',': 0 };
  const group = fc.constantFrom('1', '12', '123', '1234', '0', '00', '');
  const cells = fc.tuple(
    fc.constantFrom('', '-', '+'),
    group,
    fc.constantFrom('.', ','),
    group,
    fc.constantFrom('', '.', ',', 'e2', ' '),
    group,
  );
  fc.assert(
    fc.property(cells, fc.constantFrom('"', ''), fc.constantFrom('.', ','), (parts, quote, mark) => {
      const cell = parts.join('');
      const bytes = Buffer.from(`${quote}${cell}${quote};`);
      if (
        !showsMark(bytes, 0, {
          mark: mark.charCodeAt(0),
          blank: 0x20,
          ends: Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === 0x3b)),
        })
      )
        return;
      shown[mark]++;
      expect(readWritten(cell, mark), cell).toBeDefined();
      expect(readWritten(cell, mark === '.' ? ',' : '.'), cell).toBeUndefined();
    }),
    { numRuns: draws(20_000) },
  );
  expect(Math.min(...Object.values(shown))).toBeGreaterThan(draws(300));
});
