import { relative } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { showCount } from '../../base/quantities.ts';
import type { DataWarning } from '../dataset.ts';
import { tooManyBits, withEightBits } from './decode-picture.ts';
import { readMask, readPicture } from './png-files.ts';
import { type Glance, glanceAt } from './glance-picture.ts';
import { jpegEnds } from './photo-heads.ts';
import type { PictureFormat } from './picture-head.ts';
import type { PictureShape } from './png-header.ts';
import { type Preparation, needsSharp, shapeAfter } from './prepare-picture.ts';
import { readWhole } from '../files/read-bytes.ts';

/** What the heads of pictures tell. */
export interface CheckedPictures {
  /** What all are, prepared. */
  readonly shape: PictureShape;
  readonly glances: readonly Glance[];
  /** Those that cannot be used, where they are to be skipped. */
  readonly skipped: ReadonlySet<string>;
  /** Whether sharp has a part in reading them. */
  readonly decoder?: 'sharp';
  readonly warnings: readonly DataWarning[];
}

/** What becomes of pictures. */
export interface Treatment extends Preparation {
  readonly onError?: 'fail' | 'skip';
}

/**
 * Pictures whose heads are looked at before a run: a tenth of a second of them, spread over all. The run itself looks
 * at the others.
 */
const mostGlances = 4000;

/**
 * Holds pictures against each other by their heads: all of each is read only where a head promises trouble.
 *
 * @param from the folder that paths in messages count from
 * @throws UserError when some are missing, no pictures or too large, or differ in what all must have
 */
export function checkPictures(paths: readonly string[], from: string, treatment: Treatment = {}): CheckedPictures {
  const step = Math.ceil(paths.length / mostGlances);
  const seen = paths.filter((_, at) => at % step === 0);
  const { glances: found, failed } = glanceAtAll(seen, from, { skips: treatment.onError === 'skip' });
  const { alike: glances, unusable } = readDoubtful(found, treatment);
  const skipped = [...failed, ...unusable];
  if (glances.length === 0) throw skipped[0]!.error;
  const shape = commonShape(glances, from, treatment);
  return {
    shape,
    glances,
    skipped: new Set(skipped.map(({ path }) => path)),
    ...(glances.some(({ head }) => needsSharp(head, treatment)) || treatment.resize !== undefined
      ? { decoder: 'sharp' as const }
      : {}),
    warnings: [
      ...warningsOf(glances, from),
      ...skippedWarning('pictures-to-skip', skipped, { from, total: seen.length }),
      ...(step === 1 ? [] : [sampled(seen.length, paths.length)]),
    ],
  };
}

/** All that is strange about pictures by their heads. */
function warningsOf(glances: readonly Glance[], from: string): readonly DataWarning[] {
  const tell = (
    code: Code,
    some: readonly Glance[],
    [what, hint]: readonly [what: string, hint: string],
    more?: (one: Glance) => string,
  ): readonly DataWarning[] =>
    some.length === 0
      ? []
      : [{ code, problem: `${some.length} of ${glances.length} pictures ${what}: ${list(some, from, more)}`, hint }];
  const alpha = glances.filter((glance) => glance.alpha && glance.head.format === 'png');
  return [
    ...tell('mixed-alpha', alpha.length === glances.length ? [] : alpha, [
      'say how opaque they are (an alpha channel, a transparent colour)',
      'All of them are opaque, so that is dropped; see whether pictures of both kinds belong together.',
    ]),
    ...tell(
      'picture-name-lies',
      glances.filter(({ path, head }) => !endings[head.format].test(path)),
      ['are not what their names say', 'They are read as what they are.'],
      ({ head }) => ` is ${called[head.format]}`,
    ),
    ...tell(
      'several-frames',
      glances.filter(({ head }) => head.several),
      ['have several frames or pages, of which the first alone is read', 'Save each frame as a picture if all count.'],
    ),
    ...tell(
      'print-colours',
      glances.filter(({ head }) => head.cmyk),
      ['are in CMYK, the colours of print, and are read in RGB', 'Save them in RGB to choose how they look.'],
    ),
  ];
}

const endings: Readonly<Record<PictureFormat, RegExp>> = {
  png: /\.png$/i,
  jpeg: /\.(jpe?g|jpe|jfif)$/i,
  webp: /\.webp$/i,
  tiff: /\.tiff?$/i,
  gif: /\.gif$/i,
};

const called: Readonly<Record<PictureFormat, string>> = {
  png: 'a PNG file',
  jpeg: 'a JPEG file',
  webp: 'a WebP file',
  tiff: 'a TIFF file',
  gif: 'a GIF file',
};

const sampled = (seen: number, all: number): DataWarning => ({
  code: 'pictures-sampled',
  problem: `the heads of ${showCount(seen)} of ${showCount(all)} pictures were looked at, spread over all of them`,
  hint: 'The run reads all, and tells what is wrong with the others.',
});

/** A picture that cannot be used, and why. */
export interface Unusable {
  readonly path: string;
  readonly error: UserError;
}

