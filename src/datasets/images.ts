import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf } from '../base/numbers.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { pauses } from '../base/turns.ts';
import { type DatasetSpec, type Samples, defineDataset, labelledImages, orMisfit } from './dataset.ts';
import { withinMemory } from './generated.ts';
import { type Picture, folderFile, fromPictures, joinPictures, listPngFiles, namesIn, readPicture, readPictureShape } from './png-files.ts';

const options = Type.Object({
  folder: Type.String({ description: 'Folder with a sub-folder for each class, and in it the pictures of the class: PNG files of one size, in greys or RGB, without transparency. The path counts from the folder of the pipeline file.', minLength: 1 }),
  classes: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { description: 'The classes: names of sub-folders, of which the others are left out. Without it: all, in the order of their names.', default: [], maxItems: 256, uniqueItems: true }),
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), Type.String({ minLength: 1 })], { description: 'The test samples: another folder with the same sub-folders, or the share that is taken out of each class for them.', default: 0.2 }),
});

type Options = Static<typeof options>;

/** Pictures of the user's with a class each. */
export const images = defineDataset({
  doc: 'Your own pictures to classify: a folder with a sub-folder of PNG files for each class; target `label`.',
  example: 'source: { images: { folder: data/flowers, test: 0.2 } }',
  options,
  describe: (given, folder) => orMisfit(() => {
    const found = list(given, folder);
    return withinMemory(specOf(found, readPictureShape(found.train[0]![0]!)));
  }),
  named: ({ folder, test }) => [folder, ...(typeof test === 'number' ? [] : [test])],
  files: (given, folder) => {
    const { train, test } = list(given, folder);
    return [...train, ...(Array.isArray(test) ? test : [])].flat();
  },
  load: async (given, folder, seed, signal) => {
    const found = list(given, folder);
    const shape = readPictureShape(found.train[0]![0]!);
    const spec = specOf(found, shape);
    const first = await readClasses(found.train, shape, signal);
    const second = typeof found.test === 'number' ? undefined : await readClasses(found.test, shape, signal);
    const [train, test] = second === undefined ? takeShare(first, found, seed) : [first, second];
    const files = [folderFile('images', first.flat()), ...(second === undefined ? [] : [folderFile('test images', second.flat())])];
    return { name: 'images', spec, train: samplesOf(train), test: samplesOf(test), files };
  },
});

/** Paths of the pictures of each class. */
interface Found {
  readonly classes: readonly string[];
  readonly train: readonly (readonly string[])[];
  /** Those of the test, or the share of each class that is the test. */
  readonly test: number | readonly (readonly string[])[];
}

function list({ folder: top, classes: chosen, test }: Options, folder: string): Found {
  const path = resolve(folder, top);
  const classes = chosen.length > 0 ? chosen : subfoldersOf(path);
  const strange = classes.find((name) => name.startsWith('.') || /[/\\]/.test(name));
  if (strange !== undefined) throw failure('data-mismatch', `classes: \`${strange}\` is not the name of a sub-folder`, `Name one that is directly in ${top}.`);
  if (classes.length < 2 || classes.length > 256) throw failure('data-mismatch', `${path} has ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}; 2 to 256 can be learnt`, 'Each class has a sub-folder of its own, named like it.');
  const picturesIn = (from: string) => classes.map((name) => listPngFiles(join(from, name)));
  const train = picturesIn(path);
  if (typeof test === 'number') return { classes, train, test };
  const other = resolve(folder, test);
  const unknown = chosen.length > 0 ? undefined : subfoldersOf(other).find((name) => !classes.includes(name));
  if (unknown !== undefined) throw failure('data-mismatch', `${other} has the sub-folder \`${unknown}\`, but there is none in ${path}`, 'Both folders need the same classes.');
  return { classes, train, test: picturesIn(other) };
}

/** Names of the sub-folders, those that links lead to among them; hidden ones are no classes. */
function subfoldersOf(path: string): readonly string[] {
  return namesIn(path).filter((name) => {
    const stat = statSync(join(path, name), { throwIfNoEntry: false });
    if (stat === undefined) throw failure('data-file-missing', `the link ${join(path, name)} leads nowhere`, 'Mend or remove it.');
    return stat.isDirectory() && !name.startsWith('.');
  });
}

function specOf({ classes, train, test }: Found, shape: readonly number[]): DatasetSpec {
  const total = (pictures: readonly (readonly string[])[]) => pictures.flat().length;
  const tested = typeof test === 'number' ? train.reduce((sum, { length }) => sum + shareOf(test, length), 0) : total(test);
  if (tested === 0) throw failure('data-mismatch', `${total(train)} pictures leave none for the test`, 'Raise `test`, or add pictures.');
  return fromPictures({ ...labelledImages(shape, classes), count: { train: typeof test === 'number' ? total(train) - tested : total(train), test: tested } });
}

async function readClasses(classes: readonly (readonly string[])[], shape: ReturnType<typeof readPictureShape>, signal: AbortSignal | undefined): Promise<Picture[][]> {
  const pause = pauses(signal);
  const all: Picture[][] = [];
  for (const paths of classes) {
    const pictures: Picture[] = [];
    for (const path of paths) {
      await pause();
      const { values, file } = await readPicture(path, shape);
      // Which class it is in is a part of what was learnt from.
      pictures.push({ values, file: { ...file, name: `${basename(dirname(path))}/${file.name}` } });
    }
    all.push(pictures);
  }
  return all;
}

/** Divides each class: what stays, and the share that is taken out. */
function takeShare(pictures: readonly (readonly Picture[])[], { classes, test }: Found, seed: number): readonly [Picture[][], Picture[][]] {
  const taken = pictures.map(({ length }, label) => new Set(permutation(length, seedFor(seed, 'data', 'images', classes[label]!)).subarray(0, shareOf(Number(test), length))));
  const part = (isTest: boolean) => pictures.map((one, label) => one.filter((_, at) => taken[label]!.has(at) === isTest));
  return [part(false), part(true)];
}

function samplesOf(classes: readonly (readonly Picture[])[]): Samples {
  const pictures = classes.flat();
  return { inputs: [joinPictures(pictures)], targets: [Uint8Array.from(classes.flatMap((one, label) => one.map(() => label)))], count: pictures.length };
}
