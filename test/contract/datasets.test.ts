import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { encode } from 'fast-png';
import { unzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import { isMisfit } from '../../src/base/row.ts';
import { gatherBatch } from '../../src/datasets/batches.ts';
import { firstRows } from '../../src/datasets/batch-source.ts';
import { type TargetValues, bytesOf } from '../../src/datasets/dataset.ts';
import { datasets } from '../../src/datasets/datasets.ts';
import { generatedFile } from '../../src/datasets/generated.ts';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { writePublished } from '../datasets/write-published.ts';
import { tone, writeWav } from '../datasets/wav.ts';
import { Rig } from '../rig.ts';

const rows = Array.from({ length: 20 }, (_, i) =>
  [i, i * i, i % 3 === 0 ? 'red' : '"green, or so"', i % 2 === 0 ? 'a' : 'b', i / 4].join(','),
);
const table = `\ufeffwidth,height,colour,kind,price\r\n${rows.join('\r\n')}\r\n`;

const rowsAsTyped = rows.map((_, i) => ({
  width: i,
  height: i * i,
  colour: i % 3 === 0 ? 'red' : 'green, or so',
  kind: i % 2 === 0 ? 'a' : 'b',
  price: i / 4,
}));

const rig = new Rig();
beforeAll(() => {
  rig.writeDigits(300, 100);
  writePublished(rig);
  rig.write('data/table.csv', table);
  rig.write('data/table.jsonl', rowsAsTyped.map((row) => JSON.stringify(row)).join('\n'));
  const columnData = (['width', 'height', 'colour', 'kind', 'price'] as const).map((name) => ({
    name,
    data: rowsAsTyped.map((row) => row[name]),
  }));
  rig.write('data/table.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  for (let i = 0; i < 12; i++) {
    rig.write(
      `data/images/${i}.png`,
      encode({
        width: 6,
        height: 4,
        channels: 3,
        data: Uint8Array.from({ length: 72 }, (_, at) => (at * 7 + i) % 256),
      }),
    );
    rig.write(
      `data/classes/${['cats', 'dogs', 'mice'][i % 3]!}/${i}.png`,
      encode({
        width: 6,
        height: 4,
        channels: 1,
        data: Uint8Array.from({ length: 24 }, (_, at) => (at * 9 + i) % 256),
      }),
    );
    rig.write(`data/sounds/${['high', 'low'][i % 2]!}/${i}.wav`, writeWav(tone(300 * i + 200, 0.1)));
    rig.write(
      `data/masks/${i}.png`,
      encode({
        width: 6,
        height: 4,
        channels: 1,
        data: Uint8Array.from({ length: 24 }, (_, at) => [0, 128, 255][(at + i) % 3]!),
      }),
    );
  }
  const tensors = [
    { name: 'x', dtype: 'float32', shape: [20, 2, 3], values: Float32Array.from({ length: 120 }, (_, i) => i / 7) },
    { name: 'y', dtype: 'int32', shape: [20], values: Int32Array.from({ length: 20 }, (_, i) => i % 3) },
    { name: 'z', dtype: 'float32', shape: [20, 1], values: Float32Array.from({ length: 20 }, (_, i) => i * i) },
  ] as const;
  const archive = writeNpz(tensors);
  rig.write('data/arrays.npz', archive);
  for (const [name, file] of Object.entries(unzipSync(archive))) rig.write(`data/${name}`, file);
  rig.write(
    'data/verse.txt',
    'The quick brown fox jumps over the lazy dog.\nPack my box with five dozen jugs.\n'.repeat(3),
  );
});
afterAll(() => rig.remove());

const digits = {
  trainImages: 'data/train-images',
  trainLabels: 'data/train-labels',
  testImages: 'data/t10k-images',
  testLabels: 'data/t10k-labels',
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
};

const typedTable = {
  targets: { kind: ['a', 'b'], price: 'number' },
  features: { size: ['width', 'height'], look: ['colour'] },
  categories: { colour: ['red', 'green, or so'] },
  test: 0.25,
  standardize: true,
};

const arrays = {
  inputs: ['x'],
  targets: { y: ['0', '1', '2'], z: 'number' },
  images: false,
  parts: { train: '*_train', validation: '*_val', test: '*_test' },
  test: 0.25,
};

/** Options of one use of each data set, on the files of the rig. */
const uses: Readonly<Record<keyof typeof datasets, Record<string, unknown>>> = {
  mnist: {},
  fashionMnist: { folder: 'data/fashion' },
  cifar10: { folder: 'data/cifar-10-batches-bin' },
  cifar100: { archive: 'data/cifar-100-binary.tar.gz', labels: 'fine' },
  idx: digits,
  csv: {
    file: 'data/table.csv',
    targets: { kind: ['a', 'b'], price: 'number' },
    features: { size: ['width', 'height'], look: ['colour'] },
    categories: { colour: ['red', 'green, or so'] },
    test: 0.25,
    standardize: true,
    delimiter: ',',
  },
  jsonl: { ...typedTable, file: 'data/table.jsonl' },
  parquet: { ...typedTable, file: 'data/table.parquet' },
  npz: { ...arrays, file: 'data/arrays.npz' },
  npy: { ...arrays, files: { x: 'data/x.npy', y: 'data/y.npy', z: 'data/z.npy' } },
  text: { file: 'data/verse.txt', steps: 5, test: 0.3 },
  series: {
    file: 'data/table.csv',
    time: 'width',
    targets: { price: 'number' },
    features: { size: ['height', 'price'], look: ['colour'] },
    categories: { colour: ['red', 'green, or so'] },
    window: 3,
    horizon: 2,
    stride: 2,
    test: 0.4,
    standardize: true,
  },
  images: { folder: 'data/classes', classes: [], test: 0.3 },
  audio: {
    folder: 'data/sounds',
    classes: [],
    test: 0.3,
    sampleRate: 16000,
    seconds: 0.1,
    fftLength: 256,
    frameLength: 200,
    frameStep: 100,
    numMelBins: 10,
    minFrequency: 20,
    onError: 'fail',
  },
  masks: { images: 'data/images', masks: 'data/masks', classes: { background: 0, road: 128, car: 255 }, test: 0.25 },
  pairs: { of: { idx: digits }, train: 60, test: 20, classes: true },
  shapes: { size: 16, train: 20, test: 10 },
};

/** Pictures that sharp has a part in. */
const resized = { ...uses.images, resize: { width: 5, height: 3, fit: 'cover' }, channels: 3 };

describe.each([
  ...Object.entries(datasets).map(([name, row]) => [name, row, uses[name as keyof typeof datasets]] as const),
  ['images, resized', datasets.images, resized] as const,
])('%s', (name, row, options) => {
  test('says what it holds before it is read, and holds that', async () => {
    const spec = row.describe(options, rig.folder);
    if (isMisfit(spec)) throw new Error(spec.problem);
    const dataset = await row.load(options, rig.folder, 7);
    const { reading: _, indexFacts: __, labels: ___, ...known } = spec;
    expect({ ...dataset.spec, reading: undefined }).toEqual({ ...known, reading: undefined });
    expect({ train: dataset.train.count, test: dataset.test.count }).toEqual(spec.count);
    const held = [dataset.train, dataset.test].flatMap(({ inputs, targets }) => [...inputs, ...targets]);
    expect(held.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(bytesOf(spec));
    for (const part of [dataset.train, dataset.test]) {
      const { targets, count } = part;
      const { x: inputs } = gatherBatch(part, firstRows(count));
      expect(
        inputs.map((values) => [values instanceof Uint8Array ? 'Uint8Array' : 'Float32Array', values.length]),
      ).toEqual(
        spec.inputs.map(({ dtype, shape }) => [
          dtype === 'uint8' ? 'Uint8Array' : 'Float32Array',
          count * sizeOf(shape),
        ]),
      );
      expect(
        targets.map((values) => [values instanceof Uint8Array ? 'Uint8Array' : 'Float64Array', values.length]),
      ).toEqual(
        spec.targets.map(({ kind, shape }) => [
          kind === 'class' ? 'Uint8Array' : 'Float64Array',
          count * sizeOf(shape),
        ]),
      );
      spec.targets.forEach((target, k) => {
        // reduce, not Math.max(...): 60,000 arguments are too many.
        if (target.kind === 'class')
          expect((targets[k] as Uint8Array).reduce((most, label) => Math.max(most, label), 0)).toBeLessThan(
            target.classes.length,
          );
        expect(new Set(targets[k]).size).toBeGreaterThan(1);
      });
      for (const values of inputs) expect(new Set(values).size).toBeGreaterThan(1);
    }
  });

  test('names each file and its SHA-256', async () => {
    const { files } = await row.load(options, rig.folder, 7);
    expect(files).not.toEqual([]);
    const read = row.files(options, rig.folder).map((path) => ({
      name: basename(path),
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      bytes: statSync(path).size,
    }));
    // What is made from the seed has no file, and a folder has one entry for all of its files.
    const [folders, single] = [
      files.filter(({ name: file }) => file.startsWith('folder of ')),
      files.filter(({ name: file }) => !/^(folder of|generated) /.test(file)),
    ];
    if (folders.length === 0) expect(single).toEqual(read);
    else
      expect(folders.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(read.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const file of files)
      expect(file).toEqual({
        name: expect.any(String),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        bytes: expect.any(Number),
      });
  });

  test('is the same for the same seed', async () => {
    const digest = async () => {
      const { train, test: tested } = await row.load(options, rig.folder, 7);
      return generatedFile('', [train, tested]);
    };
    expect(await digest()).toEqual(await digest());
  });

  test('says what it is', () => {
    expect(row.doc).toMatch(/\.$/);
    expect(row.example).toContain(name.split(',')[0]);
  });
});

test('MNIST is MNIST: the counts of its classes are the published ones', async () => {
  const { train, test: tested } = await datasets.mnist.load({}, '.', 7);
  const counts = ([labels]: readonly TargetValues[]) =>
    Array.from({ length: 10 }, (_, k) => labels!.filter((label) => label === k).length);
  expect(counts(train.targets)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(counts(tested.targets)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});
