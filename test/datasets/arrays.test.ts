import { readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { UserError } from '../../src/base/diagnostics.ts';
import { memorySource, npzArrays } from '../../src/datasets/arrays/array-files.ts';
import { firstRows } from '../../src/datasets/batch-source.ts';
import { datasets } from '../../src/datasets/datasets.ts';
import { npyValues, readNpyHead } from '../../src/datasets/arrays/npy.ts';
import { type Tensor } from '../../src/models/formats/tensor.ts';
import { writeNpz, writeZip } from '../../src/models/formats/npz.ts';
import { Rig } from '../rig.ts';

/** What NumPy wrote and reads: see arrays.py. */
const numpy = JSON.parse(readFileSync(new URL('arrays.json', import.meta.url), 'utf8')) as {
  readonly arrays: readonly {
    readonly name: string;
    readonly file: string;
    readonly shape: readonly number[];
    readonly values: readonly string[];
  }[];
  readonly refused: Readonly<Record<string, string>>;
  readonly archives: Readonly<Record<string, string>>;
  readonly x: readonly string[];
  readonly y: readonly string[];
};

const bytesOf = (file: string) => new Uint8Array(Buffer.from(file, 'base64'));

const rig = new Rig();
afterAll(() => rig.remove());

test.each(numpy.arrays)('$name is read as NumPy reads it', ({ name, file, shape, values }) => {
  const bytes = bytesOf(file);
  const head = readNpyHead(name, bytes);
  expect(head.shape).toEqual(shape);
  // Wherever it lies in memory.
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  const isText = /[US]/.test(name);
  for (const given of [bytes, moved.subarray(3)]) {
    const read = npyValues(name, head, given);
    expect(read).toHaveLength(values.length);
    if (isText) expect(read).toEqual(values);
    else values.forEach((value, k) => expect(read[k]).toBe(Number(value.replace('inf', 'Infinity'))));
  }
});

test.each([
  ['objects', /objects of Python, which only running a program gives back/],
  ['structures', /its values are structures/],
  ['complex', /its values are <c16/],
  ['dates', /its values are <M8/],
  ['wide', /its values are <f16/],
])('%s are refused', (kind, message) => {
  expect(() => readNpyHead('a.npy', bytesOf(numpy.refused[kind]!))).toThrow(message);
});

describe.each(Object.keys(numpy.archives))('an archive that is %s', (kind) => {
  const bytes = bytesOf(numpy.archives[kind]!);

  test('gives the arrays that NumPy gives', () => {
    const file = npzArrays(memorySource('a.npz', bytes));
    expect(file.names).toEqual(['x', 'y']);
    expect([file.head('x').shape, file.head('y').shape]).toEqual([[12, 4], [12]]);
    expect(file.values('x')).toEqual(Float32Array.from(numpy.x, Number));
    expect(file.values('y')).toEqual(numpy.y);
    expect(() => file.head('z')).toThrow('a.npz has no array `z`');
  });

  test('however it is damaged, it gives the same or a mistake', () => {
    const whole = JSON.stringify(arraysIn(bytes));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, by, cut) => {
        const other = cut ? bytes.slice(0, at) : bytes.slice();
        if (!cut) other[at]! ^= by;
        try {
          const read = arraysIn(other);
          // Names, times and versions are not in the checksum.
          if ('x' in read && 'y' in read) expect(JSON.stringify(read)).toBe(whole);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 400 },
    );
  });
});

function arraysIn(bytes: Uint8Array): Record<string, unknown> {
  const file = npzArrays(memorySource('a.npz', bytes));
  return Object.fromEntries(file.names.map((name) => [name, [file.head(name).shape, ...file.values(name)]]));
}

/** A zip as nobody should write one. */
function zipOf(
  members: readonly { name: string; content: Uint8Array; size?: number; method?: number; flags?: number }[],
): Uint8Array {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const { name, content, size = content.length, method = 8, flags = 0 } of members) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(name.length, 22);
    const called = Buffer.from(name, 'latin1');
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, called, packed]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\0\0', 'latin1'), fields, more, called]));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, directory, end]));
}

const one = bytesOf(numpy.arrays.find(({ name }) => name === '<f4 C 1.0')!.file);
const head = (text: string) => {
  const bytes = Buffer.alloc(10 + text.length);
  bytes.write(`\x93NUMPY\x01\0`, 'latin1');
  bytes.writeUInt16LE(text.length, 8);
  bytes.write(text, 10, 'latin1');
  return new Uint8Array(bytes);
};

