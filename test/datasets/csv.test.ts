import { rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { atOnce } from '../../src/base/turns.ts';
import { arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import { csv } from '../../src/datasets/tables/csv.ts';
import { readCsv } from '../../src/datasets/tables/csv-table.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { Rig } from '../rig.ts';
import { draws } from '../draws.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const given = {
  file: 't.csv',
  targets: { y: 'number' },
  features: {},
  categories: {},
  test: 0.25,
  standardize: true,
  delimiter: ',',
};

test('whatever stands in the cells of a file comes out of it', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'b', '1', '"', ',', '\n', ' ', 'é'), maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, end) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        rig.write('any.csv', [['x', 'y'], ...rows].map((row) => row.map(quote).join(',')).join(end));
        const table = atOnce(readCsv({ path: join(rig.folder, 'any.csv') }, { delimiter: ',' }));
        expect(Array.from({ length: table.count }, (_, row) => [table.cell(row, 0), table.cell(row, 1)])).toEqual(rows);
      },
    ),
  );
});

/** The rows of a text, or that it is refused. */
function orRefused(read: () => readonly (readonly string[])[]): readonly (readonly string[])[] | 'refused' {
  try {
    return read();
  } catch {
    return 'refused';
  }
}

test.each([',', ';', '\t'])(
  'whatever a file holds, its cells are those of csv-parse, which refuses the same files (delimiter %j)',
  (delimiter) => {
    const anything = fc.string({
      unit: fc.constantFrom('a', '1', '"', '"', delimiter, delimiter, '\n', '\n', '\r\n', '\r', ' ', 'é'),
      minLength: 1,
      maxLength: 24,
    });
    const refused = [0, 0];
    fc.assert(
      fc.property(anything, (body) => {
        const text = `x${delimiter}y\n${body}`;
        rig.write('any.csv', text);
        const own = orRefused(() => {
          const table = atOnce(readCsv({ path: join(rig.folder, 'any.csv') }, { delimiter }));
          return [
            [...table.columns],
            ...Array.from({ length: table.count }, (_, row) => [table.cell(row, 0), table.cell(row, 1)]),
          ];
        });
        const judge = orRefused(() =>
          parse(text, { delimiter, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] }),
        );
        // A file without rows is one to it.
        expect(own).toEqual(judge.length === 1 ? 'refused' : judge);
        refused[own === 'refused' ? 1 : 0]!++;
      }),
      { numRuns: draws(3000) },
    );
    expect(Math.min(...refused)).toBeGreaterThan(draws(100));
  },
);

test.each([
  ['x,y,note\n1,2,n\n3,4,"open\n5,6,n\n', 'line 3: a quote that opens a cell has no end, in the column `note`'],
  [
    'x,y,note\n1,2,n\n3,4,"open\n5,6,"n"\n',
    'line 3: a cell goes on behind its closing quote 1 line below, in the column `note`',
  ],
  ['x,y\n3,"6"5\n', 'line 2: a cell goes on behind its closing quote, in the column `y`'],
  ['x,y\n3,"6" \n', 'line 2: a cell goes on behind its closing quote, in the column `y`'],
  ['x,y\n3, "6"\n', 'line 2: a quote stands in a cell that does not begin with one, in the column `y`'],
  ['x,y\n3,6"\n', 'line 2: a quote stands in a cell that does not begin with one, in the column `y`'],
  ['"x,y\n3,6\n', 'line 1: a quote that opens a cell has no end'],
  ['x,y\n1,"a\nb"\n2,"c\r\nd"\r3,"e"x\n', 'line 6: a cell goes on behind'],
  ['y,x\n"1\n",2\n\n"3\n\n",4\n5\n', 'line 8: 1 cells instead of 2'],
])('%j: its mistake is told where the cell begins', (text, message) => {
  rig.write('t.csv', text);
  expect(csv.describe({ ...given, test: 0.5 }, rig.folder)).toMatchObject({
    problem: expect.stringContaining(`t.csv, ${message}`) as string,
  });
});

test('numbers get mean 0 and deviation 1 over the training rows, both saved; targets stay as they are', async () => {
  rig.write('t.csv', `x,y\n${Array.from({ length: 40 }, (_, i) => `${100 + i * 3},${i}`).join('\n')}\n`);
  const { train, test: tested, preparation } = await csv.load(given, rig.folder, 7);
  const x = train.inputs[0] as Float32Array;
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  expect(mean).toBeCloseTo(0, 5);
  expect(Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length)).toBeCloseTo(1, 5);
  const [{ mean: saved, deviation }] = preparation!['input'] as [{ mean: number; deviation: number }];
  expect(Array.from(tested.inputs[0]!, (value) => Math.round((value * deviation + saved - 100) / 3))).toEqual([
    ...tested.targets[0]!,
  ]);
  expect([...train.targets[0]!, ...tested.targets[0]!].toSorted((a, b) => a - b)).toEqual([...Array(40).keys()]);
});

