import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { isUnfetched } from '../../src/datasets/dataset.ts';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
const count = 60;
const marks = Array.from({ length: count }, (_, k) => (k * 7) % 4);
const values = Float32Array.from({ length: 2 * count }, (_, k) => ((k * 37) % 101) / 50 - 1);
const array = (name: string, shape: number[], of: Int32Array | Float32Array) => ({
  name,
  shape,
  values: of,
  dtype: of instanceof Int32Array ? ('int32' as const) : ('float32' as const),
});

/** Bytes as numpy.save writes them. */
function bytesAsNpy(shape: readonly number[], bytes: Uint8Array): Buffer {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117);
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\0', 'latin1');
  head.writeUInt16LE(118, 8);
  return Buffer.concat([head, Buffer.from(`${text}\n`), bytes]);
}

beforeAll(() => {
  rig.write(
    'a.npz',
    writeNpz([
      array('x', [count, 2], values),
      array('z', [count, 2], values),
      array('y', [count], Int32Array.from(marks)),
      array(
        'stars',
        [count],
        Int32Array.from(marks, (mark) => mark + 1),
      ),
      array(
        'pixels',
        [count, 2, 2],
        Int32Array.from({ length: 4 * count }, (_, k) => k % 3),
      ),
    ]),
  );
  rig.write(
    'p.npy',
    bytesAsNpy(
      [count, 2, 2],
      Uint8Array.from({ length: 4 * count }, (_, k) => (k * 53) % 256),
    ),
  );
});
afterAll(() => rig.remove());

const parts = { train: '*_train', validation: '*_val', test: '*_test' };
const usual = { inputs: ['x'], images: false, test: 0.25, parts };
const split = { validation: 0.2, stratified: true };
const sourceOf = (more: object) =>
  'files' in more
    ? { type: 'npy', options: { ...usual, ...more } }
    : { type: 'npz', options: { ...usual, file: 'a.npz', ...more } };

function describe(more: object) {
  const { type, options } = sourceOf(more);
  return datasetRow(type).describe(options, rig.folder, { split, seed: 1 });
}

const loaded = (more: object) => load({ source: sourceOf(more), split, seed: 1, folder: rig.folder });

test('classes in order are listed, or numbers by their size', async () => {
  const classes = ['bad', 'fair', 'good', 'best'];
  const listed = await loaded({ targets: { y: { ordinal: classes } } });
  expect(listed.dataset.spec.targets).toEqual([{ kind: 'class', name: 'y', classes, shape: [], ordinal: true }]);
  const plain = await loaded({ targets: { y: 'fromData' } });
  expect([listed.split, listed.dataset.train.labels(0)]).toEqual([plain.split, plain.dataset.train.labels(0)]);
  expect(listed.facts.targets[0]).toMatchObject({ ordinal: true });
  const settled = datasetRow('npz').settle!(
    sourceOf({ targets: { stars: { ordinal: 'fromData' } } }).options,
    rig.folder,
    split,
  );
  expect(settled).toMatchObject({ targets: { stars: { ordinal: ['1', '2', '3', '4'] } } });
  const numbers = await loaded(settled);
  expect(numbers.dataset.test.labels(0)).toEqual(listed.dataset.test.labels(0));
});

test.each([
  [{ y: { ordinal: ['low', 'high'] } }, 'label-without-class', /sample 2: the label 3 is none of the 2 classes/],
  [{ pixels: { ordinal: 'fromData' } }, 'unusable-array', /60 x 2 x 2, and classes in order are one for each sample/],
  [{ x: { ordinal: 'fromData' } }, 'unusable-array', /`x` is learnt from/],
] as const)('what has no order is a mistake of its target: %j', (targets, code, message) => {
  const told = describe({ targets });
  expect(told).toMatchObject({ code, path: ['source', 'npz', 'targets', Object.keys(targets)[0]] });
  expect('problem' in told && told.problem).toMatch(message);
});

test.each([
  [{}, [2], 'numbers'],
  [{ files: { p: 'p.npy' }, inputs: ['p'], images: true }, [2, 2, 1], 'shares'],
] as const)('the input itself is learnt: %j', async (given, shape, of) => {
  const described = describe({ ...given, targets: 'input' });
  if (isMisfit(described) || isUnfetched(described)) throw new Error('it is not described');
  expect(described.targets).toEqual([{ kind: 'number', name: 'reconstruction', shape, reconstructs: of }]);
  const { dataset, warnings } = await loaded({ ...given, targets: 'input' });
  expect([dataset.train.count, dataset.test.count, warnings]).toEqual([45, 15, []]);
  const factor = Math.fround(described.inputs[0]!.scale);
  for await (const { x, y } of dataset.test.batches({ rows: Uint32Array.of(3, 0), size: 2 }))
    expect([...y[0]!]).toEqual(Array.from(x[0]!, (value) => Math.fround(value * factor)));
});

test('of several arrays none is the input that is learnt', () => {
  expect(describe({ inputs: ['x', 'z'], targets: 'input' })).toMatchObject({
    code: 'not-reconstructable',
    path: ['source', 'npz', 'targets'],
  });
});
