import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atOnce } from '../../src/base/turns.ts';
import { arraySource } from '../../src/datasets/batch-source.ts';
import { csvInBlocks, linesInBlocks } from '../../src/datasets/tables/cell-blocks.ts';
import { csvFormat } from '../../src/datasets/tables/csv.ts';
import { formOf } from '../../src/datasets/tables/csv-options.ts';
import { dataWarnings } from '../../src/datasets/findings/data-warnings.ts';
import { datasetRow, tableOf } from '../../src/datasets/datasets.ts';
import { examineData } from '../../src/datasets/findings/examine-data.ts';
import { jsonlFormat } from '../../src/datasets/tables/jsonl.ts';
import { parquetFormat } from '../../src/datasets/tables/parquet.ts';
import { parquetInBlocks } from '../../src/datasets/tables/read-parquet.ts';
import { viewOf } from '../../src/datasets/findings/sample-view.ts';
import type { SplitOptions } from '../../src/datasets/splits/split.ts';
import type { TableFormat } from '../../src/datasets/tables/table.ts';
import { type TableMaker, tablePieces } from '../../src/datasets/tables/table-pieces.ts';
import { listColumns } from '../../src/datasets/tables/table-targets.ts';
import { loadPacked } from '../../src/stages/load-packed.ts';
import { Rig } from '../rig.ts';
import { allOf } from './all-of.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

const packedIn = () => join(rig.folder, 'packed');

const noise = (k: number) => (Math.imul(k + 1, 0x9e37_79b1) >>> 8) % 2001;

/** Numbers, categories, gaps, dates, texts and groups; two rows are alike but for their class. */
function rowsOf(count: number, from = 0): readonly Readonly<Record<string, string | number>>[] {
  return Array.from({ length: count }, (_, at) => {
    const k = from + at;
    const id = k === 5 ? 4 : k;
    return {
      a: noise(id) / 8 - 100,
      b: noise(7 * id) / 1000,
      gap: id % 9 === 0 ? '' : noise(3 * id),
      colour: ['red', 'green', 'blue, or so'][id % 3]!,
      many: `c${id % 40}`,
      day: `2024-0${1 + (id % 9)}-1${id % 7}`,
      words: `w${id % 5} and w${id % 11}`,
      who: `p${id % 23}`,
      when: (k * 7) % 1009,
      kind: ['x', 'y'][k % 2]!,
      price: 1e6 + noise(11 * k) / 7,
      likes: [['p', 'q'], ['q'], []][k % 3]!.join(';'),
    };
  });
}

const names = Object.keys(rowsOf(1)[0]!);
const cellOf = (cell: string | number) => (String(cell).includes(',') ? `"${cell}"` : String(cell));
const asCsv = (rows: ReturnType<typeof rowsOf>) =>
  [names.join(), ...rows.map((row) => names.map((name) => cellOf(row[name]!)).join())].join('\n');

const asWritten = {
  targets: {
    kind: ['x', 'y'],
    price: 'number',
    likes: { labels: ['p', 'q'], separator: ';' },
  },
  features: {
    numbers: ['a', 'b', 'gap', 'day'],
    names: ['colour', 'many'],
    texts: ['words'],
  },
  categories: { colour: ['red', 'green', 'blue, or so'] },
  prepare: {
    b: [{ log: 1 }, 'quantile'],
    gap: [{ missing: 'median' }, 'robust'],
    many: { hash: 16 },
    day: { dateParts: ['month', 'weekday'] },
    words: { words: { length: 4, vocabulary: 20 } },
  },
  test: 0.25,
  standardize: true,
};

async function packed(
  type: string,
  options: Record<string, unknown>,
  split: SplitOptions,
  memory = 1e6,
  makers = tableOf,
) {
  const opened = atOnce(makers(type)!.open(options, rig.folder, 5, split));
  return loadPacked(atOnce(opened.pieces()), memory, undefined, packedIn());
}

async function proveSame(
  type: string,
  options: Record<string, unknown>,
  split: SplitOptions,
  makers = tableOf,
): Promise<void> {
  const held = await datasetRow(type).load(options, rig.folder, 5, undefined, split);
  const rows = held.split!;
  const targets = held.spec.targets.length;
  const lookAt = (data: Parameters<typeof examineData>[0], view: ReturnType<typeof viewOf>) => [
    atOnce(examineData(data, rows, view)),
    dataWarnings(data, rows, view),
  ];
  const said = lookAt(held, viewOf(held));
  // The second time they are taken as they were packed.
  for (let time = 0; time < 2; time++) {
    const { dataset, view, origin } = await packed(type, options, split, undefined, makers);
    expect(await allOf(dataset.train, targets)).toEqual(await allOf(arraySource(held.train), targets));
    expect(await allOf(dataset.test, targets)).toEqual(await allOf(arraySource(held.test), targets));
    const { files, name, sources, preparation, beside } = dataset;
    expect({
      files,
      name,
      sources,
      preparation,
      beside,
      split: dataset.split,
    }).toEqual({
      files: held.files,
      name: held.name,
      sources: held.sources,
      preparation: held.preparation,
      beside: held.beside,
      split: held.split,
    });
    expect(dataset.spec).toEqual({ ...held.spec, packs: 'cells' });
    for (const part of ['train', 'test'] as const)
      for (const row of [0, held[part].count - 1])
        expect(dataset.origin!.place(part, row)).toEqual(held.origin!.place(part, row));
    expect(origin!.cells!.of(3, 4)).toEqual(held.origin!.cells!.of(3, 4));
    expect(lookAt({ ...dataset, ...(origin && { origin }) }, view)).toEqual(said);
  }
  expect(readdirSync(packedIn()).filter((one) => one.endsWith('.rows'))).toHaveLength(1);
  expect(readdirSync(packedIn()).every((one) => /\.(rows|index)$/.test(one))).toBe(true);
}

