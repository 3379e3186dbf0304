import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { masks } from '../../src/datasets/pictures/mask-pictures.ts';
import { readMask } from '../../src/datasets/pictures/png-files.ts';
import { propose } from '../../src/datasets/propose/propose.ts';
import { Rig } from '../rig.ts';
import { type Png, newPicture, png } from './png.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
  for (let i = 0; i < 4; i++) picture(`all/cat/${i}.png`);
});
afterEach(() => rig.remove());

const picture = (path: string, given: Partial<Png> = {}) => rig.write(path, newPicture(given));
const rgb = { color: 2, rows: [[1, 2, 3, 4, 5, 6]] };

test.each<[string, () => unknown, string]>([
  [
    'masks with other names',
    () => renameSync(join(rig.folder, 'masks/0.png'), join(rig.folder, 'masks/0_mask.png')),
    '1 of 4 pictures have no mask in masks: all/cat/0.png',
  ],
  ['masks too many', () => picture('masks/extra.png'), 'left out: 1 of 5 masks belong to no picture: masks/extra.png'],
  [
    'masks of other sizes',
    () => picture('masks/1.png', { width: 1, rows: [[0], [0]] }),
    '1 of 4 masks are not 1 x 2, as the pictures are: masks/1.png is 2 x 1',
  ],
  ['masks in colours', () => picture('masks/1.png', rgb), 'masks/1.png has 3 channels'],
  [
    'masks of 16 bits',
    () => picture('masks/1.png', { depth: 16, rows: [[0, 0, 0, 0]] }),
    '1 of 4 files have 16 bits per channel: masks/1.png',
  ],
  [
    'masks cut short',
    () => rig.write('masks/1.png', png({ width: 2, depth: 8, color: 0, rows: [[1, 2]] }).subarray(0, -12)),
    'masks/1.png is damaged: it is cut short: its end (chunk IEND) is missing',
  ],
  [
    'masks that are JPEG files',
    () => rig.write('masks/1.jpg', ''),
    'the folder masks holds 1 .jpg file, such as 1.jpg, which cannot be read',
  ],
  [
    'pictures of other sizes',
    () => picture('all/cat/1.png', { width: 1, rows: [[0], [0]] }),
    '1 of 4 pictures are not 1 x 2 x 1, as the others are: all/cat/1.png is 2 x 1 x 1',
  ],
])('%s are found before the run', (_, prepare, message) => {
  for (let i = 0; i < 4; i++) picture(`masks/${i}.png`, { rows: [[0, 1]] });
  prepare();
  const spec = masks.describe(
    { images: 'all/cat', masks: 'masks', classes: { ground: 0, crack: 1 }, test: 0.5 },
    rig.folder,
  );
  const found = isMisfit(spec) ? [spec] : (spec.warnings ?? []);
  expect(found.map(({ problem }) => problem.replaceAll(`${rig.folder}/`, ''))).toEqual([message]);
  expect(found[0]!.hint).toMatch(/\.$/);
});

test('a mask that is named otherwise is found', () => {
  for (let i = 0; i < 4; i++) picture(`masks/${i}_mask.png`, { rows: [[0, 1]] });
  expect(
    masks.describe({ images: 'all/cat', masks: 'masks', classes: { ground: 0, crack: 1 }, test: 0.5 }, rig.folder),
  ).toMatchObject({ hint: 'A mask has the name of its picture: masks/0_mask.png would be masks/0.png.' });
});

test('what stands for a class in 16 bits is not to be divided', () => {
  for (let i = 0; i < 4; i++) picture(`masks/${i}.png`, { depth: 16, rows: [[0, 0, 0, 1]] });
  const given = { images: 'all/cat', masks: 'masks', classes: { ground: 0, crack: 1 }, test: 0.5 };
  expect(masks.describe(given, rig.folder)).toMatchObject({
    hint: expect.stringMatching(/each value as it is: .*astype\('uint8'\)/) as unknown,
  });
  expect(() => readMask(join(rig.folder, 'masks/0.png'))).toThrow('has 16 bits per channel');
});

test('pictures and masks whose names differ are no two classes of pictures', () => {
  for (let i = 0; i < 4; i++) {
    picture(`road/images/${i}.png`);
    picture(`road/masks/${i}_mask.png`, { rows: [[0, 1]] });
  }
  const proposal = propose({ data: join(rig.folder, 'road'), targets: [], written: (path) => path });
  expect(proposal.source).toBe('masks');
});
