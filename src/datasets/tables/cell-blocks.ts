import type { InParts } from '../../base/turns.ts';
import { type BlockFacts, BlockTable, type Segment, blockFacts } from './block-table.ts';
import { CellStore, CellWriter, cellsFolder, keyOfCells } from './cell-store.ts';
import { TypedColumn } from './column-table.ts';
import { CellScanner } from './csv-scanner.ts';
import { CsvTable, findCells, noRows as noRowsOfCsv, proveNoneTwice } from './csv-table.ts';
import type { CsvForm } from './csv-options.ts';
import type { DataFile, DataPlace } from '../files/data-file.ts';
import { fileOf, inTextBlocks } from '../files/file-blocks.ts';
import { LineRows, noRows } from './json-lines.ts';
import type { Table } from './table.ts';

const lineFeed = 0x0a;

/** How a table is read whose cells lie on the disk. */
export interface InBlocks {
  /** Bytes that its cells may take in memory; one segment is there in any case. */
  readonly room: number;
  /** Where cells are kept; left out: in `.layerline/packed`. */
  readonly folder?: string;
  /** Bytes of the file that are read together; left out: 8 MB. */
  readonly size?: number;
}

/**
 * A CSV file as readCsv gives it, whose cells lie on the disk: column by column of some rows. What an earlier run has
 * kept of the same bytes is taken, and the file not read.
 *
 * @throws UserError as readCsv, and where nothing can be kept
 */
export function* csvInBlocks(place: DataPlace, form: CsvForm, how: InBlocks): InParts<Table> {
  const { decimal, ...written } = form;
  const file = yield* fileOf(place);
  const store = yield* kept(file, ['csv', written], how, function* (writer) {
    const csv = new CsvBlocks(file.name, form, writer);
    yield* inTextBlocks(place, file, (block) => csv.take(block.bytes, block.isCut), how.size);
    return csv.end();
  });
  const { delimiter } = form;
  const table = new BlockTable({
    file,
    store,
    decimal,
    room: how.room,
    decode: (bytes, count) => segmentOf(file, bytes ?? new Uint8Array(), count, { delimiter, decimal }),
  });
  proveNoneTwice(table);
  return table;
}

/** Lines of JSON, as csvInBlocks. @param lists columns whose cells may be lists */
export function* linesInBlocks(place: DataPlace, lists: ReadonlySet<string>, how: InBlocks): InParts<Table> {
  const file = yield* fileOf(place);
  const store = yield* kept(file, ['jsonl', [...lists]], how, function* (writer) {
    const rows = new LineRows(file.name, lists);
    const typed = new TypedBlocks('line', writer);
    yield* inTextBlocks(
      place,
      file,
      function* ({ bytes, isCut }) {
        const taken = isCut ? bytes.lastIndexOf(lineFeed) + 1 : bytes.length;
        yield* rows.take(bytes.subarray(0, taken));
        const { columns, lines } = rows.end();
        if (lines.length > 0) typed.add(columns, lines);
        return taken;
      },
      how.size,
    );
    if (typed.count === 0) throw noRows(file.name);
    return typed.facts;
  });
  return typedTable(file, store, how);
}

/** A table of typed cells that are kept. */
export function typedTable(file: DataFile, store: CellStore<BlockFacts>, how: InBlocks): BlockTable {
  const decode = (bytes: Uint8Array<ArrayBuffer> | undefined, count: number) => {
    if (bytes !== undefined) return TypedColumn.ofBytes('', bytes);
    const empty = new TypedColumn('');
    empty.end(count);
    return empty;
  };
  return new BlockTable({ file, store, decimal: undefined, room: how.room, decode });
}

/**
 * Cells that are kept, or are kept now.
 *
 * @param form what they depend on beside the bytes of the file
 * @throws UserError where nothing can be kept; what `write` throws
 */
export function* kept(
  { name, sha256 }: DataFile,
  form: unknown,
  { folder = cellsFolder(), size }: InBlocks,
  write: (writer: CellWriter) => InParts<BlockFacts>,
): InParts<CellStore<BlockFacts>> {
  const key = keyOfCells([name, sha256, form, size ?? null]);
  const found = CellStore.open(folder, key, blockFacts);
  if (found !== undefined) return found;
  const writer = new CellWriter(folder, key);
  try {
    writer.end(yield* write(writer));
  } finally {
    writer.close();
  }
  const store = CellStore.open(folder, key, blockFacts);
  if (store === undefined) throw new Error('cells that were just kept are not there');
  return store;
}

/** Takes the rows of a CSV file, some after others. */
class CsvBlocks {
  private readonly name: string;
  private readonly form: CsvForm;
  private readonly writer: CellWriter;
  private readonly blocks: BlockFacts['blocks'][number][] = [];
  private names: readonly string[] = [];
  private lines = 0;

  constructor(name: string, form: CsvForm, writer: CellWriter) {
    [this.name, this.form, this.writer] = [name, form, writer];
  }

