export { csv } from './tables/csv.ts';
export { jsonl } from './tables/jsonl.ts';
export { parquet } from './tables/parquet.ts';
export { series } from './series/series.ts';
export { csvPieces, jsonlPieces, parquetPieces } from './tables/table-pieces.ts';
export { text } from './texts/text-windows.ts';
