import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import type { Dataset, DatasetSpec } from '../../src/datasets/dataset.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

interface Judged {
  readonly grouped: readonly {
    readonly of: readonly number[];
    readonly share: number;
    readonly meanAway: number;
    readonly mostAway: number;
  }[];
  readonly stratified: readonly {
    readonly labels: readonly number[];
    readonly share: number;
    readonly held: readonly number[];
  }[];
}
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'group-splits.json'), 'utf8')) as Judged;

const given = {
  file: 't.csv',
  targets: { id: 'number' },
  features: {},
  categories: {},
  test: 0.2,
  standardize: true,
  delimiter: ',',
};
const write = (names: string, rows: readonly string[], file = 't.csv') =>
  rig.write(file, `${names}\n${rows.join('\n')}\n`);
const load = (more: object, split: object, seed = 1) =>
  csv.load({ ...given, ...more }, rig.folder, seed, undefined, { validation: 0.2, stratified: true, ...split });
const describe = (more: object, split: object) =>
  csv.describe({ ...given, ...more }, rig.folder, {
    seed: 1,
    split: { validation: 0.2, stratified: true, ...split },
  });
const countIn = (described: object) => ('count' in described ? (described as DatasetSpec).count : described);
const warningsIn = (described: object) =>
  'warnings' in described ? (described as DatasetSpec).warnings!.map(({ problem }) => problem) : described;

/** The ids of the rows of each part. */
function idsOf({ train, test: tested, split }: Dataset): Record<'train' | 'validation' | 'test', number[]> {
  const of = (rows: Iterable<number>) => Array.from(rows, (row) => train.targets[0]![row]!);
  return { train: of(split!.train), validation: of(split!.validation), test: [...tested.targets[0]!] };
}

const writeGroups = (groups: readonly (string | number)[]) =>
  write(
    'id,x,who',
    groups.map((group, i) => `${i},${i % 7},g${group}`),
  );

test('no group is on both sides, every row is once, the same seed gives the same, whatever the sizes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 12, maxLength: 80 }),
      fc.integer({ min: 0, max: 999 }),
      fc.double({ min: 0.05, max: 0.6, noNaN: true }),
      fc.double({ min: 0.1, max: 0.6, noNaN: true }),
      async (drawn, seed, validation, share) => {
        const groups = [...drawn, 0, 1, 2];
        writeGroups(groups);
        const parts = idsOf(await load({ test: share }, { group: 'who', validation }, seed));
        const found = Object.values(parts).flatMap((ids) => [...new Set(ids.map((id) => groups[id]))]);
        expect(found.length).toBe(new Set(groups).size);
        expect(
          Object.values(parts)
            .flat()
            .toSorted((a, b) => a - b),
        ).toEqual([...groups.keys()]);
        expect(Math.min(parts.train.length, parts.test.length)).toBeGreaterThan(0);
        expect(idsOf(await load({ test: share }, { group: 'who', validation }, seed))).toEqual(parts);
      },
    ),
    { numRuns: 40 },
  );
});

test("shares are nearer to what was asked for than those of scikit-learn's GroupShuffleSplit", async () => {
  for (const { of, share, meanAway, mostAway } of judged.grouped) {
    writeGroups(of);
    const away: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const tested = (await load({ test: share }, { group: 'who', validation: 0 }, seed)).test.count;
      away.push(Math.abs(tested / of.length - share));
    }
    expect(Math.max(...away)).toBeLessThanOrEqual(mostAway + 1 / of.length);
    expect(away.reduce((sum, one) => sum + one, 0) / 5).toBeLessThanOrEqual(meanAway + 1 / of.length);
  }
});

test("each class has the share that scikit-learn's StratifiedShuffleSplit gives it", async () => {
  for (const { labels, share, held } of judged.stratified) {
    write(
      'x,y',
      labels.map((label, i) => `${i},c${label}`),
    );
    const classes = held.map((_, k) => `c${k}`);
    const { test: tested } = await load({ targets: { y: classes }, test: share }, {}, 3);
    const counts = held.map((_, k) => tested.targets[0]!.filter((one) => one === k).length);
    for (const [k, count] of counts.entries()) expect(Math.abs(count - held[k]!)).toBeLessThanOrEqual(1);
    expect(tested.count).toBe(held.reduce((sum, one) => sum + one, 0));
  }
});

test('what is known before a run is what it reads', async () => {
  writeGroups(Array.from({ length: 50 }, (_, i) => (i * i) % 11));
  const read = await load({}, { group: 'who' });
  expect(countIn(describe({}, { group: 'who' }))).toEqual({
    train: read.train.count,
    test: read.test.count,
    validation: read.split!.validation.length,
  });
  expect(read.spec.inputs[0]!.shape).toEqual([1]);
});

