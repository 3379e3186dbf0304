import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { masks } from '../../src/datasets/pictures/mask-pictures.ts';
import { Rig } from '../rig.ts';
import { type Png, png } from './png.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

const grey = {
  width: 3,
  depth: 8,
  color: 0,
  rows: [
    [10, 20, 30],
    [40, 50, 60],
  ],
};
const mask = {
  width: 3,
  depth: 8,
  color: 0,
  rows: [
    [0, 0, 255],
    [255, 0, 0],
  ],
};

/** Two pictures, of which one is the test. */
function write(
  image: Png | Buffer,
  label: Png | Buffer,
  second: Png | Buffer = image,
  secondLabel: Png | Buffer = label,
): void {
  const bytes = (given: Png | Buffer) => (Buffer.isBuffer(given) ? given : png(given));
  rig.write('images/a.png', bytes(image));
  rig.write('images/b.PNG', bytes(second));
  rig.write('masks/a.png', bytes(label));
  rig.write('masks/b.PNG', bytes(secondLabel));
}

const options = { images: 'images', masks: 'masks', classes: { ground: 0, crack: 255 }, test: 0.5 };
const load = (given: { readonly classes?: Record<string, number> } = {}) =>
  masks.load({ ...options, ...given }, rig.folder, 1);

test('grey pictures and masks', async () => {
  write(grey, mask);
  const { train, spec } = await load();
  expect(spec.inputs[0]!.shape).toEqual([2, 3, 1]);
  expect([...train.inputs[0]!]).toEqual([10, 20, 30, 40, 50, 60]);
  expect([...train.targets[0]!]).toEqual([0, 0, 1, 1, 0, 0]);
});

test('palettes give colours in a picture, and indices in a mask; also of few bits', async () => {
  const palette = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  write(
    { width: 3, depth: 2, color: 3, rows: [[0b00_01_10_00], [0b10_10_00_00]], palette },
    {
      width: 3,
      depth: 4,
      color: 3,
      rows: [
        [0x01, 0x20],
        [0x21, 0x00],
      ],
      palette,
    },
  );
  const { train, spec } = await load({ classes: { sky: 2, road: 1, tree: 0 } });
  expect(spec.inputs[0]!.shape).toEqual([2, 3, 3]);
  expect([...train.inputs[0]!]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 7, 8, 9, 1, 2, 3]);
  expect([...train.targets[0]!]).toEqual([2, 1, 0, 0, 1, 2]);
});

test('a bit per pixel is black and white in a picture, 0 and 1 in a mask', async () => {
  const bits = { width: 3, depth: 1, color: 0, rows: [[0b1010_0000], [0b0110_0000]] };
  write(bits, bits);
  const { train } = await load({ classes: { ground: 0, crack: 1 } });
  expect([...train.inputs[0]!]).toEqual([255, 0, 255, 0, 255, 255]);
  expect([...train.targets[0]!]).toEqual([1, 0, 1, 0, 1, 1]);
});

const rgb = {
  width: 3,
  depth: 8,
  color: 2,
  rows: [
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ],
};
const rgba = {
  width: 3,
  depth: 8,
  color: 6,
  rows: [Array.from({ length: 12 }, () => 9), Array.from({ length: 12 }, () => 9)],
};
const paletteWithAlpha = {
  width: 3,
  depth: 8,
  color: 3,
  rows: [
    [0, 1, 0],
    [1, 1, 0],
  ],
  palette: [1, 2, 3, 4, 5, 6],
  alphas: [255, 100],
};
const deep = {
  width: 3,
  depth: 16,
  color: 0,
  rows: [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 4, 5, 6],
  ],
};
const damaged = png(grey).fill(7, 45, 47);

