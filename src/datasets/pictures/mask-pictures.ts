import { basename, join, resolve } from 'node:path';
import type { Static } from 'typebox';
import { inFold } from '../splits/folds.ts';
import { type Fold, type SplitOptions, testSize } from '../splits/split.ts';
import { UserError, failure } from '../../base/diagnostics.ts';
import { permutation, seedFor } from '../../base/seeds.ts';
import { type CheckedPictures, checkMasks, checkPictures, listPaths } from './check-pictures.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import { type DataWarning, type DatasetSpec, defineDataset, orMisfit } from '../dataset.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import { warnOfCopies } from '../findings/find-copies.ts';
import { listPictures, listPngFiles, warnOfLeftOut } from './list-pictures.ts';
import { pictureRows } from './picture-rows.ts';
import { masksFace } from './mask-options.ts';
import { type PieceMaker, type Pieces, inMemory } from '../pieces.ts';
import {
  type Picture,
  folderFile,
  fromPictures,
  joinPictures,
  readMask,
  readPrepared,
  withWarnings,
} from './png-files.ts';
import type { PictureShape } from './png-header.ts';
import { nearest } from './resize-mask.ts';

type Options = Static<typeof masksFace.options>;

/** Leads to an option. */
const at = (option: keyof Options): OptionPath => ['source', 'masks', option];

/** Pictures of the user's with a class at each pixel. */
export const masks = defineDataset({
  ...masksFace,
  describe: (given, folder, division = {}) =>
    orMisfit(() => {
      const { found, checked } = check(list(given, folder), folder, given);
      const { shape, glances, warnings } = checked;
      const spec = withWarnings(specOf(given, checked, found.images.length, division.split?.fold), [
        ...found.warnings,
        ...warnings,
        ...warnOfCopies(glances, [], { from: folder, classOf: () => '' }),
      ]);
      const some = found.masks.slice(0, Math.max(1, Math.floor(lookedAt / (shape[0] * shape[1] + eachMask))));
      const labels = some.map((path) => atOption(at('masks'), () => labelsOf(path, shape, given)));
      if (some.length < found.masks.length) return spec;
      const rows = divide(found.images, spec.count!.test, division.split, division.seed ?? 0);
      const of = (part: Uint32Array) => joinPictures(take(labels, part));
      return withClassWarnings({ ...spec, labels: () => ({ train: of(rows.train), test: of(rows.test) }) }, division, {
        train: at('classes'),
        test: at('classes'),
      });
    }),
  named: (given) => [given.images, given.masks],
  files: (given, folder) => [
    ...listPictures(resolve(folder, given.images)).pictures,
    ...listPngFiles(resolve(folder, given.masks)).pictures,
  ],
  load: async (given, folder, seed, signal, split) => inMemory(maskPieces.open(given, folder, seed, split), signal),
  rows: (trained) => pictureRows(trained, trained.options),
});

/** The pictures and their masks, read one by one. */
export const maskPieces: PieceMaker<Options> = { open };

/** The pictures one by one, each with its mask. */
function open(given: Options, folder: string, seed: number, split?: SplitOptions): Pieces {
  const listed = list(given, folder);
  const { found, checked } = check(listed, folder, given);
  const { shape } = checked;
  const spec = specOf(given, checked, found.images.length, split?.fold);
  return {
    name: 'masks',
    spec,
    folder,
    paths: found.images.map((path, row) => [path, found.masks[row]!]),
    listed: listed.images.length,
    madeBy: {
      resize: given.resize,
      channels: given.channels,
      // What was left out stays left out.
      onError: given.onError,
      shape,
      classes: Object.values(given.classes),
    },
    place: (sample) => ({ file: basename(found.images[sample]!) }),
    read: async (sample) => {
      const path = found.images[sample]!;
      const mask = labelsOf(found.masks[sample]!, shape, given);
      try {
        const { values, file } = await readPrepared(path, shape, given);
        return { values: [values, mask.values], files: [file, mask.file] };
      } catch (error) {
        if (!(error instanceof UserError) || given.onError !== 'skip') throw error;
        return { path, error };
      }
    },
    divide: (usable) => {
      const all = divide(found.images, spec.count!.test, split, seed);
      const rowOf = new Map([...usable].map((sample, row) => [sample, row]));
      const rows = (part: Uint32Array) =>
        part.filter((sample) => rowOf.has(sample)).map((sample) => rowOf.get(sample)!);
      return { train: rows(all.train), test: rows(all.test) };
    },
    describeFiles: (usable, files) =>
      ['images', 'masks'].map((name, k) =>
        folderFile(
          name,
          Array.from(usable, (sample) => files(sample)[k]!),
        ),
      ),
  };
}