const parted = ['train', 'val', 'test', 'train', 'valid', 'validation', 'test', 'train'];
const writeParts = (parts: readonly string[], file?: string) =>
  write(
    'id,x,part',
    parts.map((part, i) => `${i},${i % 3},${part}`),
    file,
  );

test('a column says the part of each row, in the usual words or in others', async () => {
  const expected = { train: [0, 3, 7], validation: [1, 4, 5], test: [2, 6] };
  writeParts(parted);
  const read = await load({}, { column: 'part' });
  expect(idsOf(read)).toEqual(expected);
  expect(read.spec.inputs[0]!.shape).toEqual([1]);
  expect(countIn(describe({}, { column: 'part', validation: 5000 }))).toEqual({ train: 6, test: 2, validation: 3 });
  writeParts(parted.map((part) => (part.startsWith('v') ? 'dev' : part.replace('train', '0'))));
  expect(idsOf(await load({}, { column: 'part', parts: { validation: 'dev', train: '0' } }))).toEqual(expected);
});

test('a column without rows for validation leaves them to be drawn from those of train', async () => {
  writeParts(Array.from({ length: 20 }, (_, i) => (i < 15 ? 'train' : 'test')));
  const parts = idsOf(await load({}, { column: 'part' }));
  expect([parts.train.length, parts.validation.length, parts.test]).toEqual([12, 3, [15, 16, 17, 18, 19]]);
  expect(countIn(describe({}, { column: 'part' }))).toEqual({ train: 15, test: 5, validation: 3 });
});

