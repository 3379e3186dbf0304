import { failure } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import type { InParts } from '../base/turns.ts';
import { ColumnTable, type TypedCell, TypedColumn, proveCells, proveFits } from './column-table.ts';
import { rowOfTable } from './csv.ts';
import { jsonlFace } from './csv-options.ts';
import type { DataFile, DataPlace } from './data-file.ts';
import { defineDataset } from './dataset.ts';
import { isNamed, kindOf } from './given-values.ts';
import { headOfLines } from './head-of-lines.ts';
import { parseLine } from './parse-line.ts';
import { labelsOfList } from './several-labels.ts';
import type { Table, TableFormat } from './table.ts';
import { listColumns } from './table-targets.ts';
import { proveText } from './text-encoding.ts';
import { readUnpacked } from './unpack-gzip.ts';

/** Lines of JSON as a format of tables. */
export const jsonlFormat: TableFormat = {
  name: 'jsonl',
  read: (place, { targets }) => readLines(place, listColumns(targets)),
  readHead: (place, bytes, { targets }) =>
    headOfLines(place, bytes, (lines) => parseLines(lines, listColumns(targets))),
};

/** A table in lines of JSON. */
export const jsonl = defineDataset({
  ...jsonlFace,
  ...rowOfTable(jsonlFormat),
});

const lineFeed = 0x0a;

function* readLines(place: DataPlace, lists: ReadonlySet<string>): InParts<Table> {
  return yield* parseLines({ place, ...readUnpacked(place) }, lists);
}

/**
 * Reads lines of JSON.
 *
 * @param lists columns whose cells may be lists
 * @throws UserError where one is no object of values alone
 */
export function* parseLines(
  { place, bytes, file }: { readonly place: DataPlace; readonly bytes: Uint8Array; readonly file: DataFile },
  lists: ReadonlySet<string>,
): InParts<Table> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const columns = new Map<string, TypedColumn>();
  const lines: number[] = [];
  for (let [at, line] = [proveText(place, bytes), 1]; at < text.length; line++) {
    const found = text.indexOf(lineFeed, at);
    const end = found < 0 ? text.length : found;
    const where = `${file.name}, line ${line}`;
    const row = rowIn(text.toString('utf8', at, end), where);
    at = end + 1;
    if (row === undefined) continue;
    const count = lines.push(line);
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (column === undefined) {
        column = new TypedColumn(name);
        columns.set(name, column);
        proveCells(file.name, columns.size, count);
      }
      column.fillUp(count - 1);
      // A list of labels is a cell as JSON has it.
      if (lists.has(name) && labelsOfList(value) !== undefined) column.add(JSON.stringify(value));
      else if (typeof value === 'object' && value !== null) column.refuse(unreadable(value, name, where));
      else column.add(cellOf(value));
    }
    if (count % 4096 !== 0) continue;
    proveCells(file.name, columns.size, count);
    proveFits(file.name, columns.values());
    yield;
  }
  if (lines.length === 0) throw failure('no-rows', `${file.name} has no rows`, 'Write one row on each line.');
  proveCells(file.name, columns.size, lines.length);
  for (const column of columns.values()) column.end(lines.length);
  return new ColumnTable(file, [...columns.values()], lines.length, Uint32Array.from(lines));
}

/** What a line holds; undefined where it is empty. */
function rowIn(text: string, where: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return undefined;
  const row = parseLine(text, where);
  if (!isNamed(row))
    throw failure(
      'wrong-shape',
      `${where} is ${kindOf(row)}, not an object`,
      "Write one row on each line, as `{...}`; of a list of rows `jq -c '.[]' FILE` makes such lines.",
    );
  return row;
}

/** A value that is no list and no object, as a cell. */
function cellOf(value: unknown): TypedCell {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

const unreadable = (value: unknown, name: string, where: string) =>
  failure(
    'unreadable-column',
    `${where}: \`${shorten(name)}\` is ${kindOf(value)}, not a number or a text`,
    `${
      Array.isArray(value)
        ? 'Lists may be labels to predict (`targets: { NAME: { labels: fromData } }`); give other values columns of ' +
          'their own'
        : 'Give each of its values a column of its own'
    }, or name in \`features\` what is learnt from without it.`,
  );
