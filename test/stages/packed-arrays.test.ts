import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atOnce } from '../../src/base/turns.ts';
import { arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import { dataWarnings } from '../../src/datasets/findings/data-warnings.ts';
import { piecesOf } from '../../src/datasets/datasets.ts';
import { examineData } from '../../src/datasets/findings/examine-data.ts';
import { inMemory } from '../../src/datasets/pieces.ts';
import { viewOf } from '../../src/datasets/findings/sample-view.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { loadPacked } from '../../src/stages/load-packed.ts';
import { Rig } from '../rig.ts';
import { allOf } from './all-of.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

const packedIn = () => join(rig.folder, 'packed');

/** An array as numpy.save writes it. */
function npy(descr: string, shape: readonly number[], { buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`.padEnd(117);
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\0', 'latin1');
  head.writeUInt16LE(118, 8);
  return Buffer.concat([head, Buffer.from(`${text}\n`), Buffer.from(buffer, byteOffset, byteLength)]);
}

/** Texts of one character, as NumPy has them. */
const texts = (all: readonly string[]) => Uint32Array.from(all, (text) => text.codePointAt(0)!);

const noise = (k: number) => ((Math.imul(k + 1, 0x9e37_79b1) >>> 8) % 2001) / 8 - 125;

/** Some million bytes, so that they are read in several parts; two samples are alike but for their label. */
function arraysOf(count: number, from = 0) {
  const id = (k: number) => from + (k === 5 ? 4 : k);
  const wide = Float64Array.from({ length: 500 * count }, (_, k) => noise(500 * id(Math.floor(k / 500)) + (k % 500)));
  return {
    wide: npy('<f8', [count, 500], wide),
    grey: npy(
      '|u1',
      [count, 3, 2],
      Uint8Array.from({ length: 6 * count }, (_, k) => (id(Math.floor(k / 6)) * 7 + (k % 6)) % 250),
    ),
    y: npy('<U1', [count], texts(Array.from({ length: count }, (_, k) => 'abc'[(from + k) % 3]!))),
    price: npy(
      '>f8',
      [count, 2],
      Buffer.from(Float64Array.from({ length: 2 * count }, (_, k) => 1e9 + from + k / 8).buffer).swap64(),
    ),
    pixels: npy(
      '<i2',
      [count, 2, 2],
      Int16Array.from({ length: 4 * count }, (_, k) => 3 + (k % 2)),
    ),
  };
}

const parts = { train: '*_train', validation: '*_val', test: '*_test' };
const usual = {
  inputs: ['wide', 'grey'],
  targets: { y: ['a', 'b', 'c'], price: 'number', pixels: 'fromData' },
  images: false,
  parts,
  test: 0.25,
};

function asMembers(arrays: Readonly<Record<string, Uint8Array>>, ending = '') {
  return Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}${ending}.npy`, bytes]));
}

/** Numbers are deflated by half, so that members of both kinds are read. */
function writeNpz(): object {
  const { wide, ...others } = asMembers(arraysOf(1100)) as Record<string, Uint8Array>;
  rig.write('a.npz', zipSync({ ...others, ...(wide && { wide }) }, { level: 1 }));
  return { file: 'a.npz', ...usual };
}

function writeNpy(): object {
  const files = Object.entries(arraysOf(60)).map(([name, bytes]) => {
    rig.write(`${name}.npy`, bytes);
    return [name, `${name}.npy`];
  });
  return { files: Object.fromEntries(files), ...usual, images: true };
}

function writeParts(): object {
  const members = { ...asMembers(arraysOf(30), '_train'), ...asMembers(arraysOf(12, 30), '_val') };
  rig.write('a.npz', zipSync({ ...members, ...asMembers(arraysOf(10, 42), '_test') }, { level: 0 }));
  return { file: 'a.npz', ...usual };
}

const split = { validation: 0.25, stratified: true };

const opened = (type: string, options: object, folder = rig.folder) => piecesOf(type)!.open(options, folder, 5, split);

test.each([
  ['npz', 'in one archive', writeNpz],
  ['npy', 'in files', writeNpy],
  ['npz', 'with parts of their own', writeParts],
] as const)('%s %s: on the disk they are those in memory, bit for bit, and told of alike', async (type, _, write) => {
  const options = write();
  const held = await inMemory(opened(type, options));
  const rows = held.split ?? { train: firstRows(held.train.count).slice(2), validation: firstRows(2) };
  const lookAt = (data: Parameters<typeof examineData>[0], view: ReturnType<typeof viewOf>) => [
    atOnce(examineData(data, rows, view)),
    dataWarnings(data, rows, view),
  ];
  const said = lookAt(held, viewOf(held));
  const targets = held.spec.targets.length;
  // The second time they are taken as they were packed.
  for (let time = 0; time < 2; time++) {
    const { dataset, view } = await loadPacked(opened(type, options), 1e6, undefined, packedIn());
    expect(await allOf(dataset.train, targets)).toEqual(await allOf(arraySource(held.train), targets));
    expect(await allOf(dataset.test, targets)).toEqual(await allOf(arraySource(held.test), targets));
    const { files, name, spec } = dataset;
    expect({ files, name, split: dataset.split }).toEqual({ files: held.files, name: held.name, split: held.split });
    expect(spec).toMatchObject({ inputs: held.spec.inputs, targets: held.spec.targets, count: held.spec.count });
    for (const part of ['train', 'test'] as const)
      for (const row of [0, held[part].count - 1])
        expect(dataset.origin!.place(part, row)).toEqual(held.origin!.place(part, row));
    expect(lookAt(dataset, view)).toEqual(said);
  }
  expect(JSON.stringify(said)).toContain('"code":"one-input-two-labels"');
  expect(readdirSync(packedIn())).toHaveLength(2);
});

