import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { ColumnTable, type TypedCell, TypedColumn, proveCells, proveFits } from './column-table.ts';
import type { DataFile, DataPlace } from '../files/data-file.ts';
import { isNamed, kindOf } from '../given-values.ts';
import { parseLine } from './parse-line.ts';
import { labelsOfList } from '../several-labels.ts';
import type { Table } from './table.ts';
import { proveText } from '../files/text-encoding.ts';

const lineFeed = 0x0a;

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
  const rows = new LineRows(file.name, lists);
  yield* rows.take(bytes.subarray(proveText(place, bytes)));
  const { columns, lines } = rows.end();
  if (lines.length === 0) throw noRows(file.name);
  return new ColumnTable(file, columns, lines.length, lines);
}

/** That a file has no rows. */
export const noRows = (name: string): UserError =>
  failure('no-rows', `${name} has no rows`, 'Write one row on each line.');

/** Takes the rows of a file, some lines after others. */
export class LineRows {
  private readonly name: string;
  private readonly lists: ReadonlySet<string>;
  private readonly columns = new Map<string, TypedColumn>();
  private lines: number[] = [];
  private line = 1;

  /** @param name of the file @param lists columns whose cells may be lists */
  constructor(name: string, lists: ReadonlySet<string>) {
    [this.name, this.lists] = [name, lists];
  }

  /** @param bytes whole lines @throws UserError where one is no object of values alone */
  *take(bytes: Uint8Array): InParts<void> {
    const { name: file, columns, lists, lines } = this;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < text.length; this.line++) {
      const found = text.indexOf(lineFeed, at);
      const end = found < 0 ? text.length : found;
      const where = `${file}, line ${this.line}`;
      const row = rowIn(text.toString('utf8', at, end), where);
      at = end + 1;
      if (row === undefined) continue;
      const count = lines.push(this.line);
      for (const [name, value] of Object.entries(row)) {
        let column = columns.get(name);
        if (column === undefined) {
          column = new TypedColumn(name);
          columns.set(name, column);
          proveCells(file, columns.size, count);
        }
        column.fillUp(count - 1);
        // A list of labels is a cell as JSON has it.
        if (lists.has(name) && labelsOfList(value) !== undefined) column.add(JSON.stringify(value));
        else if (typeof value === 'object' && value !== null) column.refuse(unreadable(value, name, where));
        else column.add(cellOf(value));
      }
      if (count % 4096 !== 0) continue;
      proveCells(file, columns.size, count);
      proveFits(file, columns.values());
      yield;
    }
  }

  /** The rows since the last end, in columns that stand where they stood before. */
  end(): { readonly columns: readonly TypedColumn[]; readonly lines: Uint32Array } {
    const [columns, lines] = [[...this.columns.values()], Uint32Array.from(this.lines)];
    proveCells(this.name, columns.length, lines.length);
    for (const column of columns) {
      column.end(lines.length);
      this.columns.set(column.name, new TypedColumn(column.name));
    }
    this.lines = [];
    return { columns, lines };
  }
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
