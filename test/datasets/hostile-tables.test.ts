import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import { jsonl } from '../../src/datasets/tables/jsonl.ts';
import { parquet } from '../../src/datasets/tables/parquet.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const given = { targets: { y: 'number' }, features: {}, categories: {}, test: 0.5, standardize: true };
const of = (file: unknown, more: object = {}) => ({ ...given, file, ...more });

const corpus = join(import.meta.dirname, 'tables');

const packed = gzipSync('x,y\n1,2\n3,4\n');

test.each([
  ['no file fits a pattern', {}, 'none-*.csv', 'data-file-missing', 'no file is named as '],
  [
    'a file has another column',
    { 'a1.csv': 'x,y\n1,2\n', 'a2.csv': 'x,z\n1,2\n' },
    'a?.csv',
    'columns-differ',
    'a2.csv has other columns than a1.csv: column 2 is `z` instead of `y`',
  ],
  [
    'a file has a column more',
    { 'b1.csv': 'x,y\n1,2\n', 'b2.csv': 'x,y,z\n1,2,3\n' },
    'b*.csv',
    'columns-differ',
    'column 3 is `z` instead of none',
  ],
  [
    'a cell of the second file is wrong',
    { 'c1.csv': 'x,y\n1,2\n3,4', 'c2.csv': 'x,y\n5,6\nseven,8\n' },
    ['c1.csv', 'c2.csv'],
    'not-a-number',
    "c1.csv and 1 more, line 3 of c2.csv: x is 'seven', not a number",
  ],
  [
    'a cell of the second file is missing',
    { 'd1.csv': 'x,y\n1,2\n3,4', 'd2.csv': 'x,y\n5,6\n,8\n' },
    ['d1.csv', 'd2.csv'],
    'missing-values',
    'x 1 (the first on line 3 of d2.csv)',
  ],
  ['a file is a folder', { 'e1.csv/x': '', 'e0.csv': 'x,y\n1,2\n' }, 'e*.csv', 'data-not-a-file', 'e1.csv'],
  ['a packed file is cut', { 'f.csv.gz': packed.subarray(0, -6) }, 'f.csv.gz', 'damaged-gzip', 'ends in the middle'],
  [
    'a packed file is damaged',
    { 'g.csv.gz': Buffer.concat([packed.subarray(0, 12), Buffer.from([255, 255]), packed.subarray(14)]) },
    'g.csv.gz',
    'damaged-gzip',
    'g.csv.gz: ',
  ],
  [
    'a packed file is a bomb',
    { 'h.csv.gz': gzipSync(Buffer.alloc(256e6 + 1), { level: 1 }) },
    'h.csv.gz',
    'data-file-too-large',
    'unpacks to more than 256,000,000 bytes',
  ],
] as const)('csv: %s', (_, files, file, code, problem) => {
  for (const [name, content] of Object.entries(files)) rig.write(name, content);
  expect(csv.describe(of(file), rig.folder)).toMatchObject({
    code,
    problem: expect.stringContaining(problem) as string,
    path: ['source', 'csv', 'file'],
  });
});

test('names of columns that are not as many as the cells of a row are told', () => {
  rig.write('few.csv', '1,2,3\n');
  expect(csv.describe(of('few.csv', { columns: ['x', 'y'] }), rig.folder)).toMatchObject({
    code: 'uneven-row',
    problem: 'few.csv, line 1: 3 cells instead of 2',
  });
});

