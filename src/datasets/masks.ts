import { basename, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf, wholeNumber } from '../base/numbers.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { pauses } from '../base/turns.ts';
import { type DatasetSpec, type Samples, defineDataset, orMisfit } from './dataset.ts';
import { withinMemory } from './generated.ts';
import { type Picture, folderFile, fromPictures, joinPictures, listPngFiles, readMask, readPicture, readPictureShape } from './png-files.ts';

const folderOf = (what: string) => Type.String({ description: `${what}; the path counts from the folder of the pipeline file.`, minLength: 1 });

const options = Type.Object({
  images: folderOf('Folder with the pictures: PNG files of one size, in greys or RGB, without transparency'),
  masks: folderOf('Folder with a mask for each picture: a PNG file with the same name and size, in greys or with a palette'),
  classes: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), wholeNumber({ minimum: 0, maximum: 255 }), {
    description: 'The classes, each with its value in the masks: a grey value, or the index of a colour of the palette.',
    minProperties: 2,
    maxProperties: 256,
  }),
  test: realNumber({ description: 'Share of the pictures that is the test.', default: 0.2, exclusiveMinimum: 0, exclusiveMaximum: 1 }),
});

type Options = Static<typeof options>;

/** Pictures of the user's with a class at each pixel. */
export const masks = defineDataset({
  doc: 'Your own pictures to segment: a folder of images and a folder of masks, PNG files; target `mask`, a class for each pixel.',
  example: 'source: { masks: { images: data/images, masks: data/masks, classes: { background: 0, road: 1, car: 2 } } }',
  options,
  order: 'time',
  describe: (given, folder) => orMisfit(() => {
    const paths = listPngFiles(resolve(folder, given.images));
    return withinMemory(specOf(given, readPictureShape(paths[0]!), paths.length));
  }),
  named: (given) => [given.images, given.masks],
  files: (given, folder) => [given.images, given.masks].flatMap((path) => listPngFiles(resolve(folder, path))),
  load: async (given, folder, seed, signal, split) => {
    const pause = pauses(signal);
    const paths = listPngFiles(resolve(folder, given.images));
    const shape = readPictureShape(paths[0]!);
    const spec = specOf(given, shape, paths.length);
    const [images, labels] = [[] as Picture[], [] as Picture[]];
    for (const path of paths) {
      await pause();
      images.push(await readPicture(path, shape));
      const mask = join(resolve(folder, given.masks), basename(path));
      labels.push(toClasses(mask, await readMask(mask, shape), given.classes));
    }
    const { test } = spec.count!;
    const order = split?.order === undefined ? permutation(paths.length, seedFor(seed, 'data', 'masks', 'test')) : Uint32Array.from(paths.keys()).toReversed();
    const samples = (rows: Uint32Array): Samples => ({ inputs: [joinPictures(take(images, rows))], targets: [joinPictures(take(labels, rows))], count: rows.length });
    return { name: 'masks', spec, train: samples(order.slice(test).sort()), test: samples(order.slice(0, test).sort()), files: [folderFile('images', images), folderFile('masks', labels)] };
  },
});

/** Values of pixels become indices of classes. */
function toClasses(path: string, { values, file }: Picture, classes: Options['classes']): Picture {
  const indices = new Int16Array(256).fill(-1);
  Object.values(classes).forEach((value, index) => (indices[value] = index));
  const strange = values.find((value) => indices[value]! < 0);
  if (strange !== undefined) throw failure('data-mismatch', `${path} has the value ${strange}, which is no class`, 'Name every value in `classes`.');
  return { values: values.map((value) => indices[value]!), file };
}

function specOf({ classes, test: share }: Options, shape: readonly number[], total: number): DatasetSpec {
  const test = shareOf(share, total);
  const names = Object.keys(classes);
  const twice = names.find((name, index) => names.slice(0, index).some((other) => classes[other] === classes[name]));
  if (twice !== undefined) throw failure('data-mismatch', `classes: \`${twice}\` has the value ${classes[twice]}, as another class does`, 'Give each class a value of its own.');
  if (test === 0) throw failure('data-mismatch', `${total} ${total === 1 ? 'picture leaves' : 'pictures leave'} none for the test`, 'Raise `test`, or add pictures.');
  return fromPictures({
    inputs: [{ name: 'input', shape, dtype: 'uint8', scale: 1 / 255 }],
    targets: [{ kind: 'class', name: 'mask', classes: names, shape: shape.slice(0, 2) }],
    count: { train: total - test, test },
  });
}

function take(pictures: readonly Picture[], rows: Uint32Array): readonly Picture[] {
  return Array.from(rows, (row) => pictures[row]!);
}
