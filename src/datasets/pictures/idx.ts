import { Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import { type DataFileOption, type DataPlace, dataFileOption, locate, nameOf } from '../files/data-file.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import { type Dataset, type DatasetSpec, type Division, type Samples, defineDataset, orMisfit } from '../dataset.ts';
import { type OptionPath, atOption } from '../wrong-option.ts';
import { type IdxFile, readIdxFile, readIdxSizes } from './idx-files.ts';
import { labelledImages } from './labelled-images.ts';
import { laterPictureRows } from './later-picture-rows.ts';

const path = (what: string) => dataFileOption(`${what}, packed with gzip or not`);

/** Images and labels in the format of MNIST, from files of the user's. */
export const idx = defineDataset({
  doc:
    'Images and their classes in the idx format of MNIST (Fashion-MNIST, KMNIST, ...), from your own files; ' +
    'grey ones, or with channels as a fourth dimension.',
  example:
    'source: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, ' +
    'testImages: data/t10k-images, testLabels: data/t10k-labels } }',
  options: Type.Object({
    trainImages: path('Training images [count, height, width] or [count, height, width, channels]'),
    trainLabels: path('Training labels [count]'),
    testImages: path('Test images, of the same sizes'),
    testLabels: path('Test labels [count]'),
    classes: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      description: 'Name of each class; label 0 is the first.',
      default: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      minItems: 2,
      maxItems: 256,
      uniqueItems: true,
    }),
  }),
  order: 'time',
  describe: (options, folder, division) =>
    orMisfit(() => describeIdx(sources(options, folder), options.classes, (key) => ['source', 'idx', key], division), {
      inputs: ['input'],
      targets: labelledImages([], options.classes).targets,
    }),
  named: ({ trainImages, trainLabels, testImages, testLabels }) => [trainImages, trainLabels, testImages, testLabels],
  files: (options, folder) => Object.values(sources(options, folder)).map(({ path }) => path),
  load: (options, folder, _, signal) =>
    inTurns(readIdxDataset('idx', sources(options, folder), options.classes), signal),
  ...laterPictureRows,
});

function sources(options: Readonly<Record<keyof IdxSources, DataFileOption>>, folder: string): IdxSources {
  const at = (file: DataFileOption) => locate(file, folder);
  return {
    trainImages: at(options.trainImages),
    trainLabels: at(options.trainLabels),
    testImages: at(options.testImages),
    testLabels: at(options.testLabels),
  };
}

/** Count, height, width, and channels where there are any. */
const imageDimensions: readonly number[] = [3, 4];

const imageShape = ([, height, width, channels = 1]: readonly number[]): readonly number[] => [
  height!,
  width!,
  channels,
];

/** The four files of a data set in the idx format. */
export type IdxSources = Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', DataPlace>>;

/**
 * What four files hold: labels are read, images by their headers and lengths alone.
 *
 * @param at leads to the option that names a file
 * @throws UserError as readIdxDataset
 */
export function describeIdx(
  sources: IdxSources,
  classes: readonly string[],
  at: (key: keyof IdxSources) => OptionPath,
  division: Partial<Division> = {},
): DatasetSpec {
  const sizesOf = (key: keyof IdxSources) => atOption(at(key), () => readIdxSizes(sources[key], imageDimensions));
  const [train, test] = [sizesOf('trainImages'), sizesOf('testImages')];
  const spec = atOption(at('testImages'), () => specOf(train, test, classes));
  const labelsOf = (
    images: 'trainImages' | 'testImages',
    labels: 'trainLabels' | 'testLabels',
    sizes: readonly number[],
  ) =>
    atOption(at(labels), () => {
      const read = readIdxFile(sources[labels], [1]);
      proveLabels({ name: nameOf(sources[images]), sizes }, read, classes);
      return read.data;
    });
  const labels = {
    train: labelsOf('trainImages', 'trainLabels', train),
    test: labelsOf('testImages', 'testLabels', test),
  };
  return withClassWarnings({ ...spec, labels: () => labels }, division, {
    train: at('trainLabels'),
    test: at('testLabels'),
  });
}

/**
 * Reads the four files and checks that they fit each other.
 *
 * @throws UserError when one is missing or damaged, when counts or image sizes differ, or a label has no class
 */
export function* readIdxDataset(name: string, sources: IdxSources, classes: readonly string[]): InParts<Dataset> {
  const read = function* (key: keyof IdxSources, dimensions: readonly number[]): InParts<IdxFile> {
    yield;
    return readIdxFile(sources[key], dimensions);
  };
  const [trainImages, trainLabels] = [yield* read('trainImages', imageDimensions), yield* read('trainLabels', [1])];
  const [testImages, testLabels] = [yield* read('testImages', imageDimensions), yield* read('testLabels', [1])];
  const spec = specOf(trainImages.sizes, testImages.sizes, classes);
  const samples = (images: IdxFile, labels: IdxFile): Samples => {
    proveLabels({ name: images.file.name, sizes: images.sizes }, labels, classes);
    return { inputs: [images.data], targets: [labels.data], count: labels.data.length };
  };
  return {
    name,
    spec,
    train: samples(trainImages, trainLabels),
    test: samples(testImages, testLabels),
    files: [trainImages.file, trainLabels.file, testImages.file, testLabels.file],
    origin: {
      place: (part, row) => ({
        file: (part === 'train' ? trainImages : testImages).file.name,
        sample: row + 1,
      }),
    },
  };
}

/** @throws UserError when training and test images have other sizes */
function specOf(train: readonly number[], test: readonly number[], classes: readonly string[]): DatasetSpec {
  const [shape, testShape] = [imageShape(train), imageShape(test)];
  if (String(shape) !== String(testShape)) {
    throw failure(
      'test-shape-differs',
      `the training images are ${shape.join(' x ')}, the test images ${testShape.join(' x ')}`,
      'Both must have one size.',
    );
  }
  return { ...labelledImages(shape, classes), count: { train: train[0]!, test: test[0]! } };
}

/** The first label from a number on; undefined where all are below. */
function firstFrom(least: number, labels: Uint8Array): number | undefined {
  // A call for each takes ten times as long, which `validate` would wait for.
  for (let k = 0; k < labels.length; k++) if (labels[k]! >= least) return labels[k];
  return undefined;
}

/** @throws UserError when there are more or fewer labels than images, or one has no class */
function proveLabels(
  images: { readonly name: string; readonly sizes: readonly number[] },
  labels: IdxFile,
  classes: readonly string[],
): void {
  if (images.sizes[0] !== labels.sizes[0]) {
    throw failure(
      'label-count',
      `${images.name} holds ${images.sizes[0]} images, but ${labels.file.name} ${labels.sizes[0]} labels`,
      'Give the two files that belong together.',
    );
  }
  const strange = firstFrom(classes.length, labels.data);
  if (strange !== undefined)
    throw failure(
      'label-without-class',
      `${labels.file.name} has the label ${strange}, but only ${classes.length} classes are named`,
      'Name every class in `classes`.',
    );
}