test.each<readonly [string, Parameters<typeof zipOf>[0], RegExp]>([
  ['a member twice', [1, 2].map(() => ({ name: 'x.npy', content: one })), /`x.npy` is in it twice/],
  ['a path', [{ name: '../x.npy', content: one }], /`..\/x.npy` in it is in a folder/],
  ['a secret', [{ name: 'x.npy', content: one, flags: 1 }], /encrypted/],
  ['another method', [{ name: 'x.npy', content: one, method: 14 }], /packed by method 14/],
  ['a size that is too small', [{ name: 'x.npy', content: one, size: one.length - 4 }], /promises 48 bytes/],
  [
    'a bomb',
    [{ name: 'x.npy', content: Buffer.concat([one, Buffer.alloc(5e6)]), size: one.length }],
    /`x.npy` in it is damaged: it does not unpack to what the directory says/,
  ],
  ['too large a size', [{ name: 'x.npy', content: one, size: 3e9 }], /promises 48 bytes/],
  [
    'a header of more values than there can be',
    [{ name: 'x.npy', content: head("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 99999999), }") }],
    /header is damaged|promises/,
  ],
  ['a header of no shape', [{ name: 'x.npy', content: head("{'descr': '<f4', 'fortran_order': False}") }], /header/],
  ['no array', [{ name: 'x.npy', content: Buffer.from('hello, there') }], /it is no .npy file/],
])('an archive with %s is refused', (_, members, message) => {
  expect(() => arraysIn(zipOf(members))).toThrow(message);
});

test('what is no zip is told', () => {
  expect(() => arraysIn(Buffer.from('not a zip'))).toThrow('it is no zip file');
  expect(() => arraysIn(new Uint8Array(0))).toThrow(UserError);
  expect(arraysIn(zipOf([{ name: 'x.npy', content: one }]))).toHaveProperty('x');
});

const count = 40;
const floats = (length: number) => Float32Array.from({ length }, (_, i) => (i * 37) % 101);
const usual = {
  inputs: ['x'],
  targets: { y: 'fromData' },
  images: false,
  parts: { train: '*_train', validation: '*_val', test: '*_test' },
  test: 0.25,
};

function write(name: string, tensors: readonly Tensor[]): { readonly file: string } {
  rig.write(name, writeNpz(tensors));
  return { file: name };
}

const x = (of = count, name = 'x'): Tensor => ({ name, dtype: 'float32', shape: [of, 3], values: floats(of * 3) });
const y = (of = count, name = 'y'): Tensor => ({
  name,
  dtype: 'int32',
  shape: [of],
  values: Int32Array.from({ length: of }, (_, i) => 3 + (i % 3)),
});

const division = { split: { validation: 0.2, stratified: true }, seed: 5 } as const;

