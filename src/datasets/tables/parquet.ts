import { rowOfTable } from './csv.ts';
import { parquetFace } from './csv-options.ts';
import { defineDataset } from '../dataset.ts';
import { headOfParquet, parquetInBlocks, readParquet, sizeOfParquet } from './read-parquet.ts';
import type { TableFormat } from './table.ts';

/** Parquet as a format of tables. */
export const parquetFormat: TableFormat = {
  name: 'parquet',
  read: (place, _, room) => (room === undefined ? readParquet(place) : parquetInBlocks(place, { room })),
  sizeOf: sizeOfParquet,
  readHead: headOfParquet,
};

/** A table in a Parquet file. */
export const parquet = defineDataset({
  ...parquetFace,
  ...rowOfTable(parquetFormat),
});