test.each<[string, () => void, string | RegExp]>([
  [
    'a picture of another size',
    () =>
      write(grey, mask, {
        ...grey,
        width: 2,
        rows: [
          [1, 2],
          [3, 4],
        ],
      }),
    '1 of 2 pictures are not 2 x 3 x 1, as the others are: images/b.PNG is 2 x 2 x 1',
  ],
  [
    'grey and colours',
    () => write(grey, mask, rgb),
    '1 of 2 pictures are not 2 x 3 x 1, as the others are: images/b.PNG is 2 x 3 x 3',
  ],
  [
    'a mask of another size',
    () => write(grey, { ...mask, width: 2, rows: [[0, 0]] }),
    '2 of 2 masks are not 2 x 3, as the pictures are: masks/a.png is 1 x 2',
  ],
  [
    'a value that is no class',
    () =>
      write(grey, {
        ...mask,
        rows: [
          [0, 0, 255],
          [254, 0, 0],
        ],
      }),
    'a.png has the value 254, which is no class',
  ],
  ['a mask in RGB', () => write(grey, rgb), 'a.png has 3 channels'],
  ['transparency', () => write(rgba, mask), 'a.png has transparency'],
  ['transparency of a palette', () => write(paletteWithAlpha, mask), 'a.png has transparency'],
  ['16 bits', () => write(deep, mask), '2 of 2 files have 16 bits per channel: images/a.png'],
  ['a damaged picture', () => write(damaged, mask), 'a.png is damaged: '],
  ['a picture cut short', () => write(grey, mask, png(grey).subarray(0, 50)), 'b.PNG is damaged: '],
  ['another format', () => write(grey, Buffer.from('GIF89a')), 'a.png is not a PNG file'],
  [
    'a picture without mask',
    () => {
      write(grey, mask);
      rmSync(join(rig.folder, 'masks/b.PNG'));
    },
    /1 of 2 pictures have no mask in .*masks: images\/b\.PNG$/,
  ],
  [
    'no pictures',
    () => {
      write(grey, mask);
      rmSync(join(rig.folder, 'images'), { recursive: true });
      rig.write('images/a.txt', '');
    },
    'holds no picture',
  ],
])('%s is refused', async (_, prepare, message) => {
  prepare();
  await expect(load()).rejects.toThrow(message);
});

test('in the order of time, numbers in names count as numbers', async () => {
  // In the order of `natsort.natsorted(sorted(names))` (natsort 8.4.0).
  const names = [
    'frame_1',
    'frame_02',
    'frame_2',
    'frame_3',
    'frame_10',
    'frame_11',
    'frame_20240101000000000000001',
    'frame_20240101000000000000002',
  ];
  for (const [i, name] of names.entries()) {
    rig.write(
      `images/${name}.png`,
      png({
        ...grey,
        rows: [
          [i, 0, 0],
          [0, 0, 0],
        ],
      }),
    );
    rig.write(
      `masks/${name}.png`,
      png({
        ...mask,
        rows: [
          [0, 0, 0],
          [0, i % 2 === 0 ? 0 : 255, 0],
        ],
      }),
    );
  }
  const { train, test: held } = await masks.load(options, rig.folder, 1, undefined, {
    order: 'time',
    validation: 0,
    stratified: false,
  });
  const firsts = [train, held].map(({ inputs: [values] }) => [...values!].filter((_, at) => at % 6 === 0));
  expect(firsts.map((part) => part.map((i) => names[i]))).toEqual([names.slice(0, 4), names.slice(4)]);
  expect([...held.targets[0]!].filter((_, at) => at % 6 === 4)).toEqual([0, 1, 0, 1]);
});

test('what no file is needed for is refused before', () => {
  write(grey, mask);
  const problem = (given: object) => {
    const spec = masks.describe({ ...options, ...given }, rig.folder);
    return isMisfit(spec) ? spec.problem : undefined;
  };
  expect(problem({})).toBeUndefined();
  expect(problem({ classes: { ground: 0, crack: 255, hole: 255 } })).toBe(
    'classes: `hole` has the value 255, as another class does',
  );
  expect(problem({ test: 0.2 })).toBe('2 pictures leave none for the test');
  expect(problem({ images: 'nowhere' })).toMatch(/nowhere does not exist$/);
  expect(problem({ images: 'images/a.png' })).toMatch(/a\.png is not a folder$/);
});
