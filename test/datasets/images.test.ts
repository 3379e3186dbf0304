import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { hashFiles } from '../../src/cache/hash-files.ts';
import { images } from '../../src/datasets/pictures/images.ts';
import { pairs } from '../../src/datasets/pictures/pairs.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
  for (let i = 0; i < 10; i++) {
    picture(`all/cat/${i}.png`, [i, 1]);
    if (i < 5) picture(`all/dog/${i}.PNG`, [i, 2]);
  }
});
afterEach(() => rig.remove());

/** A picture of 1 x 2 in greys, or of another size or in colours. */
const picture = (
  path: string,
  values: readonly number[],
  { width = 2, channels = 1 }: { readonly width?: number; readonly channels?: 1 | 3 | 4 } = {},
) =>
  rig.write(path, encode({ width, height: values.length / width / channels, channels, data: Uint8Array.from(values) }));

const options = { folder: 'all', classes: [] as string[], test: 0.2 as number | string };
const load = (given: Partial<typeof options> = {}, seed = 1) => images.load({ ...options, ...given }, rig.folder, seed);

test('classes are the sub-folders in the order of their names; the test is a share of each', async () => {
  rig.write('all/README.txt', 'a file beside them');
  rig.write('all/.cache/x.png', 'hidden');
  rig.write('all/cat/Thumbs.db', 'no picture');
  const { spec, train, test: tested } = await load();
  expect(spec.targets).toEqual([{ kind: 'class', name: 'label', classes: ['cat', 'dog'], shape: [] }]);
  expect(spec).toMatchObject({
    inputs: [{ shape: [1, 2, 1], dtype: 'uint8', scale: 1 / 255 }],
    count: { train: 12, test: 3 },
  });
  expect([...tested.targets[0]!]).toEqual([0, 0, 1]);
  // The second pixel says the class: every picture is there once, with its own label.
  const pixels = [train, tested].flatMap(({ inputs: [values], targets: [labels] }) =>
    Array.from(labels!, (label, row) => `${values![2 * row]} ${values![2 * row + 1]} ${label}`),
  );
  expect(pixels.toSorted()).toEqual(
    [
      ...Array.from({ length: 10 }, (_, i) => `${i} 1 0`),
      ...Array.from({ length: 5 }, (_, i) => `${i} 2 1`),
    ].toSorted(),
  );
  expect((await load({}, 2)).test).not.toEqual(tested);
  expect((await load()).test).toEqual(tested);
});

test('classes that are listed are used alone, in that order', async () => {
  picture('all/ant/0.png', [0, 3]);
  const { spec, train } = await load({ classes: ['dog', 'cat'] });
  expect(spec.targets[0]).toMatchObject({ classes: ['dog', 'cat'] });
  // The second pixel is 2 for a dog, 1 for a cat.
  expect(Array.from(train.targets[0]!, (_, row) => train.inputs[0]![2 * row + 1])).toEqual(
    Array.from(train.targets[0]!, (label) => 2 - label),
  );
  expect([...new Set(train.targets[0]!)]).toEqual([0, 1]);
});

test('a second folder is the test', async () => {
  picture('held/cat/a.png', [7, 1]);
  picture('held/dog/a.png', [8, 2]);
  const { spec, test: tested, files } = await load({ test: 'held' });
  expect(spec.count).toEqual({ train: 15, test: 2 });
  expect([...tested.inputs[0]!]).toEqual([7, 1, 8, 2]);
  expect([...tested.targets[0]!]).toEqual([0, 1]);
  expect(files.map(({ name }) => name)).toEqual(['folder of images', 'folder of test images']);
  picture('held/eel/a.png', [9, 3]);
  await expect(load({ test: 'held' })).rejects.toThrow('held has the sub-folder `eel`, but there is none in');
  rmSync(join(rig.folder, 'held/dog'), { recursive: true });
  rmSync(join(rig.folder, 'held/eel'), { recursive: true });
  await expect(load({ test: 'held' })).rejects.toThrow('held/dog does not exist');
});

test('a picture that moves to another class is another data set, wherever the folder is', async () => {
  const proof = async () => [
    (await load()).files,
    await hashFiles(images.files(options, rig.folder), rig.folder),
    await hashFiles(images.files(options, rig.folder), '/elsewhere'),
  ];
  const before = await proof();
  picture('all/dog/-9.PNG', [9, 1]);
  rmSync(join(rig.folder, 'all/cat/9.png'));
  const after = await proof();
  for (const [k, one] of after.entries()) expect(one).not.toEqual(before[k]);
});

test('pairs of them', async () => {
  const { train } = await pairs
    .load({ of: { images: options }, train: 20, test: 4, classes: true }, rig.folder, 1)
    .catch((error: Error) => ({ train: error.message }));
  expect(train).toContain('only one is of the class dog');
  for (let i = 5; i < 10; i++) picture(`all/dog/${i}.png`, [i, 2]);
  const { spec } = await pairs.load({ of: { images: options }, train: 20, test: 4, classes: true }, rig.folder, 1);
  expect(spec.inputs.map(({ shape }) => shape)).toEqual([
    [1, 2, 1],
    [1, 2, 1],
  ]);
});

