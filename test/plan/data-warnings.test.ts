import { expect, test } from 'vitest';
import { many, pad, random, rig, shuffled, told } from './table-warnings.ts';

test('of an ordinary table nothing is told', () => {
  expect(
    told(
      'x,z,y',
      many(60, (i) => `${random(i)},${random(i * 3)},${random(i + 5)}`),
    ),
  ).toEqual([]);
});

const years = [
  1.1, 1.3, 1.5, 2, 2.2, 2.9, 3, 3.2, 3.2, 3.7, 3.9, 4, 4, 4.1, 4.5, 4.9, 5.1, 5.3, 5.9, 6, 6.8, 7.1, 7.9, 8.2, 8.7, 9,
  9.5, 9.6, 10.3, 10.5,
];
const followUp = [
  4, 6, 7, 7, 8, 8, 10, 10, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 20, 20, 22, 23, 23, 24, 26, 26, 26,
];
test.each<[what: string, names: string, row: (i: number) => string]>([
  ['years of experience, sorted', 'YearsExperience,y', (i) => `${years[i]},${random(i)}`],
  ['days of follow-up, sorted', 'age,time,y', (i) => `${random(i)},${followUp[i]},${random(i + 5)}`],
  ['days of follow-up, each in many rows', 'age,time,y', (i) => `${random(i)},${Math.floor(i / 4)},${random(i + 5)}`],
  ['years of models, sorted', 'mpg,model_year,y', (i) => `${random(i)},${70 + Math.floor(i / 3)},${random(i + 5)}`],
  ['years of two digits', 'mpg,year,y', (i) => `${random(i)},${70 + Math.floor(i / 3)},${random(i + 5)}`],
  ['hours of study, sorted', 'Hours,y', (i) => `${(i * 0.5).toFixed(1)},${random(i)}`],
  ['starts and ends of intervals', 'start,end,y', (i) => `${i * i},${(i + 1) * (i + 1)},${random(i)}`],
  ['the only feature that counts', 'x,y', (i) => `${i},${2 * i + 1}`],
  ['the only feature that counts, named id', 'id,y', (i) => `${i},${2 * i + 1}`],
  ['a quantity that counts', 'dose,x,y', (i) => `${i},${random(i)},${random(i + 5)}`],
  ['an index of prices', 'index,x,y', (i) => `${20 + ((i * 37) % 97)},${random(i)},${random(i + 5)}`],
])('of a table with %s nothing is told', (_, names, row) => {
  expect(told(names, many(30, row))).toEqual([]);
});

test.each<[what: string, names: string, row: (i: number) => string]>([
  ['births in no order', 'birth,x,y', (i) => `19${50 + shuffled(i)}-03-${pad(i + 1)},${random(i)},${random(i + 5)}`],
  ['births, sorted', 'date_of_birth,x,y', (i) => `19${50 + i}-03-${pad(i + 1)},${random(i)},${random(i + 5)}`],
  ['dates of hiring in no order', 'hired,x,y', (i) => `3/${shuffled(i) + 1}/2024,${random(i)},${random(i + 5)}`],
  [
    'two dates in no order',
    'date,due,x,y',
    (i) => `2024-01-${pad(shuffled(i) + 1)},2024-02-${pad(((i * 7) % 28) + 1)},${random(i)},${random(i + 5)}`,
  ],
  ['numbers of parts', 'part,x,y', (i) => `${1000 + i}-01,${random(i)},${random(i + 5)}`],
  ['numbers of versions', 'version,x,y', (i) => `1.${i}.0,${random(i)},${random(i + 5)}`],
])('of a table with %s nothing is told, where they are not learnt from', (_, names, row) => {
  expect(told(names, many(30, row), { source: ', features: { input: [x] }' })).toEqual([]);
});

test.each([
  ['0.1', 'x'],
  ['-1e-300', 'x'],
  ['0', 'x'],
])('a column of %s alone is constant', (value) => {
  expect(
    told(
      'x,c,y',
      many(30, (i) => `${random(i)},${value},${random(i + 5)}`),
    ),
  ).toEqual([`warning constant-column at csv: \`c\` (${Number(value)}) is constant in the 22 rows trained on.`]);
});

test.each([
  ['', 0, 'the nameless column 1'],
  ['Unnamed: 0', 0, '`Unnamed: 0`'],
  ['id', 1, '`id`'],
  ['PassengerId', 1, '`PassengerId`'],
  ['Serial No.', 100, '`Serial No.`'],
  ['index', 0, '`index`'],
])('a column %j that counts from %d counts the rows', (name, first, called) => {
  expect(
    told(
      `${name},x,y`,
      many(30, (i) => `${first + i},${random(i)},${random(i + 5)}`),
    ),
  ).toEqual([
    `warning row-number-column at csv: ${called} (${first}, ${first + 1}, ... ${first + 29}) only counts the rows.`,
  ]);
});