test.each([
  ['{"x":1,"y":2}\n{"x":{"z":1},"y":2}', 'unreadable-column', 'line 2: `x` is an object, not a number or a text'],
  ['{"x":[1],"y":2}', 'unreadable-column', 'line 1: `x` is a list'],
  ['[{"x":1,"y":2}]', 'wrong-shape', 'line 1 is a list, not an object'],
  ['\n{"x":1,"y":NaN}', 'bad-json', 'line 2 is not JSON'],
  ['{"x":1,"y":2}\n{"x":1,', 'bad-json', 'line 2 is not JSON'],
  [' \n\n', 'no-rows', 't.jsonl has no rows'],
  ['{"x":1,"y":2}\n\n{"x":null,"y":2}', 'missing-values', 'x 1 (the first on line 3)'],
  ['{"x":1,"y":2}\n{"y":2}', 'missing-values', 'x 1 (the first on line 2)'],
  ['{"y":2}\n{"x":1,"y":2}', 'missing-values', 'x 1 (the first on line 1)'],
  ['{"x":true,"y":2}', 'not-a-number', "line 1: x is 'true', not a number"],
  ['{"x":1e300,"y":2}', 'number-too-large', "line 1: x is '1e+300'"],
  ['{"x":1e999,"y":2}', 'not-a-number', "line 1: x is 'Infinity'"],
  [`${'{"x":'.repeat(30)}1${'}'.repeat(30)}`, 'bad-json', 'line 1 holds more than a row can'],
  [Buffer.from('{"x":"\xff","y":2}', 'latin1'), 'data-not-text', 'is not a text in UTF-8'],
])('jsonl: %s', (text, code, problem) => {
  rig.write('t.jsonl', text);
  expect(jsonl.describe(of('t.jsonl'), rig.folder)).toMatchObject({
    code,
    problem: expect.stringContaining(problem) as string,
    path: ['source', 'jsonl', 'file'],
  });
});

