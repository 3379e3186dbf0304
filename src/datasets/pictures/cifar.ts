import { resolve } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import {
  type CifarFile,
  type CifarFiles,
  type CifarSource,
  findCifar,
  pathsIn,
  pixels,
  readLabels,
  readPictures,
  side,
  sizeOfFile,
} from './cifar-files.ts';
import { type CifarLayout, cifar100Layout, cifar10Layout } from './cifar-layouts.ts';
import { cifar100Face, cifar10Face } from './cifar-options.ts';
import { type DataFile, type DataFileOption, locate } from '../files/data-file.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import {
  type DataMisfit,
  type Dataset,
  type DatasetSpec,
  type DataWarning,
  type Division,
  type Samples,
  defineDataset,
  orMisfit,
} from '../dataset.ts';
import { type OptionPath, atOption, inOption } from '../wrong-option.ts';
import { withinMemory } from '../generated.ts';
import { labelledImages } from './labelled-images.ts';
import { pictureRows } from './picture-rows.ts';

interface CifarOptions {
  readonly folder?: string | undefined;
  readonly archive?: DataFileOption | undefined;
  /** Of CIFAR-100. */
  readonly labels?: string;
}

/** Small photographs of ten kinds of things. */
export const cifar10 = defineDataset({
  ...cifar10Face,
  ...rowOf(cifar10Layout),
});

/** Small photographs of a hundred kinds of things. */
export const cifar100 = defineDataset({
  ...cifar100Face,
  ...rowOf(cifar100Layout),
});

/** What the row of a set has beside its options. */
function rowOf(layout: CifarLayout) {
  const { url, sha256 } = layout.archive;
  return {
    describe: (given: CifarOptions, base: string, division: Partial<Division> = {}) =>
      orMisfit(() => described(layout, given, base, division), {
        inputs: ['input'],
        targets: imagesOf(layout, given).targets,
      }),
    named: ({ folder, archive = { url, sha256 } }: CifarOptions) => [folder ?? archive],
    files: (given: CifarOptions, base: string) => {
      const source = sourceOf(layout, given, base);
      return 'folder' in source ? pathsIn(layout, source.folder) : [source.archive.path];
    },
    load: (given: CifarOptions, base: string, _: number, signal?: AbortSignal) =>
      inTurns(
        inOption(at(layout, given), () => load(layout, given, base)),
        signal,
      ),
    rows: pictureRows,
  };
}

function at({ name }: CifarLayout, { folder, archive }: CifarOptions): OptionPath {
  if (folder === undefined && archive === undefined) return ['source'];
  return ['source', name, folder === undefined ? 'archive' : 'folder'];
}

/** @throws UserError where both a folder and an archive are named, or the address is none */
function sourceOf({ name, archive: published }: CifarLayout, given: CifarOptions, base: string): CifarSource {
  const { folder, archive } = given;
  if (folder !== undefined && archive !== undefined)
    throw failure(
      'folder-and-archive',
      `\`${name}\` is to be read from a folder and from an archive`,
      'Leave one of `folder` and `archive` out.',
    );
  if (folder !== undefined) return { folder: resolve(base, folder) };
  if (archive !== undefined) return { archive: locate(archive, base) };
  return { archive: locate({ url: published.url, sha256: published.sha256 }, base) };
}

/** The key of the list of classes that is learnt. */
const wantedOf = ({ labels = 'label' }: CifarOptions) => labels;

function imagesOf(layout: CifarLayout, given: CifarOptions): Pick<DatasetSpec, 'inputs' | 'targets'> {
  return labelledImages([side, side, 3], layout.labels[wantedOf(given)]!);
}

/** Files that have no more bytes together are read when they are described. */
const readAtOnce = 1 << 20;

