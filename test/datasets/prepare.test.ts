import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crossedText } from '../../src/datasets/tables/csv-cells.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { csv } from '../../src/datasets/tables/csv.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rows = Array.from({ length: 40 }, (_, k) => ({
  age: k % 7 === 3 ? '' : String(20 + k),
  income: String(1000 + 37 * k),
  'bill length': String(k / 4),
  'bill depth': String(k / 8),
  city: ['Rome', 'Oslo', 'Kyiv'][k % 3]!,
  when: `2024-${String((k % 12) + 1).padStart(2, '0')}-05`,
  kind: ['yes', 'no'][k % 2]!,
}));
const names = Object.keys(rows[0]!);
beforeAll(() => {
  write();
});

function write(change: (row: (typeof rows)[number], k: number) => object = () => ({}), file = 't.csv') {
  const cells = rows.map((row, k) => Object.values({ ...row, ...change(row, k) }).join(','));
  rig.write(file, [names.join(','), ...cells, ''].join('\n'));
}

const complete = { age: '{ missing: mean }', city: 'oneHot', when: '{ dateParts: [month] }' };
const dense = '[dense 4 relu, dense 2]';

/** @param prepare entries of it, as YAML has them @param more options of the source */
function check(prepare: Readonly<Record<string, string>>, more = '', layers = dense) {
  const entries = Object.entries(prepare).map(([key, steps]) => `        '${key}': ${steps}`);
  const text = `name: t
data:
  source:
    csv:
      file: t.csv
      targets: { kind: fromData }
${more}      prepare:
${entries.join('\n')}
model: { layers: ${layers} }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'p.yaml'), text });
  const told = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, range, hint }) => ({ code, message, at: text.slice(range!.start, range!.end), hint }));
  return { checked, told };
}

test('classes and categories are taken from the data, sorted, and stand in the resolved file', () => {
  const { checked, told } = check(complete);
  expect(told).toEqual([]);
  const { data } = checked!.resolved as { data: { source: { csv: Record<string, unknown> } } };
  expect(data.source.csv).toMatchObject({
    targets: { kind: ['no', 'yes'] },
    categories: { city: ['Kyiv', 'Oslo', 'Rome'] },
  });
  expect(checked!.pipeline.data.source.options).toEqual(data.source.csv);
  expect(checked!.plan.dataset.targets).toEqual([{ kind: 'class', name: 'kind', classes: ['no', 'yes'], shape: [] }]);
  const again = checkSource({ name: join(rig.folder, 'r.yaml'), text: stringify(checked!.resolved) }).checked!;
  expect(again.resolved).toEqual(checked!.resolved);
  expect(again.plan.dataset).toEqual(checked!.plan.dataset);
  // age, income, two of bills, three cities, a month.
  expect(checked!.plan.dataset.inputs[0]!.shape).toEqual([8]);
});

test('numbers are sorted as such, and an embedding reads an index, but no 0 and 1', () => {
  write((_, k) => ({ city: [10, 9, 100][k % 3] }));
  const features = '      features: { input: [city] }\n';
  const layers = '[embedding 3x2, flatten, dense 2]';
  const { checked, told } = check({ city: 'index' }, features, layers);
  expect(told).toEqual([]);
  expect(checked!.pipeline.data.source.options['categories']).toEqual({ city: ['9', '10', '100'] });
  expect(checked!.plan.dataset.inputs).toMatchObject([{ shape: [1], indices: 3 }]);
  expect(check({ city: '{ hash: 50 }' }, features, layers).told).toMatchObject([{ code: 'not-indices' }]);
  expect(check({ city: '[{ hash: 50 }, index]' }, features, layers).told).toMatchObject([{ at: 'embedding 3x2' }]);
  write();
});

test('a cross is a column of the texts of others, coded as the data has them, or hashed', () => {
  const crossed = check(complete, '      cross: { both: [city, when] }\n');
  expect(crossed.told).toEqual([]);
  const { categories } = crossed.checked!.pipeline.data.source.options as { categories: Record<string, string[]> };
  expect(categories['both']!.length).toBe(12);
  expect(categories['both']!.slice(0, 2)).toEqual(['Kyiv x 2024-03-05', 'Kyiv x 2024-06-05']);
  expect(crossed.checked!.plan.dataset.inputs[0]!.shape).toEqual([8 + 12]);
  const resolved = checkSource({ name: join(rig.folder, 'r.yaml'), text: stringify(crossed.checked!.resolved) });
  expect(resolved.checked!.plan.dataset).toEqual(crossed.checked!.plan.dataset);
  const hashed = check({ ...complete, both: '[{ hash: 50 }]' }, '      cross: { both: [city, when] }\n');
  expect(hashed.checked!.plan.dataset.inputs[0]!.shape).toEqual([8 + 50]);
  // Numbers are written one way, whatever stands before their decimals; what a comma is has to be said of some.
  expect(crossedText(['1,50', '3,0', '-0,5'], undefined)).toBe('1.5 x 3 x -0.5');
  expect(crossedText(['1.50', '007', '1,234', '1.234,5'], undefined)).toBe('1.5 x 007 x 1,234 x 1.234,5');
  expect(crossedText(['1,250', '1.250', 'a,5'], ',')).toBe('1.25 x 1.250 x a,5');
  expect(crossedText(['1,250', '1.250'], '.')).toBe('1,250 x 1.25');
  // A gap in one is a gap of the cross.
  expect(check(complete, '      cross: { both: [age, city] }\n').told).toMatchObject([{ code: 'missing-values' }]);
});

test.each([
  ['{ city: [age, when] }', /has a column `city` already/, 'city'],
  ['{ both: [city, kind] }', /`kind` is a target/, 'kind'],
  ['{ both: [city, when], more: [both, city] }', /`both` is a cross itself/, 'both'],
  ['{ both: [city, wen] }', /no column `wen`/, 'wen'],
  ['{ both: [city, city] }', /.*/, undefined],
  ['{ both: [city] }', /.*/, undefined],
])('%s is no cross', (cross, message, at) => {
  const { told } = check(complete, `      cross: ${cross}\n`);
  expect(told).toMatchObject([{ message: expect.stringMatching(message) as string, ...(at && { at }) }]);
});

test.each<[string, Record<string, string>, object]>([
  ['an unknown column', { agee: 'standardize' }, { code: 'unknown-column', at: "'agee'" }],
  ['a pattern without a column', { 'x_*': 'standardize' }, { code: 'nothing-to-prepare', at: "'x_*'" }],
  ['a target', { kind: 'oneHot' }, { code: 'nothing-to-prepare', at: "'kind'" }],
  [
    'numbers of texts',
    { ...complete, city: 'standardize' },
    { code: 'not-a-number', message: expect.stringMatching(/line 2: city is 'Rome'/), at: "'city'" },
  ],
  [
    'a gap without a step',
    { ...complete, age: 'minmax' },
    { code: 'missing-values', hint: expect.stringMatching(/missing: median/) as string },
  ],
  [
    'a logarithm of 0',
    { ...complete, 'bill length': 'log' },
    {
      code: 'unusable-value',
      message: expect.stringMatching(/line 2: bill length is '0', of which `log`/),
      at: "'bill length'",
    },
  ],
  [
    'a step behind the last',
    { ...complete, city: '[oneHot, standardize]' },
    { code: 'wrong-preparation', at: 'standardize' },
  ],
  ['gaps filled too late', { ...complete, age: '[standardize, { missing: mean }]' }, { code: 'wrong-preparation' }],
  [
    'a mean of texts',
    { ...complete, city: '[{ missing: mean }, oneHot]' },
    { code: 'wrong-preparation', at: "'city'" },
  ],
  [
    'bounds that fall',
    { ...complete, age: '[{ missing: mean }, { bucketize: [3, 2] }]' },
    { code: 'wrong-preparation' },
  ],
  ['no date', { ...complete, city: '{ dateParts: [year] }' }, { code: 'not-a-date', at: "'city'" }],
  ['an unknown step', { ...complete, age: '{ missin: mean }' }, { at: 'missin' }],
  ['an unknown word', { ...complete, age: 'standardise' }, { at: 'standardise' }],
  ['a wrong strategy', { ...complete, age: '{ missing: avg }' }, { at: 'avg' }],
])('%s is a mistake at its place', (_, prepare, expected) => {
  const { told } = check(prepare);
  expect(told).toEqual([expect.objectContaining(expected)]);
});

test('the name of a column counts before a pattern, and that before the type', async () => {
  const load = (prepare: object) =>
    csv.load(
      {
        file: 't.csv',
        targets: { kind: ['no', 'yes'] },
        features: { input: ['age', 'income', 'bill length', 'bill depth', 'city'] },
        categories: {},
        prepare,
        test: 0.2,
        standardize: true,
        delimiter: ',',
      },
      rig.folder,
      1,
    );
  const { preparation } = await load({
    texts: 'oneHot',
    numbers: [{ missing: 'mean' }, 'minmax'],
    'bill*': 'robust',
    'bill length': 'quantile',
  });
  const maps = (preparation!['input'] as { column: string; maps: { step: string }[]; oneHot?: number }[]).map((one) => [
    one.column,
    ...one.maps.map(({ step }) => step),
    ...(one.oneHot === undefined ? [] : [one.oneHot]),
  ]);
  expect(maps).toEqual([
    ['age', 'minmax'],
    ['income', 'minmax'],
    ['bill length', 'quantile'],
    ['bill depth', 'robust'],
    ['city', 3],
  ]);
});

test('what is fitted is fitted to the rows trained on alone, and the short forms mean the same bits', async () => {
  const load = (more: object) =>
    csv.load(
      {
        file: 't.csv',
        targets: { kind: ['no', 'yes'] },
        features: { input: ['income', 'city'] },
        categories: {},
        test: 0.2,
        standardize: true,
        delimiter: ',',
        ...more,
      },
      rig.folder,
      1,
      undefined,
      { validation: 0.2, stratified: true },
    );
  const short = await load({ categories: { city: ['Kyiv', 'Oslo', 'Rome'] } });
  const long = await load({ prepare: { income: 'standardize', city: 'oneHot' }, standardize: false });
  expect(long.train.inputs).toEqual(short.train.inputs);
  expect(long.test.inputs).toEqual(short.test.inputs);
  expect(long.train.coded).toEqual(short.train.coded);
  const [income] = short.preparation!['input'] as [{ mean: number }];
  const trained = Array.from(long.split!.train);
  expect(trained.length).toBeLessThan(32);
  const { maps } = (long.preparation!['input'] as [{ maps: [{ fitted: [{ mean: number }] }] }])[0];
  expect(maps[0].fitted[0].mean).toBe(income.mean);
});

test('a list is none of a column with too many values, or one', () => {
  write((_, k) => ({ city: `c${k}` }));
  expect(check(complete).told).toEqual([]);
  write(() => ({ city: 'Rome' }));
  expect(check(complete).told).toEqual([expect.objectContaining({ code: 'no-list-in-data', at: "'city'" })]);
  write();
  const many = Array.from({ length: 300 }, (_, k) => `${k},c${k},${k}`);
  rig.write('many.csv', ['x,c,y', ...many, ''].join('\n'));
  expect(
    csv.describe(
      {
        file: 'many.csv',
        targets: { y: 'number' },
        features: {},
        categories: { c: 'fromData' },
        test: 0.2,
        standardize: true,
        delimiter: ',',
      },
      rig.folder,
    ),
  ).toMatchObject({
    code: 'no-list-in-data',
    problem: expect.stringMatching(/more than 256 values in `c`/) as string,
    path: ['source', 'csv', 'categories', 'c'],
  });
});