const random: SplitOptions = { validation: 0.25, stratified: true };

test.each([
  ['at random', random],
  ['in the order of a column', { validation: 0.25, stratified: false, order: 'when' }],
  ['by groups', { validation: 0.25, stratified: false, group: 'who' }],
] as const)('a CSV file that is divided %s has the same samples on the disk as in memory', async (_, split) => {
  rig.write('a.csv', asCsv(rowsOf(300)));
  await proveSame('csv', { ...asWritten, file: 'a.csv' }, split);
});

test('so have a CSV file of plain numbers, and several of which one is the test', async () => {
  rig.write('n.csv', ['a,b,price', ...rowsOf(400).map(({ a, b, when }) => [a, b, when].join())].join('\n'));
  const numbers = {
    targets: { price: 'number' },
    features: {},
    categories: {},
    standardize: true,
  };
  await proveSame('csv', { ...numbers, file: 'n.csv', test: 0.25 }, random);
  rig.remove();
  rig = new Rig();
  for (const [k, name] of ['a', 'b', 'c'].entries()) rig.write(`${name}.csv`, asCsv(rowsOf(100, 100 * k)));
  await proveSame('csv', { ...asWritten, file: ['a.csv', 'b.csv'], test: 'c.csv' }, random);
});

test('so have lines of JSON', async () => {
  const lines = rowsOf(200).map((row) => JSON.stringify({ ...row, gap: row.gap === '' ? null : row.gap }));
  rig.write('a.jsonl', lines.join('\n'));
  const targets = { kind: ['x', 'y'], price: 'number' };
  await proveSame('jsonl', { ...asWritten, targets, file: 'a.jsonl' }, random);
});

/** Makers of tables in blocks of a few rows, of which one segment is in memory. */
function inBlocks(type: string): TableMaker {
  const how = { room: 0, folder: join(rig.folder, 'cells'), size: 4096 };
  const read: Record<string, TableFormat['read']> = {
    csv: (place, given) => csvInBlocks(place, formOf(given, 'a.csv'), how),
    jsonl: (place, { targets }) => linesInBlocks(place, listColumns(targets), how),
    parquet: (place) => parquetInBlocks(place, how),
  };
  const format = { csv: csvFormat, jsonl: jsonlFormat, parquet: parquetFormat }[type]!;
  return tablePieces({ ...format, read: read[type]! });
}

test('a table whose cells lie on the disk has the same samples, facts and findings', async () => {
  rig.write('a.csv', asCsv(rowsOf(300)));
  rig.write('b.csv', asCsv(rowsOf(100, 300)));
  rig.write('c.csv', asCsv(rowsOf(100, 400)));
  const cross = { pair: ['colour', 'who'] };
  await proveSame('csv', { ...asWritten, cross, file: ['a.csv', 'b.csv'], test: 'c.csv' }, random, inBlocks);
  expect(readdirSync(join(rig.folder, 'cells'))).toHaveLength(3);
});

test.each(['jsonl', 'parquet'])('so has one of %s', async (type) => {
  const rows = rowsOf(200).map((row) => ({ ...row, gap: row['gap'] === '' ? null : row['gap'] }));
  const columnData = names.map((name) => ({ name, data: rows.map((row) => new Map(Object.entries(row)).get(name)) }));
  rig.write('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  writeFileSync(join(rig.folder, 'a.parquet'), new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 60 })));
  const targets = { kind: ['x', 'y'], price: 'number' };
  await proveSame(type, { ...asWritten, targets, file: `a.${type}` }, random, inBlocks);
  expect(readdirSync(join(rig.folder, 'cells'))).toHaveLength(1);
});

test('a sample is told by its number once the file is no longer what was packed', async () => {
  const path = rig.write('a.csv', asCsv(rowsOf(100)));
  const { dataset } = await packed('csv', { ...asWritten, file: 'a.csv' }, random);
  appendFileSync(path, '\n');
  expect(dataset.origin!.place('train', 2)).toEqual({
    file: 'a.csv',
    sample: 3,
  });
});

test('where the input is to be learnt, a packed table has its samples without what is to be predicted', async () => {
  rig.write('n.csv', ['a,b', ...rowsOf(300).map(({ a, b }) => [a, b].join())].join('\n'));
  const options = {
    file: 'n.csv',
    targets: 'input',
    features: {},
    categories: {},
    standardize: true,
    test: 0.25,
  };
  const { dataset } = await packed('csv', options, random);
  const held = await datasetRow('csv').load({ ...options, targets: {} }, rig.folder, 5, undefined, random);
  expect(dataset.spec.targets).toEqual([]);
  expect(await allOf(dataset.train, 0)).toEqual(await allOf(arraySource(held.train), 0));
});

test('what cannot be used is told as in memory, other seeds are packed anew, and memory may be too small', async () => {
  rig.write('a.csv', asCsv(rowsOf(100)));
  const options = { ...asWritten, file: 'a.csv' };
  await packed('csv', options, random);
  await packed('csv', options, { ...random, validation: 0.5 });
  expect(readdirSync(packedIn()).filter((one) => one.endsWith('.rows'))).toHaveLength(2);
  await expect(packed('csv', options, random, 100)).rejects.toThrow('data.memory is 100 B, ');
  rig.write('a.csv', asCsv(rowsOf(100)).replace('red', 'rad'));
  await expect(packed('csv', options, random)).rejects.toThrow("colour is 'rad'");
});
