import { join } from 'node:path';
import { encode } from 'fast-png';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetRow, piecesOf } from '../../src/datasets/datasets.ts';
import type { SplitOptions } from '../../src/datasets/splits/split.ts';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { type LoadedData, load } from '../../src/stages/load.ts';
import { loadPacked } from '../../src/stages/load-packed.ts';
import { Rig } from '../rig.ts';
import { takeRows } from '../take-all.ts';
import { tone, writeWav } from './wav.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** A picture of one value, which says where it is from. */
const picture = (path: string, value: number) =>
  rig.write(path, encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4).fill(value) }));

beforeAll(() => {
  // Values from 0, 100 and 200 on are those of the first, second and third source.
  for (const [k, count] of [10, 30, 20].entries()) {
    const rows = Array.from({ length: count }, (_, i) => `${100 * k + i},${(i * 7) % 31},${'ab'[i % 2]}\n`);
    rig.write(`t${k}.csv`, `x,day,y\n${rows.join('')}`);
  }
  for (let i = 0; i < 20; i++) picture(`own/${['cat', 'dog'][i % 2]}/${i}.png`, i);
  for (let i = 0; i < 60; i++) picture(`public/${['cat', 'dog', 'owl'][i % 3]}/${i}.png`, 100 + i);
  for (const name of ['cat', 'dog', 'owl']) picture(`held/${name}/0.png`, 200);
});

const loaded = (type: string, options: object, split: Partial<SplitOptions> = {}) =>
  load({
    source: { type, options: { ...options } },
    split: { validation: 0.25, stratified: true, ...split },
    seed: 3,
    folder: rig.folder,
  });

/** For the samples of a part the place of their source, and their first value over 100, which says the same. */
async function placesIn({ dataset }: Pick<LoadedData, 'dataset'>, part: 'train' | 'test') {
  const { x } = await takeRows(dataset[part]);
  const width = x[0]!.length / dataset[part].count;
  const values = Array.from(x[0]!).filter((_, i) => i % width === 0);
  return { sources: [...dataset.sources![part]], values };
}

const hundreds = (values: readonly number[]) => values.map((value) => Math.floor(value / 100));

const table = { targets: { y: ['a', 'b'] }, categories: {}, features: { input: ['x'] }, standardize: false, test: 0.2 };

test('rows of listed files are known, however they are divided', async () => {
  for (const [split, more] of [
    [{}, {}],
    [{ order: 'day' }, {}],
    [{ group: 'day' }, {}],
    [{}, { test: 't2.csv' }],
    [{}, { validation: 't2.csv' }],
  ] as const) {
    const data = await loaded('csv', { ...table, file: ['t0.csv', 't1.csv'], ...more }, split);
    expect(data.dataset.sources!.names).toEqual(['t0.csv', 't1.csv']);
    for (const part of ['train', 'test'] as const) {
      const { sources, values } = await placesIn(data, part);
      expect(sources).toEqual(hundreds(values));
    }
    const { samples, sources } = data.facts;
    const sum = (of: 'training' | 'validation' | 'test') => sources!.reduce((all, one) => all + one[of], 0);
    expect(sum('training')).toBe(samples.training);
    expect(sum('validation')).toBe('validation' in more ? 0 : samples.validation);
    expect(sum('test')).toBe('test' in more ? 0 : samples.test);
  }
  expect((await loaded('csv', { ...table, file: 't?.csv' })).dataset.sources).toBeUndefined();
});

test('a pattern in the list is one source', async () => {
  const data = await loaded('csv', { ...table, file: ['t0.csv', 't?.csv'] });
  expect(data.facts.sources!.map(({ training, validation, test: tested }) => training + validation + tested)).toEqual([
    10, 60,
  ]);
});