/** Looks at the heads of pictures and masks, and leaves out pictures that are to be skipped. */
function check(
  listed: Found,
  folder: string,
  given: Options,
): { readonly found: Found; readonly checked: CheckedPictures } {
  const checked = atOption(at('images'), () => checkPictures(listed.images, folder, given));
  const { skipped, shape, glances } = checked;
  const used = listed.images.map((path) => !skipped.has(path));
  const found = {
    ...listed,
    images: listed.images.filter((_, row) => used[row]),
    masks: listed.masks.filter((_, row) => used[row]),
  };
  const sizes = new Map(glances.map(({ path, head }) => [path, head.shape]));
  const ofMask = new Map(found.masks.map((path, row) => [path, sizes.get(found.images[row]!)]));
  atOption(at('masks'), () =>
    checkMasks(found.masks, (path) => (given.resize === undefined ? shape : ofMask.get(path)), folder),
  );
  return { found, checked };
}

/** The classes of the pixels of a mask, brought to the size of the pictures. */
function labelsOf(path: string, shape: PictureShape, { resize, classes }: Options): Picture {
  const { size, ...mask } = readMask(path, resize === undefined ? shape : undefined);
  return toClasses(
    path,
    { ...mask, values: resize === undefined ? mask.values : nearest(mask.values, size, resize) },
    classes,
  );
}

/** Pixels of masks that the check looks at: some hundredths of a second. What is beyond them, the run looks at. */
const lookedAt = 2 ** 24;

/** What opening a mask takes, in pixels. */
const eachMask = 2 ** 14;

/** Which pictures train, and which test. */
function divide(
  paths: readonly string[],
  test: number,
  split: Partial<SplitOptions> | undefined,
  seed: number,
): Readonly<Record<'train' | 'test', Uint32Array>> {
  if (split?.fold !== undefined) {
    const held = inFold(paths.length, split.fold, { seed });
    const rows = Uint32Array.from(paths.keys());
    return { train: rows.filter((row) => held[row] === 0), test: rows.filter((row) => held[row] === 1) };
  }
  const byTime = split?.order !== undefined;
  const order = byTime ? inTime(paths).toReversed() : permutation(paths.length, seedFor(seed, 'data', 'masks', 'test'));
  const inOrder = (some: Uint32Array) => (byTime ? some.toReversed() : some.sort());
  return { train: inOrder(order.slice(test)), test: inOrder(order.slice(0, test)) };
}

/** Where names are numbered, frame_10 comes after frame_2; indices of the paths. */
function inTime(paths: readonly string[]): Uint32Array {
  const { compare } = new Intl.Collator('en', { numeric: true });
  // Names that count as equal stay in the order of the paths.
  return Uint32Array.from(paths.keys()).sort((a, b) => compare(basename(paths[a]!), basename(paths[b]!)) || a - b);
}

interface Found {
  readonly images: readonly string[];
  /** That of each picture. */
  readonly masks: readonly string[];
  /** Of what is left out. */
  readonly warnings: readonly DataWarning[];
}

