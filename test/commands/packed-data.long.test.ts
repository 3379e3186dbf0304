import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
const count = 90;

beforeAll(() => {
  const lines = Array.from({ length: count }, (_, k) => {
    const data = Uint8Array.from({ length: 1024 }, (__, at) => (k * 37 + at * (k % 3)) % 256);
    rig.write(`pictures/${k}.png`, encode({ width: 32, height: 32, channels: 1, data }));
    return `${k}.png,${k % 2 === 0 ? 'low' : 'low|high'},${4200 + (k % 7)}\n`;
  });
  rig.write('pictures/all.csv', `file,tags,rent\n${lines.join('')}`);
  const x = Float32Array.from({ length: 64 * count }, (_, k) => ((k * 37) % 101) / 50 - 1);
  const of = (name: string, shape: number[], values: Float32Array | Int32Array) => ({
    name,
    shape,
    values,
    dtype: values instanceof Int32Array ? ('int32' as const) : ('float32' as const),
  });
  const y = Int32Array.from({ length: count }, (_, k) => k % 3);
  const price = Float32Array.from(y, (mark) => 1000 + mark);
  const names = Array.from({ length: 40 }, (_, k) => `x${k}`);
  const rows = Array.from({ length: count }, (_, k) => {
    const numbers = names.map((__, at) => ((k * 37 + at * at) % 101) / 8);
    return [...numbers, ['red', 'green'][k % 2], `mark${k % 3}`, 4200 + (k % 7)].join();
  });
  rig.write('a.csv', [[...names, 'colour', 'mark', 'rent'].join(), ...rows].join('\n'));
  rig.write('a.npz', writeNpz([of('x', [count, 64], x), of('y', [count], y), of('price', [count], price)]));
});
afterAll(() => rig.remove());

const heads = 'model: { layers: [flatten, { dense: 8 relu, name: h }, { dense: 2 sigmoid, name: tags, from: h }';
const pictures = `
    images: { table: pictures/all.csv, targets: { tags: { labels: fromData, separator: '|' }, rent: number } }
  split: { validation: 0.2 }
${heads}, { dense: 1, name: rent, from: h }] }
train:
  outputs: { tags: { loss: binaryCrossentropy }, rent: { loss: meanSquaredError } }
`;
const arrays = `
    npz: { file: a.npz, inputs: [x], targets: { y: fromData, price: number } }
  split: { validation: 0.2 }
model: { layers: [{ dense: 8 relu, name: h }, { dense: 3, name: y, from: h }, { dense: 1, name: price, from: h }] }
train:
  outputs: { y: { loss: softmaxCrossEntropy }, price: { loss: meanSquaredError } }
`;

const table = `
    csv:
      file: a.csv
      targets: { mark: fromData, rent: number }
      categories: { colour: fromData }
      prepare: { x3: [{ missing: median }, robust] }
      test: 0.2
  split: { validation: 0.2 }
model: { layers: [{ dense: 8 relu, name: h }, { dense: 3, name: mark, from: h }, { dense: 1, name: rent, from: h }] }
train:
  outputs: { mark: { loss: softmaxCrossEntropy }, rent: { loss: meanSquaredError } }
`;

const pipeline = (source: string, memory: string) =>
  `name: a\nseed: 1\ndata:\n  memory: ${memory}\n  source:${source}` +
  '  optimizer: adam\n  epochs: 2\n  batchSize: 8\nvisualize: { figures: [] }\n';

/** What a run came to that takes nothing that is kept of its stages. */
async function runOf(file: string) {
  const { code, stdout, stderr } = await rig.run(['run', file, '--force', '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const { weightsSha256, metrics } = eventsOf(stdout).at(-1)!;
  return { weightsSha256, metrics };
}

const rowsIn = () => {
  const folder = join(rig.folder, '.layerline/packed');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.rows'));
  return names.map((name) => ({ name, size: statSync(join(folder, name)).size }));
};

test('pictures beyond memory, with labels and numbers, come to the same, and are asked for', async () => {
  rig.write('held.yaml', pipeline(pictures, '1GB'));
  rig.write('a.yaml', pipeline(pictures, '80KB'));
  const held = await runOf('held.yaml');
  expect(await runOf('a.yaml')).toEqual(held);
  expect(rowsIn().map(({ size }) => size)).toEqual([1024 * count]);
  const evaluated = await rig.run(['evaluate', 'last', '--data', 'pictures/all.csv']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
});

test('a table beyond memory comes to the same, is told of and asked for', async () => {
  rig.write('held.yaml', pipeline(table, '1GB'));
  rig.write('a.yaml', pipeline(table, '11KB'));
  const held = await runOf('held.yaml');
  expect(await runOf('a.yaml')).toEqual(held);
  expect(rowsIn().map(({ size }) => size)).toContain(4 * 41 * count);
  const told = await Promise.all(
    ['held.yaml', 'a.yaml'].map(async (file) => (await rig.run(['data', file, '--json'])).stdout),
  );
  expect(told[1]).toBe(told[0]);
  const evaluated = await rig.run(['evaluate', 'last', '--data', 'a.csv']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
});

test('arrays beyond memory come to the same, are told of and cleaned', async () => {
  rig.write('held.yaml', pipeline(arrays, '1GB'));
  rig.write('a.yaml', pipeline(arrays, '22KB'));
  const held = await runOf('held.yaml');
  const before = rowsIn().length;
  expect(await runOf('a.yaml')).toEqual(held);
  expect(rowsIn()).toHaveLength(before + 1);
  const told = await Promise.all(
    ['held.yaml', 'a.yaml'].map(async (file) => (await rig.run(['data', file, '--json'])).stdout),
  );
  expect(told[1]).toBe(told[0]);
  expect((await rig.run(['clean'])).code).toBe(0);
  expect(rowsIn()).toEqual([]);
});