test('folders are learnt from together, with the classes of all', async () => {
  const options = { folder: ['own', './public'], classes: [], test: 0.2, onError: 'fail' };
  const data = await loaded('images', options);
  expect(data.dataset.spec.targets[0]).toMatchObject({ classes: ['cat', 'dog', 'owl'] });
  for (const part of ['train', 'test'] as const) {
    const { sources, values } = await placesIn(data, part);
    expect(sources).toEqual(hundreds(values));
  }
  expect(data.facts.sources!.map(({ name }) => name)).toEqual(['own', './public']);
  const own = await loaded('images', { ...options, test: 'held' });
  expect((await placesIn(own, 'test')).sources).toEqual([2, 2, 2]);
  expect(own.facts.samples).toEqual({ training: 60, validation: 20, test: 3 });
  const packed = await loadPacked(
    piecesOf('images')!.open(options, rig.folder, 3),
    1e9,
    undefined,
    join(rig.folder, 'packed'),
  );
  expect(packed.dataset.sources).toEqual(data.dataset.sources);
  expect(await takeRows(packed.dataset.train)).toEqual(await takeRows(data.dataset.train));
});

test('one folder in a list is as it is without one', async () => {
  const options = { folder: 'own', classes: [], test: 0.2, onError: 'fail' };
  const [alone, list] = [await loaded('images', options), await loaded('images', { ...options, folder: ['own'] })];
  expect(list.dataset.sources).toBeUndefined();
  expect(list.dataset.files).toEqual(alone.dataset.files);
  expect(await takeRows(list.dataset.train)).toEqual(await takeRows(alone.dataset.train));
});

test('recordings too, whatever is skipped', async () => {
  for (let i = 0; i < 8; i++) {
    rig.write(`mine/${['no', 'yes'][i % 2]}/${i}.wav`, writeWav(tone(300 + i, 0.1)));
    rig.write(`theirs/${['no', 'yes'][i % 2]}/${i}.wav`, i === 3 ? 'none' : writeWav(tone(400 + i, 0.1)));
  }
  const options = datasetRow('audio').options.properties;
  const usual = Object.entries(options).flatMap(([name, schema]) =>
    'default' in schema ? [[name, schema.default]] : [],
  );
  const { facts, dataset } = await loaded('audio', {
    ...Object.fromEntries(usual),
    folder: ['mine', 'theirs'],
    onError: 'skip',
  });
  const all = facts.sources!.map((one) => one.training + one.validation + one.test);
  expect(all).toEqual([8, 7]);
  expect(dataset.train.count).toBe(13);
});

test('arrays of listed files are as those of one file that has all of them', async () => {
  const arrays = (name: string, from: number, count: number) => [
    {
      name: `x${name}`,
      dtype: 'float32' as const,
      shape: [count, 2],
      values: Float32Array.from({ length: 2 * count }, (_, i) => from + i / 100),
    },
    {
      name: `y${name}`,
      dtype: 'int32' as const,
      shape: [count],
      values: Int32Array.from({ length: count }, (_, i) => i % 2),
    },
  ];
  const joined = (...parts: ReturnType<typeof arrays>[]) =>
    parts[0]!.map((first, k) => {
      const all = parts.map((part) => part[k]!);
      const values = all.flatMap((one) => [...one.values]);
      const shape = first.shape.with(
        0,
        all.reduce((sum, one) => sum + one.shape[0]!, 0),
      );
      return first.dtype === 'float32'
        ? { ...first, shape, values: Float32Array.from(values) }
        : { ...first, shape, values: Int32Array.from(values) };
    });
  const options = { inputs: ['x'], targets: { y: ['0', '1'] }, images: false, test: 0.25 };
  const parts = { train: '*_train', validation: '*_val', test: '*_test' };
  const split = { validation: 0.25, stratified: true };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 5, max: 20 }), { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      async (counts, areParts) => {
        const names = areParts ? ['_train', '_val', '_test'] : [''];
        const each = names.map((name) => counts.map((count, k) => arrays(name, 100 * k, count)));
        for (const k of counts.keys()) rig.write(`${k}.npz`, writeNpz(each.flatMap((part) => part[k]!)));
        rig.write('all.npz', writeNpz(each.flatMap((part) => joined(...part))));
        const file = counts.map((_, k) => `${k}.npz`);
        const data = await loaded('npz', { ...options, parts, file });
        const whole = await loaded('npz', { ...options, parts, file: 'all.npz' });
        expect(data.split).toEqual(whole.split);
        for (const part of ['train', 'test'] as const) {
          expect(await takeRows(data.dataset[part])).toEqual(await takeRows(whole.dataset[part]));
          const { sources, values } = await placesIn(data, part);
          expect(sources).toEqual(hundreds(values));
        }
        const pieces = piecesOf('npz')!.open({ ...options, parts, file }, rig.folder, 3, split);
        const packed = await loadPacked(pieces, 1e9, undefined, join(rig.folder, 'packed'));
        expect(packed.dataset.sources).toEqual(data.dataset.sources);
        const held = await datasetRow('npz').load({ ...options, parts, file }, rig.folder, 3, undefined, split);
        for (const part of ['train', 'test'] as const) {
          expect(await takeRows(packed.dataset[part])).toEqual(await takeRows(data.dataset[part]));
          const placesOf = ({ origin }: Pick<typeof held, 'origin'>) =>
            Array.from({ length: held[part].count }, (_, row) => origin!.place(part, row));
          expect(placesOf(packed.dataset)).toEqual(placesOf(held));
        }
      },
    ),
    { numRuns: 5 },
  );
});