/** @throws UserError when a picture has no mask */
function list(given: Options, folder: string): Found {
  const images = atOption(at('images'), () => listPictures(resolve(folder, given.images)));
  const masks = atOption(at('masks'), () => listPngFiles(resolve(folder, given.masks)));
  const byStem = new Map(masks.pictures.map((path) => [stemOf(path), path]));
  const stems = new Map<string, string>();
  for (const path of images.pictures) {
    const other = stems.get(stemOf(path));
    if (other !== undefined)
      throw new WrongOption(
        at('images'),
        failure(
          'repeated-picture',
          `${listPaths([other, path], folder)} would have one mask`,
          'Give each picture a name of its own, whatever its ending.',
        ),
      );
    stems.set(stemOf(path), path);
  }
  const missing = images.pictures.filter((path) => !byStem.has(stemOf(path)));
  const extra = masks.pictures.filter((path) => !stems.has(stemOf(path)));
  if (missing.length > 0) {
    const name = basename(missing[0]!);
    const stem = stemOf(name).toLowerCase();
    const alike = extra
      .map((path) => basename(path))
      .find((other) => other.toLowerCase().startsWith(stem) && !/^[a-z0-9]/i.test(other.slice(stem.length)));
    const would =
      alike === undefined ? '' : `: ${join(given.masks, alike)} would be ${join(given.masks, `${stemOf(name)}.png`)}`;
    throw new WrongOption(
      at('masks'),
      failure(
        'picture-without-mask',
        `${missing.length} of ${images.pictures.length} pictures have no mask in ${given.masks}: ` +
          listPaths(missing, folder),
        `A mask has the name of its picture${would}.`,
      ),
    );
  }
  const warnings: readonly DataWarning[] =
    extra.length === 0
      ? []
      : [
          {
            code: 'masks-left-out',
            problem:
              `left out: ${extra.length} of ${masks.pictures.length} masks belong to no picture: ` +
              listPaths(extra, folder),
            hint: 'A mask has the name of its picture.',
          },
        ];
  return {
    images: images.pictures,
    masks: images.pictures.map((path) => byStem.get(stemOf(path))!),
    warnings: [...warnOfLeftOut([images, masks], folder), ...warnings],
  };
}

const stemOf = (path: string) => basename(path).replace(/\.\w+$/, '');

/** Values of pixels become indices of classes. */
function toClasses(path: string, { values, file }: Picture, classes: Options['classes']): Picture {
  const indices = new Int16Array(256).fill(-1);
  Object.values(classes).forEach((value, index) => (indices[value] = index));
  const strange = values.find((value) => indices[value]! < 0);
  if (strange !== undefined)
    throw new WrongOption(
      at('classes'),
      failure(
        'mask-value-without-class',
        `${path} has the value ${strange}, which is no class`,
        'Name every value in `classes`.',
      ),
    );
  return { values: values.map((value) => indices[value]!), file };
}

function specOf(
  { classes, test: share }: Options,
  { shape, decoder }: CheckedPictures,
  total: number,
  fold: Fold | undefined,
): DatasetSpec {
  const test = testSize(share, total, fold);
  const names = Object.keys(classes);
  const twice = names.find((name, index) => names.slice(0, index).some((other) => classes[other] === classes[name]));
  if (twice !== undefined)
    throw new WrongOption(
      [...at('classes'), twice],
      failure(
        'repeated-class-value',
        `classes: \`${twice}\` has the value ${classes[twice]}, as another class does`,
        'Give each class a value of its own.',
      ),
    );
  if (test === 0)
    throw new WrongOption(
      at('test'),
      failure(
        'no-test-samples',
        `${total} ${total === 1 ? 'picture leaves' : 'pictures leave'} none for the test`,
        'Raise `test`, or add pictures.',
      ),
    );
  return fromPictures({
    inputs: [{ name: 'input', shape, dtype: 'uint8', scale: 1 / 255 }],
    targets: [{ kind: 'class', name: 'mask', classes: names, shape: shape.slice(0, 2) }],
    count: { train: total - test, test },
    drawsTest: true,
    ...(decoder && { decoder }),
  });
}

function take(pictures: readonly Picture[], rows: Uint32Array): readonly Picture[] {
  return Array.from(rows, (row) => pictures[row]!);
}
