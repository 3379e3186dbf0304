import { basename, relative } from 'node:path';
import type { Static } from 'typebox';
import { UserError, failure } from '../../base/diagnostics.ts';
import { type CheckedPictures, checkPictures } from './check-pictures.ts';
import { type FoundPictures, at, warnOfAlikeNames } from './class-folders.ts';
import { classesOf, countsOf, labelsOf, seedOf, takeFold, takeShare } from './class-shares.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import { type DatasetSpec, type TargetSpec, defineDataset, orMisfit } from '../dataset.ts';
import { atOption, WrongOption } from '../wrong-option.ts';
import { warnOfCopies } from '../findings/find-copies.ts';
import { settledFolder } from './folder-target.ts';
import { imagesFace } from './image-options.ts';
import { labelledImages } from './labelled-images.ts';
import { listClassed } from './list-classed.ts';
import { pictureFiles, warnOfLeftOut } from './list-pictures.ts';
import { pictureRows } from './picture-rows.ts';
import { folderOfTable } from './picture-table.ts';
import { type PieceMaker, type Pieces, inMemory } from '../pieces.ts';
import { folderFile, fromPictures, readPrepared, withWarnings } from './png-files.ts';
import type { Fold, SplitOptions } from '../splits/split.ts';
import { targetSpec } from '../tables/table-targets.ts';
import {
  type TargetedOptions,
  describeTargeted,
  filesOfTargeted,
  openTargeted,
  settledTargeted,
} from './targeted-pictures.ts';

type Options = Static<typeof imagesFace.options>;

/** Pictures of the user's with a class each. */
export const images = defineDataset({
  ...imagesFace,
  describe: (given, folder, division = {}) =>
    orMisfit(() => {
      if (isTargeted(given)) return describeTargeted(given, folder, division);
      return atOption(at(given.table === undefined ? 'folder' : 'table'), () => {
        const listed = list(given, folder);
        const { checked, found } = check(listed, folder, given);
        const paths = new Set(listed.train.flat());
        const { shape, glances, warnings, decoder } = checked;
        const copies = warnOfCopies(
          glances.filter(({ path }) => paths.has(path)),
          glances.filter(({ path }) => !paths.has(path)),
          { from: folder, classOf: classesOf(listed) },
        );
        const spec = withWarnings(
          specOf(found, shape, { decoder, target: targetOf(given, folder), fold: division.split?.fold }),
          [...warnOfLeftOut(found.listings, folder), ...warnOfAlikeNames(found.classes), ...warnings, ...copies],
        );
        const labels = () => labelsOf(found, division);
        return withClassWarnings({ ...spec, labels }, division, { train: at('folder'), test: at('test') });
      });
    }),
  settle: (given, folder) => {
    if (given.targets === undefined) return given;
    if (isTargeted(given)) return settledTargeted(given, folder);
    const settled = ofFolder(given, folder);
    return settled === undefined ? given : { ...given, targets: Object.fromEntries([settled]) };
  },
  named: ({ folder, table, test }) => [
    ...(table === undefined ? [] : [table]),
    ...[folder ?? folderOfTable(table ?? '.', undefined)].flat(),
    ...(typeof test === 'number' ? [] : [test]),
  ],
  files: (given, folder) => {
    if (isTargeted(given)) return filesOfTargeted(given, folder);
    const { train, test, tables } = list(given, folder);
    return [...tables, ...[...train, ...(Array.isArray(test) ? test : [])].flat()];
  },
  load: async (given, folder, seed, signal, split) => inMemory(imagePieces.open(given, folder, seed, split), signal),
  rows: (trained) => {
    const { table, path = 'file', label = 'label', targets } = trained.options;
    const columns = table === undefined ? undefined : { path, ...(targets === undefined && { label }) };
    return pictureRows(trained, trained.options, columns);
  },
});

/** The pictures, read one by one. */
export const imagePieces: PieceMaker<Options> = { open };

/** Whether a table says what is to be predicted. @throws WrongOption where `label` or `classes` say it, too */
function isTargeted(given: Options): given is Options & TargetedOptions {
  const { targets, table, label, classes } = given;
  if (targets === undefined) return false;
  if (label !== undefined || classes.length > 0)
    throw new WrongOption(
      at('targets'),
      failure(
        'targets-said-twice',
        `\`targets\` says what is to be predicted, and so does \`${label === undefined ? 'classes' : 'label'}\``,
        'Keep one: `targets: { COLUMN: [a, b] }` lists classes, too.',
      ),
    );
  return table !== undefined;
}

/** What sub-folders say, where `targets` says how. */
function ofFolder({ targets, folder: top }: Options, folder: string) {
  return targets === undefined || top === undefined ? undefined : settledFolder(targets, [top].flat(), folder);
}

function targetOf(given: Options, folder: string): TargetSpec | undefined {
  const settled = ofFolder(given, folder);
  return settled && targetSpec(...settled, undefined);
}

function list(given: Options, folder: string): FoundPictures {
  const target = targetOf(given, folder);
  return listClassed({ ...given, ...(target?.kind === 'class' && { classes: target.classes }) }, folder, pictureFiles);
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

/** @param target what `label` is instead, where the options say so */
function specOf(
  found: FoundPictures,
  shape: readonly number[],
  {
    decoder,
    target,
    fold,
  }: {
    readonly decoder: CheckedPictures['decoder'];
    readonly target: TargetSpec | undefined;
    readonly fold: Fold | undefined;
  },
): DatasetSpec {
  const count = countsOf(found, fold);
  if (count.test === 0) throw noTest(count.train);
  return fromPictures({
    ...labelledImages(shape, found.classes),
    ...(target && { targets: [target] }),
    ...(decoder && { decoder }),
    ...(typeof found.test === 'number' && { drawsTest: true as const }),
    count,
  });
}

/** The pictures one by one, class after class, those of a test of its own last. */
function open(given: Options, folder: string, seed: number, split?: SplitOptions): Pieces {
  if (isTargeted(given)) return openTargeted(given, folder, seed, split);
  const listed = list(given, folder);
  const { checked, found } = check(listed, folder, given);
  const { classes } = found;
  const own = typeof found.test === 'number' ? [] : found.test;
  const placed = [found.train, own].flatMap((part, second) =>
    part.flatMap((paths, label) => paths.map((path) => ({ path, label, isTest: second === 1 }))),
  );
  // Which class it is in is a part of what was learnt from.
  const nameOf = (sample: number) => {
    const { path, label } = placed[sample]!;
    return found.sources === undefined ? `${classes[label]!}/${basename(path)}` : relative(folder, path);
  };
  const takeTest = (labels: readonly number[], share: number) =>
    split?.fold === undefined
      ? takeShare(labels, classes, share, seedOf(seed, 'images'))
      : takeFold(Uint8Array.from(labels), split.fold, { split, seed });
  return {
    name: 'images',
    spec: specOf(found, checked.shape, {
      decoder: checked.decoder,
      target: targetOf(given, folder),
      fold: split?.fold,
    }),
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
    ...(found.sources && {
      sources: { ...found.sources, placeOf: (sample) => found.sources!.placeOf(placed[sample]!.path) },
    }),
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
          ? takeTest(
              Array.from(usable, (sample) => placed[sample]!.label),
              found.test,
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
