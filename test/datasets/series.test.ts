import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { firstRows } from '../../src/datasets/batch-source.ts';
import { gatherBatch } from '../../src/datasets/batches.ts';
import type { Dataset, Samples } from '../../src/datasets/dataset.ts';
import { series } from '../../src/datasets/series/series.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

type Numbers = readonly (readonly number[])[];

/** What NumPy and Keras make of series: see series.py. */
interface Judged {
  readonly csv: string;
  readonly options: {
    readonly window: number;
    readonly horizon: number;
    readonly stride: number;
    readonly test: number;
    readonly season?: number;
  };
  readonly validation: number;
  readonly parts: Readonly<
    Record<
      'train' | 'validation' | 'test',
      {
        readonly x: readonly Numbers[];
        readonly y: Numbers;
        readonly lastValue: Numbers;
        readonly seasonBefore: Numbers;
      }
    >
  >;
}
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'series.json'), 'utf8')) as readonly Judged[];

const given = {
  file: 's.csv',
  time: 'day',
  targets: { sold: 'number' },
  features: {},
  categories: {},
  standardize: false,
  window: 3,
  horizon: 1,
  stride: 1,
  test: 0.25,
};
const split = (validation: number) => ({ validation, stratified: true });
const write = (csv: string, file = 's.csv') => rig.write(file, csv);
const load = (more: object, validation = 0) =>
  series.load({ ...given, ...more }, rig.folder, 1, undefined, split(validation));
const survey = (more: object, validation = 0) =>
  series.describe({ ...given, ...more }, rig.folder, { seed: 1, split: split(validation) });
const problemOf = (more: object, validation = 0) => {
  const found = survey(more, validation);
  if (!isMisfit(found)) throw new Error('nothing is wrong');
  return [found.code, found.problem, found.path?.join('.')];
};
const warningsOf = (more: object, validation = 0) => {
  const found = survey(more, validation);
  if (isMisfit(found)) throw new Error(found.problem);
  return found.warnings!.map(({ code, problem }) => [code, problem]);
};

/** Each sample in one list: its window, what is to be forecast, and naive forecasts. */
function samplesIn(samples: Samples, rows: Uint32Array): readonly string[] {
  const { x, y } = gatherBatch(samples, rows);
  const part = (values: ArrayLike<number>, k: number, count: number) => {
    const each = values.length / count;
    return Array.from({ length: each }, (_, i) => values[k * each + i]!);
  };
  return Array.from(rows, (row, k) =>
    JSON.stringify([
      part(x[0]!, k, rows.length),
      part(y[0]!, k, rows.length),
      ...samples.baselines!.map(({ values }) => part(values(0), row, samples.count)),
    ]),
  ).sort();
}

const partsOf = ({ train, test: tested, split: divided }: Dataset) => ({
  train: samplesIn(train, divided!.train),
  validation: samplesIn(train, divided!.validation),
  test: samplesIn(tested, firstRows(tested.count)),
});

test.each(judged.map((one, k) => [k, one] as const))(
  'windows and naive forecasts are those of NumPy and Keras, by time and entity (case %i)',
  async (_, { csv, options, validation, parts }) => {
    write(csv);
    const found = partsOf(await load({ ...options, entity: 'shop' }, validation));
    for (const part of ['train', 'validation', 'test'] as const) {
      const { x, y, lastValue, seasonBefore } = parts[part];
      const wanted = x.map((rows, k) =>
        JSON.stringify([rows.flat(), y[k], lastValue[k], ...(options.season === undefined ? [] : [seasonBefore[k]])]),
      );
      expect(found[part]).toEqual(wanted.sort());
    }
    const described = survey({ ...options, entity: 'shop' }, validation);
    expect(described).toMatchObject({
      count: {
        train: parts.train.x.length + parts.validation.x.length,
        validation: parts.validation.x.length,
        test: parts.test.x.length,
      },
    });
  },
);

test('no window reaches over a cut in time or two entities, whatever the rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        window: fc.integer({ min: 1, max: 4 }),
        horizon: fc.integer({ min: 1, max: 3 }),
        stride: fc.integer({ min: 1, max: 5 }),
      }),
      async ({ lengths, window, horizon, stride }) => {
        // A value is its entity and its time, so that a window shows where it is from.
        const rows = lengths.flatMap((length, of) =>
          Array.from({ length }, (_, day) => `${day},e${of},${1000 * of + day}`),
        );
        write(`day,who,sold\n${rows.join('\n')}\n`);
        const points = Math.max(...lengths);
        const tested = Math.floor(points / 4);
        const validated = Math.floor((points - tested) / 4);
        const loaded = load({ entity: 'who', window, horizon, stride }, 0.25);
        const dataset = await loaded.catch((error: unknown) => error);
        if (dataset instanceof Error) {
          expect(dataset).toMatchObject({ diagnostics: [{ code: 'series-too-short' }] });
          return;
        }
        const parts = partsOf(dataset as Dataset);
        const ends = { train: points - tested - validated, validation: points - tested, test: points };
        let begin = 0;
        let count = 0;
        for (const [part, end] of Object.entries(ends) as (readonly [keyof typeof parts, number])[]) {
          for (const sample of parts[part]) {
            const [x, y] = JSON.parse(sample) as [number[], number[]];
            const all = [...x, ...y];
            expect(all).toEqual(all.map((_, k) => all[0]! + k));
            expect(Math.floor(all[0]! / 1000)).toBe(Math.floor(all.at(-1)! / 1000));
            expect(all[0]! % 1000).toBeGreaterThanOrEqual(begin);
            expect(all.at(-1)! % 1000).toBeLessThan(end);
          }
          for (const length of lengths) {
            const there = Math.min(length, end) - begin - window - horizon;
            if (there >= 0) count += Math.floor(there / stride) + 1;
          }
          begin = end;
        }
        expect(Object.values(parts).flat().length).toBe(count);
      },
    ),
    { numRuns: 60 },
  );
});

