import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHead, within } from '../../src/datasets/pictures/picture-head.ts';
import { decodePrepared, type Preparation } from '../../src/datasets/pictures/prepare-picture.ts';
import { photos } from './photos.ts';

/** Where the pictures are written for photos-by-pil.py, which made the file beside it; usually nowhere. */
const corpus = process.env['PHOTO_CORPUS'];

const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'photos-by-pil.json'), 'utf8')) as Record<
  string,
  Record<'colours' | 'greys' | 'cover' | 'contain' | 'fill', string> & { readonly shape: readonly number[] }
>;

const twelve = { width: 12, height: 12 } as const;
/** How far a value may be off: decoders of JPEG and lossy WebP round otherwise, and so do filters of sizes. */
const ways: Readonly<Record<string, { readonly preparation: Preparation; readonly off: number }>> = {
  colours: { preparation: { channels: 3 }, off: 0 },
  greys: { preparation: { channels: 1 }, off: 0 },
  cover: { preparation: { channels: 3, resize: { ...twelve, fit: 'cover' } }, off: 3 },
  contain: { preparation: { channels: 3, resize: { ...twelve, fit: 'contain' } }, off: 3 },
  fill: { preparation: { channels: 3, resize: { ...twelve, fit: 'fill' } }, off: 3 },
};

test.each(Object.entries(photos))('%s is read as Pillow reads it', async (name, make) => {
  const bytes = await make();
  if (corpus !== undefined) {
    mkdirSync(corpus, { recursive: true });
    writeFileSync(join(corpus, name), bytes);
  }
  const head = readHead(name, within(bytes));
  const known = judged[name]!;
  expect(head.shape).toEqual(known.shape);
  const lossy = /jpe?g$|lossy/.test(name) ? 2 : 0;
  for (const [way, { preparation, off }] of Object.entries(ways)) {
    const values = await decodePrepared(name, bytes, head, preparation);
    const wanted = Buffer.from(known[way as 'greys'], 'base64');
    expect(values.length).toBe(wanted.length);
    const far = wanted.reduce((sum, value, at) => sum + Math.abs(value - values[at]!), 0) / wanted.length;
    expect(far, way).toBeLessThanOrEqual(off + lossy);
  }
});
