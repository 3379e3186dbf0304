import { encode } from 'fast-png';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/csv.ts';
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
  ['a line that is cut', 'a,c,y,k\n1,red\n', /line 2: 2 cells instead of 4/],
])('%s', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
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
