export { csv } from './csv.ts';
export { jsonl } from './jsonl.ts';
export { parquet } from './parquet.ts';
export { series } from './series.ts';
export { csvPieces, jsonlPieces, parquetPieces } from './table-pieces.ts';
export { text } from './text-windows.ts';