test('another seed takes other rows for the test', async () => {
  const taken = async (seed: number) => [...(await csv.load(given, rig.folder, seed)).test.targets[0]!];
  expect(await taken(1)).toEqual(await taken(1));
  expect(await taken(1)).not.toEqual(await taken(2));
});

test.each([
  ['x,y\n1,2\n3\n', {}, 'line 3: 1 cells instead of 2'],
  ['x,y\n1,2\n3,four\n', {}, "line 3: y is 'four', not a number"],
  ['x,y\n1,\n2,3\n', {}, 'line 2: y is empty, not a number'],
  ['x,x\n1,2\n', {}, 'two columns named `x`'],
  ['x,z\n1,2\n', {}, 'no column `y`'],
  ['x,y\n', {}, 'has no rows'],
  ['x,y\n1,2\n3,4\n5,6\n7,8\n', { targets: { y: ['2', '4'] } }, "line 4: y is '6', which is none of 2, 4"],
])('%j is refused in words', async (text, more, message) => {
  rig.write('t.csv', text);
  await expect(csv.load({ ...given, test: 0.5, ...more }, rig.folder, 1)).rejects.toThrow(message);
});

test('a missing file or column is known before the run', () => {
  expect(csv.describe({ ...given, file: 'none.csv' }, rig.folder)).toMatchObject({
    problem: expect.stringContaining('does not exist') as string,
  });
  rig.write('t.csv', 'x,z\n1,2\n');
  expect(isMisfit(csv.describe(given, rig.folder))).toBe(true);
});

test('a file with another delimiter is known by its one column', () => {
  rig.write('semicolons.csv', 'x;y\n1;2\n');
  expect(csv.describe({ ...given, file: 'semicolons.csv' }, rig.folder)).toMatchObject({
    problem: 'semicolons.csv has no column `y`',
    hint: 'It has x;y. Is `delimiter` right?',
  });
});

test('a share of the rows is what its digits say: 0.29 of 100 are 29', async () => {
  rig.write('hundred.csv', `x,y\n${Array.from({ length: 100 }, (_, i) => `${i},${i % 5}`).join('\n')}\n`);
  const { train, test: tested } = await csv.load({ ...given, file: 'hundred.csv', test: 0.29 }, rig.folder, 1);
  expect([train.count, tested.count]).toEqual([71, 29]);
});

test('what the check has read is what the run takes, unless a byte of a file changed', async () => {
  const rows = (first: number) =>
    `x,y\n${Array.from({ length: 40 }, (_, i) => `${(first + i * 7) % 89},${i % 5}`).join('\n')}\n`;
  const options = { ...given, test: 'u.csv', standardize: false };
  const path = rig.write('t.csv', rows(10));
  rig.write('u.csv', rows(20));
  const loaded = async () => ({ ...(await csv.load(options, rig.folder, 1)), origin: undefined });
  const fresh = await loaded();
  expect(csv.describe(options, rig.folder)).not.toHaveProperty('problem');
  expect(await loaded()).toEqual(fresh);
  for (const [file, name] of [
    ['t.csv', 'train'],
    ['u.csv', 'test'],
  ] as const) {
    csv.describe(options, rig.folder);
    const { atime, mtime } = statSync(path);
    rig.write(file, rows(11));
    utimesSync(join(rig.folder, file), atime, mtime);
    const changed = await loaded();
    expect(changed[name]).not.toEqual(fresh[name]);
    expect(changed).toEqual(await loaded());
  }
  csv.describe(options, rig.folder);
  rmSync(path);
  await expect(csv.load(options, rig.folder, 1)).rejects.toThrow('does not exist');
  rig.write('t.csv', rows(10).replaceAll(',', ';'));
  rig.write('u.csv', rows(10).replaceAll(',', ';'));
  csv.describe(options, rig.folder);
  expect((await csv.load({ ...options, delimiter: ';' }, rig.folder, 1)).train.count).toBe(40);
});

test('categories become a 0 or 1 for each in a batch, and numbers stay beside them', async () => {
  const kinds = ['red', 'green', 'blue'];
  const cells = Array.from({ length: 23 }, (_, i) => ({
    a: i / 4,
    kind: kinds[(i * 5) % 3]!,
    size: ['s', 'l'][(i >> 1) % 2]!,
    y: i,
  }));
  rig.write(
    't.csv',
    `a,kind,b,size,y\n${cells.map(({ a, kind, size, y }) => `${a},${kind},${-a},"${size}",${y}`).join('\n')}\n`,
  );
  const options = {
    ...given,
    standardize: false,
    categories: { kind: kinds, size: ['s', 'l'] },
    features: { one: ['a', 'kind', 'b', 'size'], two: ['size'], three: ['b'] },
  };
  const { spec, train, test: tested } = await csv.load(options, rig.folder, 1);
  expect(spec.inputs.map(({ shape }) => shape)).toEqual([[7], [2], [1]]);
  for (const part of [train, tested]) {
    for await (const { x, y, count } of arraySource(part).batches({ rows: firstRows(part.count), size: 4 })) {
      const rows = Array.from(y[0]!, (row) => cells[row]!);
      const oneHot = <T>(value: T, values: readonly T[]) => values.map((one) => Number(one === value));
      expect(rows).toHaveLength(count);
      expect(x.map((values) => [...values])).toEqual([
        rows.flatMap(({ a, kind, size }) => [a, ...oneHot(kind, kinds), 0 - a, ...oneHot(size, ['s', 'l'])]),
        rows.flatMap(({ size }) => oneHot(size, ['s', 'l'])),
        rows.map(({ a }) => 0 - a),
      ]);
    }
  }
});

