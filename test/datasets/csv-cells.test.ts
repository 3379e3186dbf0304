import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const given = {
  file: 't.csv',
  targets: { y: 'number' },
  features: {},
  categories: {},
  test: 0.5,
  standardize: false,
  delimiter: ';',
};

/** The column `x`, in the order of `y`, which counts the rows. */
async function columnOf(cells: readonly string[], more: object = {}): Promise<readonly number[]> {
  rig.write('t.csv', `x;y\n${cells.map((cell, row) => `${cell};${row}`).join('\n')}\n`);
  const { train, test: tested } = await csv.load({ ...given, ...more }, rig.folder, 1);
  const rows = [train, tested].flatMap(({ inputs, targets }) =>
    Array.from(targets[0]!, (row, k) => [row, inputs[0]![k]!] as const),
  );
  return rows.sort(([a], [b]) => a - b).map(([, value]) => value);
}

const problemOf = (cells: readonly string[], more: object = {}) => {
  rig.write('t.csv', `x;y\n${cells.map((cell, row) => `${cell};${row}`).join('\n')}\n`);
  return csv.describe({ ...given, ...more }, rig.folder) as { problem: string; hint: string };
};

test.each<[string, readonly string[], object, readonly number[]]>([
  ['decimals that only a comma can be', ['1,5', '0,25', '3'], {}, [1.5, 0.25, 3]],
  ['three decimals below one', ['0,001', '1,234', '7'], {}, [0.001, 1.234, 7]],
  ['an exponent', ['1,5e3', '2e-1', '3'], {}, [1500, 0.2, 3]],
  ['groups before the comma', ['1.234,5', '2.000', '3,5'], {}, [1234.5, 2000, 3.5]],
  ['the other way around', ['1,234.5', '2,000', '3.5'], {}, [1234.5, 2000, 3.5]],
  ['two groups', ['1,234,567', '1,000', '3'], {}, [1234567, 1000, 3]],
  ['what the source says: a comma', ['1,234', '2,345', '3'], { decimal: ',' }, [1.234, 2.345, 3]],
  ['what the source says: a point', ['1,234', '2,345', '3'], { decimal: '.' }, [1234, 2345, 3]],
  ['points alone, as ever', ['1.234', '2.345', '-1e-3'], {}, [1.234, 2.345, -0.001]],
])('a column of numbers with commas: %s', async (_, cells, more, numbers) => {
  expect(await columnOf(cells, more)).toEqual([...Float32Array.from(numbers)]);
});

test('a comma is read in a cell in quotes, too, where it stands between cells', async () => {
  rig.write('t.csv', 'x,y\n"1,5",1\n"2,5",2\n');
  expect((await csv.load({ ...given, delimiter: ',' }, rig.folder, 1)).train.inputs[0]).toHaveLength(1);
  expect(csv.describe({ ...given, delimiter: ',' }, rig.folder)).not.toHaveProperty('problem');
});

test.each([
  [['1,234', '2,345', '3'], "t.csv, line 2: x is '1,234', which may be 1.234 or 1234"],
  [['1', '1,234', '0.5'], "t.csv, line 3: x is '1,234', which may be 1.234 or 1234"],
  [
    ['999.5', '12,345', '3'],
    "t.csv, line 3: x is '12,345', which may be 12.345 or 12345, and though `.` stands before the decimals " +
      'of other cells, none shows that `,` groups digits, as `1,234.5` would',
  ],
  [
    ['0,5', '1.234', '3'],
    "t.csv, line 2: x is '0,5', and though `,` stands before the decimals of other cells, " +
      'none shows that `.` groups digits',
  ],
  [
    ['0,5', '7.5', '3'],
    "t.csv, line 2: x is '0,5', and other cells of the column have another sign before the decimals",
  ],
  [['0,5', '1,234.5', '3'], "t.csv, line 2: x is '0,5'"],
  [['0,5', '1,5', 'many'], "t.csv, line 4: x is 'many', not a number"],
  [['1', '2', '1,2,3'], "t.csv, line 4: x is '1,2,3', not a number"],
  [['1', '2', 'a,b'], "t.csv, line 4: x is 'a,b', not a number"],
])('%j: what may be two numbers is never taken for one', (cells, problem) => {
  expect(problemOf(cells).problem).toContain(problem);
});