  /** @returns how many bytes are whole rows */
  *take(bytes: Uint8Array, isCut: boolean): InParts<number> {
    const { name, form, lines } = this;
    const scanner = new CellScanner(bytes, form.delimiter);
    const part = { isCut, lines, names: this.names };
    const { starts, width, end } = yield* findCells(name, scanner, { ...form, from: 0, part });
    const isNamed = this.names.length > 0;
    if (!isNamed && form.columns !== undefined) this.names = form.columns;
    else if (!isNamed && width > 0)
      this.names = Array.from(starts.subarray(0, width), (start) => scanner.textAt(start).trim());
    const rows = isNamed || form.columns !== undefined ? starts : starts.subarray(width);
    if (rows.length > 0) yield* this.keep(scanner, rows, width);
    this.lines += scanner.lineAt(end) - 1;
    return end;
  }

  /** What is known once nothing follows. @throws UserError where there are no rows */
  end(): BlockFacts {
    if (this.blocks.length === 0) throw noRowsOfCsv(this.name, this.form);
    return { columns: this.names, counted: 'line', blocks: this.blocks, unreadable: [], inexact: [] };
  }

  private *keep(scanner: CellScanner, starts: Uint32Array, width: number): InParts<void> {
    const { bytes } = scanner;
    const count = starts.length / width;
    this.blocks.push({ count, first: this.writer.count, width });
    const lines = new Uint32Array(count);
    let [at, line] = [0, this.lines + 1];
    for (let row = 0; row < count; row++) {
      const start = starts[row * width]!;
      line = scanner.lineAt(start, at, line);
      [at, lines[row]] = [start, line];
    }
    this.writer.add(new Uint8Array(lines.buffer));
    const held = new Uint8Array(bytes.length + count);
    const gap = Buffer.byteLength(this.form.delimiter);
    for (let place = 0; place < width; place++) {
      if (place % 8 === 0) yield;
      let length = 0;
      for (let k = place; k < starts.length; k += width) {
        const start = starts[k]!;
        const end = place === width - 1 ? scanner.endOf(start) : starts[k + 1]! - gap;
        for (let from = start; from < end; from++) held[length++] = bytes[from]!;
        held[length++] = lineFeed;
      }
      this.writer.add(held.slice(0, length));
    }
  }
}

/** Cells of CSV as they stand in the file, quotes and all, each with a line end behind it. */
function segmentOf(
  file: DataFile,
  bytes: Uint8Array,
  count: number,
  { delimiter, decimal }: Pick<CsvForm, 'delimiter' | 'decimal'>,
): Segment {
  const scanner = new CellScanner(bytes, delimiter);
  const starts = new Uint32Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    starts[row] = at;
    at = scanner.endOf(at) + 1;
  }
  const table = new CsvTable({ name: file.name, file, decimal, scanner, starts, width: 1, named: [''] });
  return {
    memory: table.memory,
    textAt: (row) => table.cell(row, 0),
    readPlain: (values, rows) => table.readPlain(values, 0, rows),
    shows: (row, mark) => table.shows(row, 0, mark),
    reader: (read) => table.reader(0, read),
  };
}

/** Takes blocks of typed columns. */
export class TypedBlocks {
  private readonly counted: 'line' | 'row';
  private readonly writer: CellWriter;
  private readonly columns: string[] = [];
  private readonly blocks: BlockFacts['blocks'][number][] = [];
  private readonly unreadable = new Map<number, BlockFacts['unreadable'][number]>();
  private readonly inexact = new Map<number, BlockFacts['inexact'][number]>();
  count = 0;

  constructor(counted: 'line' | 'row', writer: CellWriter) {
    [this.counted, this.writer] = [counted, writer];
  }

  /** @param columns those of the blocks before, and some more @param lines of the rows, where they have some */
  add(columns: Iterable<TypedColumn>, lines: Uint32Array): void {
    this.begin(lines);
    let width = 0;
    for (const column of columns) this.addColumn(column, width++);
    this.end(lines.length, width);
  }

  /** Begins a block. */
  begin(lines: Uint32Array): void {
    this.writer.add(new Uint8Array(lines.buffer));
  }

  addColumn(column: TypedColumn, place: number): void {
    if (place === this.columns.length) this.columns.push(column.name);
    const problem = column.unreadable?.diagnostics[0];
    if (problem !== undefined && !this.unreadable.has(place)) {
      const { message, hint } = problem;
      this.unreadable.set(place, { place, problem: message, ...(hint !== undefined && { hint }) });
    }
    const { tooLarge } = column;
    if (tooLarge !== undefined && !this.inexact.has(place))
      this.inexact.set(place, { place, row: this.count + tooLarge.row, value: String(tooLarge.value) });
    this.writer.add(column.bytes);
  }

  /** Ends a block of so many rows. */
  end(count: number, width: number): void {
    this.blocks.push({ count, first: this.writer.count - width - 1, width });
    this.count += count;
  }

  get facts(): BlockFacts {
    return {
      columns: this.columns,
      counted: this.counted,
      blocks: this.blocks,
      unreadable: [...this.unreadable.values()],
      inexact: [...this.inexact.values()],
    };
  }
}
