import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { isMisfit } from '../../src/base/row.ts';
import type { DatasetRow } from '../../src/datasets/dataset.ts';
import { datasets } from '../../src/datasets/datasets.ts';
import { tarMembers } from '../../src/datasets/files/tar-members.ts';
import { Rig } from '../rig.ts';
import { published, writePublished } from './write-published.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
  writePublished(rig);
});
afterEach(() => rig.remove());

const at = (path: string) => join(rig.folder, path);

describe.each([
  ['cifar10', 'label', {}, ['folder: data/cifar-10-batches-bin', 'archive: data/cifar-10-binary.tar.gz']],
  ['cifar100', 'fine', { labels: 'fine' }, ['folder: data/cifar-100-binary', 'archive: data/cifar-100-binary.tar.gz']],
  ['cifar100', 'coarse', { labels: 'coarse' }, ['folder: data/cifar-100-binary']],
  ['fashionMnist', 'label', {}, ['folder: data/fashion']],
] as const)('%s, %s', (name, kind, options, places) => {
  test.each(places)('from %s is what Keras reads', async (place) => {
    const [key, value] = place.split(': ') as [string, string];
    const { train, test: tested } = await datasets[name].load({ ...options, [key]: value }, rig.folder, 1);
    for (const [part, read] of [
      [train, published[name].read.train],
      [tested, published[name].read.test],
    ] as const) {
      const [images, labels] = [part.inputs[0] as Uint8Array, part.targets[0]!];
      const [count, height, width, channels = 1] = read.shape;
      expect([part.count, images.length]).toEqual([count, count! * height! * width! * channels]);
      expect(createHash('sha256').update(images).digest('hex')).toBe(read.sha256);
      expect([...labels]).toEqual((read.labels as Record<string, readonly number[]>)[kind]);
      for (const [picture, row, column, colours] of read.pixels as [number, number, number, number | number[]][]) {
        const begin = ((picture * height! + row) * width! + column) * channels;
        expect([...images.subarray(begin, begin + channels)]).toEqual([colours].flat());
      }
    }
  });
});

test('a picture of CIFAR-10 is told by its file and its place there', async () => {
  const { origin } = await datasets.cifar10.load({ folder: 'data/cifar-10-batches-bin' }, rig.folder, 1);
  expect([0, 2, 3, 6, 7].map((row) => origin!.place('train', row))).toEqual([
    { file: 'data_batch_1.bin', sample: 1 },
    { file: 'data_batch_1.bin', sample: 3 },
    { file: 'data_batch_2.bin', sample: 1 },
    { file: 'data_batch_2.bin', sample: 4 },
    { file: 'data_batch_3.bin', sample: 1 },
  ]);
  expect(origin!.place('test', 5)).toEqual({ file: 'test_batch.bin', sample: 6 });
});

test('unpacked files of Fashion-MNIST come first, and packed ones do for idx too', async () => {
  const packed = await datasets.fashionMnist.load({ folder: 'data/fashion' }, rig.folder, 1);
  const four = Object.keys(published.fashionMnist.files).map((name) => `data/fashion/${name}`);
  const given = ['trainImages', 'trainLabels', 'testImages', 'testLabels'].map(
    (key, k) => [key, four.find((path) => path.includes(['train-i', 'train-l', 't10k-i', 't10k-l'][k]!))!] as const,
  );
  const options = { ...Object.fromEntries(given), classes: [...'0123456789'] };
  const described = datasets.idx.describe(options, rig.folder);
  expect(described).toMatchObject({ count: { train: 20, test: 7 } });
  expect((await datasets.idx.load(options, rig.folder, 1)).train).toEqual(packed.train);
  const images = at('data/fashion/train-images-idx3-ubyte');
  const bytes = gunzipSync(readFileSync(`${images}.gz`));
  bytes[16] = 255 - bytes[16]!;
  rig.write('data/fashion/train-images-idx3-ubyte', bytes);
  const { train } = await datasets.fashionMnist.load({ folder: 'data/fashion' }, rig.folder, 1);
  expect(train.inputs[0]![0]).toBe(bytes[16]);
});

