import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, memorySize, showBytes, showDuration, showMeasure, showMemory } from '../../src/base/quantities.ts';

describe('a time', () => {
  test.each([
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['2d', 172_800],
    ['1d2h3m4s', 93_784],
    ['0s', 0],
  ])('%s', (text, seconds) => {
    expect(duration.read(text)).toBe(seconds);
    expect(new RegExp(duration.pattern).test(text)).toBe(true);
  });

  test.each([
    ['10 mins', '10m'],
    ['10 min.', '10m'],
    ['1 hour 30 minutes', '1h30m'],
    ['600', '600s'],
    ['2 Days', '2d'],
    ['1,5h', '1.5h'],
    ['10M', '10m'],
    ['30m1h', undefined],
    ['soon', undefined],
    ['10 fortnights', undefined],
    ['-5m', undefined],
    ['', undefined],
  ])('not %s', (text, meant) => {
    expect(duration.read(text)).toBeNaN();
    expect(duration.suggest(text)).toBe(meant);
  });
});

describe('an amount of memory', () => {
  test.each([
    ['2GB', 2e9],
    ['800MB', 8e8],
    ['1.5GB', 1.5e9],
    ['1TB', 1e12],
  ])('%s', (text, bytes) => expect(memorySize.read(text)).toBe(bytes));
  test.each([
    ['2 gigs', '2GB'],
    ['2gb', '2GB'],
    ['2GiB', '2GB'],
    ['1,5 GB', '1.5GB'],
    ['512 megabytes', '512MB'],
    ['2', undefined],
    ['2GB3MB', undefined],
    ['big', undefined],
  ])('not %s', (text, meant) => {
    expect(memorySize.read(text)).toBeNaN();
    expect(memorySize.suggest(text)).toBe(meant);
  });
});

test('what is suggested can be read', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\d., a-zA-Z]{0,12}$/), (text) => {
      for (const quantity of [duration, memorySize]) {
        const meant = quantity.suggest(text);
        if (meant !== undefined) expect(quantity.read(meant)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2000 },
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
    '252,640.0 TB',
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
