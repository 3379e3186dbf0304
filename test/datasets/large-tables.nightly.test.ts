import { afterAll, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { csv } from '../../src/datasets/tables/csv.ts';
import type { DatasetRow } from '../../src/datasets/dataset.ts';
import { shapes } from '../../src/datasets/shapes.ts';
import { text } from '../../src/datasets/texts/text-windows.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';

let rig = new Rig();
beforeEach(() => {
  rig.remove();
  rig = new Rig();
});
afterAll(() => rig.remove());

const given = {
  file: 't.csv',
  targets: { y: 'number' },
  features: {},
  categories: {},
  test: 0.34,
  standardize: true,
  delimiter: ',',
};

const many = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i));
const columns = (count: number, rows: number) =>
  [
    ['y', ...many(count, (i) => `c${i}`)],
    ...Array.from({ length: rows }, (_, row) => ['1', ...many(count, (i) => String((row * i) % 7))]),
  ]
    .map((cells) => cells.join(','))
    .join('\n');

test.each<[string, () => string, object, string | undefined]>([
  ['200,000 columns', () => columns(200_000, 3), {}, undefined],
  ['a million rows', () => `x,y\n${'3,4\n'.repeat(1e6)}`, {}, undefined],
  ['a million decimal commas', () => `x;y\n${'0,5;1,5\n'.repeat(1e6)}`, { delimiter: ';' }, undefined],
  [
    '200,000 columns of which one is not there',
    () => columns(200_000, 1),
    { targets: { z: 'number' } },
    'no column `z`',
  ],
  [
    '200,000 columns of which the last is there twice',
    () => columns(200_000, 1).replace('c199999', 'c0'),
    {},
    'two columns named `c0`',
  ],
  [
    'a wrong number in the last of a million rows',
    () => `x,y\n${'3,4\n'.repeat(1e6)}3,x\n`,
    {},
    "line 1000002: y is 'x', not a number",
  ],
  ['more columns than that', () => `${many(4e6, (i) => `c${i}`).join(',')}\n`, {}, 'more than 262144 columns'],
  [
    'columns that many inputs share',
    () => columns(48, 100_000),
    { features: Object.fromEntries(many(400, (i) => [`a${i}`, many(48, (k) => `c${k}`)])) },
    'and all of them must be in memory',
  ],
  ['a cell of 50 MB', () => `x,y\n1,2\n1,${'9'.repeat(50e6)}\n`, {}, "', not a number"],
  [
    'a quote that never ends',
    () => `x,y\n1,2\n1,"${'9\n'.repeat(20e6)}`,
    {},
    'line 3: a quote that opens a cell has no end',
  ],
  ['the name of a column of 50 MB', () => `${'x'.repeat(50e6)},z\n1,2\n`, {}, 'no column `y`'],
  [
    'more values of categories than memory',
    () => `x,y\n${'a,1\n'.repeat(3e6)}`,
    { categories: { x: many(256, (i) => (i === 0 ? 'a' : `b${i}`)) } },
    undefined,
  ],
])('%s: an answer within seconds', async (_, content, more, problem) => {
  rig.write('t.csv', content());
  let spec: ReturnType<typeof csv.describe> | undefined;
  const seconds = await quietSecondsOf(
    () =>
      (spec = csv.describe({ ...given, ...more }, rig.folder, {
        split: { validation: 0.1, stratified: true },
        seed: 1,
      })),
  );
  expect(isMisfit(spec) ? spec.problem : undefined).toEqual(
    problem === undefined ? undefined : expect.stringContaining(problem),
  );
  expect(JSON.stringify(spec).length).toBeLessThan(20_000);
  expect(seconds).toBeLessThan(4);
  if (problem !== undefined) return;
  expect(await quietSecondsOf(() => csv.load({ ...given, ...more }, rig.folder, 1))).toBeLessThan(6);
});

test.each([
  ['x,y\n1,"2"3\n4,5\n', 'line 2: a cell goes on behind its closing quote'],
  ['x,y\n1,"2\n3,4\n', 'line 2: a quote that opens a cell has no end'],
  ['x,y\n1,1e39\n4,5\n', "line 2: y is '1e39': the largest number is 3.4e38"],
])('%j is refused in words', (content, problem) => {
  rig.write('t.csv', content);
  expect(csv.describe({ ...given, test: 0.5 }, rig.folder)).toMatchObject({
    problem: expect.stringContaining(problem) as string,
  });
});

test.each<[string, DatasetRow, Record<string, unknown>]>([
  ['a table', csv, given],
  ['a text', text, { file: 'long.txt', steps: 40, test: 0.1 }],
  ['shapes', shapes, { size: 64, train: 20_000, test: 20 }],
])(
  '%s is no longer read once the user has interrupted it, and others have their turn meanwhile',
  async (_, row, options) => {
    rig.write('t.csv', `x,y\n${'3,4\n'.repeat(3e6)}`);
    rig.write('long.txt', 'all the same '.repeat(2e6));
    const stop = new AbortController();
    let turns = 0;
    const ticking = setInterval(() => ++turns === 3 && stop.abort(), 10);
    await expect(row.load(options, rig.folder, 1, stop.signal)).rejects.toThrow('aborted');
    clearInterval(ticking);
  },
);
