import { npy, npyPieces, npz, npzPieces } from './arrays.ts';
import { cifar10, cifar100 } from './cifar.ts';
import { audio } from './audio.ts';
import { withChannelScales } from './channel-scales.ts';
import { csv } from './csv.ts';
import type { DatasetRow } from './dataset.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { idx } from './idx.ts';
import { imagePieces, images } from './images.ts';
import { jsonl } from './jsonl.ts';
import { maskPieces, masks } from './mask-pictures.ts';
import { mnist } from './mnist.ts';
import { pairs } from './pairs.ts';
import { parquet } from './parquet.ts';
import { series } from './series.ts';
import type { PieceMaker } from './pieces.ts';
import { piecesFor, withReconstruction } from './reconstruction.ts';
import { shapes } from './shapes.ts';
import { text } from './text-windows.ts';
import { withWhitening } from './whitening.ts';

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
  audio,
  text,
  series,
  masks: withChannelScales('masks', masks),
  pairs,
  shapes,
} as const satisfies Record<string, DatasetRow>;

/** The row of a data set that the check has let through. */
export function datasetRow(type: string): DatasetRow {
  return datasets[type as keyof typeof datasets];
}

const inPieces: Readonly<Record<string, PieceMaker>> = {
  images: piecesFor(images, imagePieces),
  masks: maskPieces,
  npz: piecesFor(npz, npzPieces),
  npy: piecesFor(npy, npyPieces),
};

/** What gives the samples of a data set one by one; undefined where they are read all together. */
export function piecesOf(type: string): PieceMaker | undefined {
  return inPieces[type];
}
