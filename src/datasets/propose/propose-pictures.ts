import { join } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { glanceAt } from '../glance-picture.ts';
import { listPictures, listSubfolders } from '../list-pictures.ts';
import type { PictureHead } from '../picture-head.ts';
import type { Entry, Proposal, Wanted } from './proposal.ts';

/** Pictures whose heads are looked at, spread over all. */
const mostLookedAt = 400;

/** What the heads of pictures show, and the options that bring all to one shape. */
interface SeenPictures {
  readonly shape: readonly [height: number, width: number, channels: 1 | 3];
  /** `resize`, `channels` and `onError`, where they are needed. */
  readonly options: readonly Entry[];
  /** How many were looked at, in words. */
  readonly read: string;
}

/** Some of many, spread over all. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, k) => all[Math.floor((k * all.length) / most)]!);
}

/** Longest side of what a net is given: more takes long on a processor, and shows little more. */
const longest = 96;

/**
 * Looks at the heads of pictures.
 *
 * @param factor what both sides have to be a multiple of
 * @throws UserError where none of them can be used
 */
export function lookAtPictures(paths: readonly string[], factor = 1): SeenPictures {
  const looked = spread(paths, mostLookedAt);
  const [heads, failed]: [PictureHead[], UserError[]] = [[], []];
  for (const path of looked) {
    try {
      const { head } = glanceAt(path);
      if (head.depth <= 8) heads.push(head);
      else failed.push(failure('sixteen-bit-picture', `${path} has ${head.depth} bits per channel`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push(error);
    }
  }
  if (heads.length === 0) throw failed[0]!;
  const sizes = new Map(heads.map(({ shape: [height, width] }) => [`${width} x ${height}`, [height, width] as const]));
  const middle = (side: 0 | 1) => heads.map(({ shape }) => shape[side]).sort((a, b) => a - b)[heads.length >> 1]!;
  const [height, width] = [middle(0), middle(1)];
  const greys = heads.filter(({ shape }) => shape[2] === 1).length;
  const channels = greys === heads.length ? 1 : 3;
  const shrink = Math.min(1, longest / Math.max(height, width));
  const side = (length: number) => Math.max(factor, Math.round((length * shrink) / factor) * factor);
  const fits = sizes.size === 1 && looked.length === paths.length && side(height) === height && side(width) === width;
  const seen = sizes.size === 1 ? `all are ${[...sizes.keys()][0]!}` : sizesIn(heads);
  const read = looked.length === paths.length ? 'the heads of all' : `the heads of ${showCount(looked.length)} of`;
  return {
    shape: [side(height), side(width), channels],
    read: `${read} ${showCount(paths.length)} pictures`,
    options: [
      ...(fits
        ? []
        : [
            {
              key: 'resize',
              value: { width: side(width), height: side(height) },
              because: factor === 1 ? seen : `${seen}; the net halves both twice`,
            },
          ]),
      {
        key: 'channels',
        value: channels,
        because:
          greys === 0 || channels === 1
            ? `all are in ${channels === 1 ? 'greys' : 'colours'}`
            : `${showCount(greys)} of ${showCount(heads.length)} are in greys`,
      },
      ...(failed.length === 0
        ? []
        : [
            {
              key: 'onError',
              value: 'skip',
              because: `${failed.length} of ${looked.length} cannot be used: ${failed[0]!.diagnostics[0]!.message}`,
            },
          ]),
    ],
  };
}

function sizesIn(heads: readonly PictureHead[]): string {
  const range = (side: 0 | 1) => {
    const lengths = heads.map(({ shape }) => shape[side]);
    return `${Math.min(...lengths)} to ${Math.max(...lengths)}`;
  };
  return `they are ${range(1)} wide and ${range(0)} high`;
}

const parts = { train: /^(train|training)$/i, test: /^(test|testing)$/i, other: /^(val|valid|validation|dev)$/i };

/** A folder with sub-folders that hold pictures; undefined where it is none. */
export function proposeImages({ data, written }: Wanted): Proposal | undefined {
  const { names } = listSubfolders(data);
  const partOf = (pattern: RegExp) =>
    names.find((name) => pattern.test(name) && listSubfolders(join(data, name)).names.length > 1);
  const [train, test, other] = [partOf(parts.train), partOf(parts.test), partOf(parts.other)];
  const folder = train === undefined ? data : join(data, train);
  const classes = classesIn(folder);
  if (classes.length === 0) return undefined;
  if (classes.length === 1)
    throw failure(
      'class-count',
      `${folder} has one sub-folder with pictures, ${classes[0]!.name}: nothing can be told apart`,
      'Each class has a sub-folder of its own, named like it, with its pictures.',
    );
  const { shape, options, read } = lookAtPictures(classes.flatMap(({ paths }) => paths));
  const counted = classes.map(({ name, paths }) => ({ name, count: paths.length })).sort((a, b) => b.count - a.count);
  const all = listSubfolders(folder).names;
  return {
    source: 'images',
    read,
    options: [
      {
        key: 'folder',
        value: written(folder),
        because: `a sub-folder for each of ${counted.length} classes: ${counted
          .slice(0, 6)
          .map(({ name, count }) => `${name} ${showCount(count)}`)
          .join(', ')}${counted.length > 6 ? ', ...' : ''}`,
      },
      ...(all.length === counted.length
        ? []
        : [
            {
              key: 'classes',
              value: classes.map(({ name }) => name),
              because: 'the other sub-folders have no pictures',
            },
          ]),
      ...options,
      test === undefined || train === undefined
        ? { key: 'test', value: 0.2, because: 'share of each class that is taken out for the test' }
        : { key: 'test', value: written(join(data, test)), because: 'a folder of the same classes' },
    ],
    split: [
      {
        key: 'validation',
        value: 0.15,
        because: 'share of the others that is held back, to validate after each epoch',
      },
    ],
    task: { kind: 'class', target: 'label', classes: counted },
    given: { kind: 'picture', shape },
    samples: counted.reduce((sum, { count }) => sum + count, 0),
    notes:
      train === undefined || other === undefined
        ? []
        : [`\`${other}\` is left out: validation takes a share of \`${train}\``],
  };
}

/** Sub-folders with pictures right in them. */
function classesIn(folder: string): readonly { readonly name: string; readonly paths: readonly string[] }[] {
  return listSubfolders(folder).names.flatMap((name) => {
    try {
      return [{ name, paths: listPictures(join(folder, name)).pictures }];
    } catch (error) {
      if (error instanceof UserError && error.diagnostics[0]!.code === 'no-pictures') return [];
      throw error;
    }
  });
}
