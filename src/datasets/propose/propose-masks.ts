import { basename, join } from 'node:path';
import { showCount } from '../../base/quantities.ts';
import { listPictures, listPngFiles, listSubfolders } from '../pictures/list-pictures.ts';
import { readMask } from '../pictures/png-files.ts';
import type { Proposal, Wanted } from './proposal.ts';
import { lookAtPictures, spread } from './propose-pictures.ts';

const called = {
  images: /^(images?|imgs?|pictures?|photos?|inputs?|x)$/i,
  masks: /^(masks?|annotations?|segmentations?|labels?|targets?|y)$/i,
};

/** Names of folders that are no classes, whatever the files in them are called. */
const surely = { images: /^(images?|imgs?|pictures?|photos?)$/i, masks: /^(masks?|annotations?|segmentations?)$/i };

/** Masks that are read whole, spread over all. */
const mostRead = 200;

/** A folder with one of pictures and one of masks of the same names; undefined where it is none. */
export function proposeMasks({ data, written }: Wanted): Proposal | undefined {
  const { names } = listSubfolders(data);
  const [images, masks] = [called.images, called.masks].map((pattern) => names.filter((name) => pattern.test(name)));
  if (names.length !== 2 || images?.length !== 1 || masks?.length !== 1) return undefined;
  const folders = { images: join(data, images[0]!), masks: join(data, masks[0]!) };
  const pictures = listPictures(folders.images).pictures;
  const maskPaths = listPngFiles(folders.masks).pictures;
  const stems = new Set(maskPaths.map(stemOf));
  const isClear = surely.images.test(images[0]!) && surely.masks.test(masks[0]!);
  if (!isClear && !pictures.some((path) => stems.has(stemOf(path)))) return undefined;
  // Two halvings on the way down of the net.
  const { shape, options, read } = lookAtPictures(pictures, 4);
  const looked = spread(maskPaths, mostRead);
  const counts = new Map<number, number>();
  for (const path of looked) for (const value of readMask(path).values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const some = looked.length === maskPaths.length ? 'all masks' : `${looked.length} of the masks`;
  const values = [...counts.keys()].sort((a, b) => a - b);
  const nameOf = (value: number) => {
    if (value === 0) return 'background';
    return values.length === 2 && values[0] === 0 ? 'object' : `value_${value}`;
  };
  const classes = values.map((value) => ({ name: nameOf(value), count: counts.get(value)! }));
  return {
    source: 'masks',
    read: `${read}, ${showCount(looked.length)} masks`,
    options: [
      { key: 'images', value: written(folders.images), because: `${showCount(pictures.length)} pictures` },
      {
        key: 'masks',
        value: written(folders.masks),
        because: `${showCount(maskPaths.length)} masks of the same names`,
      },
      {
        key: 'classes',
        value: Object.fromEntries(values.map((value) => [nameOf(value), value])),
        because: `the values in ${some}; name them as you like`,
      },
      ...options,
      { key: 'test', value: 0.2, because: 'share of the pictures that is the test' },
    ],
    split: [
      {
        key: 'validation',
        value: 0.15,
        because: 'share of the others that is held back, to validate after each epoch',
      },
    ],
    task: { kind: 'pixels', classes: classes.sort((a, b) => b.count - a.count) },
    given: { kind: 'picture', shape },
    samples: pictures.length,
    notes: [],
  };
}

const stemOf = (path: string) => basename(path).replace(/\.\w+$/, '');
