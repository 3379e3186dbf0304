import type { InParts } from '../../base/turns.ts';
import { linesInBlocks } from './cell-blocks.ts';
import { rowOfTable } from './csv.ts';
import { jsonlFace } from './csv-options.ts';
import type { DataPlace } from '../files/data-file.ts';
import { defineDataset } from '../dataset.ts';
import { sizeOfText } from '../files/file-blocks.ts';
import { headOfLines } from './head-of-lines.ts';
import { parseLines } from './json-lines.ts';
import type { Table, TableFormat } from './table.ts';
import { listColumns } from './table-targets.ts';
import { readUnpacked } from '../files/unpack-gzip.ts';

/** Lines of JSON as a format of tables. */
export const jsonlFormat: TableFormat = {
  name: 'jsonl',
  read: (place, { targets }, room) =>
    room === undefined ? readLines(place, listColumns(targets)) : linesInBlocks(place, listColumns(targets), { room }),
  sizeOf: sizeOfText,
  readHead: (place, bytes, { targets }) =>
    headOfLines(place, bytes, (lines) => parseLines(lines, listColumns(targets))),
};

/** A table in lines of JSON. */
export const jsonl = defineDataset({
  ...jsonlFace,
  ...rowOfTable(jsonlFormat),
});

function* readLines(place: DataPlace, lists: ReadonlySet<string>): InParts<Table> {
  return yield* parseLines({ place, ...readUnpacked(place) }, lists);
}