test('a part of a set is told as one; so are the classes that it lacks', () => {
  const division = { split: { validation: 0, stratified: true }, seed: 1 };
  const spec = datasets.cifar100.describe({ folder: 'data/cifar-100-binary', labels: 'fine' }, rig.folder, division);
  if (isMisfit(spec)) throw new Error(spec.problem);
  expect(spec.warnings!.map(({ code, problem, path }) => [code, problem.split(' of the classes')[0], path])).toEqual([
    [
      'not-as-published',
      'CIFAR-100 has 50,000 pictures to train on and 10,000 for the test, and the files hold 12 and 5',
      ['source', 'cifar100', 'folder'],
    ],
    ['class-without-samples', expect.stringContaining('none of the 12 training samples'), expect.anything()],
    ['class-without-samples', expect.stringContaining('none of the 5 test samples'), expect.anything()],
  ]);
});

test('another set whose files are called as those of Fashion-MNIST is told, though its sizes are the same', () => {
  const described = (first: readonly number[]) => {
    const head = (...sizes: readonly number[]) => {
      const bytes = Buffer.alloc(4 * sizes.length + 4);
      [sizes.length === 1 ? 0x801 : 0x803, ...sizes].forEach((size, k) => bytes.writeUInt32BE(size, 4 * k));
      return bytes;
    };
    for (const [part, count] of [
      ['train', 60_000],
      ['t10k', 10_000],
    ] as const) {
      const labels = Uint8Array.from({ length: count }, (_, k) => first[k] ?? k % 10);
      rig.write(`data/alike/${part}-labels-idx1-ubyte`, Buffer.concat([head(count), labels]));
      rig.write(`data/alike/${part}-images-idx3-ubyte`, head(count, 28, 28));
      truncateSync(at(`data/alike/${part}-images-idx3-ubyte`), 16 + 784 * count);
    }
    const spec = datasets.fashionMnist.describe({ folder: 'data/alike' }, rig.folder);
    if (isMisfit(spec)) throw new Error(spec.problem);
    return (spec.warnings ?? []).map(({ code }) => code);
  };
  expect(described([9, 0, 0, 3, 0, 2, 7, 2, 5, 5])).toEqual([]);
  expect(described([8, 7, 0, 1, 4, 2, 4, 8, 1, 1])).toEqual(['not-as-published']);
});

/** What the check and the load of a set say: the same, as far as the check reads. */
async function told(row: DatasetRow, options: Readonly<Record<string, unknown>>): Promise<string> {
  const spec = row.describe(options, rig.folder);
  const loaded = await row.load(options, rig.folder, 1).then(
    () => 'nothing',
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      const { code, message, hint } = error.diagnostics[0]!;
      return `${code}: ${message}: ${hint}`.replaceAll(`${rig.folder}/`, '');
    },
  );
  if (isMisfit(spec) && 'code' in spec)
    expect(`${spec.code}: ${spec.problem}: ${spec.hint}`.replaceAll(`${rig.folder}/`, '')).toBe(loaded);
  return loaded;
}

const ten = 'data/cifar-10-batches-bin';