test('a point in another column, or in the test, is asked for where a column has decimal commas', () => {
  const two = (cells: readonly string[], more: object = {}) => {
    rig.write('t.csv', `x;b;y\n${cells.map((cell, row) => `${row},5;${cell};${row}`).join('\n')}\n`);
    return csv.describe({ ...given, ...more }, rig.folder) as { problem?: string };
  };
  expect(two(['900', '1.234', '902', '1.100']).problem).toMatch(
    /^t\.csv, line 3: b is '1\.234', which may be \S+ or \S+, and the other cells of the column do not show what stands before the decimals$/,
  );
  expect(two(['900', '1.234', '902', '1.100'], { decimal: ',' })).not.toHaveProperty('problem');
  expect(two(['0.5', '1.234', '0.75', '3'])).not.toHaveProperty('problem');
  rig.write('other.csv', 'x;y\n7.250;1\n8.125;2\n');
  expect(problemOf(['7,5', '8,25', '1'], { test: 'other.csv' }).problem).toMatch(
    /^other\.csv, line 2: x is '7\.250', which may be \S+ or \S+, and/,
  );
});

test('numbers as a country writes them are read as they are, or not at all', async () => {
  const locales = ['en-US', 'de-DE', 'it-IT', 'pt-BR', 'nl-NL', 'da-DK'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...locales),
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 6 }),
      async (locale, maximumFractionDigits, numbers) => {
        const cells = numbers.map((value) =>
          new Intl.NumberFormat(locale, { maximumFractionDigits, useGrouping: true }).format(value),
        );
        const right = numbers.map((value) =>
          Number(new Intl.NumberFormat('en-US', { maximumFractionDigits, useGrouping: false }).format(value)),
        );
        const read = await columnOf(cells).catch(() => undefined);
        // Without a comma in the column, a point stands before decimals, as in all programs.
        if (read !== undefined && cells.some((cell) => cell.includes(',')))
          expect(
            read.map((value) => value + 0),
            cells.join(' '),
          ).toEqual([...Float32Array.from(right)].map((value) => value + 0));
        const decimal = locale === 'en-US' ? '.' : ',';
        expect(
          (await columnOf(cells, { decimal })).map((value) => value + 0),
          cells.join(' '),
        ).toEqual([...Float32Array.from(right)].map((value) => value + 0));
      },
    ),
    { numRuns: 300 },
  );
});

test('missing values are counted by column, with the first of each and the way out', () => {
  rig.write('t.csv', 'age;fare;sex;y\n1;2;m;3\n;NA;;4\n3;;f;5\n4;5;m;6\n;7;m;?\n6;8;m;9\n');
  expect(csv.describe({ ...given, categories: { sex: ['m', 'f'] } }, rig.folder)).toMatchObject({
    problem:
      't.csv has 6 missing values in 6 rows: age 2 (the first on line 3), fare 2 (the first on line 3, `NA`), ' +
      'sex 1 (the first on line 3), y 1 (the first on line 6, `?`)',
    hint: expect.stringContaining('`features` names those that are learnt from') as string,
  });
  // What the list names is a value, and a text that is no number a mistake of its own.
  expect(
    csv.describe(
      { ...given, features: { input: ['sex'] }, categories: { sex: ['m', 'f', ''] }, targets: { age: 'number' } },
      rig.folder,
    ),
  ).toMatchObject({ problem: expect.stringMatching(/2 missing values in 6 rows: age 2/) as string });
  rig.write('t.csv', 'x;y\n;1\n1;two\n');
  expect(csv.describe(given, rig.folder)).toMatchObject({ problem: "t.csv, line 3: y is 'two', not a number" });
  rig.write(
    't.csv',
    `${Array.from({ length: 30 }, (_, k) => `c${k}`).join(';')};y\n${';'.repeat(30)}1\n${';'.repeat(30)}2\n`,
  );
  expect(csv.describe(given, rig.folder)).toMatchObject({
    problem: expect.stringMatching(/60 missing values in 2 rows: .* and 20 more columns$/) as string,
  });
});

