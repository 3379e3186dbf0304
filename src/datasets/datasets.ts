import { npyFace, npzFace } from './arrays/array-options.ts';
import { audioFace } from './audio/audio-options.ts';
import { withChannelScales } from './pictures/channel-scales.ts';
import { cifar100Face, cifar10Face } from './pictures/cifar-options.ts';
import { csvFace, jsonlFace, parquetFace } from './tables/csv-options.ts';
import type { DatasetRow } from './dataset.ts';
import { deferred } from './deferred.ts';
import { fashionFace } from './pictures/fashion-options.ts';
import { idx } from './pictures/idx.ts';
import { imagesFace } from './pictures/image-options.ts';
import { masksFace } from './pictures/mask-options.ts';
import { mnist } from './pictures/mnist.ts';
import { pairsFace } from './pictures/pairs-options.ts';
import type { PieceMaker } from './pieces.ts';
import { readers } from './readers.ts';
import { piecesFor, withReconstruction } from './reconstruction.ts';
import { seriesFace } from './series/series-options.ts';
import { shapes } from './shapes.ts';
import type { TableMaker } from './tables/table-pieces.ts';
import { textFace } from './texts/text-options.ts';
import { withWhitening } from './pictures/whitening.ts';

const { tables, arrays, pictures } = readers;

const cifar10 = deferred(cifar10Face, pictures, (read) => read.cifar10);
const cifar100 = deferred(cifar100Face, pictures, (read) => read.cifar100);
const fashionMnist = deferred(fashionFace, pictures, (read) => read.fashionMnist);
const csv = deferred(csvFace, tables, (read) => read.csv);
const jsonl = deferred(jsonlFace, tables, (read) => read.jsonl);
const parquet = deferred(parquetFace, tables, (read) => read.parquet);
const npz = deferred(npzFace, arrays, (read) => read.npz);
const npy = deferred(npyFace, arrays, (read) => read.npy);
const images = deferred(imagesFace, pictures, (read) => read.images);
const masks = deferred(masksFace, pictures, (read) => read.masks);

/** All data sets and formats, by the names users write. */
export const datasets = {
  mnist: withChannelScales('mnist', withReconstruction('mnist', mnist)),
  fashionMnist: withChannelScales('fashionMnist', withReconstruction('fashionMnist', fashionMnist)),
  cifar10: withChannelScales('cifar10', withReconstruction('cifar10', cifar10)),
  cifar100: withChannelScales('cifar100', withReconstruction('cifar100', cifar100)),
  idx: withChannelScales('idx', withReconstruction('idx', idx)),
  csv: withWhitening('csv', withReconstruction('csv', csv)),
  jsonl: withWhitening('jsonl', withReconstruction('jsonl', jsonl)),
  parquet: withWhitening('parquet', withReconstruction('parquet', parquet)),
  npz: withWhitening('npz', withChannelScales('npz', withReconstruction('npz', npz))),
  npy: withWhitening('npy', withChannelScales('npy', withReconstruction('npy', npy))),
  images: withChannelScales('images', withReconstruction('images', images)),
  audio: deferred(audioFace, pictures, (read) => read.audio),
  text: deferred(textFace, tables, (read) => read.text),
  series: deferred(seriesFace, tables, (read) => read.series),
  masks: withChannelScales('masks', masks),
  pairs: deferred(pairsFace, pictures, (read) => read.pairs),
  shapes,
} as const satisfies Record<string, DatasetRow>;

/** The row of a data set that the check has let through. */
export function datasetRow(type: string): DatasetRow {
  return datasets[type as keyof typeof datasets];
}

/**
 * Loads what reads a data set: nothing but its options may be asked about before.
 *
 * @param what `rows`: what a trained model is asked about, too
 */
export async function readyDataset(type: string, what?: 'rows'): Promise<void> {
  await datasetRow(type).ready?.(what);
}

const inPieces: Readonly<Record<string, () => PieceMaker>> = {
  images: () => piecesFor(images, pictures.now.imagePieces),
  masks: () => pictures.now.maskPieces,
  npz: () => piecesFor(npz, arrays.now.npzPieces),
  npy: () => piecesFor(npy, arrays.now.npyPieces),
};

/** What gives the samples of a data set one by one; undefined where they are read all together. */
export function piecesOf(type: string): PieceMaker | undefined {
  return inPieces[type]?.();
}

const inRows: Readonly<Record<string, () => TableMaker>> = {
  csv: () => piecesFor(csv, tables.now.csvPieces),
  jsonl: () => piecesFor(jsonl, tables.now.jsonlPieces),
  parquet: () => piecesFor(parquet, tables.now.parquetPieces),
};

/** What gives the samples of a table one by one, once it is fitted; undefined of what is none. */
export function tableOf(type: string): TableMaker | undefined {
  return inRows[type]?.();
}