const days = (count: number, of = (k: number) => k) =>
  Array.from({ length: count }, (_, k) => `2024-01-${String(k + 1).padStart(2, '0')},${of(k)}`);

describe('what is told of rows', () => {
  test('rows out of order are taken in their order, and the first is named', async () => {
    const [first, second, ...rest] = days(20);
    write(['day,sold', second, first, ...rest, ''].join('\n'));
    expect(warningsOf({})).toEqual([
      [
        'unordered-times',
        '1 of 20 rows stand behind later ones; the first is line 3 of s.csv, 2024-01-01 behind 2024-01-02 (line 2)',
      ],
    ]);
    const { train } = await load({});
    expect([...train.inputs[0]!.subarray(0, 3)]).toEqual([0, 1, 2]);
  });

  test('gaps are counted, and the first is named; months and years are none', () => {
    write(['day,sold', ...days(24).filter((_, k) => k !== 7 && k !== 12), ''].join('\n'));
    expect(warningsOf({})).toEqual([
      [
        'gaps-in-time',
        '2 gaps in the time of s.csv, where more than 1.5 times the usual lies between two rows: ' +
          'the first between 2024-01-07 (line 8) and 2024-01-09 (line 9)',
      ],
    ]);
    const months = Array.from(
      { length: 36 },
      (_, k) => `${2020 + Math.floor(k / 12)}-${`${(k % 12) + 1}`.padStart(2, '0')},${k}`,
    );
    write(['day,sold', ...months, ''].join('\n'));
    expect(warningsOf({})).toEqual([]);
  });

  test('one time twice is a mistake; of two entities it is none', () => {
    write(['day,sold', ...days(20), '2024-01-05,7', ''].join('\n'));
    expect(problemOf({})).toEqual([
      'duplicate-time',
      "s.csv, line 22: day is '2024-01-05', as on line 6",
      'source.series.time',
    ]);
    write(
      ['day,shop,sold', ...days(20).flatMap((day) => ['a', 'b'].map((shop) => day.replace(',', `,${shop},`))), ''].join(
        '\n',
      ),
    );
    expect(warningsOf({ entity: 'shop' })).toEqual([]);
    expect(problemOf({})[0]).toBe('duplicate-time');
  });

  test('entities that are too short for a window are told, and what is no time', () => {
    write(['day,shop,sold', ...days(20).map((day) => day.replace(',', ',a,')), '2024-01-03,b,1', ''].join('\n'));
    expect(warningsOf({ entity: 'shop' })).toEqual([
      ['short-entities', 'one entity has no 4 rows one after the other in any part, and no window: `b` (line 22)'],
    ]);
    write(['day,sold', ...days(20), 'soon,1', ''].join('\n'));
    expect(problemOf({})[1]).toBe("s.csv, line 22: day is 'soon', not a date, and gives the order of the rows");
  });

  test.each([
    [{ window: 40 }, 0, 'source.series.window', 'the training part has 15 points in time and no more than 15 rows'],
    [{ horizon: 3 }, 0, 'source.series.test', 'the test has 5 points in time and no more than 5 rows'],
    [{}, 2, 'split.validation', 'the validation part has 2 points in time and no more than 2 rows'],
    [{}, 99, 'source.series.window', 'the training part has 0 points in time and no more than 0 rows'],
  ])('too few rows for a window: %j, validation %d', (more, validation, path, problem) => {
    write(['day,sold', ...days(20), ''].join('\n'));
    const [code, found, at] = problemOf(more, validation);
    expect([code, at]).toEqual(['series-too-short', path]);
    expect(found).toContain(problem);
  });

  test.each([
    [{ time: 'dya' }, 'unknown-column', 'source.series.time'],
    [{ entity: 'shop' }, 'unknown-column', 'source.series.entity'],
    [{ targets: { slod: 'number' } }, 'unknown-column', 'source.series.targets.slod'],
    [{ targets: { day: 'number' } }, 'column-of-the-series', 'source.series.time'],
    [{ entity: 'day' }, 'column-of-the-series', 'source.series.entity'],
    [{ season: 7 }, 'season-beyond-window', 'source.series.season'],
  ])('%j is a mistake in its place', (more, code, path) => {
    write(['day,sold', ...days(20), ''].join('\n'));
    const [found, , at] = problemOf(more);
    expect([found, at]).toEqual([code, path]);
  });

  test('a gap in the values is told with its line, and filled by what was fitted to the training part', async () => {
    write(['day,sold', ...days(24, (k) => (k < 12 ? k % 3 : 1000)), ''].join('\n').replace(/(-05,)\d+/, '$1'));
    expect(problemOf({})[0]).toBe('missing-values');
    write(
      [
        'day,rain,sold',
        ...days(24, (k) => (k < 12 ? k % 3 : 1000)).map((row, k) => `${k === 5 ? row.replace(/,.*/, ',') : row},${k}`),
        '',
      ].join('\n'),
    );
    const options = { prepare: { rain: [{ missing: 'mean' }, 'standardize'] }, test: 0.25, window: 2 };
    const { preparation } = await load(options, 6);
    // Of the first 12 days: what comes then is in no mean.
    const known = [0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 2];
    const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
    const [rain] = preparation!['input'] as readonly { readonly fill: number }[];
    expect(rain!.fill).toBeCloseTo(mean, 12);
  });
});
