import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const given = {
  file: 't.csv',
  targets: { y: 'number' },
  features: {},
  categories: {},
  test: 0.2,
  standardize: true,
  delimiter: ',',
};
const write = (names: string, rows: readonly string[], file = 't.csv') =>
  rig.write(file, `${names}\n${rows.join('\n')}\n`);
const load = (more: object = {}, split: object = {}, seed = 1) =>
  csv.load({ ...given, ...more }, rig.folder, seed, undefined, { validation: 0.2, stratified: true, ...split });

test('columns are standardized by the rows trained on alone', async () => {
  write(
    'x,y',
    Array.from({ length: 50 }, (_, i) => `${i * i},${i}`),
  );
  const { train, split, preparation } = await load();
  expect([split!.train.length, split!.validation.length]).toEqual([32, 8]);
  const values = Array.from(split!.train, (place) => train.targets[0]![place]! ** 2);
  const mean = values.reduce((sum, value) => sum + value, 0) / 32;
  const [scale] = preparation!['input'] as [{ mean: number; deviation: number }];
  expect(scale.mean).toBeCloseTo(mean, 9);
  expect(scale.deviation).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 32), 9);
  expect(train.inputs[0]![split!.validation[0]!]).toBeCloseTo(
    (train.targets[0]![split!.validation[0]!]! ** 2 - mean) / scale.deviation,
    5,
  );
});

test('a column that is constant but for rounding stays as it is, less its mean', async () => {
  write(
    'c,y',
    Array.from({ length: 10 }, (_, i) => `0.1,${i}`),
  );
  write('c,y', ['0.2,1'], 'other.csv');
  const { test: tested } = await load({ test: 'other.csv' });
  expect(tested.inputs[0]![0]).toBeCloseTo(0.1, 6);
});

