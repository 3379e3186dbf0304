import { closeSync, fstatSync } from 'node:fs';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import { UserError, failure } from '../../base/diagnostics.ts';
import { openFile } from '../../base/read-file.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import type { BlockFacts } from './block-table.ts';
import { type InBlocks, TypedBlocks, kept, typedTable } from './cell-blocks.ts';
import type { CellWriter } from './cell-store.ts';
import { ColumnTable, TypedColumn, bytesOfCell, proveCells, proveFits } from './column-table.ts';
import { proveNoneTwice } from './csv-table.ts';
import { type DataFile, type DataPlace, nameOf } from '../files/data-file.ts';
import { changed, fileOf } from '../files/file-blocks.ts';
import { leastKnown } from '../files/known-hashes.ts';
import { inLargeFile } from '../files/large-file.ts';
import { type CellReader, cellReader } from './parquet-cells.ts';
import { type ParquetPage, cellsOf, damaged, dictionaryOf } from './parquet-pages.ts';
import { partOf, plainNumbers } from './parquet-numbers.ts';
import { dataFileLimit, hashFile, partsOf, readBytes, readPart } from '../files/read-bytes.ts';
import type { Table, TableHead } from './table.ts';
import { PageUnpacker } from './unpack-pages.ts';

type Metadata = ReturnType<typeof parquetMetadata>;
type Chunk = NonNullable<Metadata['row_groups'][number]['columns'][number]['meta_data']>;

/** Rows that are read of a file, however many columns it has. */
const leastRows = 100;
/** Bytes of a footer: each of them may become an object of fifty. */
const mostFooter = 8e6;
/** Rows of a table whose cells lie on the disk. */
const mostRows = 2 ** 31;
/** Bytes of a page, unpacked: what writes pages makes them of one megabyte. */
const mostPage = 64e6;
/** Values of a page. */
const mostValues = 2 ** 24;
/** Bytes of the head of a page, each of which may become an object of fifty. */
const mostHead = 1e6;
/** Bytes that are read of a file for the head of a page: few have a hundred. */
const likelyHead = 1 << 14;

/** What a file holds, of which parts are asked for. */
interface Content {
  readonly unpacker: PageUnpacker;
  readonly length: number;
  /** Bytes from a place up to another, neither beyond its length; there until the next are asked for. */
  part(from: number, to: number): Uint8Array;
  /** Bytes of the head of a page. */
  readonly mostHead: number;
  /** Cells that are read, about; all where there are fewer. */
  readonly mostCells: number;
}

/**
 * Reads a Parquet file, of which some megabytes are in memory. Of a small one all: its hash is not kept.
 *
 * @throws UserError as parseParquet, and where it is missing or changes meanwhile
 */
export function* readParquet(place: DataPlace): InParts<Table> {
  const file = yield* fileOf(place);
  if (file.bytes < leastKnown) return yield* parseParquet(readBytes(place));
  const opened = openFile(place.path);
  try {
    const { table } = yield* explained(contentOf(opened, file), file);
    if ((yield* hashFile(place.path)) !== file.sha256) throw changed(place);
    return table;
  } finally {
    closeSync(opened);
  }
}

const contentOf = (opened: number, { bytes: length }: DataFile): Content => ({
  unpacker: new PageUnpacker(),
  length,
  part: partsOf(opened),
  mostHead,
  mostCells: Infinity,
});

/**
 * Reads the bytes of a Parquet file. Nothing that it promises of itself is believed: sizes and counts are proven before
 * memory is taken for them.
 *
 * @throws UserError where it is damaged or has no rows
 */
export function* parseParquet({
  bytes,
  file,
}: {
  readonly bytes: Uint8Array;
  readonly file: DataFile;
}): InParts<Table> {
  const part = (from: number, to: number) => bytes.subarray(from, to);
  const { table } = yield* explained(
    { unpacker: new PageUnpacker(), length: bytes.length, part, mostHead, mostCells: Infinity },
    file,
  );
  return table;
}

/** As `readHead` of a format of tables: the first pages of each column. */
export function* headOfParquet(place: DataPlace, bytes: number): InParts<TableHead | undefined> {
  return yield* inLargeFile(place.path, bytes, (file, length) => {
    const part = (from: number, to: number) => readPart(file, from, to - from);
    return explained(
      {
        unpacker: new PageUnpacker(),
        length,
        part,
        mostHead: likelyHead,
        mostCells: bytes / Float64Array.BYTES_PER_ELEMENT,
      },
      { name: nameOf(place), sha256: '', bytes: length },
    );
  });
}

const explained = (content: Content, file: DataFile) => withReason(tableOf(content, file), file);

function* withReason<T>(work: InParts<T>, file: DataFile): InParts<T> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    throw failure(
      'damaged-parquet',
      `${file.name} is no Parquet file that can be read: ${shorten(error.message, 200)}`,
      'Write it again, as pandas does with `to_parquet`.',
      error,
    );
  }
}

