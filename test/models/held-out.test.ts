import { encode } from 'fast-png';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { UserError } from '../../src/base/diagnostics.ts';
import { csv } from '../../src/datasets/tables/csv.ts';
import { series } from '../../src/datasets/series/series.ts';
import type { TrainedOn } from '../../src/datasets/dataset.ts';
import { readHeldOut } from '../../src/models/held-out.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const { signal } = new AbortController();
type Prepared = Omit<TrainedOn, 'options'>;

const options = {
  file: 'd.csv',
  targets: { y: 'number', k: ['no', 'yes'] },
  features: {},
  categories: { c: ['red', 'blue'] },
  test: 0.25,
  standardize: true,
  delimiter: ',',
};
const line = (i: number) => `${i},${i % 3 ? 'red' : 'blue'},${3 * i},${i % 2 ? 'yes' : 'no'}`;
rig.write('d.csv', `a,c,y,k\n${Array.from({ length: 40 }, (_, i) => line(i)).join('\n')}\n`);
const table = async (): Promise<Prepared> => {
  const { spec, preparation } = await csv.load(options as never, rig.folder, 1);
  return { inputs: spec.inputs, targets: spec.targets, ...(preparation && { preparation }) };
};
const read = async (text: string, prepared?: Prepared) =>
  readHeldOut({ type: 'csv', options }, rig.write('h.csv', text), prepared ?? (await table()), signal);

test('rows of a table are prepared as the training was, in any order of columns', async () => {
  const { mean, deviation } = ((await table()).preparation as Record<string, { mean: number; deviation: number }[]>)[
    'input'
  ]![0]!;
  const { samples, files } = await read('k,more,c,y,a\nyes,1,blue,5,100\nno,2,red,-1,7\n');
  expect(samples.count).toBe(2);
  expect(samples.inputs).toEqual([Float32Array.of((100 - mean) / deviation, 0, 1, (7 - mean) / deviation, 1, 0)]);
  expect(samples.targets).toEqual([Float64Array.of(5, -1), Uint8Array.of(1, 0)]);
  expect(files).toMatchObject([{ name: 'h.csv', bytes: 44 }]);
});

