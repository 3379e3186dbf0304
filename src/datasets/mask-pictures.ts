import { basename, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import type { SplitOptions } from './split.ts';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf, wholeNumber } from '../base/numbers.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { pauses } from '../base/turns.ts';
import { checkMasks, checkPictures, listPaths } from './check-pictures.ts';
import { withClassWarnings } from './data-warnings.ts';
import {
  type DataWarning,
  type DatasetSpec,
  type OptionPath,
  type Samples,
  WrongOption,
  atOption,
  defineDataset,
  orMisfit,
} from './dataset.ts';
import { warnOfCopies } from './find-copies.ts';
import { withinMemory } from './generated.ts';
import { type Listing, listPngFiles, warnOfLeftOut } from './list-pictures.ts';
import { pictureRows } from './picture-rows.ts';
import {
  type Picture,
  folderFile,
  fromPictures,
  joinPictures,
  readMask,
  readPicture,
  withWarnings,
} from './png-files.ts';
import { glanceAt } from './glance-picture.ts';
import { shapeOf } from './png-header.ts';

const folderOf = (what: string) =>
  Type.String({ description: `${what}; the path counts from the folder of the pipeline file.`, minLength: 1 });

const options = Type.Object({
  images: folderOf('Folder with the pictures: PNG files of one size, in greys or RGB, all opaque'),
  masks: folderOf(
    'Folder with a mask for each picture: a PNG file with the same name and size, in greys or with a palette',
  ),
  classes: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), wholeNumber({ minimum: 0, maximum: 255 }), {
    description:
      'The classes, each with its value in the masks: a grey value, or the index of a colour of the palette.',
    minProperties: 2,
    maxProperties: 256,
  }),
  test: realNumber({
    description: 'Share of the pictures that is the test.',
    default: 0.2,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }),
});

type Options = Static<typeof options>;

/** Leads to an option. */
const at = (option: keyof Options): OptionPath => ['source', 'masks', option];

/** Pictures of the user's with a class at each pixel. */
export const masks = defineDataset({
  doc:
    'Your own pictures to segment: a folder of images and a folder of masks, PNG files; ' +
    'target `mask`, a class for each pixel.',
  example: 'source: { masks: { images: data/images, masks: data/masks, classes: { background: 0, road: 1, car: 2 } } }',
  options,
  order: 'time',
  describe: (given, folder, division = {}) =>
    orMisfit(() => {
      const found = list(given, folder);
      const { shape, glances, warnings } = atOption(at('images'), () => checkPictures(found.images, folder));
      atOption(at('masks'), () => checkMasks(found.masks, shape, folder));
      const spec = withWarnings(specOf(given, shape, found.images.length), [
        ...found.warnings,
        ...warnings,
        ...warnOfCopies(glances, [], folder),
      ]);
      const some = found.masks.slice(0, Math.max(1, Math.floor(lookedAt / (shape[0] * shape[1] + eachMask))));
      const labels = some.map((path) =>
        toClasses(
          path,
          atOption(at('masks'), () => readMask(path, shape)),
          given.classes,
        ),
      );
      if (some.length < found.masks.length) return withinMemory(spec);
      const rows = divide(found.images, spec.count!.test, division.split, division.seed ?? 0);
      const of = (part: Uint32Array) => joinPictures(take(labels, part));
      return withinMemory(
        withClassWarnings({ ...spec, labels: () => ({ train: of(rows.train), test: of(rows.test) }) }, division, {
          train: at('classes'),
          test: at('classes'),
        }),
      );
    }),
  named: (given) => [given.images, given.masks],
  files: (given, folder) => [given.images, given.masks].flatMap((path) => listPngFiles(resolve(folder, path)).pictures),
  load: async (given, folder, seed, signal, split) => {
    const pause = pauses(signal);
    const { images: paths, masks: maskPaths } = list(given, folder);
    const shape = shapeOf(glanceAt(paths[0]!).header);
    const spec = specOf(given, shape, paths.length);
    const [images, labels] = [[] as Picture[], [] as Picture[]];
    for (const [i, path] of paths.entries()) {
      await pause();
      images.push(readPicture(path, shape));
      labels.push(toClasses(maskPaths[i]!, readMask(maskPaths[i]!, shape), given.classes));
    }
    const parts = divide(paths, spec.count!.test, split, seed);
    const samples = (rows: Uint32Array): Samples => ({
      inputs: [joinPictures(take(images, rows))],
      targets: [joinPictures(take(labels, rows))],
      count: rows.length,
    });
    return {
      name: 'masks',
      spec,
      train: samples(parts.train),
      test: samples(parts.test),
      files: [folderFile('images', images), folderFile('masks', labels)],
      origin: { place: (part, row) => ({ file: images[parts[part][row]!]!.file.name }) },
    };
  },
  rows: pictureRows,
});

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
  const byTime = split?.order !== undefined;
  const order = byTime ? inTime(paths).toReversed() : permutation(paths.length, seedFor(seed, 'data', 'masks', 'test'));
  const inOrder = (rows: Uint32Array) => (byTime ? rows.toReversed() : rows.sort());
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
  const images = atOption(at('images'), () => listPngFiles(resolve(folder, given.images)));
  const masks = atOption(at('masks'), () => listPngFiles(resolve(folder, given.masks)));
  const without = (some: Listing, others: Listing) => {
    const names = new Set(others.pictures.map((path) => basename(path)));
    return some.pictures.filter((path) => !names.has(basename(path)));
  };
  const [missing, extra] = [without(images, masks), without(masks, images)];
  if (missing.length > 0) {
    const name = basename(missing[0]!);
    const stem = name.replace(/\.png$/i, '').toLowerCase();
    const alike = extra
      .map((path) => basename(path))
      .find((other) => other.toLowerCase().startsWith(stem) && !/^[a-z0-9]/i.test(other.slice(stem.length)));
    const would = alike === undefined ? '' : `: ${join(given.masks, alike)} would be ${join(given.masks, name)}`;
    throw new WrongOption(
      at('masks'),
      failure(
        'picture-without-mask',
        `${missing.length} of ${images.pictures.length} pictures have no mask in ${masks.folder}: ` +
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
    masks: images.pictures.map((path) => join(masks.folder, basename(path))),
    warnings: [...warnOfLeftOut([images, masks], folder), ...warnings],
  };
}

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

function specOf({ classes, test: share }: Options, shape: readonly number[], total: number): DatasetSpec {
  const test = shareOf(share, total);
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
  });
}

function take(pictures: readonly Picture[], rows: Uint32Array): readonly Picture[] {
  return Array.from(rows, (row) => pictures[row]!);
}