test.each<[string, () => Readonly<Record<string, unknown>>, RegExp]>([
  [
    'a missing batch',
    () => (rmSync(at(`${ten}/data_batch_3.bin`)), {}),
    /^set-incomplete: \S+ does not hold data_batch_3\.bin: cifar-10-binary\.tar\.gz has all of them/,
  ],
  [
    'a file cut short',
    () => (truncateSync(at(`${ten}/data_batch_2.bin`), 10_000), {}),
    /^cifar-length: data_batch_2\.bin has 10,000 bytes, .* no whole number .* 3,073 bytes: .* 30,730,000 bytes/,
  ],
  [
    'an empty file',
    () => (truncateSync(at(`${ten}/test_batch.bin`), 0), {}),
    /^cifar-length: test_batch\.bin is empty/,
  ],
  [
    'a label out of range',
    () => (rig.write(`${ten}/data_batch_1.bin`, Buffer.alloc(2 * 3073, 10)), {}),
    /^label-beyond-set: data_batch_1\.bin, picture 1: the label is 10, and those of CIFAR-10 are 0 to 9/,
  ],
  ['the folder above', () => ({ folder: 'data' }), /^set-incomplete: .*Did you mean `data\/cifar-10-batches-bin`\?$/],
  [
    'a folder of CIFAR-100',
    () => ({ folder: 'data/cifar-100-binary' }),
    /^another-set: .* holds CIFAR-100, not CIFAR-10: Write `cifar100`/,
  ],
  [
    'records of CIFAR-100',
    () => (rig.write(`${ten}/data_batch_1.bin`, Buffer.alloc(2 * 3074)), {}),
    /^another-set: data_batch_1\.bin has the length of pictures of CIFAR-100/,
  ],
  [
    'the Python version, as a folder',
    () => (
      mkdirSync(at('py')),
      ['data_batch_1', 'batches.meta'].forEach((name) => rig.write(`py/${name}`, 'x')),
      { folder: 'py' }
    ),
    /^foreign-version: py holds CIFAR-10 in its version for Python .*, cifar-10-binary\.tar\.gz: https:/,
  ],
  [
    'the Python version, as an archive',
    () => ({ folder: undefined, archive: 'data/cifar-10-python.tar.gz' }),
    /^foreign-version: cifar-10-python\.tar\.gz holds CIFAR-10 in its version for Python/,
  ],
  [
    'the Python version, called .bin',
    () => (rig.write(`${ten}/data_batch_1.bin`, Buffer.from([0x80, 4, 0x95, 0])), {}),
    /^foreign-version: data_batch_1\.bin is of the version of CIFAR-10 for Python/,
  ],
  [
    'the archive beside it',
    () => (
      mkdirSync(at('down')),
      copyFileSync(at('data/cifar-10-binary.tar.gz'), at('down/cifar-10-binary.tar.gz')),
      { folder: 'down' }
    ),
    /Write `archive: down\/cifar-10-binary\.tar\.gz`, or unpack it\.$/,
  ],
  [
    'both',
    () => ({ archive: 'data/cifar-10-binary.tar.gz' }),
    /^folder-and-archive: `cifar10` is to be read from a folder and from an archive/,
  ],
  [
    'no folder',
    () => ({ folder: 'data/cifar-10-batches' }),
    /^data-folder-missing: .*Did you mean `cifar-10-batches-bin`\?$/,
  ],
  [
    'a file in place of the folder',
    () => ({ folder: 'data/cifar-10-binary.tar.gz' }),
    /^data-folder-missing: the folder \S+ is not a folder/,
  ],
  [
    'a folder in place of a batch',
    () => (rmSync(at(`${ten}/test_batch.bin`)), mkdirSync(at(`${ten}/test_batch.bin`)), {}),
    /^data-not-a-file/,
  ],
  [
    'a batch that is a dead link',
    () => (rmSync(at(`${ten}/test_batch.bin`)), symlinkSync('nowhere', at(`${ten}/test_batch.bin`)), {}),
    /^data-file-missing/,
  ],
  [
    'an address in place of the archive',
    () => ({ folder: undefined, archive: 'https://example.org/cifar-10-binary.tar.gz' }),
    /^address-without-hash/,
  ],
])('of CIFAR-10, %s is told', async (_, change, said) => {
  expect(await told(datasets.cifar10, { folder: ten, ...change() })).toMatch(said);
});

test('both labels of a picture of CIFAR-100 are proven', async () => {
  const bytes = Buffer.alloc(2 * 3074);
  bytes[3074] = 20;
  rig.write('data/cifar-100-binary/test.bin', bytes);
  expect(await told(datasets.cifar100, { folder: 'data/cifar-100-binary', labels: 'fine' })).toMatch(
    /^label-beyond-set: test\.bin, picture 2: the coarse label is 20, and those of CIFAR-100 are 0 to 19/,
  );
});

test.each<[string, () => unknown, RegExp]>([
  [
    'a missing file',
    () => rmSync(at('data/fashion/t10k-labels-idx1-ubyte.gz')),
    /^set-incomplete: data\/fashion does not hold t10k-labels-idx1-ubyte\.gz/,
  ],
  [
    'a packed file cut short',
    () => truncateSync(at('data/fashion/train-images-idx3-ubyte.gz'), 200),
    /^damaged-gzip: train-images-idx3-ubyte\.gz ends in the middle/,
  ],
  [
    'another length than the header says',
    () => {
      const path = 'data/fashion/train-images-idx3-ubyte.gz';
      rig.write(path, gzipSync(gunzipSync(readFileSync(at(path))).subarray(0, -1)));
    },
    /^idx-length: .* is cut short/,
  ],
  [
    'a label out of range',
    () => {
      const path = 'data/fashion/train-labels-idx1-ubyte.gz';
      const bytes = gunzipSync(readFileSync(at(path)));
      bytes[20] = 10;
      rig.write(path, gzipSync(bytes));
    },
    /^label-without-class/,
  ],
  [
    'images for labels',
    () => {
      for (const kind of ['images-idx3', 'labels-idx1'])
        renameSync(at(`data/fashion/train-${kind}-ubyte.gz`), at(`data/${kind}`));
      renameSync(at('data/images-idx3'), at('data/fashion/train-labels-idx1-ubyte.gz'));
      renameSync(at('data/labels-idx1'), at('data/fashion/train-images-idx3-ubyte.gz'));
    },
    /^idx-dimensions/,
  ],
])('of Fashion-MNIST, %s is told', async (_, change, said) => {
  change();
  expect(await told(datasets.fashionMnist, { folder: 'data/fashion' })).toMatch(said);
});