test('what files cannot be together is told with the file', () => {
  const x = (count: number, width = 2) =>
    ({ name: 'x', dtype: 'float32', shape: [count, width], values: new Float32Array(count * width) }) as const;
  const y = (count: number) =>
    ({
      name: 'y',
      dtype: 'int32',
      shape: [count],
      values: Int32Array.from({ length: count }, (_, i) => i % 2),
    }) as const;
  rig.write('good.npz', writeNpz([x(10), y(10)]));
  rig.write('wide.npz', writeNpz([x(10, 3), y(10)]));
  rig.write('ragged.npz', writeNpz([x(9), y(10)]));
  rig.write('less.npz', writeNpz([x(10)]));
  const told = (source: string) =>
    checkSource({
      name: join(rig.folder, 'p.yaml'),
      text: `name: t
data:
  source: ${source}
model: { layers: [dense 2] }
train: { optimizer: adam, epochs: 1, loss: softmaxCrossEntropy }
`,
    }).diagnostics.map(({ message, range }) => {
      const { text } = range!.source;
      return `${text.slice(0, range!.start).split('\n').length}: ${text.slice(range!.start, range!.end)}: ${message}`;
    });
  const npz = (other: string) => told(`{ npz: { file: [good.npz, ${other}], targets: { y: ['0', '1'] } } }`);
  expect(npz('good.npz').filter((one) => one.includes('array'))).toEqual([]);
  expect(npz('wide.npz')[0]).toMatch(
    /^3: \[good.npz, wide.npz\]: `x` of good.npz is float32 of 10 x 2, but `x` of wide.npz float32 of 10 x 3/,
  );
  expect(npz('ragged.npz')[0]).toMatch(/`x` of ragged.npz has 9 samples, but `y` of ragged.npz 10/);
  expect(npz('less.npz')[0]).toMatch(/less.npz has no array `y`/);
  expect(npz('gone.npz')[0]).toMatch(/gone.npz/);
  expect(told('{ images: { folder: [own, pubic] } }')[0]).toMatch(/^3: pubic: the folder .*pubic does not exist/);
  expect(told('{ images: { folder: [own, public], table: labels.csv } }')[0]).toMatch(
    /^3: \[own, public\]: paths in a `table` count from one folder/,
  );
});

test('a source that nothing is learnt of is told', async () => {
  rig.write('few.csv', 'x,day,y\n300,40,a\n');
  const { warnings } = await loaded('csv', { ...table, file: ['t0.csv', 'few.csv'] }, { order: 'day' });
  expect(warnings.map(({ code }) => code)).toContain('source-not-trained');
});
