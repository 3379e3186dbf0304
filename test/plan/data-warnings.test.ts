import { afterAll, expect, test } from 'vitest';
import { join } from 'node:path';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const many = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i));
const random = (i: number) => ((i * 7919 + 13) % 101) / 10;

/** What `validate` tells of a table, as `code: message`. */
function told(
  names: string,
  rows: readonly string[],
  { source = '', split = '', layers = '[dense 1]', loss = 'meanSquaredError', train = '' } = {},
): string[] {
  rig.write('d.csv', `${names}\n${rows.join('\n')}\n`);
  const text = `name: t\ndata: { source: { csv: { file: d.csv, targets: { y: ${loss === 'meanSquaredError' ? 'number' : '[a, b]'} }${source} } }, split: { ${split} } }\nmodel: { layers: ${layers} }\ntrain: { optimizer: adam, loss: ${loss}, batchSize: 4, epochs: 1${train} }\n`;
  return checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics.map(
    ({ code, message, range, severity }) =>
      `${severity} ${code} at ${range!.source.text.slice(range!.start, range!.end).slice(0, 12).trim()}: ${message}`,
  );
}

test('of an ordinary table nothing is told', () => {
  expect(
    told(
      'x,z,y',
      many(60, (i) => `${random(i)},${random(i * 3)},${random(i + 5)}`),
    ),
  ).toEqual([]);
});

const pad = (i: number) => String(i).padStart(2, '0');
const years = [
  1.1, 1.3, 1.5, 2, 2.2, 2.9, 3, 3.2, 3.2, 3.7, 3.9, 4, 4, 4.1, 4.5, 4.9, 5.1, 5.3, 5.9, 6, 6.8, 7.1, 7.9, 8.2, 8.7, 9,
  9.5, 9.6, 10.3, 10.5,
];
const followUp = [
  4, 6, 7, 7, 8, 8, 10, 10, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 20, 20, 22, 23, 23, 24, 26, 26, 26,
];
const shuffled = (i: number) => (i * 17) % 30;

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
    'warning target-as-feature at csv: 100 columns that are learnt from are the same as one that is predicted in all 30 rows: `c0` as `y`, `c3` as `y`, `c6` as `y`, `c9` as `y`, `c12` as `y` and 95 more.',
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
          `warning class-without-samples at { y: [a, b]: none of the ${count} ${k === 0 ? 'test' : 'validation'} samples is of the class \`b\` of \`y\`.`,
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
    'warning constant-target at y: `y`, which is to be predicted, is the same (700000000000000000000) in all 22 samples trained on.',
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
    'warning category-without-samples at { s: [f, m,: none of the 22 rows trained on has the categories `d` of `s` and `x` of `s`.',
  ]);
});

test.each([
  ['dates', 'when', (i: number) => `2024-01-${String(i + 1).padStart(2, '0')}`],
  ['dates of another form', 'when', (i: number) => `${i + 1}.1.2024`],
  ['dates from the newest on', 'hired', (i: number) => `2024-01-${pad(30 - i)}`],
  [
    'dates that begin with the month',
    'when',
    (i: number) => `${1 + Math.floor(i / 28)}/${(i % 28) + 1}/2024 ${i % 12 === 0 ? 12 : i % 12}:05 PM`,
  ],
  ['dates in no order, named so', 'Date', (i: number) => `2024-01-${pad(shuffled(i) + 1)}`],
  ['months', 'month', (i: number) => `${2000 + Math.floor(i / 12)}-${pad((i % 12) + 1)}`],
  ['seconds since 1970', 'timestamp', (i: number) => String(1.7e9 + i * i * 977)],
  ['days written as numbers', 'date', (i: number) => `202401${pad(i + 1)}`],
  ['hours, a few of them missing', 'hour', (i: number) => String(i + (i > 20 ? 5 : 0))],
  ['a rising number called time', 'time_s', (i: number) => String(i * 3)],
  ['a rising year', 'Year', (i: number) => String(1950 + Math.floor(i / 2))],
])('rows with %s that are divided at random are told', (_, name, time) => {
  const rows = many(30, (i) => `${time(i)},${random(i)},${random(i + 5)}`);
  const source = ', features: { input: [x] }';
  const warning = (parts: string) => [
    expect.stringMatching(
      new RegExp(`^warning time-at-random .*\`${name}\` .* the rows of ${parts} are drawn at random`),
    ),
  ];
  expect(told(`${name},x,y`, rows, { source })).toEqual(warning('the test and validation'));
  expect(told(`${name},x,y`, rows, { source, split: 'validation: 0' })).toEqual(warning('the test'));
  rig.write('later.csv', `${name},x,y\n${rows.slice(1).join('\n')}\n`);
  expect(told(`${name},x,y`, rows, { source: `${source}, test: later.csv` })).toEqual(warning('validation'));
  expect(told(`${name},x,y`, rows, { source: `${source}, test: later.csv`, split: 'validation: 0' })).toEqual([]);
  expect(
    told(`${name},x,y`, rows, { source, split: 'order: time' }).filter((line) => line.includes('time-at-random')),
  ).toEqual([]);
});