test('validation has files of its own, also beside a test of its own, groups and an order', async () => {
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${from + i},${i % 3},g${(from + i) % 4}`);
  write('id,x,who', rows(0, 10));
  write('id,x,who', rows(10, 3), 'v1.csv');
  write('id,x,who', rows(13, 2), 'v2.csv');
  write('id,x,who', rows(20, 4), 'held.csv');
  const own = { validation: 'v*.csv' };
  const validation = [10, 11, 12, 13, 14];
  const features = { input: ['x'] };
  const drawn = await load({ ...own, features }, { validation: 0 });
  const parts = idsOf(drawn);
  expect([parts.validation, parts.train.length, parts.test.length]).toEqual([validation, 8, 2]);
  expect(drawn.files.map(({ name }) => name.replace(/.*\//, ''))).toEqual(['t.csv', 'v1.csv', 'v2.csv']);
  expect(drawn.origin!.place('train', drawn.split!.validation[3]!)).toMatchObject({ line: 2 });
  const all = idsOf(await load({ ...own, test: 'held.csv', features }, {}));
  expect(all).toEqual({ train: [...Array(10).keys()], validation, test: [20, 21, 22, 23] });
  expect(countIn(describe({ ...own, test: 'held.csv', features }, {}))).toEqual({ train: 15, test: 4, validation: 5 });
  const ordered = idsOf(await load({ ...own, features }, { order: 'time' }));
  expect(ordered).toEqual({ train: [0, 1, 2, 3, 4, 5, 6, 7], validation, test: [8, 9] });
  expect(warningsIn(describe({ ...own, test: 'held.csv' }, { group: 'who' }))).toEqual([
    "4 of 4 values of `who` in the validation are trained on, too, such as 'g2'",
    "4 of 4 values of `who` in the test are trained on, too, such as 'g0'",
  ]);
});

test('a part that whole groups cannot come near to is told of, and a class that only the test has', () => {
  writeGroups([...Array<number>(40).fill(0), ...Array<number>(40).fill(1), ...Array<number>(20).fill(2)]);
  expect(warningsIn(describe({ test: 0.05 }, { group: 'who', validation: 0 }))).toEqual([
    'the test has 20 rows instead of 5, as no group of `who` is on both sides',
  ]);
  write(
    'x,y,part',
    Array.from({ length: 20 }, (_, i) => `${i % 7},${i > 17 ? 'c' : 'ab'[i % 2]},${i > 14 ? 'test' : 'train'}`),
  );
  expect(warningsIn(describe({ targets: { y: ['a', 'b', 'c'] } }, { column: 'part', validation: 0 }))).toEqual([
    'none of the 15 training samples is of the class `c` of `y`',
  ]);
});

test.each<[string, object, object, string, readonly (string | number)[]]>([
  ['unknown group', {}, { group: 'whom' }, 't.csv has no column `whom`', ['split', 'group']],
  ['unknown column', {}, { column: 'parts' }, 't.csv has no column `parts`', ['split', 'column']],
  ['one group', {}, { group: 'one' }, 't.csv has 1 group in `one`: too few', ['split', 'group']],
  ['two groups', {}, { group: 'two' }, 'too few for training and validation and test', ['split', 'group']],
  ['a gap', {}, { group: 'gap' }, 't.csv, line 4: gap is empty: the row is of no group', ['split', 'group']],
  ['no part', {}, { column: 'gap' }, "t.csv, line 2: gap is 'a', none of train, validation", ['split', 'column']],
  ['a part too many', {}, { column: 'odd' }, "t.csv, line 5: odd is 'dev', none of", ['split', 'column']],
  ['no test', {}, { column: 'seen' }, 'no row of t.csv is for test: `seen` never says test', ['split', 'column']],
  [
    'a part that is not there',
    {},
    { column: 'part', parts: { validation: 'dev' } },
    'no row of t.csv is for validation: `part` never says dev',
    ['split', 'parts', 'validation'],
  ],
  [
    'a test twice',
    { test: 'held.csv' },
    { column: 'part' },
    't.csv, line 2: part says test, but `test` names files of its own',
    ['split', 'column'],
  ],
  [
    'a feature',
    { features: { input: ['x', 'who'] } },
    { group: 'who' },
    '`who` says how the rows are divided',
    ['source', 'csv', 'features', 'input', 1],
  ],
  [
    'a target',
    { targets: { who: 'fromData' } },
    { group: 'who' },
    '`who` says how the rows are divided',
    ['source', 'csv', 'targets', 'who'],
  ],
  [
    'categories',
    { categories: { who: 'fromData' } },
    { group: 'who' },
    '`who` says how the rows are divided',
    ['source', 'csv', 'categories', 'who'],
  ],
  [
    'prepared',
    { prepare: { who: 'oneHot' } },
    { group: 'who' },
    'prepare: `who` is not learnt from',
    ['source', 'csv', 'prepare', 'who'],
  ],
])('%s is a mistake at its place', (_, more, split, problem, path) => {
  const names = ['id', 'x', 'who', 'one', 'two', 'gap', 'odd', 'seen', 'part'];
  const rows = Array.from({ length: 9 }, (_one, i) =>
    [
      i,
      i % 3,
      `g${i}`,
      'a',
      'ab'[i % 2],
      i === 2 ? '' : 'a',
      i === 3 ? 'dev' : 'train',
      'train',
      i < 2 ? 'test' : 'train',
    ].join(','),
  );
  write(names.join(','), rows);
  write(names.join(','), rows, 'held.csv');
  expect(describe({ features: { input: ['x'] }, ...more }, split)).toMatchObject({
    problem: expect.stringContaining(problem),
    path,
  });
});

test('the column is none that patterns or types of `prepare` mean, nor one that a list is taken from', () => {
  write(
    'id,color,who',
    Array.from({ length: 600 }, (_, i) => `${i},${['red', 'blue'][i % 2]},w${i >> 1}`),
  );
  const options = { ...given, prepare: { texts: 'oneHot' } };
  const split = { validation: 0.2, stratified: true, group: 'who' };
  expect(csv.settle!(options, rig.folder, split)).toMatchObject({ categories: { color: ['blue', 'red'] } });
  expect(Object.keys((csv.settle!(options, rig.folder, split) as typeof options).categories)).toEqual(['color']);
  expect(describe({ prepare: { 'w*': 'oneHot' }, categories: { color: 'fromData' } }, { group: 'who' })).toMatchObject({
    problem: 'prepare: `w*` fits no column',
  });
});

test.each([
  ['{ group: who, order: time }', 'split-conflict'],
  ['{ group: who, column: x }', 'split-conflict'],
  ['{ parts: { train: fit } }', 'split-conflict'],
  ['{ column: x, parts: { train: fit, test: fit } }', 'split-conflict'],
  ['{ group: who, validation: -1 }', 'wrong-type'],
])('a split of %s is told as one mistake', (split, code) => {
  write('id,x,who', ['1,2,a', '2,3,b', '3,4,c']);
  const text = (source: string) => `name: t
data: { source: ${source}, split: ${split} }
model: { layers: [dense 1] }
train: { optimizer: adam, epochs: 1, loss: meanSquaredError }
`;
  const codes = (source: string) =>
    checkSource({ name: join(rig.folder, 'p.yaml'), text: text(source) }).diagnostics.map((one) => one.code);
  expect(codes('{ csv: { file: t.csv, targets: { id: number } } }')).toEqual([code]);
  if (split.includes('group')) expect(codes('mnist')).not.toEqual([]);
});