describe('samples', () => {
  test('of whole arrays: the test is drawn of each class, and each sample keeps its label', async () => {
    const given = { ...usual, ...write('whole.npz', [x(), y()]) };
    const settled = datasets.npz.settle!(given, rig.folder, division.split);
    expect(settled).toEqual({ ...given, targets: { y: ['3', '4', '5'] } });
    const { train, test: tested, spec } = await datasets.npz.load(given, rig.folder, 5, undefined, division.split);
    expect(spec).toMatchObject({
      inputs: [{ name: 'input', shape: [3], dtype: 'float32', scale: 1 }],
      targets: [{ kind: 'class', name: 'y', classes: ['3', '4', '5'], shape: [] }],
      count: { train: 30, test: 10 },
    });
    const samples = [train, tested].flatMap((part) =>
      [...firstRows(part.count)].map((row) => [
        ...part.inputs[0]!.subarray(3 * row, 3 * row + 3),
        part.targets[0]![row]!,
      ]),
    );
    const all = Array.from({ length: count }, (_, i) => [...floats(3 * count).subarray(3 * i, 3 * i + 3), i % 3]);
    expect(samples.map(String).sort()).toEqual(all.map(String).sort());
    expect(new Set(tested.targets[0]).size).toBe(3);
    const described = datasets.npz.describe(given, rig.folder, division);
    expect(isMisfit(described)).toBe(false);
  });

  test.each(['C', 'Fortran'])('of bytes that are packed, in the order of %s, each keeps its label', async (order) => {
    // What is unpacked is a Buffer, whose `slice` copies nothing.
    const array = (shape: string, bytes: Uint8Array) => {
      const text = `{'descr': '|u1', 'fortran_order': ${order === 'C' ? 'False' : 'True'}, 'shape': (${shape}), }\n`;
      return new Uint8Array(Buffer.concat([head(text), bytes]));
    };
    const rows = Uint8Array.from({ length: count }, (_, row) => row);
    const pairs = Uint8Array.from({ length: 2 * count }, (_, i) => (order === 'C' ? i >> 1 : i % count));
    const labels = rows.map((row) => row % 3);
    rig.write(
      'packed.npz',
      zipOf([
        { name: 'x.npy', content: array(`${count}, 2`, pairs) },
        { name: 'y.npy', content: array(`${count},`, labels) },
      ]),
    );
    const given = { ...usual, file: 'packed.npz' };
    const { train, test: tested } = await datasets.npz.load(given, rig.folder, 5, undefined, division.split);
    const samples = [train, tested].flatMap((part) =>
      [...firstRows(part.count)].map((row) => [
        ...part.inputs[0]!.subarray(2 * row, 2 * row + 2),
        part.targets[0]![row]!,
      ]),
    );
    expect(samples.map(String).sort()).toEqual([...rows].map((row) => String([row, row, row % 3])).sort());
  });

  test('in the order of time the last ones are the test', async () => {
    const given = { ...usual, ...write('whole.npz', [x(), y()]) };
    const split = { ...division.split, order: 'time' };
    const { test: tested } = await datasets.npz.load(given, rig.folder, 5, undefined, split);
    expect(tested.inputs[0]).toEqual(floats(3 * count).subarray(90));
  });

  test('of arrays for each part: those for validation validate', async () => {
    const given = {
      ...usual,
      ...write('parts.npz', [
        x(20, 'x_train'),
        y(20, 'y_train'),
        x(8, 'x_val'),
        y(8, 'y_val'),
        x(9, 'x_test'),
        y(9, 'y_test'),
      ]),
    };
    const loaded = await datasets.npz.load(given, rig.folder, 5, undefined, division.split);
    expect(loaded.spec.count).toEqual({ train: 28, test: 9, validation: 8 });
    expect(loaded.split).toEqual({ train: firstRows(20), validation: firstRows(28).slice(20) });
    expect(loaded.train.inputs[0]).toEqual(Float32Array.from([...floats(60), ...floats(24)]));
    expect(loaded.origin!.place('train', 21)).toEqual({ file: '`x_val` of parts.npz', sample: 2 });
  });

  test('pictures of greys have a channel, labels may be texts, and numbers several', async () => {
    const bytes = Uint8Array.from({ length: 8 * 20 }, (_, i) => i);
    const npyOf = (descr: string, shape: string, values: Uint8Array) =>
      Buffer.concat([head(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`), values]);
    const label = Buffer.from(Array.from({ length: 8 }, (_, i) => ['ant', 'bee'][i % 2]!).join(''));
    const floats32 = new Uint8Array(Float32Array.from({ length: 16 }, (_, i) => i).buffer);
    rig.write(
      'mixed.npz',
      writeZip({
        'x.npy': npyOf('|u1', '8, 4, 5', bytes),
        'y.npy': npyOf('|S3', '8,', label),
        'z.npy': npyOf('<f4', '8, 2', floats32),
      }),
    );
    const targets = { y: ['bee', 'ant'], z: 'number' };
    const given = { ...usual, images: true, targets, file: 'mixed.npz' };
    const { spec, train } = await datasets.npz.load(given, rig.folder, 5);
    expect(spec.inputs).toEqual([{ name: 'input', shape: [4, 5, 1], dtype: 'uint8', scale: 1 / 255 }]);
    expect(spec.targets.map(({ shape }) => shape)).toEqual([[], [2]]);
    const row = train.inputs[0]![0]! / 20;
    expect([train.targets[0]![0], ...train.targets[1]!.subarray(0, 2)]).toEqual([1 - (row % 2), 2 * row, 2 * row + 1]);
  });

  test.each<readonly [string, readonly Tensor[], object, string, string]>([
    ['a name that is none', [x(), y()], { inputs: ['z'] }, 'unknown-array', 'inputs.0'],
    ['fewer labels', [x(), y(39)], {}, 'arrays-differ', 'targets.y'],
    ['no test', [x(20, 'x_train'), y(20, 'y_train')], {}, 'unknown-array', 'parts'],
    ['one for both', [x(), y()], { inputs: ['x', 'y'] }, 'unusable-array', 'targets.y'],
    ['parts of one alone', [x(20, 'x_train'), x(20, 'x_test'), y()], {}, 'arrays-differ', 'targets.y'],
    ['pictures that are none', [x(), y()], { images: true }, 'unusable-array', 'images'],
    ['a class for each number', [x(), { ...x(), name: 'y' }], {}, 'unusable-array', 'targets.y'],
    ['numbers as classes', [x(), { ...x(), name: 'y', shape: [120] }], {}, 'arrays-differ', 'targets.y'],
    ['too few classes', [x(), y()], { targets: { y: ['3', '4'] } }, 'label-without-class', 'targets.y'],
    ['a tiny share', [x(), y()], { test: 0.001 }, 'no-test-samples', 'test'],
    [
      'fractions as classes',
      [x(), { name: 'y', dtype: 'float32', shape: [count], values: floats(count).map((one) => one / 7) }],
      {},
      'no-list-in-array',
      'targets.y',
    ],
  ])('%s: a mistake at the option', (_, tensors, options, code, path) => {
    const given = { ...usual, ...write('wrong.npz', tensors), ...options };
    const found = datasets.npz.describe(given, rig.folder, division);
    expect(found).toMatchObject({
      code,
      path: ['source', 'npz', ...path.split('.').map((one) => (/^\d/.test(one) ? Number(one) : one))],
    });
  });

  test('numbers that are none are told with their sample when they are read', async () => {
    const values = floats(3 * count);
    values[70] = Number.NaN;
    const given = { ...usual, ...write('nan.npz', [{ ...x(), values }, y()]) };
    await expect(datasets.npz.load(given, rig.folder, 5)).rejects.toMatchObject({
      path: ['source', 'npz', 'inputs', 0],
      message: '`x` of nan.npz, sample 24: one of its values is NaN',
    });
  });
});

describe('a file that a model is asked about', () => {
  const inputs = [{ name: 'x', shape: [3], dtype: 'float32', scale: 1 }] as const;
  const classes = { kind: 'class', name: 'y', classes: ['3', '4', '5'], shape: [] } as const;
  const numbers = { kind: 'number', name: 'y', shape: [1] } as const;
  const asked = (target: typeof classes | typeof numbers, tensors: readonly Tensor[]) => {
    const { files } = datasets.npz.rows({ options: { ...usual, file: 'a.npz' } as never, inputs, targets: [target] });
    return [...files.npz!('asked.npz', writeNpz(tensors))];
  };

  test('says what is right of each sample', () => {
    const rows = asked(classes, [x(4), y(4)]);
    expect(rows.map(({ actual }) => actual)).toEqual([0, 1, 2, 0].map((label) => [Uint8Array.of(label)]));
    expect(rows.map(({ x: values }) => values![0])).toEqual(
      [0, 1, 2, 3].map((k) => floats(12).slice(3 * k, 3 * k + 3)),
    );
  });

  test('says so of those whose label is known, and names the others', () => {
    const labels = { ...y(4), values: Int32Array.of(3, 9, 5, 4) };
    const rows = asked(classes, [x(4), labels]);
    expect(rows.map(({ actual }) => actual)).toEqual([
      [Uint8Array.of(0)],
      [undefined],
      [Uint8Array.of(2)],
      [Uint8Array.of(1)],
    ]);
    expect(rows.map(({ fault }) => fault?.message)).toEqual([
      undefined,
      "`y` of asked.npz, index 1: y is '9', a label that training did not have",
      undefined,
      undefined,
    ]);
    expect(rows.every(({ x: values }) => values !== undefined)).toBe(true);
  });

  test('of numbers, NaN says nothing and infinity is none: the sample is there all the same', () => {
    const right = {
      name: 'y',
      dtype: 'float32',
      shape: [4],
      values: Float32Array.of(1, Number.NaN, Infinity, 4),
    } as const;
    const rows = asked(numbers, [x(4), right]);
    expect(rows.map(({ actual }) => actual![0])).toEqual([
      Float64Array.of(1),
      undefined,
      undefined,
      Float64Array.of(4),
    ]);
    expect(rows.flatMap(({ fault }) => fault?.message ?? [])).toEqual([
      "`y` of asked.npz, index 2: y is 'Infinity', not a number",
    ]);
    expect(rows.every(({ x: values }) => values !== undefined)).toBe(true);
  });

  test.each([
    [
      'labels of another shape',
      classes,
      { ...y(8), shape: [4, 2] },
      /`y` of asked\.npz: expected COUNT x .*, got 4 x 2/,
    ],
    ['fewer labels', classes, y(3), /different numbers of samples/],
  ])('%s: it is told, and nothing is moved', (_, target, right, message) => {
    expect(() => asked(target, [x(4), right])).toThrow(message);
  });
});