test('links lead to pictures and classes as everywhere; one that leads nowhere is told of', async () => {
  picture('elsewhere/0.png', [0, 3]);
  symlinkSync(join(rig.folder, 'elsewhere'), join(rig.folder, 'all/eel'));
  expect((await load()).spec.targets[0]).toMatchObject({ classes: ['cat', 'dog', 'eel'] });
  symlinkSync(join(rig.folder, 'nowhere'), join(rig.folder, 'all/fox'));
  await expect(load()).rejects.toThrow(/all\/fox leads nowhere/);
  rmSync(join(rig.folder, 'all/fox'));
  symlinkSync('ape', join(rig.folder, 'all/ape'));
  await expect(load()).rejects.toThrow(`the link ${rig.folder}/all/ape leads in a circle`);
});

test.each<[string, () => unknown, Partial<typeof options>, string]>([
  ['a missing folder', () => {}, { folder: 'none' }, 'none does not exist'],
  ['a file for a folder', () => rig.write('file', ''), { folder: 'file' }, 'file is not a folder'],
  [
    'one class',
    () => rmSync(join(rig.folder, 'all/dog'), { recursive: true }),
    {},
    'all has 1 class; 2 to 256 can be learnt',
  ],
  [
    'no class',
    () => picture('flat/a.png', [1, 2]),
    { folder: 'flat' },
    'flat has 0 classes, and 1 picture (such as a.png) beside them; 2 to 256 can be learnt',
  ],
  [
    'too many classes',
    () => Array.from({ length: 257 }, (_, i) => picture(`many/${i}/a.png`, [1, 2])),
    { folder: 'many' },
    'many has 257 classes',
  ],
  ['a class without a folder', () => {}, { classes: ['cat', 'cow'] }, 'all/cow does not exist'],
  [
    'a class outside of the folder',
    () => {},
    { classes: ['cat', '../elsewhere'] },
    '`../elsewhere` is not the name of a sub-folder',
  ],
  ['a class that is the folder itself', () => {}, { classes: ['cat', '.'] }, '`.` is not the name of a sub-folder'],
  ['an empty class', () => rig.write('all/eel/notes.txt', ''), {}, 'all/eel holds no picture, but 1 .txt file'],
  [
    'another format',
    () => rig.write('all/dog/a.bmp', ''),
    {},
    'all/dog holds 1 .bmp file, such as a.bmp, which cannot be read',
  ],
  ['a share that leaves none', () => {}, { test: 0.01 }, '15 pictures leave none for the test'],
  [
    'a file that is no picture',
    () => rig.write('all/cat/0.png', '%PDF-1.7'),
    {},
    'cat/0.png is not a PNG file, but a PDF file',
  ],
])('%s is found before the run', (_, prepare, given, message) => {
  prepare();
  const spec = images.describe({ ...options, ...given }, rig.folder);
  expect(isMisfit(spec) ? spec.problem : 'nothing').toContain(message);
  expect(isMisfit(spec) ? spec.hint : '').not.toBe('');
});

test.each<[string, () => unknown, string]>([
  [
    'another size',
    () => picture('all/dog/1.PNG', [1, 2, 3, 4]),
    '1 of 15 pictures are not 1 x 2 x 1, as the others are: all/dog/1.PNG is 2 x 2 x 1',
  ],
  [
    'colours among greys',
    () => picture('all/dog/1.PNG', [1, 2, 3, 4, 5, 6], { channels: 3 }),
    '1 of 15 pictures are not 1 x 2 x 1, as the others are: all/dog/1.PNG is 1 x 2 x 3',
  ],
  [
    'transparency',
    () =>
      Array.from({ length: 15 }, (_, i) =>
        picture(i < 10 ? `all/cat/${i}.png` : `all/dog/${i - 10}.PNG`, [1, 2, 3, 4, 5, 6, 7, 8], { channels: 4 }),
      ),
    'cat/0.png has transparency: 2 of its 2 pixels are not opaque',
  ],
  [
    'a damaged file',
    () =>
      rig.write(
        'all/dog/1.PNG',
        encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) }).fill(9, 45, 47),
      ),
    'dog/1.PNG is damaged: ',
  ],
  [
    'a file cut short',
    () =>
      rig.write(
        'all/dog/1.PNG',
        encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) }).subarray(0, 50),
      ),
    'dog/1.PNG is damaged: ',
  ],
  [
    'a link that leads nowhere',
    () => symlinkSync(join(rig.folder, 'none.png'), join(rig.folder, 'all/cat/a.png')),
    'cat/a.png does not exist',
  ],
])('%s is refused when it is read', async (_, prepare, message) => {
  prepare();
  await expect(load()).rejects.toThrow(message);
});