test('the test takes of each class its share, in every order of the rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'a', 'a', 'a', 'b', 'c'), { minLength: 10, maxLength: 60 }),
      fc.integer({ min: 0, max: 99 }),
      async (classes, seed) => {
        write(
          'x,y',
          classes.map((name, i) => `${i},${name}`),
        );
        const { test: tested } = await load({ targets: { y: ['a', 'b', 'c'] } }, {}, seed);
        const wanted = Math.floor(0.2 * classes.length + 1e-9);
        expect(tested.count).toBe(wanted);
        for (const [label, name] of ['a', 'b', 'c'].entries()) {
          const exact = (wanted * classes.filter((one) => one === name).length) / classes.length;
          expect(Math.abs(tested.targets[0]!.filter((one) => one === label).length - exact)).toBeLessThan(1);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('4 of 50 rows are rare: one is in the test and one validates, as in scikit-learn, for every seed', async () => {
  write(
    'x,y',
    Array.from({ length: 50 }, (_, i) => `${i},${i < 46 ? 'common' : 'rare'}`),
  );
  for (let seed = 0; seed < 20; seed++) {
    const { train, test: tested, split } = await load({ targets: { y: ['common', 'rare'] } }, {}, seed);
    const rare = (labels: Iterable<number>) => Array.from(labels).filter((label) => label === 1).length;
    expect([
      rare(tested.targets[0]!),
      rare(Array.from(split!.validation, (place) => train.targets[0]![place]!)),
    ]).toEqual([1, 1]);
  }
});

test('without `stratified` classes are drawn as they come', async () => {
  write(
    'x,y',
    Array.from({ length: 50 }, (_, i) => `${i},${i < 46 ? 'common' : 'rare'}`),
  );
  const rare = new Set<number>();
  for (let seed = 0; seed < 20; seed++)
    rare.add(
      (await load({ targets: { y: ['common', 'rare'] } }, { stratified: false }, seed)).test.targets[0]!.filter(
        (label) => label === 1,
      ).length,
    );
  expect(rare.size).toBeGreaterThan(1);
});

test('`order: time` takes the last rows for the test and those before them to validate', async () => {
  write(
    'x,y',
    Array.from({ length: 50 }, (_, i) => `${i % 7},${i}`),
  );
  const { train, test: tested, split } = await load({}, { order: 'time' });
  expect([...tested.targets[0]!]).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  expect(Array.from(split!.validation, (place) => train.targets[0]![place])).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
  expect(split!.train.length).toBe(32);
});

test.each([
  ['numbers', (i: number) => String(i - 20)],
  ['dates', (i: number) => new Date(Date.UTC(2023, 11, 1 + i)).toISOString().slice(0, 10)],
  ['times', (i: number) => `2024-03-${30 + Math.floor(i / 24)} ${String(i % 24).padStart(2, '0')}:30`],
  [
    'times in zones',
    (i: number) => `2024-03-31T12:00:00${i < 20 ? '+' : '-'}${String(Math.abs(20 - i)).padStart(2, '0')}:00`,
  ],
  ['months', (i: number) => `${2000 + Math.floor(i / 12)}/${String((i % 12) + 1).padStart(2, '0')}`],
])('the rows are sorted by a column of %s', async (_, time) => {
  const order = Array.from({ length: 40 }, (_one, i) => (i * 17) % 40);
  write(
    'when,x,y',
    order.map((i) => `${time(i)},${i % 3},${i}`),
  );
  const { test: tested, train, split } = await load({ features: { input: ['x'] } }, { order: 'when' });
  expect([...tested.targets[0]!]).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
  expect(Array.from(split!.validation, (place) => train.targets[0]![place])).toEqual([26, 27, 28, 29, 30, 31]);
});

test('a column named time is what `order: time` means; dates are not learnt from, numbers are', async () => {
  write(
    'time,x,y',
    Array.from({ length: 10 }, (_, i) => `${9 - i},1,${i}`),
  );
  const numbers = await load({}, { order: 'time' });
  expect([[...numbers.test.targets[0]!], numbers.spec.inputs[0]!.shape]).toEqual([[1, 0], [2]]);
  write('time,x,y', Array.from({ length: 10 }, (_, i) => `2024-01-0${9 - i},1,${i}`).slice(0, 9));
  const dates = await load({}, { order: 'time' });
  expect([[...dates.test.targets[0]!], dates.spec.inputs[0]!.shape]).toEqual([[0], [1]]);
});

test.each([
  ['when', '31.12.2024', "line 3: when is '31.12.2024', not a date"],
  ['when', '', 'line 3: when is empty, not a date'],
  ['day', '', 'no column `day`'],
])('order: %s with %j is refused in words', async (order, cell, problem) => {
  write('when,x,y', ['2024-01-01,1,2', `${cell},1,2`, '2024-01-03,1,2']);
  await expect(load({ test: 0.4, features: { input: ['x'] } }, { order })).rejects.toThrow(problem);
});

test.each([
  ['31.12.2024', "line 2: when is '31.12.2024', not a date"],
  ['12/31/2024', "line 2: when is '12/31/2024', not a date"],
  ['2024-12-31 9h', "line 2: when is '2024-12-31 9h', not a date"],
  ['', 'line 2: when is empty, not a date'],
])('an order that begins with %j is one of dates', async (cell, problem) => {
  write('when,x,y', [`${cell},1,2`, '2024-01-02,1,2', '2024-01-03,1,2']);
  await expect(load({ test: 0.4 }, { order: 'when' })).rejects.toMatchObject({
    diagnostics: [
      {
        message: expect.stringContaining(problem) as string,
        hint: expect.stringContaining('Write dates as 2024-12-31') as string,
      },
    ],
  });
});

test('hours of one digit are times', async () => {
  write(
    'when,x,y',
    Array.from({ length: 10 }, (_, i) => `2024-01-01 ${9 - i}:00,1,${i}`),
  );
  expect([...(await load({}, { order: 'when' })).test.targets[0]!]).toEqual([1, 0]);
});

test.each(['2024-01-01', '1/31/2024'])('a date, %s, among the features is no text of a category', async (date) => {
  write(
    'when,x,y',
    Array.from({ length: 10 }, (_, i) => `${date},1,${i}`),
  );
  await expect(load()).rejects.toMatchObject({
    diagnostics: [
      {
        message: expect.stringContaining(`when is '${date}', not a number`) as string,
        hint: expect.stringContaining('Nothing is learnt from a date') as string,
      },
    ],
  });
});

test('where the order is not known, dates may be it', () => {
  write(
    'when,x,y',
    Array.from({ length: 10 }, (_, i) => `2024-01-0${9 - (i % 9)},1,${i}`),
  );
  expect(csv.describe(given, rig.folder)).toMatchObject({ inputs: [{ shape: [1] }] });
  expect(csv.describe({ ...given, features: { input: ['when', 'x'] } }, rig.folder)).toMatchObject({
    inputs: [{ shape: [2] }],
  });
  expect(
    csv.describe(given, rig.folder, { split: { validation: 0.2, stratified: true, order: 'when' } }),
  ).toMatchObject({ inputs: [{ shape: [1] }] });
  expect(csv.describe(given, rig.folder, { split: { validation: 0.2, stratified: true } })).toMatchObject({
    problem: expect.stringContaining('not a number') as string,
  });
});

test('columns are standardized where they are listed', async () => {
  write(
    'id,x,y',
    Array.from({ length: 20 }, (_, i) => `${i % 4},${i * 10},${i}`),
  );
  const { train, preparation } = await load({ standardize: ['x'] });
  expect(preparation!['input']).toMatchObject([
    { column: 'id', mean: 0, deviation: 1 },
    { column: 'x', mean: expect.any(Number) as number },
  ]);
  expect([0, 1, 2, 3]).toContain(train.inputs[0]![0]);
  await expect(load({ standardize: ['z'] })).rejects.toThrow('no column `z`');
  const target = async (options: object) => (await load(options)).spec.targets[0];
  expect(await target({})).toEqual({ kind: 'number', name: 'y', shape: [1] });
  expect(await target({ standardize: ['x'] })).toMatchObject({ standardize: false });
  expect(await target({ standardize: ['x', 'y'] })).toMatchObject({ standardize: true });
  expect(await target({ standardize: false })).toMatchObject({ standardize: false });
  await expect(load({ features: { input: ['x'] }, standardize: ['id'] })).rejects.toThrow(
    '`id` is neither learnt from nor predicted',
  );
  await expect(load({ targets: { y: 'number', id: ['0', '1', '2', '3'] }, standardize: ['id'] })).rejects.toThrow(
    '`id` is a target of classes',
  );
});

test('of many columns, each is looked at once', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 6000 }, (_, i) => `c${i}`);
  write(
    `${names.join()},y`,
    Array.from({ length: 5 }, (_, row) => `${names.map((_one, i) => (i * row) % 7).join()},${row}`),
  );
  const seconds = await quietSecondsOf(() => {
    csv.describe({ ...given, standardize: names }, rig.folder, {
      split: { validation: 0.2, stratified: true },
      seed: 1,
    });
    return load({ standardize: names });
  });
  expect(seconds).toBeLessThan(3);
});

test('many columns that begin alike are compared with many targets', { timeout: 60_000 }, async () => {
  const names = (letter: string) => Array.from({ length: 400 }, (_, i) => `${letter}${i}`);
  write(
    `${names('x').join()},${names('y').join()}`,
    Array.from({ length: 1000 }, (_, row) =>
      Array.from({ length: 800 }, (_one, i) => (row === 999 ? i : row % 10)).join(),
    ),
  );
  const seconds = await quietSecondsOf(() =>
    expect(
      csv.describe({ ...given, targets: Object.fromEntries(names('y').map((name) => [name, 'number'])) }, rig.folder, {
        split: { validation: 0.2, stratified: true },
        seed: 1,
      }),
    ).toMatchObject({ warnings: [] }),
  );
  expect(seconds).toBeLessThan(3);
});
