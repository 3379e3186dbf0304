import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byteSize,
  duration,
  showBytes,
  showCount,
  showDuration,
  showMeasure,
  showMemory,
} from '../../src/base/quantities.ts';

/** As JSON Schema has it. */
const fits = (pattern: string) => (text: string) => new RegExp(pattern, 'u').test(text);

describe('a time', () => {
  test.each([
    ['90s', 90],
    ['10m', 600],
    ['10 min', 600],
    ['1h30m', 5400],
    ['1 h 30 min', 5400],
    ['1H 30M', 5400],
    ['1.5h', 5400],
    ['2d', 172_800],
    ['3 w', 1_814_400],
    ['1d2h3m4s', 93_784],
    ['2s 500ms', 2.5],
    ['20ms', 0.02],
    ['0s', 0],
  ])('%s', (text, seconds) => {
    expect(duration.read(text)).toBe(seconds);
    expect(fits(duration.pattern)(text)).toBe(true);
  });

  test.each([
    ['10 mins', '10m'],
    ['10 min.', '10m'],
    ['1 hour 30 minutes', '1h30m'],
    ['600', '600s'],
    ['2 Days', '2d'],
    ['3 weeks', '3w'],
    ['1,5h', '1.5h'],
    ['10  m', '10m'],
    ['10m ', '10m'],
    ['30m1h', undefined],
    ['soon', undefined],
    ['10 fortnights', undefined],
    ['1 month', undefined],
    ['-5m', undefined],
    ['10m\n', '10m'],
    ['', undefined],
  ])('not %j', (text, meant) => {
    expect(duration.read(text)).toBeNaN();
    expect(fits(duration.pattern)(text)).toBe(false);
    expect(duration.suggest(text)).toBe(meant);
  });
});

describe('a size', () => {
  test.each([
    ['2GB', 2e9],
    ['800MB', 8e8],
    ['800 mb', 8e8],
    ['1.5GB', 1.5e9],
    ['500KB', 5e5],
    ['50.2 kB', 50_200],
    ['40 B', 40],
    ['1TB', 1e12],
    ['1KiB', 1024],
    ['512MiB', 2 ** 29],
    ['2gib', 2 ** 31],
    ['1 TiB', 2 ** 40],
  ])('%s', (text, bytes) => {
    expect(byteSize.read(text)).toBe(bytes);
    expect(fits(byteSize.pattern)(text)).toBe(true);
  });

  test.each([
    ['2 gigs', '2GB'],
    ['2G', '2GB'],
    ['2Gi', '2GiB'],
    ['1,5 GB', '1.5GB'],
    ['512 megabytes', '512MB'],
    ['512 kibibytes', '512KiB'],
    ['2  GB', '2GB'],
    ['2', undefined],
    ['2GB3MB', undefined],
    ['2 XB', undefined],
    ['-2GB', undefined],
    ['big', undefined],
  ])('not %s', (text, meant) => {
    expect(byteSize.read(text)).toBeNaN();
    expect(fits(byteSize.pattern)(text)).toBe(false);
    expect(byteSize.suggest(text)).toBe(meant);
  });
});

test('what is suggested can be read', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\d., a-zA-Z]{0,12}$/), (text) => {
      for (const quantity of [duration, byteSize]) {
        const meant = quantity.suggest(text);
        if (meant !== undefined) expect(quantity.read(meant)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test('what is shown can be read, and is what was shown up to its last digit', () => {
  /** Of all magnitudes. */
  const upTo = (most: number) =>
    fc.double({ min: 0, max: Math.log(most), noNaN: true }).map((power) => Math.exp(power));
  const half = 0.5 + 1e-9;
  fc.assert(
    fc.property(upTo(1e9), (seconds) => {
      const read = duration.read(showDuration(seconds));
      // Beyond an hour, minutes are those that have passed.
      const beyondTenth = seconds < 3599 ? 1 : 120;
      const digit = seconds < 9.9 ? 0.1 : beyondTenth;
      expect(Math.abs(read - seconds)).toBeLessThanOrEqual(digit * half + 0.5 * Number(seconds >= 3599));
      expect(showDuration(read)).toBe(showDuration(seconds).replace(/^10\.0 s$/, '10 s'));
    }),
  );
  fc.assert(
    fc.property(upTo(1e20).map(Math.round), (bytes) => {
      const read = byteSize.read(showBytes(bytes));
      expect(Math.abs(read - bytes)).toBeLessThanOrEqual(
        bytes < 1000 ? 0 : 0.1 * half * 1000 ** Math.floor(Math.log10(Math.max(bytes, read)) / 3 + 1e-12),
      );
      expect(showBytes(read)).toBe(showBytes(bytes));
      const rough = byteSize.read(showMemory(bytes));
      expect(Math.abs(rough - bytes)).toBeLessThanOrEqual(Math.max(1e6 * half, 0.051 * bytes));
    }),
  );
});

test('times and sizes as people write them', () => {
  expect([0.04, 9.9, 9.96, 59.6, 61, 3599.6, 7260].map(showDuration)).toEqual([
    '0.0 s',
    '9.9 s',
    '10 s',
    '1 min 0 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 1 min',
  ]);
  expect([1e6, 999e6, 1.25e9].map(showMemory)).toEqual(['1 MB', '999 MB', '1.3 GB']);
  expect([40, 50_200, 107.3e6, 81.64e9, 252.64e15].map(showBytes)).toEqual([
    '40 B',
    '50.2 kB',
    '107.3 MB',
    '81.6 GB',
    '252.6 PB',
  ]);
  expect([999, 1000, 999_949, 999_951, 5e20].map(showBytes)).toEqual([
    '999 B',
    '1.0 kB',
    '999.9 kB',
    '1.0 MB',
    '500.0 EB',
  ]);
  expect([0, 999, 1000, 60_000, -1234, 123_456_789, 2.5e18, 1e30].map(showCount)).toEqual([
    '0',
    '999',
    '1,000',
    '60,000',
    '-1,234',
    '123,456,789',
    '2.5e+18',
    '1e+30',
  ]);
  expect([0.0118, 12.346, 3029, 455_920.4, 2.4673e11, -12_345.6, Number.NaN].map(showMeasure)).toEqual([
    '0.01180',
    '12.35',
    '3029',
    '455,920',
    '2.467e+11',
    '-12,346',
    'NaN',
  ]);
});
