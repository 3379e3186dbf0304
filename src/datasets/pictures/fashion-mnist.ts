import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { statOf } from '../../base/files.ts';
import { showCount } from '../../base/quantities.ts';
import { isMisfit } from '../../base/row.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import { type DataPlace, locate } from '../files/data-file.ts';
import { type DataWarning, type Dataset, type DatasetSpec, defineDataset, orMisfit } from '../dataset.ts';
import { type OptionPath, atOption } from '../wrong-option.ts';
import { fashionFace } from './fashion-options.ts';
import { type IdxSources, describeIdx, readIdxDataset } from './idx.ts';
import { labelledImages } from './labelled-images.ts';
import { namesInFolder } from './list-pictures.ts';
import { mnistHashes } from './mnist-hashes.ts';
import { pictureRows } from './picture-rows.ts';
import { readUnpacked } from '../files/unpack-gzip.ts';

const classes = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** Where Keras fetches the four files, byte for byte those of Xiao, Rasul and Vollgraf. */
const address = 'https://storage.googleapis.com/tensorflow/tf-keras-datasets/';

/** Their SHA-256, by Keras (keras/src/datasets/fashion_mnist.py) and TensorFlow Datasets (url_checksums). */
const published = {
  trainImages: ['train-images-idx3-ubyte', '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
  trainLabels: ['train-labels-idx1-ubyte', 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
  testImages: ['t10k-images-idx3-ubyte', '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
  testLabels: ['t10k-labels-idx1-ubyte', '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
} as const;

interface FashionOptions {
  readonly folder?: string | undefined;
}

/** Photographs of clothes: the whole of Fashion-MNIST, fetched once, or of one's own folder. */
export const fashionMnist = defineDataset({
  ...fashionFace,
  describe: (options, base, division) =>
    orMisfit(
      () => {
        const found = proven(options, base);
        const spec = describeIdx(found.sources, classes, () => at(options), division);
        return isMisfit(spec) ? spec : withWarning(options, spec, found);
      },
      { inputs: ['input'], targets: labelledImages([], classes).targets },
    ),
  named: ({ folder }) => (folder === undefined ? keys.map(addressOf) : [folder]),
  files: (options, base) => Object.values(sourcesOf(options, base)).map(({ path }) => path),
  load: (options, base, _, signal) => inTurns(load(options, base), signal),
  rows: pictureRows,
});

function* load(options: FashionOptions, base: string): InParts<Dataset> {
  const found = proven(options, base);
  const dataset = yield* readIdxDataset('fashionMnist', found.sources, classes);
  return { ...dataset, spec: withWarning(options, dataset.spec, found) };
}

const keys = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;

const at = ({ folder }: FashionOptions): OptionPath =>
  folder === undefined ? ['source'] : ['source', 'fashionMnist', 'folder'];

function addressOf(key: keyof IdxSources): { readonly url: string; readonly sha256: string } {
  const [name, sha256] = published[key];
  return { url: `${address}${name}.gz`, sha256 };
}

function sourcesOf({ folder }: FashionOptions, base: string): IdxSources {
  const placeOf = (key: keyof IdxSources): DataPlace => {
    if (folder === undefined) return locate(addressOf(key), base);
    const path = join(resolve(base, folder), published[key][0]);
    const isThere = statOf(path)?.isDirectory() === false;
    return { path: isThere || !existsSync(`${path}.gz`) ? path : `${path}.gz` };
  };
  return {
    trainImages: placeOf('trainImages'),
    trainLabels: placeOf('trainLabels'),
    testImages: placeOf('testImages'),
    testLabels: placeOf('testLabels'),
  };
}

function withWarning(options: FashionOptions, spec: DatasetSpec, { isPublished }: Proven): DatasetSpec {
  if (isPublished && [undefined, 10_000].includes(spec.count?.test)) return spec;
  return { ...spec, warnings: [...(spec.warnings ?? []), anotherSet(options, spec)] };
}

/** What files that are called alike hold may be another set, such as Kuzushiji-MNIST, of the same sizes even. */
function anotherSet({ folder }: FashionOptions, { count }: DatasetSpec): DataWarning {
  return {
    code: 'not-as-published',
    problem:
      `Fashion-MNIST has 60,000 pictures to train on and 10,000 for the test, and ${folder} holds ` +
      `${showCount(count!.train)} and ${showCount(count!.test)}, or begins with other labels`,
    hint: 'Nothing is wrong where a part of it is meant; another set called alike (EMNIST, KMNIST) is read by `idx`.',
    path: at({ folder }),
  };
}

/** The first labels of Fashion-MNIST: an ankle boot, two T-shirts, ... */
const firstLabels = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];

/** Bytes of the labels of all, and their header. */
const [labelsInFile, header] = [60_000, 8];

interface Proven {
  readonly sources: IdxSources;
  /** Whether all is there, as far as the labels that are trained on show it. */
  readonly isPublished: boolean;
}

/** @throws UserError where a file is missing, or they are those of MNIST, which are called alike */
function proven(options: FashionOptions, base: string): Proven {
  const { folder } = options;
  const sources = sourcesOf(options, base);
  if (folder === undefined) return { sources, isPublished: true };
  return atOption(at(options), () => {
    const names = namesInFolder(resolve(base, folder));
    const missing = keys
      .filter((key) => !existsSync(sources[key].path))
      .map((key) => `${published[key][0]}${names.some((name) => name.endsWith('.gz')) ? '.gz' : ''}`);
    if (missing.length > 0)
      throw failure(
        'set-incomplete',
        `${folder} does not hold ${missing.join(', ')}`,
        'Put all four files of Fashion-MNIST into one folder, named as they were published; ' +
          'without `folder` they are fetched. Files called otherwise: `idx`.',
      );
    const { bytes } = readUnpacked(sources.trainLabels);
    const labels = createHash('sha256').update(bytes).digest('hex');
    if (labels === mnistHashes.trainLabels[1])
      throw failure(
        'another-set',
        `${folder} holds the digits of MNIST, whose files are called as those of Fashion-MNIST are`,
        'Name the folder of Fashion-MNIST; for digits write `source: mnist`.',
      );
    const first = bytes.subarray(header, header + firstLabels.length);
    return {
      sources,
      isPublished: bytes.length === header + labelsInFile && firstLabels.every((label, k) => label === first[k]),
    };
  });
}
