import { npy, npz } from './arrays.ts';
import { csv } from './csv.ts';
import type { DatasetRow } from './dataset.ts';
import { idx } from './idx.ts';
import { images } from './images.ts';
import { jsonl } from './jsonl.ts';
import { masks } from './mask-pictures.ts';
import { mnist } from './mnist.ts';
import { pairs } from './pairs.ts';
import { parquet } from './parquet.ts';
import { shapes } from './shapes.ts';
import { text } from './text-windows.ts';

/** All data sets and formats, by the names users write. */
export const datasets = {
  mnist,
  idx,
  csv,
  jsonl,
  parquet,
  npz,
  npy,
  images,
  text,
  masks,
  pairs,
  shapes,
} as const satisfies Record<string, DatasetRow>;

/** The row of a data set that the check has let through. */
export function datasetRow(type: string): DatasetRow {
  return datasets[type as keyof typeof datasets];
}