/** Counts and names pictures that are left out. */
export function skippedWarning(
  code: 'pictures-to-skip' | 'pictures-skipped',
  skipped: readonly Unusable[],
  { from, total }: { readonly from: string; readonly total: number },
): readonly DataWarning[] {
  if (skipped.length === 0) return [];
  const was = skipped.length === 1 ? 'was' : 'were';
  const reason = ({ path, error }: Unusable) => ` (${error.diagnostics[0]!.message.replace(path, 'it').slice(0, 120)})`;
  return [
    {
      code,
      problem:
        `${skipped.length} of ${total} pictures ${code === 'pictures-skipped' ? was : 'will be'} skipped: ` +
        list(skipped, from, reason),
      hint: 'Mend or remove them; `onError: fail` ends the run instead.',
    },
  ];
}

/** Reads those whose heads promise trouble. @throws UserError where one has it, and none is to be skipped */
function readDoubtful(
  glances: readonly Glance[],
  { onError = 'fail' }: Treatment,
): { readonly alike: readonly Glance[]; readonly unusable: readonly Unusable[] } {
  const unusable: Unusable[] = [];
  const alike = glances.filter((glance) => {
    try {
      if (!glance.ended || (glance.alpha && glance.head.format === 'png')) proveReadable(glance);
      return true;
    } catch (error) {
      if (!(error instanceof UserError) || onError === 'fail') throw error;
      unusable.push({ path: glance.path, error });
      return false;
    }
  });
  return { alike, unusable };
}

/** Reads a PNG file, or looks for the end of a JPEG file. @throws UserError where it is damaged or has transparency */
function proveReadable({ path, head: { format, shape } }: Glance): void {
  if (format === 'png') readPicture(path, shape);
  else if (!jpegEnds(Buffer.from(readWhole({ path }))))
    throw failure('damaged-picture', `${path} is damaged: it is cut short`, 'Fetch or save it again.');
}

/**
 * Holds masks against the pictures, by their headers.
 *
 * @param sizeOf what the picture of a mask is; undefined where that is not known
 * @throws UserError as checkPictures
 */
export function checkMasks(
  paths: readonly string[],
  sizeOf: (path: string) => PictureShape | undefined,
  from: string,
): void {
  const { glances } = glanceAtAll(paths, from, { areMasks: true });
  const differing = glances.filter(({ path, head: { shape } }) => {
    const [height, width] = sizeOf(path) ?? shape;
    return shape[0] !== height || shape[1] !== width;
  });
  if (differing.length > 0) {
    const wanted = new Set(differing.map(({ path }) => sizeOf(path)!.slice(0, 2).join(' x ')));
    const one = wanted.size === 1 ? ` ${[...wanted][0]!}` : ' of the sizes';
    const sizes = list(differing, from, ({ head: { shape } }) => ` is ${shape[0]} x ${shape[1]}`);
    throw failure(
      'mask-size-differs',
      `${differing.length} of ${glances.length} masks are not${one}, as the pictures are: ${sizes}`,
      'A mask has a value for each pixel of its picture: save it in the same size.',
    );
  }
  for (const { path, ended, head } of glances)
    if (!ended || (head.shape[2] === 3 && !head.png!.indexed)) readMask(path, head.shape);
}

/** @throws UserError when some cannot be used, whatever the others are, and they are not to be skipped */
function glanceAtAll(
  paths: readonly string[],
  from: string,
  { areMasks = false, skips = false }: { readonly areMasks?: boolean; readonly skips?: boolean },
): { readonly glances: readonly Glance[]; readonly failed: readonly Unusable[] } {
  const glances: Glance[] = [];
  const failed: Unusable[] = [];
  for (const path of paths) {
    try {
      glances.push(glanceAt(path, areMasks));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ path, error });
    }
  }
  const [first, ...more] = failed;
  if (first !== undefined && !skips) {
    const { code, message, hint } = first.error.diagnostics[0]!;
    throw failure(
      code,
      more.length === 0 ? message : `${message}; ${more.length} more cannot be used either: ${list(more, from)}`,
      hint,
      first.error,
    );
  }
  const deep = glances.filter(({ head }) => head.depth > 8);
  if (deep.length > 0 && !skips)
    throw failure(
      'sixteen-bit-picture',
      `${deep.length} of ${glances.length} files have ${deep[0]!.head.depth} bits per channel: ${list(deep, from)}`,
      withEightBits(areMasks),
    );
  const tooDeep = deep.map(({ path, head }) => ({ path, error: tooManyBits(path, head.depth, areMasks) }));
  return { glances: glances.filter(({ head }) => head.depth <= 8), failed: [...failed, ...tooDeep] };
}

/** The shape that all have, prepared. @throws UserError when some have another */
function commonShape(glances: readonly Glance[], from: string, preparation: Preparation): PictureShape {
  const counts = new Map<string, number>();
  const shape = ({ head }: Glance) => shapeAfter(head.shape, preparation);
  const named = (glance: Glance) => shape(glance).join(' x ');
  for (const glance of glances) counts.set(named(glance), (counts.get(named(glance)) ?? 0) + 1);
  const [most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  const usual = shape(glances.find((glance) => named(glance) === most)!);
  const differing = glances.filter((glance) => named(glance) !== most);
  if (differing.length === 0) return usual;
  const [height, width, channels] = usual;
  const sized = differing.some((glance) => shape(glance)[0] !== height || shape(glance)[1] !== width);
  const hint = sized
    ? `All must have one size: \`resize: { width: ${width}, height: ${height} }\` brings them to it.`
    : 'All must be in greys, or all in colours: ' +
      `\`channels: ${channels}\` reads all ${channels === 1 ? 'in greys' : 'in colours'}.`;
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