function described(
  layout: CifarLayout,
  given: CifarOptions,
  base: string,
  division: Partial<Division>,
): DatasetSpec | DataMisfit {
  const path = at(layout, given);
  const { source, isPublished } = atOption(path, () => publishedOr(layout, sourceOf(layout, given, base)));
  const labelsOf = (files: readonly CifarFile[]) => {
    const of = (part: 'train' | 'test') =>
      joined(files.filter((file) => file.part === part).map((file) => readLabels(layout, file, wantedOf(given))));
    return atOption(path, () => ({ train: of('train'), test: of('test') }));
  };
  if (isPublished) {
    const count = publishedCount(layout);
    return withinMemory({
      ...specOf(layout, given, count),
      // The archive, what it holds in parts, and these joined.
      reading: layout.archive.bytes + 2 * (count.train + count.test) * pixels,
      labels: () => labelsOf(atOption(path, () => findCifar(layout, source)).files),
    });
  }
  const found = atOption(path, () => findCifar(layout, source));
  const { files } = found;
  const count = countsOf(files);
  const bounded = withinMemory({
    ...specOf(layout, given, count),
    reading: readingOf(found),
    labels: () => labelsOf(files),
  });
  if ('code' in bounded || (count.train + count.test) * pixels > readAtOnce) return bounded;
  return withClassWarnings(bounded, division, { train: path, test: path });
}

/**
 * Whether an archive is the published one, so that what it holds is known without unpacking it: by the hash that it
 * must have, or by its length, which makes that hash what it must have.
 */
function publishedOr(
  { archive: published }: CifarLayout,
  source: CifarSource,
): { readonly source: CifarSource; readonly isPublished: boolean } {
  if ('folder' in source) return { source, isPublished: false };
  const { sha256 = published.sha256, ...place } = source.archive;
  const isPublished = sizeOfFile(source.archive) === published.bytes && sha256 === published.sha256;
  return isPublished ? { source: { archive: { ...place, sha256 } }, isPublished } : { source, isPublished };
}

function publishedCount({ train, test, pictures }: CifarLayout): { readonly train: number; readonly test: number } {
  return { train: train.length * pictures.train, test: test.length * pictures.test };
}

function countsOf(files: readonly CifarFile[]): { readonly train: number; readonly test: number } {
  const of = (part: 'train' | 'test') => files.reduce((sum, file) => (file.part === part ? sum + file.count : sum), 0);
  return { train: of('train'), test: of('test') };
}

/** Bytes beside the samples while they are made: the longest file, or the archive and what it unpacks to, twice. */
function readingOf({ files, archive }: CifarFiles): number {
  if (archive !== undefined) return archive.file.bytes + 2 * archive.unpacked;
  return Math.max(...files.map(({ count }) => count)) * pixels;
}

function specOf(layout: CifarLayout, given: CifarOptions, count: { train: number; test: number }): DatasetSpec {
  const { train, test } = publishedCount(layout);
  const spec = { ...imagesOf(layout, given), count };
  if (count.train === train && count.test === test) return spec;
  // A file that is cut between two pictures shows in nothing else.
  const warning: DataWarning = {
    code: 'not-as-published',
    problem:
      `${layout.title} has ${showCount(train)} pictures to train on and ${showCount(test)} for the test, ` +
      `and the files hold ${showCount(count.train)} and ${showCount(count.test)}`,
    hint: 'Nothing is wrong where a part of it is meant; otherwise get the files again.',
    path: at(layout, given),
  };
  return { ...spec, warnings: [warning] };
}

function* load(layout: CifarLayout, given: CifarOptions, base: string): InParts<Dataset> {
  const { source } = publishedOr(layout, sourceOf(layout, given, base));
  const { files, archive } = findCifar(layout, source);
  const read: DataFile[] = [];
  const part = function* (name: 'train' | 'test'): InParts<Samples> {
    const own = files.filter((file) => file.part === name);
    const count = countsOf(files)[name];
    const into = { images: new Uint8Array(count * pixels), labels: new Uint8Array(count) };
    let first = 0;
    for (const file of own) {
      yield;
      const proof = yield* readPictures(layout, file, { wanted: wantedOf(given), into, first });
      if (proof !== undefined) read.push(proof);
      first += file.count;
    }
    return { inputs: [into.images], targets: [into.labels], count };
  };
  const [train, test] = [yield* part('train'), yield* part('test')];
  return {
    name: layout.name,
    spec: specOf(layout, given, countsOf(files)),
    train,
    test,
    files: archive === undefined ? read : [archive.file],
    origin: {
      place: (name, row) =>
        placeOf(
          files.filter((file) => file.part === name),
          row,
        ),
    },
  };
}

/** The file that a sample is in, and where. */
function placeOf(files: readonly CifarFile[], row: number): { readonly file: string; readonly sample: number } {
  const [file, ...more] = files;
  return row < file!.count ? { file: file!.name, sample: row + 1 } : placeOf(more, row - file!.count);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
