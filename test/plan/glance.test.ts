import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import { checkFile, glanceAtSource } from '../../src/plan/check-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rows = 60_000;

/** Rows of a table beyond 1 MB, with one that is wrong far behind its head. */
const lines = (row: (i: number) => string) => Array.from({ length: rows }, (_, i) => `${row(i)}\n`).join('');
const csv = lines((i) => `${i % 97}.125,${i === 50_000 ? 'oops' : (i % 31) / 8},${'uv'[i % 2]},some more text`);
const jsonl = lines((i) => JSON.stringify({ a: i % 97, b: i === 50_000 ? 'oops' : i % 31, y: 'uv'[i % 2] }));
const table = '{ file: FILE, targets: { y: [u, v] }, features: { input: [a, b] } }';

function npy(shape: readonly number[], values: Float32Array): Buffer {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([
    Buffer.from('934e554d505901007600', 'hex'),
    Buffer.from(`${head}\n`),
    Buffer.from(values.buffer),
  ]);
}

const arrays = () => {
  const x = Float32Array.from({ length: rows * 6 }, (_, i) => (i === 50_000 * 6 ? NaN : i % 5));
  rig.write('x.npy', npy([rows, 6], x));
  rig.write(
    'y.npy',
    npy(
      [rows],
      Float32Array.from({ length: rows }, (_, i) => i % 2),
    ),
  );
};