test('windows over a series that are divided at random are told', () => {
  const rows = many(30, (i) => many(4, (k) => String(random(i + k))).join(','));
  expect(told('lag3,lag2,lag1,y', rows)).toEqual([
    expect.stringContaining('`lag3` of each row is `lag2` of the one before'),
  ]);
  expect(
    told(
      'lag1,lag2,lag3,y',
      rows.map((row) => row.split(',').toReversed().join(',')).map((row) => row.replace(/^([^,]*),(.*)$/, '$2,$1')),
    ),
  ).toEqual([expect.stringContaining('time-at-random')]);
});

test('rows that are said to be in order, and are not, are told', () => {
  const rows = many(30, (i) => `2024-01-${String(30 - i).padStart(2, '0')},${random(i)},${random(i + 5)}`);
  expect(told('when,x,y', rows, { source: ', features: { input: [x] }', split: 'order: time' })).toEqual([
    'warning not-in-order at time: the rows are said to stand in the order of time, but d.csv, line 3: `when` goes back from 2024-01-30 to 2024-01-29.',
  ]);
  expect(told('when,x,y', rows, { split: 'order: when' })).toEqual([]);
});

test.each([
  [
    'a column of dates never falls',
    'ordered,born_on,due',
    (i: number) => `2024-01-${pad(i + 1)},19${50 + shuffled(i)}-01-01,2024-03-${pad(shuffled(i) + 1)}`,
  ],
  [
    'two may be meant',
    'sent,due,z',
    (i: number) => `2024-01-${pad(shuffled(i) + 1)},2024-02-${pad(((i * 7) % 28) + 1)},1`,
  ],
  ['a time in numbers rises', 't,due,z', (i: number) => `${i},2024-02-${pad(((i * 7) % 28) + 1)},1`],
  ['the dates are of birth', 'z,w,birth', (i: number) => `1,1,19${50 + shuffled(i)}-01-01`],
])('rows that are said to be in order are believed where %s', (_, names, row) => {
  expect(
    told(
      `${names},x,y`,
      many(30, (i) => `${row(i)},${random(i)},${random(i + 5)}`),
      { source: ', features: { input: [x] }', split: 'order: time' },
    ),
  ).toEqual([]);
});

test.each([
  ['seed: -1', 'validation: 0.2'],
  ['seed: 1', 'validaton: 0.2'],
  ['sed: 1', 'validation: 0.2'],
])('%s beside { order: when, %s } is one mistake', (seed, split) => {
  rig.write(
    'd.csv',
    `when,x,y\n${many(30, (i) => `2024-01-${pad(i + 1)},${random(i)},${random(i + 5)}`).join('\n')}\n`,
  );
  const text = `name: t\n${seed}\ndata: { source: { csv: { file: d.csv, targets: { y: number } } }, split: { order: when, ${split} } }\nmodel: { layers: [dense 1] }\ntrain: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 1 }\n`;
  expect(checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics).toHaveLength(1);
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

test.each([
  ['shapes: { train: 10, test: 4 }', 'The samples of `shapes` stand in no order of time.'],
  ['mnist: {}', 'The samples of `mnist` stand in no order of time.'],
])('an order that %s has not is a mistake', (source, problem) => {
  const text = `name: t\ndata: { source: { ${source} }, split: { order: time } }\nmodel: { layers: [flatten, dense 10] }\ntrain: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n`;
  expect(checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ code: 'no-order', message: problem })]) as object[],
  );
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
    '[{ embedding: { inputDim: 5, outputDim: 2 }, from: ids, name: e }, flatten, { concatenate: {}, from: [flatten_1, numbers] }, dense 1]';
  const rows = many(30, (i) => `${i % 5},${random(i * 3)},${random(i)}`);
  const features = ', features: { ids: [v], numbers: [x] }';
  expect(told('v,x,y', rows, { layers, source: `${features}, standardize: [x]` })).toEqual([]);
  expect(told('v,x,y', rows, { layers, source: features })).toEqual([expect.stringContaining('`v` is standardized')]);
});
