import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readMask, readPicture } from '../../src/datasets/pictures/png-files.ts';
import { glanceAt } from '../../src/datasets/pictures/glance-picture.ts';
import { shapeOf } from '../../src/datasets/pictures/png-header.ts';
import { Rig } from '../rig.ts';
import byPil from './png-by-pil.json' with { type: 'json' };
import { png } from './png.ts';
import { type Kind, filesOf, kinds } from './png-corpus.ts';

// `PNG_CORPUS=FOLDER npx vitest run test/datasets/png-kinds.test.ts; python3 test/datasets/png-by-pil.py FOLDER >
// test/datasets/png-by-pil.json` (Pillow 13.0.0)
const corpus = process.env['PNG_CORPUS'];
const rig = new Rig();
afterAll(() => rig.remove());

/** Pillow spreads greys of 2 and 4 bits over 0 to 255 in masks, too; here they are what the file has. */
const spread = ({ color, depth }: Kind) => (color === 0 && (depth === 2 || depth === 4) ? 255 / (2 ** depth - 1) : 1);

test.each(kinds.map((kind) => [kind.name, kind] as const))(
  '%s is read as Pillow reads it, or refused with the reason',
  (name, kind) => {
    const [pictures, masks] = [createHash('sha256'), createHash('sha256')];
    for (const [i, bytes] of filesOf(kind).entries()) {
      const path = rig.write(join(name, `${String(i).padStart(2, '0')}.png`), bytes);
      if (corpus !== undefined) cpSync(path, join(corpus, name, basename(path)));
      const shape = shapeOf(glanceAt(path).head.png!);
      if (kind.depth === 16) {
        expect(() => readPicture(path, shape)).toThrow('has 16 bits per channel');
        continue;
      }
      try {
        pictures.update(readPicture(path, shape).values);
      } catch (error) {
        expect((error as Error).message).toMatch(/has transparency: \d+ of its \d+ pixels are not opaque$/);
        pictures.update('T');
      }
      if (kind.color === 0 || kind.color === 3)
        masks.update(readMask(path, shape).values.map((value) => value * spread(kind)));
    }
    if (kind.depth < 16)
      expect([pictures.digest('hex'), masks.digest('hex')]).toEqual(byPil[name as keyof typeof byPil]);
  },
);

test('a chunk of transparency is found by its type, wherever it stands before the pixels', () => {
  const grey = { width: 1, depth: 8, color: 0, rows: [[1]] };
  const alphaOf = (more: readonly (readonly [type: string, data: Uint8Array])[]) =>
    glanceAt(rig.write('chunks.png', png({ ...grey, more }))).alpha;
  const long = Buffer.alloc(100_000, 'IDAT');
  expect(alphaOf([['tRNS', Buffer.from([0, 1])]])).toBe(true);
  expect(
    alphaOf([
      ['iCCP', long],
      ['tEXt', Buffer.alloc(0)],
      ['tRNS', Buffer.from([0, 1])],
    ]),
  ).toBe(true);
  expect(alphaOf([['tEXt', Buffer.from('Comment\0about tRNS')]])).toBe(false);
  expect(alphaOf([['iCCP', long]])).toBe(false);
  expect(alphaOf(Array.from({ length: 9999 }, () => ['tEXt', Buffer.alloc(0)] as const))).toBe(false);
  // Cut short within a chunk, and one that claims to be longer than the file.
  const bytes = png({ ...grey, alphas: [0, 1] });
  for (let length = 33; length < 41; length++)
    expect(glanceAt(rig.write('chunks.png', bytes.subarray(0, length))).alpha).toBe(false);
  expect(glanceAt(rig.write('chunks.png', bytes.fill(0xff, 33, 37))).alpha).toBe(true);
});