/** A file with a dictionary, several pages and two groups of rows, of which the second one has the fault. */
const parquet = () => {
  const of = <T>(value: (i: number) => T) => Array.from({ length: 3 * rows }, (_, i) => value(i));
  const columnData = [
    { name: 'a', data: of((i) => Math.sin(i)), type: 'DOUBLE' as const },
    { name: 'b', data: of((i) => (i === 150_000 ? 'oops' : String(i % 31))), type: 'STRING' as const },
    { name: 'y', data: of((i) => 'uv'[i % 2]!), type: 'STRING' as const },
  ];
  rig.write('data.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 100_000 })));
};

const hour = 3_600_000;
const hours = lines(
  (i) => `${new Date(1e12 + i * hour).toISOString().slice(0, 16)},${i === 50_000 ? 'oops' : i % 24},${i % 7}`,
);

interface Case {
  readonly source: string;
  readonly layers?: string;
  readonly loss?: string;
  /** What the run says of the fault. */
  readonly fault: RegExp;
  readonly write: () => unknown;
}

/** Each source whose head is enough to know its shapes; pictures, recordings and published sets have tests of it. */
const heads: Readonly<Record<string, Case>> = {
  csv: {
    source: `{ csv: ${table.replace('FILE', 'data.csv')} }`,
    fault: /data\.csv, line 50002: b is 'oops'/,
    write: () => rig.write('data.csv', `a,b,y,c\n${csv}`),
  },
  'csv, packed': {
    source: `{ csv: ${table.replace('FILE', 'data.csv.gz')} }`,
    fault: /data\.csv\.gz, line 50002: b is 'oops'/,
    write: () =>
      rig.write(
        'data.csv.gz',
        gzipSync(`a,b,y,c\n${csv.replaceAll('text', () => `${Math.random()}${Math.random()}`)}`),
      ),
  },
  'csv, a row cut short': {
    source: `{ csv: ${table.replace('FILE', 'cut.csv')} }`,
    fault: /cut\.csv, line 60002: 1 cells instead of 4/,
    write: () => rig.write('cut.csv', `a,b,y,c\n${csv.replace('oops', '1')}3`),
  },
  jsonl: {
    source: `{ jsonl: ${table.replace('FILE', 'data.jsonl')} }`,
    fault: /data\.jsonl, line 50001: b is 'oops'/,
    write: () => rig.write('data.jsonl', jsonl),
  },
  parquet: {
    source: `{ parquet: ${table.replace('FILE', 'data.parquet')} }`,
    fault: /data\.parquet, row 150001: b is 'oops'/,
    write: parquet,
  },
  series: {
    source: '{ series: { file: hours.csv, time: t, targets: { load: number }, window: 24, horizon: 2 } }',
    layers: '[flatten, dense 2]',
    loss: 'meanSquaredError',
    fault: /hours\.csv, line 50002: load is 'oops'/,
    write: () => rig.write('hours.csv', `t,load,wind\n${hours}`),
  },
  npy: {
    source: '{ npy: { files: { x: x.npy, y: y.npy }, inputs: [x], targets: { y: [u, v] } } }',
    fault: /x\.npy, sample 50001/,
    write: arrays,
  },
};

const fileOf = (source: string, layers = '[dense 2]', loss = 'softmaxCrossEntropy') => {
  const text =
    `name: p\nseed: 1\ndata:\n  source: ${source}\n  split: { validation: 100 }\nmodel: { layers: ${layers} }\n` +
    `train: { optimizer: adam, loss: ${loss}, batchSize: 64, epochs: 1 }\n`;
  return { name: rig.write('p.yaml', text), text };
};

test.each(Object.keys(heads))(
  '%s: a glance looks at the head and says so; a run finds what is behind it',
  async (name) => {
    const { source, layers, loss, fault, write } = heads[name]!;
    write();
    const file = fileOf(source, layers, loss);
    const { diagnostics, seen } = await glanceAtSource(file);
    expect(diagnostics).toEqual([]);
    expect(seen).toMatchObject({ more: 0 });
    expect(seen).not.toHaveProperty('wholeFor');
    const run = async () => {
      const { pipeline } = await checkFile(file.name);
      await load({ ...pipeline.data, seed: 1, folder: rig.folder });
    };
    await expect(run()).rejects.toThrow(fault);
  },
);

test('what needs all of the data is told, and what is wrong there', async () => {
  rig.write('right.csv', `a,b,y,c\n${csv.replace('oops', '1')}`);
  const glance = async (source: string, layers?: string) => {
    const { diagnostics, seen } = await glanceAtSource(fileOf(source, layers));
    return [diagnostics.map(({ code }) => code), seen?.wholeFor];
  };
  const right = table.replace('FILE', 'right.csv');
  expect(await glance(`{ csv: ${right} }`)).toEqual([[], undefined]);
  expect(await glance(`{ csv: ${right.replace('[u, v]', 'fromData')} }`)).toEqual([
    [],
    expect.stringMatching(/^classes or categories are taken from it/),
  ]);
  rig.write(
    'text.txt',
    lines((i) => `line ${i % 97} of a text`),
  );
  expect(await glance('{ text: { file: text.txt } }', '[embedding 99x4, dense 21]')).toEqual([
    [],
    'its different characters are counted',
  ]);
});

test('what is wrong in a head is told of the whole, which may have it right', async () => {
  // Whether a comma stands before decimals, the last line alone shows.
  rig.write('comma.csv', `a;b;y\n${lines((i) => `1,${100 + (i % 800)};${i}${'0'.repeat(9)};${'uv'[i % 2]}`)}0,5;1;u\n`);
  const file = fileOf(`{ csv: ${table.replace('FILE', "comma.csv, delimiter: ';'")} }`);
  const whole = await glanceAtSource(file);
  expect(whole.seen?.wholeFor).toBe('its head alone seemed to be wrong');
  expect(whole.diagnostics).toEqual([]);
  rig.write('small.csv', 'a,b,y\n1,2,u\n3,4,v\n1,3,u\n2,4,v\n');
  expect((await glanceAtSource(fileOf(`{ csv: ${table.replace('FILE', 'small.csv')} }`))).seen).toBeUndefined();
});

test('a count that no head can tell is proven by all rows', async () => {
  rig.write('right.csv', `a,b,y,c\n${csv.replace('oops', '1')}`);
  const { name, text } = fileOf(`{ csv: ${table.replace('FILE', 'right.csv')} }`);
  const codes = async (count: number) =>
    (await glanceAtSource({ name, text: text.replace('validation: 100', `validation: ${count}`) })).diagnostics;
  expect(await codes(10_000)).toEqual([]);
  expect(await codes(70_000)).toHaveLength(1);
});