test.each([
  ['1e39', "x is '1e39': the largest number is 3.4e38"],
  ['-1e39', "x is '-1e39': the largest number is 3.4e38"],
  ['1e400', "x is '1e400': the largest number is 3.4e38"],
  ['9'.repeat(50), 'the largest number is 3.4e38'],
  ['3.5e38', "x is '3.5e38': the largest number is 3.4e38"],
  ['inf', "x is 'inf', not a number"],
])('%s is refused where it is read', (cell, problem) => {
  expect(problemOf(['1', cell, '2']).problem).toContain(`t.csv, line 3: ${problem.startsWith('x') ? problem : ''}`);
  expect(problemOf(['1', cell, '2']).problem).toContain(problem);
});

const file = (options: string) =>
  `name: t\ndata: { source: { csv: { ${options} } } }\nmodel: { layers: [dense 1] }\n` +
  'train: { optimizer: sgd, loss: meanSquaredError, epochs: 1 }\n';

test.each([
  ['file: no.csv, targets: { y: number }', 'no.csv', 'does not exist', undefined],
  [
    'file: o.csv, targets: { widht: number }',
    'widht',
    'no column `widht`',
    'Did you mean `width`? It has width, Length (cm), kind, t:h.',
  ],
  [
    'file: o.csv, targets: { width: number }, features: { input: ["t:h", length] }',
    'length',
    'no column `length`',
    'Did you mean `Length (cm)`?',
  ],
  [
    'file: o.csv, targets: { width: number }, categories: { kinds: [one, two] }',
    'kinds',
    'no column `kinds`',
    'Did you mean `kind`?',
  ],
  [
    'file: o.csv, targets: { width: number }, categories: { kind: [one, to] }',
    'kind',
    "kind is 'two', which is none of one, to",
    'Did you mean `two` by the `to` of the list?',
  ],
  [
    'file: o.csv, targets: { kind: [One, two] }, features: { input: [width] }',
    'kind',
    "kind is 'one', which is none of One, two",
    'Did you mean `one` by the `One` of the list?',
  ],
  [
    'file: o.csv, targets: { width: number }, categories: { kind: [one, two] }, test: 0.1',
    '0.1',
    'leaves no row for the test',
    undefined,
  ],
  [
    'file: o.csv, targets: { width: number }, categories: { kind: [one, two] }, test: no.csv',
    'no.csv',
    'does not exist',
    undefined,
  ],
  [
    'file: o.csv, targets: { width: number }, categories: { kind: [one, two] }, test: p.csv',
    'p.csv',
    'has other columns',
    undefined,
  ],
  ['file: o.csv, targets: { width: number }', 'o.csv', "kind is 'one', not a number", undefined],
  ['file: p.csv, targets: { width: number }', '{ width: number }', 'no column to learn from', undefined],
])('a mistake in %s is shown at %j', (options, at, problem, hint) => {
  rig.write('o.csv', 'width,Length (cm),kind,t:h\n1,2,one,3\n2,3,two,4\n');
  rig.write('p.csv', 'width\n1\n2\n');
  const text = file(options);
  const [found, ...others] = checkSource({ name: `${rig.folder}/p.yaml`, text }).diagnostics;
  expect(others).toEqual([]);
  expect(text.slice(found!.range!.start, found!.range!.end)).toBe(at);
  expect(found!.message).toContain(problem);
  if (hint !== undefined) expect(found!.hint).toContain(hint);
});

test('columns may all be targets where the inputs are named', () => {
  rig.write('t.csv', 'x;y\n1;2\n2;3\n');
  expect(
    csv.describe({ ...given, targets: { x: 'number', y: 'number' }, features: { input: ['x'] } }, rig.folder),
  ).not.toHaveProperty('problem');
});

test('a key in quotes names a column with a colon in it; without them it is a space that is missing', () => {
  rig.write('o.csv', 'a,t:h,sex:mf\n1,2,m\n2,4,f\n3,6,m\n4,8,f\n');
  const diagnosticsOf = (options: string) =>
    checkSource({ name: `${rig.folder}/p.yaml`, text: file(options) }).diagnostics;
  expect(
    diagnosticsOf('file: o.csv, test: 0.5, targets: { "t:h": number }, categories: { \'sex:mf\': [m, f] }'),
  ).toEqual([]);
  expect(
    diagnosticsOf('file: o.csv, test: 0.5, targets: { t:h: number }, categories: { "sex:mf": [m, f] }'),
  ).toMatchObject([{ code: 'yaml-space' }]);
});