test('numbers are read as they stand, however they are written between other cells', async () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }).map(String),
    fc.constantFrom('0', '-0', '+7', '007', '.5', '5.', '1e3', '0x1F', '12345678901234567890', ' 8 ', '1E-7'),
  );
  const quoted = fc.tuple(number, fc.constantFrom('', '', '"')).map(([text, quote]) => `${quote}${text}${quote}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(quoted, quoted, quoted), { minLength: 3, maxLength: 12 }),
      fc.constantFrom(',', ';', '\t', ' ', '1', '-', 'e', 'é', '；'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom('', '\ufeff'),
      async (rows, delimiter, end, mark) => {
        const text = [`"q"${delimiter}r${delimiter}s`, ...rows.map((row) => row.join(delimiter))].join(end);
        const judge = orRefused(() =>
          parse(text, { delimiter, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] }),
        );
        rig.write('n.csv', mark + text);
        const options = {
          ...given,
          file: 'n.csv',
          delimiter,
          test: 0.34,
          standardize: false,
          targets: { s: 'number' },
          features: { input: ['q', 'r'] },
        };
        const own = await csv.load(options, rig.folder, 1).catch(() => 'refused' as const);
        const values =
          judge === 'refused'
            ? judge
            : judge.slice(1).map((cells) =>
                cells.map((cell, k) => {
                  if (cell.trim() === '') return Number.NaN;
                  const single = Math.fround(Number(cell));
                  return k === 2 && Number.isFinite(single) ? Number(cell) : single;
                }),
              );
        if (values === 'refused' || values.flat().some((value) => !Number.isFinite(value))) expect(own).toBe('refused');
        else {
          expect(own).not.toBe('refused');
          const read = [(own as Dataset).train, (own as Dataset).test].flatMap(
            ({ inputs: [input], targets: [target] }) =>
              Array.from(target!, (value, row) => [input![2 * row]!, input![2 * row + 1]!, value]),
          );
          const sorted = (all: readonly (readonly number[])[]) =>
            all.map((row) => row.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' ')).toSorted();
          expect(sorted(read)).toEqual(sorted(values));
        }
      },
    ),
    { numRuns: draws(1000) },
  );
});

test.each<[delimiter: string, line: string, numbers: readonly number[] | string]>([
  ['1', '21314', [2, 3, 4]],
  ['e', '1e5e7', [1, 5, 7]],
  ['.', '1.5.7', [1, 5, 7]],
  ['-', '1e-5-7', "q is '1e', not a number"],
  ['+', '1e+5+7', "q is '1e', not a number"],
  ['e', '-0e5e7', [-0, 5, 7]],
  [' ', ' 5 7', 'q 1 (the first on line 2)'],
  [' ', '1  7', 'r 1 (the first on line 2)'],
  [' ', '1 5 7', [1, 5, 7]],
  ['\t', ' 1 \t5\t 7', [1, 5, 7]],
  ['é', '1é5é7', [1, 5, 7]],
  ['é', '1ê5é5é7', "q is '1ê5', not a number"],
  [',', '"1,5",2,3', [1.5, 2, 3]],
])('between cells may stand what stands in numbers: %j in %j', async (delimiter, line, numbers) => {
  rig.write(
    't.csv',
    [['q', 'r', 's'], [line], ['5', '6', '7'], ['8', '8', '8']].map((row) => `${row.join(delimiter)}\n`).join(''),
  );
  const options = {
    ...given,
    delimiter,
    test: 0.34,
    standardize: false,
    targets: { s: 'number' },
    features: { input: ['q', 'r'] },
  };
  if (typeof numbers === 'string') {
    expect(csv.describe(options, rig.folder)).toMatchObject({ problem: expect.stringContaining(numbers) as string });
    return;
  }
  const { train, test: tested } = await csv.load(options, rig.folder, 1);
  expect(
    [train, tested].flatMap(({ inputs: [input], targets: [target] }) =>
      Array.from(target!, (value, row) => [input![2 * row]!, input![2 * row + 1]!, value]),
    ),
  ).toContainEqual(numbers);
});
