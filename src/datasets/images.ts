import { basename, dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf } from '../base/numbers.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { pauses } from '../base/turns.ts';
import { checkPictures } from './check-pictures.ts';
import { withClassWarnings } from './data-warnings.ts';
import {
  type DataWarning,
  type DatasetSpec,
  type Labels,
  type OptionPath,
  type Samples,
  atOption,
  defineDataset,
  labelledImages,
  orMisfit,
  WrongOption,
} from './dataset.ts';
import { warnOfCopies } from './find-copies.ts';
import { withinMemory } from './generated.ts';
import { type Listing, listPngFiles, listSubfolders, warnOfLeftOut } from './list-pictures.ts';
import { pictureRows } from './picture-rows.ts';
import { type Picture, folderFile, fromPictures, joinPictures, readPicture, withWarnings } from './png-files.ts';
import { glanceAt } from './glance-picture.ts';
import { type PictureShape, shapeOf } from './png-header.ts';

const options = Type.Object({
  folder: Type.String({
    description:
      'Folder with a sub-folder for each class, and right in it the pictures of the class: ' +
      'PNG files of one size, in greys or RGB, all opaque. The path counts from the folder of the pipeline file.',
    minLength: 1,
  }),
  classes: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
    description:
      'The classes: names of sub-folders, of which the others are left out. ' +
      'Without it: all, in the order of their names.',
    default: [],
    maxItems: 256,
    uniqueItems: true,
  }),
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), Type.String({ minLength: 1 })], {
    description:
      'The test samples: another folder with the same sub-folders, ' +
      'or the share that is taken out of each class for them.',
    default: 0.2,
  }),
});

type Options = Static<typeof options>;

/** Leads to an option. */
const at = (option: keyof Options): OptionPath => ['source', 'images', option];

/** Pictures of the user's with a class each. */
export const images = defineDataset({
  doc: 'Your own pictures to classify: a folder with a sub-folder of PNG files for each class; target `label`.',
  example: 'source: { images: { folder: data/flowers, test: 0.2 } }',
  options,
  describe: (given, folder, division = {}) =>
    orMisfit(() =>
      atOption(at('folder'), () => {
        const found = list(given, folder);
        const paths = found.train.flat();
        const { shape, glances, warnings } = checkPictures(
          [...paths, ...(typeof found.test === 'number' ? [] : found.test.flat())],
          folder,
        );
        const copies = warnOfCopies(glances.slice(0, paths.length), glances.slice(paths.length), folder);
        const spec = withWarnings(specOf(found, shape), [
          ...warnOfLeftOut(found.listings, folder),
          ...warnOfAlikeNames(found.classes),
          ...warnings,
          ...copies,
        ]);
        const labels = () => labelsOf(found);
        return withinMemory(
          withClassWarnings({ ...spec, labels }, division, { train: at('folder'), test: at('test') }),
        );
      }),
    ),
  named: ({ folder, test }) => [folder, ...(typeof test === 'number' ? [] : [test])],
  files: (given, folder) => {
    const { train, test } = list(given, folder);
    return [...train, ...(Array.isArray(test) ? test : [])].flat();
  },
  load: async (given, folder, seed, signal) => {
    const found = list(given, folder);
    const shape = shapeOf(glanceAt(found.train[0]![0]!).header);
    const spec = specOf(found, shape);
    const first = await readClasses(found.train, shape, signal);
    const second = typeof found.test === 'number' ? undefined : await readClasses(found.test, shape, signal);
    const [train, test] = second === undefined ? takeShare(first, found, seed) : [first, second];
    const files = [
      folderFile('images', first.flat()),
      ...(second === undefined ? [] : [folderFile('test images', second.flat())]),
    ];
    const placed = { train: train.flat(), test: test.flat() };
    return {
      name: 'images',
      spec,
      train: samplesOf(train),
      test: samplesOf(test),
      files,
      origin: { place: (part, row) => ({ file: placed[part][row]!.file.name }) },
    };
  },
  rows: pictureRows,
});

/** Paths of the pictures of each class. */
interface Found {
  readonly classes: readonly string[];
  readonly train: readonly (readonly string[])[];
  /** Those of the test, or the share of each class that is the test. */
  readonly test: number | readonly (readonly string[])[];
  readonly listings: readonly Listing[];
}

