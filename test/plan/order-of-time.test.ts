import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { many, pad, random, rig, shuffled, told } from './table-warnings.ts';

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
    'warning not-in-order at time: the rows are said to stand in the order of time, but d.csv, line 3: ' +
      '`when` goes back from 2024-01-30 to 2024-01-29.',
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
  const text =
    `name: t\n${seed}\ndata: { source: { csv: { file: d.csv, targets: { y: number } } }, ` +
    `split: { order: when, ${split} } }\nmodel: { layers: [dense 1] }\n` +
    'train: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 1 }\n';
  expect(checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics).toHaveLength(1);
});

test.each([
  ['shapes: { train: 10, test: 4 }', 'The samples of `shapes` stand in no order of time.'],
  ['mnist: {}', 'The samples of `mnist` stand in no order of time.'],
])('an order that %s has not is a mistake', (source, problem) => {
  const text =
    `name: t\ndata: { source: { ${source} }, split: { order: time } }\nmodel: { layers: [flatten, dense 10] }\n` +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n';
  expect(checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ code: 'no-order', message: problem })]) as object[],
  );
});
