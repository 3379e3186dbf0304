import { Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { type InParts, inTurns } from '../base/turns.ts';
import { type DataFileOption, type DataPlace, dataFileOption, locate } from './data-file.ts';
import { type Dataset, type DatasetSpec, type Samples, atOption, defineDataset, labelledImages, orMisfit } from './dataset.ts';
import { type IdxFile, proveSizes, readIdxFile, readIdxSizes } from './idx-files.ts';

const path = (what: string) => dataFileOption(`${what}, unpacked`);

/** Images and labels in the format of MNIST, from files of the user's. */
export const idx = defineDataset({
  doc: 'Images and their classes in the idx format of MNIST (Fashion-MNIST, KMNIST, ...), from your own files; grey ones, or with channels as a fourth dimension.',
  example: 'source: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, testImages: data/t10k-images, testLabels: data/t10k-labels } }',
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
  describe: (options, folder) => orMisfit(() => {
    const places = sources(options, folder);
    const sizesOf = (file: 'trainImages' | 'testImages') => atOption(['source', 'idx', file], () => imageSizes(places[file]));
    const [train, test] = [sizesOf('trainImages'), sizesOf('testImages')];
    return { ...labelledImages(imageShape(train), options.classes), count: { train: train[0]!, test: test[0]! } };
  }, { inputs: ['input'], targets: labelledImages([], options.classes).targets }),
  named: ({ trainImages, trainLabels, testImages, testLabels }) => [trainImages, trainLabels, testImages, testLabels],
  files: (options, folder) => Object.values(sources(options, folder)).map(({ path }) => path),
  load: (options, folder, _, signal) => inTurns(readIdxDataset('idx', sources(options, folder), options.classes), signal),
});

function sources(options: Readonly<Record<keyof IdxSources, DataFileOption>>, folder: string): IdxSources {
  const at = (file: DataFileOption) => locate(file, folder);
  return { trainImages: at(options.trainImages), trainLabels: at(options.trainLabels), testImages: at(options.testImages), testLabels: at(options.testLabels) };
}

function imageSizes(place: DataPlace): readonly number[] {
  const { url: path = place.path } = place;
  const sizes = readIdxSizes(place);
  if (sizes === undefined || !imageDimensions.includes(sizes.length)) throw failure('data-file-corrupt', `${path} is not an idx file of images`, 'If it ends in .gz, unpack it.');
  proveSizes(path, sizes);
  return sizes;
}

/** Count, height, width, and channels where there are any. */
const imageDimensions: readonly number[] = [3, 4];

const imageShape = ([, height, width, channels = 1]: readonly number[]): readonly number[] => [height!, width!, channels];

/** The four files of a data set in the idx format. */
export type IdxSources = Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', DataPlace>>;

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
  const [shape, testShape] = [imageShape(trainImages.sizes), imageShape(testImages.sizes)];
  if (String(shape) !== String(testShape)) {
    throw failure('data-mismatch', `the training images are ${shape.join(' x ')}, the test images ${testShape.join(' x ')}`, 'Both must have one size.');
  }
  const spec: DatasetSpec = { ...labelledImages(shape, classes), count: { train: trainImages.sizes[0]!, test: testImages.sizes[0]! } };
  const samples = (images: typeof trainImages, labels: typeof trainLabels): Samples => {
    if (images.sizes[0] !== labels.sizes[0]) {
      throw failure('data-mismatch', `${images.file.name} holds ${images.sizes[0]} images, but ${labels.file.name} ${labels.sizes[0]} labels`, 'Give the two files that belong together.');
    }
    const strange = labels.data.find((label) => label >= classes.length);
    if (strange !== undefined) throw failure('data-mismatch', `${labels.file.name} has the label ${strange}, but only ${classes.length} classes are named`, 'Name every class in `classes`.');
    return { inputs: [images.data], targets: [labels.data], count: labels.data.length };
  };
  return {
    name,
    spec,
    train: samples(trainImages, trainLabels),
    test: samples(testImages, testLabels),
    files: [trainImages.file, trainLabels.file, testImages.file, testLabels.file],
  };
}
