import { rowOfTable } from './csv.ts';
import { typedTableOptions } from './csv-options.ts';
import { defineDataset } from './dataset.ts';
import { headOfParquet, parseParquet } from './read-parquet.ts';
import { readBytes } from './read-bytes.ts';
import type { TableFormat } from './table.ts';

/** Parquet as a format of tables. */
export const parquetFormat: TableFormat = {
  name: 'parquet',
  read: (place) => parseParquet(readBytes(place)),
  readHead: headOfParquet,
};

/** A table in a Parquet file. */
export const parquet = defineDataset({
  doc:
    'A table in a Parquet file, or in several: columns of numbers, texts, dates (texts as 2024-12-31T23:59:00) and ' +
    'truth values (the texts `true` and `false`); no nested ones.',
  example: 'source: { parquet: { file: data/houses.parquet, targets: { price: number } } }',
  options: typedTableOptions('The file'),
  ...rowOfTable(parquetFormat),
});