test('rows of few numbers that are alike by chance are told of as in memory', async () => {
  const few = Uint8Array.from({ length: 3 * 200 }, (_, k) => ((Math.imul(k + 1, 0x9e37_79b1) >>> 9) % 5) + (k % 3));
  const numbers = Float32Array.from(few);
  const y = Uint8Array.from({ length: 200 }, (_, k) => k % 2);
  for (const x of [npy('|u1', [200, 3], few), npy('<f4', [200, 3], numbers)]) {
    rig.write('a.npz', zipSync(asMembers({ x, y: npy('|u1', [200], y) })));
    const options = { ...usual, file: 'a.npz', inputs: ['x'], targets: { y: 'fromData' } };
    const held = await inMemory(opened('npz', options));
    const rows = { train: firstRows(held.train.count), validation: firstRows(0) };
    const { dataset, view } = await loadPacked(opened('npz', options), 1e6, undefined, packedIn());
    expect(atOnce(examineData(dataset, rows, view))).toEqual(atOnce(examineData(held, rows, viewOf(held))));
  }
});

test('where the input is to be learnt, its samples are those without what is to be predicted', async () => {
  const { targets: _, ...options } = writeNpy() as { readonly targets: object };
  const learnt = { ...options, inputs: ['grey'], targets: 'input' };
  const pieces = opened('npy', learnt);
  expect(pieces.spec.targets).toEqual([]);
  const { dataset } = await loadPacked(pieces, 1e6, undefined, packedIn());
  const held = await inMemory(opened('npy', learnt));
  expect(await allOf(dataset.train, 0)).toEqual(await allOf(arraySource(held.train), 0));
});

const packing = async (options: object, type = 'npz') =>
  loadPacked(opened(type, options), 1e6, undefined, packedIn()).then(
    () => 'packed',
    (error: unknown) => String(error),
  );

test('what cannot be used is named with its sample, and nothing looks packed', async () => {
  const wide = new Float64Array(500 * 1100).fill(1);
  wide[500 * 1050 + 3] = Number.NaN;
  const members = { ...asMembers(arraysOf(1100)), 'wide.npy': npy('<f8', [1100, 500], wide) };
  rig.write('a.npz', zipSync(members, { level: 1 }));
  const options = { file: 'a.npz', ...usual };
  expect(await packing(options)).toContain('`wide` of a.npz, sample 1051: one of its values is NaN');
  expect(await packing({ ...options, inputs: ['grey'], targets: { y: ['a', 'b', 'd'] } })).toContain(
    '`y` of a.npz, sample 3: the label c is none of the 3 classes',
  );
  expect(readdirSync(packedIn())).toEqual([]);
});

test.each(['stored', 'deflated'])('a %s member that is damaged in its middle is never packed', async (kind) => {
  const options = writeNpz();
  rig.write('a.npz', zipSync(asMembers(arraysOf(1100)), { level: kind === 'stored' ? 0 : 1 }));
  const path = join(rig.folder, 'a.npz');
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 3)]! ^= 1;
  writeFileSync(path, bytes);
  expect(await packing({ ...options, targets: { y: ['a', 'b', 'c'] } })).toMatch(
    /`wide.npy` in it is damaged|one of its values is/,
  );
  expect(readdirSync(packedIn())).toEqual([]);
});

test('files that change while they are packed, or are not what they must be, are told', async () => {
  const options = writeNpy();
  const pieces = opened('npy', options);
  const read = async (sample: number) => {
    if (sample === 30) rig.write('price.npy', Buffer.from(readFileSync(join(rig.folder, 'price.npy'))).fill(0, 200));
    return pieces.read(sample);
  };
  await expect(loadPacked({ ...pieces, read }, 1e6, undefined, packedIn())).rejects.toThrow(
    'price.npy changed while the data was packed',
  );
  const url = `file://${join(rig.folder, 'wide.npy')}`;
  const files = { ...(options as { files: object }).files, wide: { url, sha256: '0'.repeat(64) } };
  expect(await packing({ ...options, files }, 'npy')).toContain('is damaged, or another file: its SHA-256 is');
  expect(readdirSync(packedIn())).toEqual([]);
});

test('what says how values are read is a part of what they are packed under', async () => {
  const options = writeNpy();
  for (const more of [{}, { test: 0.5 }, { images: false }, { inputs: ['grey'] }])
    await loadPacked(opened('npy', { ...options, ...more }), 1e6, undefined, packedIn());
  // The share of the test is none.
  expect(readdirSync(packedIn()).filter((name) => name.endsWith('.rows'))).toHaveLength(3);
});

const pipeline = (source: string, more = '') => `name: a
seed: 1
data: { source: { npy: { files: { x: x.npy, y: y.npy }, ${source} } }${more} }
model: { layers: [dense 2] }
train: { loss: softmaxCrossEntropy, optimizer: adam, epochs: 1, batchSize: 8 }
`;

test("an array in Fortran's order is a mistake before anything starts, where memory does not hold it", () => {
  const x = Buffer.from(npy('<f4', [40, 3], new Float32Array(120)));
  rig.write('x.npy', Buffer.from(x.toString('latin1').replace('False', 'True '), 'latin1'));
  rig.write(
    'y.npy',
    npy(
      '|u1',
      [40],
      Uint8Array.from({ length: 40 }, (_, k) => k % 2),
    ),
  );
  const codes = (more: string) => {
    const text = pipeline('targets: { y: fromData }', more);
    return checkSource({ name: rig.write('a.yaml', text), text }).diagnostics.map(({ code }) => code);
  };
  expect(codes('')).not.toContain('data-not-packable');
  expect(codes(', memory: 100B')).toContain('data-not-packable');
});