test('the index of pandas is known where rows were shuffled or taken out too', () => {
  expect(
    told(
      ',x,y',
      many(30, (i) => `${(i * 17) % 101},${random(i)},${random(i + 5)}`),
    ),
  ).toEqual([expect.stringMatching(/^warning row-number-column .*the nameless column 1 \(0, 17, \.\.\. 89\)/)]);
  expect(
    told(
      'n,x,y',
      many(30, (i) => `${(i * 17) % 31},${random(i)},${random(i + 5)}`),
    ),
  ).toEqual([]);
});

test('the target among the features is told, by its own name or another', () => {
  expect(
    told(
      'x,y',
      many(30, (i) => `${random(i)},${random(i + 5)}`),
      { source: ', features: { input: [x, y] }' },
    ),
  ).toEqual(['warning target-as-feature at { input: [x,: `y` is predicted from itself.']);
  expect(
    told(
      'x,copy,y',
      many(30, (i) => `${random(i)},${random(i + 5).toFixed(4)},${random(i + 5)}`),
    ),
  ).toEqual([
    'warning target-as-feature at csv: `copy` is the same as `y` in all 30 rows, which is predicted from it.',
  ]);
});

test('of many targets among the features a few are named, in one warning', () => {
  const names = many(300, (k) => `c${k}`);
  const rows = many(30, (i) =>
    [...names.map((_, k) => (k % 3 === 0 ? random(i + 5) : (i * i * k) % 1009)), random(i + 5)].join(','),
  );
  expect(told(`${names.join(',')},y`, rows)).toEqual([
    'warning target-as-feature at csv: 100 columns that are learnt from are the same as one that is predicted ' +
      'in all 30 rows: `c0` as `y`, `c3` as `y`, `c6` as `y`, `c9` as `y`, `c12` as `y` and 95 more.',
  ]);
});

test('a number called time that rises by 1 may count the rows, which is said', () => {
  const rows = (time: (i: number) => number) => many(30, (i) => `${time(i)},${random(i)},${random(i + 5)}`);
  expect(
    told(
      'time,x,y',
      rows((i) => i),
    ),
  ).toEqual([
    expect.stringContaining('`time` rises by 1 in each row, as a clock or a count of the rows does (0 to 29), and'),
  ]);
  expect(
    told(
      'time,x,y',
      rows((i) => 3 * i),
    ),
  ).toEqual([expect.stringContaining('`time` never falls from row to row (0 to 87), and')]);
});

test('the training file as the test is told, under another name too', () => {
  const rows = many(30, (i) => `${random(i)},${random(i + 5)}`);
  rig.write('copy.csv', `x,y\n${rows.join('\n')}\n`);
  for (const file of ['d.csv', './d.csv', 'copy.csv'])
    expect(told('x,y', rows, { source: `, test: ${file}` })).toEqual([
      expect.stringMatching(
        /^warning test-is-train at (\.\/)?\w+\.csv: \w+\.csv, the test, holds the rows that are trained on/,
      ),
    ]);
  rig.write('other.csv', 'x,y\n1,2\n3,4\n');
  expect(told('x,y', rows, { source: ', test: other.csv' })).toEqual([]);
});

test('each part without a class is told', () => {
  const rows = (classOf: (i: number) => string) => many(40, (i) => `${random(i)},${classOf(i)}`);
  const loss = 'sigmoidCrossEntropy';
  expect(
    told(
      'x,y',
      rows((i) => (i % 2 ? 'a' : 'b')),
      { loss },
    ),
  ).toEqual([]);
  expect(
    told(
      'x,y',
      rows((i) => (i === 7 ? 'b' : 'a')),
      { loss, split: 'validation: 10' },
    ),
  ).toEqual(
    [8, 10]
      .map(
        (count, k) =>
          'warning class-without-samples at { y: [a, b]: ' +
          `none of the ${count} ${k === 0 ? 'test' : 'validation'} samples is of the class \`b\` of \`y\`.`,
      )
      .toReversed(),
  );
  expect(
    told(
      'x,y',
      rows((i) => (i < 36 ? 'a' : 'b')),
      { loss, split: 'order: time' },
    ).map((line) => line.replace(/^.*: none/, 'none')),
  ).toEqual([
    'none of the 29 training samples is of the class `b` of `y`.',
    'none of the 3 validation samples is of the class `b` of `y`.',
  ]);
  expect(
    told(
      'x,y',
      rows(() => 'a'),
      { loss, split: 'validation: 0' },
    ),
  ).toHaveLength(2);
  expect(
    told(
      'x,y',
      rows((i) => (i < 36 ? 'a' : 'b')),
      { loss, split: 'order: time, validation: 1' },
    ).at(-1),
  ).toMatch(/: the only validation sample is not of the class `b` of `y`\.$/);
});