function list({ folder: top, classes: chosen, test }: Options, folder: string): Found {
  const path = resolve(folder, top);
  const { names, beside } = listSubfolders(path);
  const classes = chosen.length > 0 ? chosen : names;
  const strange = classes.find((name) => name.startsWith('.') || /[/\\]/.test(name));
  if (strange !== undefined)
    throw new WrongOption(
      at('classes'),
      failure(
        'unknown-class-folder',
        `classes: \`${strange}\` is not the name of a sub-folder`,
        `Name one that is directly in ${top}.`,
      ),
    );
  if (classes.length < 2 || classes.length > 256) {
    const pictures = beside.length === 0 ? '' : `, and ${counted(beside)} beside them`;
    throw failure(
      'class-count',
      `${path} has ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}${pictures}; 2 to 256 can be learnt`,
      classes.length > 256
        ? 'Name those to be learnt in `classes`.'
        : 'Each class has a sub-folder of its own, named like it, with its pictures.',
    );
  }
  const listingsIn = (from: string) => classes.map((name) => listPngFiles(join(from, name)));
  const train = atOption(at(chosen.length > 0 ? 'classes' : 'folder'), () => listingsIn(path));
  const found = {
    classes,
    train: train.map(({ pictures }) => pictures),
    listings: [besideClasses(path, beside), ...train],
  };
  if (typeof test === 'number') return { ...found, test };
  return atOption(at('test'), () => {
    const other = resolve(folder, test);
    const held = listSubfolders(other);
    const unknown = chosen.length > 0 ? undefined : held.names.find((name) => !classes.includes(name));
    if (unknown !== undefined)
      throw failure(
        'class-folders-differ',
        `${other} has the sub-folder \`${unknown}\`, but there is none in ${path}`,
        'Both folders need the same classes.',
      );
    const tested = listingsIn(other);
    return {
      ...found,
      test: tested.map(({ pictures }) => pictures),
      listings: [...found.listings, besideClasses(other, held.beside), ...tested],
    };
  });
}

function besideClasses(folder: string, names: readonly string[]): Listing {
  return {
    folder,
    pictures: [],
    leftOut: names.length === 0 ? [] : [`${counted(names)} beside the folders of its classes`],
  };
}

function counted(names: readonly string[]): string {
  return `${names.length} ${names.length === 1 ? 'picture' : 'pictures'} (such as ${names[0]})`;
}

/** On other systems they are one folder, and mostly they were meant to be. */
function warnOfAlikeNames(classes: readonly string[]): readonly DataWarning[] {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase();
  const known = new Map<string, string>();
  for (const name of classes) {
    const other = known.get(plain(name));
    if (other !== undefined)
      return [
        {
          code: 'alike-classes',
          problem:
            `the classes \`${other}\` and \`${name}\` have names that differ in case, ` +
            "blanks or accents' coding alone",
          hint: 'Put their pictures into one folder if they are one class; otherwise give one another name.',
        },
      ];
    known.set(plain(name), name);
  }
  return [];
}

function specOf({ classes, train, test }: Found, shape: readonly number[]): DatasetSpec {
  const total = (pictures: readonly (readonly string[])[]) => pictures.flat().length;
  const tested =
    typeof test === 'number' ? train.reduce((sum, { length }) => sum + shareOf(test, length), 0) : total(test);
  if (tested === 0)
    throw new WrongOption(
      at('test'),
      failure('no-test-samples', `${total(train)} pictures leave none for the test`, 'Raise `test`, or add pictures.'),
    );
  return fromPictures({
    ...labelledImages(shape, classes),
    count: { train: typeof test === 'number' ? total(train) - tested : total(train), test: tested },
  });
}

/** Reads the pictures of each class. @throws UserError where one is damaged, or of another shape */
async function readClasses(
  classes: readonly (readonly string[])[],
  shape: PictureShape,
  signal: AbortSignal | undefined,
): Promise<Picture[][]> {
  const pause = pauses(signal);
  const all: Picture[][] = [];
  for (const paths of classes) {
    const pictures: Picture[] = [];
    for (const path of paths) {
      await pause();
      const { values, file } = readPicture(path, shape);
      // Which class it is in is a part of what was learnt from.
      pictures.push({ values, file: { ...file, name: `${basename(dirname(path))}/${file.name}` } });
    }
    all.push(pictures);
  }
  return all;
}

/** Divides each class: what stays, and the share that is taken out. */
function takeShare(
  pictures: readonly (readonly Picture[])[],
  { classes, test }: Found,
  seed: number,
): readonly [Picture[][], Picture[][]] {
  const taken = pictures.map(
    ({ length }, label) =>
      new Set(
        permutation(length, seedFor(seed, 'data', 'images', classes[label]!)).subarray(
          0,
          shareOf(Number(test), length),
        ),
      ),
  );
  const part = (isTest: boolean) =>
    pictures.map((one, label) => one.filter((_, at) => taken[label]!.has(at) === isTest));
  return [part(false), part(true)];
}

/** The pictures of each class, the classes one after the other. */
function samplesOf(classes: readonly (readonly Picture[])[]): Samples {
  const pictures = classes.flat();
  return {
    inputs: [joinPictures(pictures)],
    targets: [repeated(classes.map(({ length }) => length))],
    count: pictures.length,
  };
}

/** The classes of the samples that `load` will give. */
function labelsOf({ train, test }: Found): Labels {
  const counts = train.map(({ length }) => length);
  if (typeof test !== 'number') return { train: repeated(counts), test: repeated(test.map(({ length }) => length)) };
  const taken = counts.map((count) => shareOf(test, count));
  return { train: repeated(counts.map((count, label) => count - taken[label]!)), test: repeated(taken) };
}

/** Each index as often as is said. */
function repeated(counts: readonly number[]): Uint8Array {
  return Uint8Array.from(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));
}
