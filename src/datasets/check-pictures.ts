import { relative } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import type { DataWarning } from './dataset.ts';
import { withEightBits } from './decode-picture.ts';
import { readMask, readPicture } from './png-files.ts';
import { type Glance, glanceAt } from './glance-picture.ts';
import { type PictureShape, shapeOf } from './png-header.ts';

/** What the headers of pictures tell. */
export interface CheckedPictures {
  readonly shape: PictureShape;
  readonly glances: readonly Glance[];
  readonly warnings: readonly DataWarning[];
}

/**
 * Holds pictures against each other by their headers: all of each is read only where a header promises trouble.
 *
 * @param from the folder that paths in messages count from
 * @throws UserError when some are missing, no PNG files or too large, or differ in what all must have
 */
export function checkPictures(paths: readonly string[], from: string): CheckedPictures {
  const glances = glanceAtAll(paths, from);
  const shape = commonShape(glances, from);
  const alpha = glances.filter((glance) => glance.alpha);
  for (const { path } of [...glances.filter(({ ended }) => !ended), ...alpha]) readPicture(path, shape);
  if (alpha.length === 0 || alpha.length === glances.length) return { shape, glances, warnings: [] };
  const problem =
    `${alpha.length} of ${glances.length} pictures say how opaque they are (an alpha channel, ` +
    `a transparent colour): ${list(alpha, from)}`;
  return {
    shape,
    glances,
    warnings: [
      {
        code: 'mixed-alpha',
        problem,
        hint: 'All of them are opaque, so that is dropped; see whether pictures of both kinds belong together.',
      },
    ],
  };
}

/** Holds masks against the pictures, by their headers. @throws UserError as checkPictures */
export function checkMasks(paths: readonly string[], [height, width, channels]: PictureShape, from: string): void {
  const glances = glanceAtAll(paths, from);
  const differing = glances.filter(({ header }) => header.height !== height || header.width !== width);
  const sizes = list(differing, from, ({ header }) => ` is ${header.height} x ${header.width}`);
  if (differing.length > 0)
    throw failure(
      'mask-size-differs',
      `${differing.length} of ${glances.length} masks are not ${height} x ${width}, as the pictures are: ${sizes}`,
      'A mask has a value for each pixel of its picture: save it in the same size.',
    );
  for (const { path } of glances.filter(({ ended, header }) => !ended || (shapeOf(header)[2] === 3 && !header.indexed)))
    readMask(path, [height, width, channels]);
}

/** @throws UserError when some cannot be used, whatever the others are */
function glanceAtAll(paths: readonly string[], from: string): readonly Glance[] {
  const glances: Glance[] = [];
  const failed: { readonly path: string; readonly error: UserError }[] = [];
  for (const path of paths) {
    try {
      glances.push(glanceAt(path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ path, error });
    }
  }
  const [first, ...more] = failed;
  if (first !== undefined) {
    const { code, message, hint } = first.error.diagnostics[0]!;
    throw failure(
      code,
      more.length === 0 ? message : `${message}; ${more.length} more cannot be used either: ${list(more, from)}`,
      hint,
      first.error,
    );
  }
  const deep = glances.filter(({ header }) => header.depth === 16);
  if (deep.length > 0)
    throw failure(
      'sixteen-bit-picture',
      `${deep.length} of ${glances.length} files have 16 bits per channel: ${list(deep, from)}`,
      withEightBits,
    );
  return glances;
}

const convert = (how: string) =>
  `such as, with ImageMagick, into a new folder: \`magick mogrify -path NEW ${how} FOLDER/*.png\``;

/** The shape that all have. @throws UserError when some have another */
function commonShape(glances: readonly Glance[], from: string): PictureShape {
  const counts = new Map<string, number>();
  const named = ({ header }: Glance) => shapeOf(header).join(' x ');
  for (const glance of glances) counts.set(named(glance), (counts.get(named(glance)) ?? 0) + 1);
  const [most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  const usual = glances.find((glance) => named(glance) === most)!;
  const differing = glances.filter((glance) => named(glance) !== most);
  if (differing.length === 0) return shapeOf(usual.header);
  const { width, height } = usual.header;
  const sized = differing.some(({ header }) => header.width !== width || header.height !== height);
  const hint = sized
    ? `All must have one size, ${convert(`-resize '${width}x${height}!'`)}.`
    : 'All must be in greys, or all in colours, ' +
      `${convert(`-define png:color-type=${shapeOf(usual.header)[2] === 1 ? 0 : 2}`)}.`;
  const shown = list(differing, from, (glance) => ` is ${named(glance)}`);
  const sizes = counts.size > 2 ? ` (${counts.size} sizes in all)` : '';
  throw failure(
    'picture-shape-differs',
    `${differing.length} of ${glances.length} pictures are not ${most}, as the others are: ${shown}${sizes}`,
    hint,
  );
}

function list<One extends { readonly path: string }>(
  all: readonly One[],
  from: string,
  more: (one: One) => string = () => '',
): string {
  return firstThree(all.map((one) => `${relative(from, one.path)}${more(one)}`));
}

/** The first three paths. @param from the folder that they count from */
export function listPaths(paths: readonly string[], from: string): string {
  return firstThree(paths.map((path) => relative(from, path)));
}

function firstThree(texts: readonly string[]): string {
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
}