test('columns of lists and objects may stay where `features` names others', async () => {
  const lines = ['{"x":1,"more":{"z":1},"y":2}', '{"x":3,"more":4,"y":5}', '{"x":6,"y":7,"late":[1]}'];
  rig.write('more.jsonl', lines.join('\n'));
  rig.write('deep.parquet', readFileSync(join(corpus, 'deep.parquet')));
  for (const [source, file] of [
    [jsonl, 'more.jsonl'],
    [parquet, 'deep.parquet'],
  ] as const) {
    const { train, test: held } = await source.load(
      of(file, { features: { input: ['x'] }, standardize: false }),
      rig.folder,
      1,
    );
    const values = [train, held].map(({ inputs, targets }) => [[...inputs[0]!], [...targets[0]!]]);
    const rows = values.flatMap(([x, y]) => x!.map((value, k) => [value, y![k]]));
    const wanted =
      source === jsonl
        ? [
            [1, 2],
            [3, 5],
            [6, 7],
          ]
        : [
            [1, 4],
            [2, 5],
            [3, 6],
          ];
    expect(rows.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual(wanted);
  }
  for (const [options, path] of [
    [{ features: { input: ['x', 'more'] } }, ['source', 'jsonl', 'features', 'input', 1]],
    [{ features: { input: ['x'] }, targets: { more: 'number' } }, ['source', 'jsonl', 'targets', 'more']],
    [{ features: { input: ['x'] }, cross: { both: ['x', 'more'] } }, ['source', 'jsonl', 'cross', 'both', 1]],
  ] as const)
    expect(jsonl.describe(of('more.jsonl', options), rig.folder)).toMatchObject({
      code: 'unreadable-column',
      problem: 'more.jsonl, line 1: `more` is an object, not a number or a text',
      path,
    });
  const division = { split: { validation: 0, stratified: true, group: 'more' }, seed: 1 };
  expect(jsonl.describe(of('more.jsonl', { features: { input: ['x'] } }), rig.folder, division)).toMatchObject({
    code: 'unreadable-column',
    path: ['split', 'group'],
  });
});

// What is wrong in the file of the test is told of it, by its option and its name.
test.each([
  ['jsonl', '{"x":1,"y":2}\n{"x":3,"y":4}', '{"x":1,"y":2}\n{"x":[3],"y":4}', 'line 2: `x` is a list'],
  ['jsonl', '{"x":1,"y":2}\n{"x":3,"y":4}', '{"x":1,"y":[2]}', 'line 1: `y` is a list'],
  ['jsonl', '{"x":1,"y":2}\n{"x":3,"y":4}', '{"x":1,"y":2}\n{"x":"many","y":4}', "line 2: x is 'many', not a number"],
  ['jsonl', '{"x":1,"y":2}\n{"x":3,"y":4}', '{"x":1,"y":2}\n{"x":3}', 'has 1 missing value'],
  ['csv', 'x,y\n"1,5",2\n"2,5",3\n', 'x,y\n"3,5",1.234\n', "line 2: y is '1.234', which may be"],
] as const)('of the test file, %s, with %j and %j: %s', (type, text, tested, problem) => {
  rig.write(`train.${type}`, text);
  rig.write(`held.${type}`, tested);
  for (const prepare of [{}, { x: { missing: 'mean' } }] as const) {
    const table = { csv, jsonl }[type];
    const division = { split: { validation: 0, stratified: true }, seed: 1 };
    const options = { test: `held.${type}`, prepare };
    const told = table.describe(of(`train.${type}`, options), rig.folder, division);
    const isPrepared = 'x' in prepare && problem.includes(' x ');
    expect(told).toMatchObject({
      problem: expect.stringMatching(/^held\./),
      path: ['source', type, ...(isPrepared ? ['prepare', 'x'] : ['test'])],
    });
    if (!isPrepared) expect((told as { problem: string }).problem).toContain(problem);
  }
});

const written = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
  new Uint8Array(parquetWriteBuffer({ columnData }));

test.each([
  [
    'nested columns',
    readFileSync(join(corpus, 'nested.parquet')),
    'unreadable-column',
    'the column `tags` holds lists',
  ],
  [
    'whole numbers that are not exact',
    written([
      { name: 'x', data: [1n, 2n ** 53n + 1n], type: 'INT64' },
      { name: 'y', data: [1, 2] },
    ]),
    'number-not-exact',
    'row 2: x is 9007199254740993, beyond the 2^53',
  ],
  [
    'NaN and nothing, which are missing',
    written([
      { name: 'x', data: [Number.NaN, 1, null], type: 'DOUBLE', nullable: true },
      { name: 'y', data: [1, 2, 3] },
    ]),
    'missing-values',
    'x 2 (the first on row 1)',
  ],
  [
    'Infinity',
    written([
      { name: 'x', data: [1, Infinity], type: 'DOUBLE' },
      { name: 'y', data: [1, 2] },
    ]),
    'not-a-number',
    "row 2: x is 'Infinity'",
  ],
  ['no rows', written([{ name: 'x', data: [], type: 'DOUBLE' }]), 'no-rows', 't.parquet has no rows'],
  ['a text', Buffer.from('PAR1,y\n1,2\n'), 'damaged-parquet', 'is no Parquet file that can be read'],
  ['nothing', Buffer.alloc(0), 'damaged-parquet', 'is no Parquet file that can be read'],
])('parquet: %s', (_, bytes, code, problem) => {
  rig.write('t.parquet', bytes);
  expect(parquet.describe(of('t.parquet'), rig.folder)).toMatchObject({
    code,
    problem: expect.stringContaining(problem) as string,
    path: ['source', 'parquet', 'file'],
  });
});

test('a whole number that is not exact hinders nothing where it is a category, or not read', () => {
  const bytes = written([
    { name: 'id', data: [1n, 2n ** 53n + 1n], type: 'INT64' },
    { name: 'x', data: [1, 2] },
    { name: 'y', data: [1, 2] },
  ]);
  rig.write('ids.parquet', bytes);
  const categories = { id: ['1', '9007199254740993'] };
  expect(parquet.describe(of('ids.parquet', { categories }), rig.folder)).not.toHaveProperty('problem');
  expect(parquet.describe(of('ids.parquet', { features: { input: ['x'] } }), rig.folder)).not.toHaveProperty('problem');
});

test.each(['snappy', 'gzip', 'brotli', 'zstd', 'none', 'delta'])(
  'a damaged Parquet file (%s) is read or refused, and soon',
  (kind) => {
    const whole = readFileSync(join(corpus, `${kind}.parquet`));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(whole.length), { freq: 5 }),
        (changes, length) => {
          const bytes = Uint8Array.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          rig.write('any.parquet', bytes.subarray(0, length ?? whole.length));
          const described = parquet.describe(of('any.parquet', { features: { input: ['x'] } }), rig.folder);
          expect('code' in described ? described.code : 'inputs' in described).toBeTruthy();
        },
      ),
      { numRuns: 60 },
    );
  },
);
