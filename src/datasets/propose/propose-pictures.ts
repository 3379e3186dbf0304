import { UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { glanceAt } from '../pictures/glance-picture.ts';
import type { PictureHead } from '../pictures/picture-head.ts';
import { type ClassedFolders, type FailedFile, skipping, without } from './classed-folders.ts';
import type { Entry, Proposal } from './proposal.ts';

/** Pictures whose heads are looked at, spread over all. */
const mostLookedAt = 400;

/** What the heads of pictures show, and the options that bring all to one shape. */
interface SeenPictures {
  readonly shape: readonly [height: number, width: number, channels: 1 | 3];
  /** `resize`, `channels` and `onError`, where they are needed. */
  readonly options: readonly Entry[];
  /** How many were looked at, in words. */
  readonly read: string;
  /** Those that cannot be used; none where not all were looked at. */
  readonly failed: readonly string[];
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
  const [heads, failed]: [PictureHead[], FailedFile[]] = [[], []];
  for (const path of looked) {
    try {
      const { head } = glanceAt(path);
      if (head.depth <= 8) heads.push(head);
      else
        failed.push({
          path,
          error: failure('sixteen-bit-picture', `${path} has ${head.depth} bits per channel`),
        });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ path, error });
    }
  }
  if (heads.length === 0) throw failed[0]!.error;
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
    failed: looked.length === paths.length ? failed.map(({ path }) => path) : [],
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
      ...skipping(failed, looked.length),
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

/** What is learnt from sub-folders that hold pictures. @throws UserError where none of them can be used */
export function proposeImages(found: ClassedFolders): Proposal {
  const { shape, options, read, failed } = lookAtPictures(found.paths);
  const left = without(found, failed);
  return {
    source: 'images',
    read,
    options: [...found.options, ...options, found.test],
    split: found.split,
    task: { kind: 'class', target: 'label', classes: left.classes },
    given: { kind: 'picture', shape },
    samples: left.samples,
    notes: found.notes,
  };
}