test.each([
  ['a column that is not there', 'a,y,k\n1,2,yes\n', /h\.csv has no `c`, which the model takes/],
  ['what is right, which is not there', 'a,c,y\n1,red,2\n', /h\.csv, line 2 does not say what `k` is/],
  ['a category that training did not have', 'a,c,y,k\n1,green,2,yes\n', /h\.csv, line 2: c is 'green'/],
  ['a label that training did not have', 'a,c,y,k\n1,red,2,yes\n1,red,2,maybe\n', /h\.csv, line 3: k is 'maybe'/],
  ['no number', 'a,c,y,k\nx,red,2,yes\n', /h\.csv, line 2: a is 'x'/],
  ['no rows', 'a,c,y,k\n', /h\.csv has no rows/],
  ['another sign between cells', 'a;c;y;k\n1,5;red;2;yes\n', /h\.csv has `;` between its cells, and the .* `,`/],
  ['tabs between cells', 'a\tc\ty\tk\n1\tred\t2\tyes\n', /h\.csv has a tab between its cells, and the .* `,`/],
  ['a line that is cut', 'a,c,y,k\n1,red\n', /line 2: 2 cells instead of 4/],
])('%s', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

test('rows of one kind of fault are one mistake, with how many there are and the first places', async () => {
  const labels = ['maybe', 'yes', 'no', 'never', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe', 'maybe'];
  const rows = labels.map((label, i) => `${i},${i % 2 ? 'red' : 'green'},1,${label}`);
  const { diagnostics } = await read(`a,c,y,k\n${rows.join('\n')}\n`).then(
    () => ({ diagnostics: [] }),
    (error: unknown) => error as UserError,
  );
  expect(diagnostics.map(({ message }) => message.replace(`${rig.folder}/`, ''))).toEqual([
    "h.csv, line 2: c is 'green', which is none of red, blue; the same of 4 more (line 4, line 6, line 8 and 1 more)",
    "h.csv, line 5: k is 'never', a label that training did not have",
    "h.csv, line 7: k is 'maybe', a label that training did not have; the same of 2 more (line 9, line 11)",
  ]);
  expect(diagnostics[1]!.hint).toBe('The classes are no, yes. Correct what is said of it, or leave the row out.');
});

test('a model that does not say how its columns were prepared is damaged', async () => {
  const { inputs, targets } = await table();
  for (const preparation of [{}, { input: [] }, { input: [{ column: 'a', mean: 1, deviation: 0 }] }, { input: 3 }])
    await expect(read('a,c,y,k\n1,red,2,yes\n', { inputs, targets, preparation })).rejects.toThrow('were prepared');
});

test('pictures are in a folder for each class that there is', async () => {
  const picture = (path: string, width: number) =>
    rig.write(path, encode({ width, height: 2, channels: 1, data: new Uint8Array(2 * width).fill(width) }));
  const prepared: Prepared = {
    inputs: [{ name: 'input', shape: [2, 3, 1], dtype: 'uint8', scale: 1 / 255 }],
    targets: [{ kind: 'class', name: 'label', classes: ['cat', 'dog'], shape: [] }],
  };
  const folders = (folder: string) =>
    readHeldOut({ type: 'images', options: {} }, join(rig.folder, folder), prepared, signal);
  picture('one/dog/a.png', 3);
  picture('one/dog/b.png', 3);
  const { samples } = await folders('one');
  expect([samples.count, samples.targets]).toEqual([2, [Uint8Array.of(1, 1)]]);
  picture('strange/bird/a.png', 3);
  await expect(folders('strange')).rejects.toThrow('a.png does not say what `label` is');
  picture('wide/cat/a.png', 4);
  await expect(folders('wide')).rejects.toThrow(/2 x 4|4 x 2/);
  rig.write('empty/cat/readme.txt', '');
  await expect(folders('empty')).rejects.toThrow(/holds no picture/);
  rig.write('broken/cat/a.png', 'no picture');
  await expect(folders('broken')).rejects.toThrow(/a\.png/);
});

describe('of a series', () => {
  const written = {
    file: 'sales.csv',
    time: 'day',
    entity: 'shop',
    targets: { sold: 'number' },
    features: {},
    categories: {},
    standardize: true,
    window: 4,
    horizon: 2,
    stride: 1,
    season: 3,
    test: 0.25,
  } as const;
  const days = 40;
  const sold = (shop: string, day: number) => (shop === 'a' ? 100 : 200) + day ** 2 * (1 + (day % 3));
  const rowsFrom = (first: number, shops: readonly string[] = ['a', 'b'], last = days) =>
    shops.flatMap((shop) =>
      Array.from({ length: last - first }, (_, k) => ({ day: first + k, shop, sold: sold(shop, first + k) })),
    );
  const csvOf = (rows: ReturnType<typeof rowsFrom>) =>
    ['day,shop,sold', ...rows.map((row) => Object.values(row).join(',')), ''].join('\n');
  rig.write('sales.csv', csvOf(rowsFrom(0)));
  const loaded = series.load(written as never, rig.folder, 1);
  const measured = async (file: string, text: string) => {
    const { spec, preparation } = await loaded;
    const trained = { inputs: spec.inputs, targets: spec.targets, ...(preparation && { preparation }) };
    return readHeldOut({ type: 'series', options: written }, rig.write(file, text), trained, signal);
  };
  const valuesOf = ({ inputs, targets, baselines }: Awaited<ReturnType<typeof measured>>['samples']) => ({
    inputs,
    targets,
    naive: baselines!.map(({ name, values }) => [name, values(0)]),
  });

  test.each([
    ['held.csv', csvOf(rowsFrom(30))],
    [
      'held.jsonl',
      rowsFrom(30)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    ],
  ])('windows and naive forecasts of %s are those of the same rows as a test part', async (file, text) => {
    const { samples, warnings } = await measured(file, text);
    expect(warnings).toEqual([]);
    expect(samples.count).toBe(2 * (10 - 4 - 2 + 1));
    expect(valuesOf(samples)).toEqual(valuesOf((await loaded).test));
  });

  test('entities without a window that is known to its end are left out, and told', async () => {
    const { samples, warnings } = await measured('c.csv', csvOf([...rowsFrom(30), ...rowsFrom(30, ['c'], 32)]));
    expect(samples.count).toBe(10);
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['short-entities', expect.stringMatching(/c\.csv: `c` has too few rows, .* takes 6 rows$/)],
    ]);
    // A window, but nothing behind it.
    const more = await measured('cd.csv', csvOf([...rowsFrom(30), ...rowsFrom(30, ['c', 'd'], 35)]));
    expect(more.warnings[0]!.message).toContain('2 entities, `c` the first, have too few rows, and are not measured');
  });

  test.each([1, 4, 5])('%i rows are too few to measure anything', async (count) => {
    await expect(measured('few.csv', csvOf(rowsFrom(0, ['a'], count)))).rejects.toThrow(
      /few\.csv has nothing that a forecast could be measured by: a window of 4 .* takes 6 rows/,
    );
  });

  test('without the column of the target nothing is right', async () => {
    const text = csvOf(rowsFrom(30)).replaceAll(/,[^,\n]*$/gm, '');
    await expect(measured('none.csv', text)).rejects.toThrow('none.csv has no `sold`');
  });
});
