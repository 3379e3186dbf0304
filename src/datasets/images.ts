import { basename } from 'node:path';
import { type Static, Type } from 'typebox';
import { UserError, failure } from '../base/diagnostics.ts';
import { type CheckedPictures, checkPictures } from './check-pictures.ts';
import { type FoundPictures, at, warnOfAlikeNames } from './class-folders.ts';
import { classesOf, countsOf, labelsOf, seedOf, takeShare } from './class-shares.ts';
import { classedOptions } from './classed-options.ts';
import { withClassWarnings } from './data-warnings.ts';
import { type DatasetSpec, atOption, defineDataset, orMisfit, WrongOption } from './dataset.ts';
import { warnOfCopies } from './find-copies.ts';
import { labelledImages } from './labelled-images.ts';
import { listClassed } from './list-classed.ts';
import { pictureFiles, warnOfLeftOut } from './list-pictures.ts';
import { pictureRows } from './picture-rows.ts';
import { folderOfTable } from './picture-table.ts';
import { type PieceMaker, type Pieces, inMemory } from './pieces.ts';
import { folderFile, fromPictures, readPrepared, withWarnings } from './png-files.ts';
import { channelsOption, onErrorOption, resizeOption } from './prepare-picture.ts';

const options = Type.Object({
  ...classedOptions('pictures of the class: PNG, JPEG, WebP, TIFF or GIF files, all opaque', 'picture'),
  resize: resizeOption,
  channels: channelsOption,
  onError: onErrorOption,
});

type Options = Static<typeof options>;

/** Pictures of the user's with a class each. */
export const images = defineDataset({
  doc:
    'Your own pictures to classify: a folder with a sub-folder of pictures for each class, ' +
    'or a table of paths and labels; target `label`.',
  example: 'source: { images: { folder: data/flowers, resize: { width: 64, height: 64 } } }',
  options,
  describe: (given, folder, division = {}) =>
    orMisfit(() =>
      atOption(at(given.table === undefined ? 'folder' : 'table'), () => {
        const listed = list(given, folder);
        const { checked, found } = check(listed, folder, given);
        const paths = new Set(listed.train.flat());
        const { shape, glances, warnings, decoder } = checked;
        const copies = warnOfCopies(
          glances.filter(({ path }) => paths.has(path)),
          glances.filter(({ path }) => !paths.has(path)),
          { from: folder, classOf: classesOf(listed) },
        );
        const spec = withWarnings(specOf(found, shape, decoder), [
          ...warnOfLeftOut(found.listings, folder),
          ...warnOfAlikeNames(found.classes),
          ...warnings,
          ...copies,
        ]);
        const labels = () => labelsOf(found);
        return withClassWarnings({ ...spec, labels }, division, { train: at('folder'), test: at('test') });
      }),
    ),
  named: ({ folder, table, test }) => [
    ...(table === undefined ? [] : [table]),
    folder ?? folderOfTable(table ?? '.', undefined),
    ...(typeof test === 'number' ? [] : [test]),
  ],
  files: (given, folder) => {
    const { train, test, tables } = list(given, folder);
    return [...tables, ...[...train, ...(Array.isArray(test) ? test : [])].flat()];
  },
  load: async (given, folder, seed, signal) => inMemory(imagePieces.open(given, folder, seed), signal),
  rows: (trained) => pictureRows(trained, trained.options),
});

/** The pictures, read one by one. */
export const imagePieces: PieceMaker<Options> = { open };

function list(given: Options, folder: string): FoundPictures {
  return listClassed(given, folder, pictureFiles);
}

/** Looks at the heads of pictures, and leaves out those that are to be skipped. */
function check(
  listed: FoundPictures,
  folder: string,
  given: Options,
): { readonly checked: CheckedPictures; readonly found: FoundPictures } {
  const all = [...listed.train.flat(), ...(typeof listed.test === 'number' ? [] : listed.test.flat())];
  const checked = checkPictures(all, folder, given);
  const { skipped } = checked;
  if (skipped.size === 0) return { checked, found: listed };
  const left = (classes: readonly (readonly string[])[]) =>
    classes.map((paths) => paths.filter((path) => !skipped.has(path)));
  const { train, test } = listed;
  return { checked, found: { ...listed, train: left(train), test: typeof test === 'number' ? test : left(test) } };
}

const noTest = (total: number) =>
  new WrongOption(
    at('test'),
    failure('no-test-samples', `${total} pictures leave none for the test`, 'Raise `test`, or add pictures.'),
  );

function specOf(found: FoundPictures, shape: readonly number[], decoder: CheckedPictures['decoder']): DatasetSpec {
  const count = countsOf(found);
  if (count.test === 0) throw noTest(count.train);
  return fromPictures({
    ...labelledImages(shape, found.classes),
    ...(decoder && { decoder }),
    count,
  });
}

/** The pictures one by one, class after class, those of a test of its own last. */
function open(given: Options, folder: string, seed: number): Pieces {
  const listed = list(given, folder);
  const { checked, found } = check(listed, folder, given);
  const { classes } = found;
  const own = typeof found.test === 'number' ? [] : found.test;
  const placed = [found.train, own].flatMap((part, second) =>
    part.flatMap((paths, label) => paths.map((path) => ({ path, label, isTest: second === 1 }))),
  );
  // Which class it is in is a part of what was learnt from.
  const nameOf = (sample: number) => `${classes[placed[sample]!.label]!}/${basename(placed[sample]!.path)}`;
  return {
    name: 'images',
    spec: specOf(found, checked.shape, checked.decoder),
    folder,
    paths: placed.map(({ path }) => [path]),
    listed: [...listed.train, ...(typeof listed.test === 'number' ? [] : listed.test)].flat().length,
    madeBy: {
      resize: given.resize,
      channels: given.channels,
      // What was left out stays left out.
      onError: given.onError,
      shape: checked.shape,
      // The digest of a table's pictures holds their classes.
      classes,
      labels: placed.map(labelOf),
    },
    place: (sample) => ({ file: nameOf(sample) }),
    read: async (sample) => {
      const { path, label } = placed[sample]!;
      try {
        const { values, file } = await readPrepared(path, checked.shape, given);
        return { values: [values, Uint8Array.of(label)], files: [{ ...file, name: nameOf(sample) }] };
      } catch (error) {
        if (!(error instanceof UserError) || given.onError !== 'skip') throw error;
        return { path, error };
      }
    },
    divide: (usable) => {
      const rows = Uint32Array.from(usable.keys());
      const isTest =
        typeof found.test === 'number'
          ? takeShare(
              Array.from(usable, (sample) => placed[sample]!.label),
              classes,
              found.test,
              seedOf(seed, 'images'),
            )
          : Uint8Array.from(usable, (sample) => Number(placed[sample]!.isTest));
      return { train: rows.filter((row) => isTest[row] === 0), test: rows.filter((row) => isTest[row] === 1) };
    },
    describeFiles: (usable, files) => {
      const of = (isTest: boolean) =>
        [...usable].filter((sample) => placed[sample]!.isTest === isTest).flatMap((sample) => files(sample));
      return [folderFile('images', of(false)), ...(own.length === 0 ? [] : [folderFile('test images', of(true))])];
    },
  };
}

const labelOf = ({ label }: { readonly label: number }) => label;