/** What a file says of itself. */
interface Outline {
  readonly groups: Metadata['row_groups'];
  readonly found: readonly FoundColumn[];
  /** Columns that it is stored as. */
  readonly leaves: number;
  readonly count: number;
}

function outlineOf({ length, part }: Pick<Content, 'length' | 'part'>, file: DataFile): Outline {
  const footer = length < 12 ? 0 : viewOf(part(length - 8, length)).getUint32(0, true);
  if (footer > mostFooter) throw damaged(`its footer of ${footer} bytes is longer than the ${mostFooter} it may have`);
  const end = part(Math.max(0, length - 8 - footer), length);
  const { schema, row_groups: groups, num_rows: rows } = parquetMetadata(end, { geoparquet: false });
  const [root, ...elements] = schema;
  const found = columnsIn(elements, file.name);
  if (root?.num_children !== found.length) throw damaged('its schema does not say what its columns are');
  const leaves = found.reduce((sum, one) => sum + one.leaves, 0);
  const count = Number(rows);
  if (count === 0) throw failure('no-rows', `${file.name} has no rows`, 'It needs a row for each sample.');
  if (groups.reduce((sum, group) => sum + group.num_rows, 0n) !== rows)
    throw damaged('the rows of its parts are not as many as those of the whole');
  if (groups.some(({ columns }) => columns.length !== leaves)) throw damaged(otherColumns);
  return { groups, found, leaves, count };
}

const otherColumns = 'a part of it has other columns than the whole';

function* tableOf(content: Content, file: DataFile): InParts<TableHead> {
  const { groups, found, count } = outlineOf(content, file);
  proveCells(file.name, found.length, count);
  const columns = found.map(({ column }) => column);
  const wanted = Math.min(count, Math.max(leastRows, Math.floor(content.mostCells / found.length)));
  let left = wanted;
  for (const group of groups) {
    if (left === 0) break;
    const inGroup = Number(group.num_rows);
    const taken = Math.min(left, inGroup);
    let place = 0;
    for (const { column, reader, leaves: own } of found) {
      const { meta_data: chunk } = group.columns[place] ?? {};
      place += own;
      if (reader === undefined) continue;
      if (chunk === undefined) throw damaged('it is encrypted');
      yield* readChunk(content, chunk, { column, reader, count: inGroup, wanted: taken });
    }
    left -= taken;
    proveFits(file.name, columns);
  }
  for (const column of columns) column.end(wanted);
  const table = new ColumnTable(file, columns, wanted);
  proveNoneTwice(table);
  return { table, share: wanted / count };
}

/**
 * A Parquet file whose cells lie on the disk.
 * A column of a group of rows is in memory at a time, and what an earlier run has kept of the same bytes is taken.
 *
 * @throws UserError as parseParquet, where a group of rows is too large, and where nothing can be kept
 */
export function* parquetInBlocks(place: DataPlace, how: InBlocks): InParts<Table> {
  const file = yield* fileOf(place);
  const store = yield* kept(file, ['parquet'], how, function* (writer) {
    const opened = openFile(place.path);
    try {
      return yield* withReason(blocksOf(opened, file, writer), file);
    } finally {
      closeSync(opened);
    }
  });
  const table = typedTable(file, store, how);
  proveNoneTwice(table);
  return table;
}

function* blocksOf(opened: number, file: DataFile, writer: CellWriter): InParts<BlockFacts> {
  const content = contentOf(opened, file);
  const { groups, found, count } = outlineOf(content, file);
  proveCells(file.name, found.length, 0);
  if (count > mostRows) throw damaged(`it would have more than ${mostRows} rows`);
  const typed = new TypedBlocks('row', writer);
  for (const group of groups) {
    const inGroup = Number(group.num_rows);
    if (inGroup === 0) continue;
    proveCells(file.name, 1, inGroup);
    typed.begin(new Uint32Array());
    for (const [
      place,
      {
        column: { name },
        reader,
        refused,
        first,
      },
    ] of found.entries()) {
      const column = new TypedColumn(name);
      if (refused !== undefined) column.refuse(refused);
      const { meta_data: chunk } = group.columns[first] ?? {};
      if (reader !== undefined) {
        if (chunk === undefined) throw damaged('it is encrypted');
        yield* readChunk(content, chunk, { column, reader, count: inGroup, wanted: inGroup });
      }
      proveFits(file.name, [column]);
      column.end(inGroup);
      typed.addColumn(column, place);
    }
    typed.end(inGroup, found.length);
  }
  return typed.facts;
}

/** Bytes of a table in memory, as its footer says. */
export function sizeOfParquet(place: DataPlace): number {
  try {
    const opened = openFile(place.path);
    try {
      const length = fstatSync(opened).size;
      if (length > dataFileLimit) return Infinity;
      const part = (from: number, to: number) => readPart(opened, from, to - from);
      const { found, count } = outlineOf({ length, part }, { name: nameOf(place), sha256: '', bytes: length });
      return length + count * found.length * bytesOfCell;
    } finally {
      closeSync(opened);
    }
  } catch {
    // Reading says what is wrong with it.
    return 0;
  }
}