test('a target that is the same in all rows trained on is told at its name', () => {
  const rows = (y: (i: number) => number) => many(30, (i) => `${random(i)},${y(i)}`);
  const found = [
    'warning constant-target at y: `y`, which is to be predicted, ' +
      'is the same (700000000000000000000) in all 22 samples trained on.',
  ];
  expect(
    told(
      'x,y',
      rows(() => 7e20),
    ),
  ).toEqual(found);
  expect(
    told(
      'x,y',
      rows((i) => (i < 22 ? 7e20 : i)),
      { split: 'order: time' },
    ),
  ).toEqual(found);
  expect(
    told(
      'x,y',
      rows((i) => (i === 3 ? 1 : 7)),
      { split: 'order: time' },
    ),
  ).toEqual([]);
});

test('a category that is in no row trained on is told', () => {
  expect(
    told(
      'x,s,y',
      many(30, (i) => `${random(i)},${i % 2 ? 'f' : 'm'},${random(i + 5)}`),
      { source: ', categories: { s: [f, m, d, x] }' },
    ),
  ).toEqual([
    'warning category-without-samples at { s: [f, m,: ' +
      'none of the 22 rows trained on has the categories `d` of `s` and `x` of `s`.',
  ]);
});

test('without validation, what waits for it is refused at its place', () => {
  const rows = many(30, (i) => `${random(i)},${random(i + 5)}`);
  expect(told('x,y', rows, { split: 'validation: 0' })).toEqual([]);
  expect(told('x,y', rows, { split: 'validation: 0', train: ', earlyStopping: { patience: 3 }' })).toEqual([
    expect.stringMatching(
      /^error unmeasured-metric at .*val_loss is never measured: the split leaves no sample for validation/,
    ),
  ]);
  expect(told('x,y', rows, { split: 'validation: 0', train: ', schedule: reduceOnPlateau' })).toEqual([
    expect.stringContaining('val_loss is never measured'),
  ]);
  expect(told('x,y', rows, { split: 'validation: 0', train: ', earlyStopping: { monitor: loss }' })).toEqual([]);
});

test('what an embedding reads is indices, at each row', () => {
  const layers = '[embedding 5x4, flatten, dense 1]';
  const ids = many(30, (i) => `${i % 5},${(i * 3) % 5},${random(i)}`);
  const source = ', standardize: false';
  expect(told('v,w,y', ids, { layers, source })).toEqual([]);
  expect(told('v,w,y', ids, { layers })).toEqual([
    'error not-indices at embedding 5x: `embedding_1` reads whole numbers from 0 on, but `v` and `w` are standardized.',
  ]);
  expect(told('v,w,y', ids, { layers, source: ', standardize: [w]' })).toEqual([
    expect.stringContaining('but `w` is standardized.'),
  ]);
  expect(told('v,w,y', ids, { layers: '[reshape 2, embedding 5x4, flatten, dense 1]' })).toEqual([
    expect.stringContaining('`v` and `w` are standardized'),
  ]);
  const changed = (cell: string) => ids.map((row, i) => (i === 7 ? row.replace(/^\d+/, cell) : row));
  expect(told('v,w,y', changed('1.5'), { layers, source })).toEqual([
    expect.stringContaining('reads whole numbers from 0 on, but d.csv, line 9: v is 1.5.'),
  ]);
  expect(told('v,w,y', changed('-1'), { layers, source })).toEqual([
    expect.stringContaining('d.csv, line 9: v is -1.'),
  ]);
  expect(told('v,w,y', changed('5'), { layers, source })).toEqual([
    'error index-out-of-range at embedding 5x: `embedding_1` reads numbers below 5, but d.csv, line 9: v is 5.',
  ]);
  rig.write('later.csv', 'v,w,y\n1,9,1\n0,0,2\n');
  expect(told('v,w,y', ids, { layers, source: `${source}, test: later.csv` })).toEqual([
    expect.stringContaining('later.csv, line 2: w is 9.'),
  ]);
  expect(told('v,w,y', ids, { layers, source: ', categories: { v: ["0", "1", "2", "3", "4"] }' })).toEqual([
    expect.stringContaining('`v` is among `categories`'),
  ]);
});

test('beside an embedding, other columns are standardized', () => {
  const layers =
    '[{ embedding: { inputDim: 5, outputDim: 2 }, from: ids, name: e }, flatten, ' +
    '{ concatenate: {}, from: [flatten_1, numbers] }, dense 1]';
  const rows = many(30, (i) => `${i % 5},${random(i * 3)},${random(i)}`);
  const features = ', features: { ids: [v], numbers: [x] }';
  expect(told('v,x,y', rows, { layers, source: `${features}, standardize: [x]` })).toEqual([]);
  expect(told('v,x,y', rows, { layers, source: features })).toEqual([expect.stringContaining('`v` is standardized')]);
});