test('the digits of MNIST, whose files are called alike, are no clothes', async () => {
  for (const path of datasets.mnist.files({}, '.')) copyFileSync(path, at(`data/${path.split('/').at(-1)!}`));
  expect(await told(datasets.fashionMnist, { folder: 'data' })).toMatch(
    /^another-set: data holds the digits of MNIST.*: .*`source: mnist`/,
  );
});

test('an archive as long as the published one holds what that holds, and has to be it', async () => {
  rig.write('archive', '');
  truncateSync(at('archive'), 170_052_171);
  const options = { archive: 'archive' };
  expect(datasets.cifar10.describe(options, rig.folder)).toMatchObject({ count: { train: 50_000, test: 10_000 } });
  await expect(datasets.cifar10.load(options, rig.folder, 1)).rejects.toThrow(/archive is damaged, or another file/);
});

test('archives that are damaged, cut, hold links or nothing are told, and never a stack trace', async () => {
  const whole = Buffer.from(gunzipSync(readFileSync(at('data/cifar-10-binary.tar.gz'))));
  const read = (bytes: Uint8Array) => {
    rig.write('archive', bytes);
    return told(datasets.cifar10, { archive: 'archive' });
  };
  // A plain tar archive is one, too.
  expect(await read(whole)).toBe('nothing');
  expect(await read(Buffer.from('<html>not found</html>'.repeat(40)))).toMatch(
    /^damaged-tar: archive is not a tar archive/,
  );
  expect(await read(Buffer.alloc(0))).toMatch(/^damaged-tar: archive holds no file/);
  expect(await read(Buffer.alloc(2048))).toMatch(/^damaged-tar: archive holds no file/);
  expect(await read(gzipSync(whole).subarray(0, 500))).toMatch(/^damaged-gzip/);
  const header = whole.indexOf('cifar-10-batches-bin/data_batch_2.bin');
  expect(await read(whole.subarray(0, header + 1000))).toMatch(
    /^damaged-tar: archive is cut short in the middle of data_batch_2\.bin/,
  );
  expect(await read(whole.subarray(0, header))).toMatch(/^set-incomplete: archive does not hold data_batch_2\.bin/);
  expect(await read(Buffer.concat([whole.subarray(0, header), whole.subarray(512)]))).toMatch(
    /holds readme\.html twice|holds data_batch_1\.bin twice/,
  );
  // What pax and GNU tar say of a file stands before it, under a name like its.
  const extended = Buffer.from(whole.subarray(header, header + 512));
  extended.write('x', 156);
  extended.write('00000000010', 124);
  extended.fill(' ', 148, 156);
  extended.write(
    `${extended
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const pax = Buffer.concat([whole.subarray(0, header), extended, Buffer.alloc(512), whole.subarray(header)]);
  expect(await read(pax)).toBe('nothing');
  const asLink = Buffer.from(whole);
  asLink[header + 156] = '2'.charCodeAt(0);
  asLink.write(
    (Number.parseInt(asLink.toString('latin1', header + 148, header + 154), 8) + 2).toString(8).padStart(6, '0'),
    header + 148,
  );
  expect(await read(asLink)).toMatch(/^damaged-tar: archive holds data_batch_2\.bin as a link/);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      const bytes = Buffer.from(whole);
      bytes[place] = bytes[place]! ^ change;
      const name = { path: 'archive' };
      try {
        tarMembers(name, bytes, new Set(['data_batch_1.bin']));
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
    { numRuns: 100 },
  );
});

test('without a place the published files are fetched; before, names and classes are known', () => {
  for (const name of ['cifar10', 'cifar100', 'fashionMnist'] as const) {
    const options = name === 'cifar100' ? { labels: 'coarse' } : {};
    const described = datasets[name].describe(options, rig.folder);
    expect(described).toMatchObject({ code: 'data-not-fetched', outline: { inputs: ['input'] } });
    expect(datasets[name].named(options)).toEqual(
      Array.from({ length: name === 'fashionMnist' ? 4 : 1 }, () => ({
        url: expect.stringMatching(/^https:/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
  }
});