/** A column of the file, with the columns that it is stored as; without a reader where it is none of cells. */
interface FoundColumn {
  readonly column: TypedColumn;
  readonly reader: CellReader | undefined;
  readonly leaves: number;
  /** The first of those. */
  readonly first: number;
  /** Why it cannot be read. */
  readonly refused?: UserError;
}

/** The columns that a schema tells of, where each element is followed by those within it. */
function columnsIn(elements: Metadata['schema'], file: string): readonly FoundColumn[] {
  const columns: FoundColumn[] = [];
  let first = 0;
  for (let place = 0; place < elements.length;) {
    const element = elements[place]!;
    let leaves = 0;
    for (let open = 1; open > 0; place++) {
      const one = elements[place];
      if (one === undefined) throw damaged('its schema does not say what its columns are');
      if (one.type !== undefined) leaves++;
      open += (one.num_children ?? 0) - 1;
    }
    const reader = cellReader(element, file);
    const column = new TypedColumn(element.name);
    if (reader instanceof UserError) column.refuse(reader);
    columns.push({
      column,
      leaves,
      first,
      ...(reader instanceof UserError ? { refused: reader, reader: undefined } : { reader }),
    });
    first += leaves;
  }
  return columns;
}

interface Reading {
  readonly column: TypedColumn;
  readonly reader: CellReader;
  /** Rows of the group. */
  readonly count: number;
  /** How many of them are read. */
  readonly wanted: number;
}

/** Reads the pages of a column in a group of rows. */
function* readChunk(content: Content, chunk: Chunk, { column, reader, count, wanted }: Reading): InParts<void> {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const length = Number(chunk.total_compressed_size);
  if (!(start >= 0) || !(length >= 0) || start + length > content.length)
    throw damaged(`the column \`${shorten(column.name)}\` lies beyond its end`);
  const part = (from: number, to: number) => content.part(start + from, start + Math.min(to, length));
  const unpack = (packed: Uint8Array, size: number) => content.unpacker.unpack(packed, size, chunk.codec);
  let dictionary: ReturnType<typeof dictionaryOf> | undefined;
  // The same where all are numbers.
  let numbers: ReturnType<typeof plainNumbers>;
  for (let [at, read] = [0, 0]; read < wanted;) {
    const head = { view: viewOf(part(at, at + content.mostHead)), offset: 0 };
    const header = parquetHeader(head);
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    const from = at + head.offset;
    at = from + packed;
    if (!(packed >= 0) || at > length) throw damaged('a page of it lies beyond its end');
    if (!(size >= 0 && size <= mostPage)) throw damaged(`a page of it has ${size} bytes, more than ${mostPage}`);
    const body = part(from, at);
    const [v1, v2] = [header.data_page_header, header.data_page_header_v2];
    const page = v1 ?? v2;
    if (header.type === 'DICTIONARY_PAGE') {
      const values = header.dictionary_page_header?.num_values ?? -1;
      proveValues(values, mostValues);
      const unpacked = unpack(body, size);
      numbers = plainNumbers(unpacked, values, reader);
      dictionary = numbers === undefined ? dictionaryOf(unpacked, values, reader) : undefined;
    } else if (page !== undefined && (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2')) {
      const values = page.num_values;
      proveValues(values, Math.min(mostValues, count - read));
      const found: ParquetPage =
        v2 === undefined
          ? { bytes: unpack(body, size), encoding: page.encoding, count: values }
          : levelsApart(body, v2, size, unpack);
      let room = wanted - read;
      const many = values <= room ? partOf(found, reader, numbers) : undefined;
      dictionary ??= numbers && many === undefined ? Array.from(numbers.values) : undefined;
      if (many !== undefined) column.addNumbers(many);
      else
        for (const cell of cellsOf(found, reader, dictionary)) {
          if (room-- === 0) break;
          column.add(cell);
        }
      read += values;
    }
    yield;
  }
}

function proveValues(count: number, most: number): void {
  if (!(count >= 0 && count <= most)) throw damaged(`a page of it has ${count} values, where ${most} may be`);
}

type HeadOfV2 = NonNullable<ReturnType<typeof parquetHeader>['data_page_header_v2']>;

/** A page of the second kind: what says which values are missing is not packed. */
function levelsApart(
  body: Uint8Array,
  head: HeadOfV2,
  size: number,
  unpack: (packed: Uint8Array, size: number) => Uint8Array,
): ParquetPage {
  const { definition_levels_byte_length: length, repetition_levels_byte_length: others, is_compressed: packed } = head;
  if (others !== 0 || !(length >= 0 && length <= Math.min(size, body.length))) throw damaged('levels of a page');
  const rest = body.subarray(length);
  return {
    bytes: packed === false ? rest : unpack(rest, size - length),
    levels: body.subarray(0, length),
    encoding: head.encoding,
    count: head.num_values,
  };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
