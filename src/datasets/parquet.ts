import { rowOfTable } from './csv.ts';
import { parquetFace } from './csv-options.ts';
import { defineDataset } from './dataset.ts';
import { headOfParquet, parquetInBlocks, parseParquet, sizeOfParquet } from './read-parquet.ts';
import { readBytes } from './read-bytes.ts';
import type { TableFormat } from './table.ts';

/** Parquet as a format of tables. */
export const parquetFormat: TableFormat = {
  name: 'parquet',
  read: (place, _, room) => (room === undefined ? parseParquet(readBytes(place)) : parquetInBlocks(place, { room })),
  sizeOf: sizeOfParquet,
  readHead: headOfParquet,
};

/** A table in a Parquet file. */
export const parquet = defineDataset({
  ...parquetFace,
  ...rowOfTable(parquetFormat),
});
