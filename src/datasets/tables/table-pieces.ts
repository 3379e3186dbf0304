import { closeSync, openSync, rmSync } from 'node:fs';
import { UserError } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type InParts, atOnce, inTurns } from '../../base/turns.ts';
import { firstRows } from '../batch-source.ts';
import { ColumnSpill } from './column-spill.ts';
import { columnsBeside } from './columns-beside.ts';
import { cellsOfTable, csvFormat, placing, sourcesOfTable, within } from './csv.ts';
import { type Feature, codeOf, heldCode, inputsOf, sidesOf } from './csv-columns.ts';
import { type CsvTables, pathsOf, readAndKeep, readTables, takeKept } from './csv-files.ts';
import type { CsvOptions, WrittenCsvOptions } from './csv-options.ts';
import type { Parts } from './csv-rows.ts';
import type { DataFile } from '../files/data-file.ts';
import type { DatasetSpec, Division, TargetSpec, TargetValues } from '../dataset.ts';
import { divideTables } from './divide-csv.ts';
import { settled } from './from-data.ts';
import { type PairOf, fitInput } from './input-values.ts';
import { jsonlFormat } from './jsonl.ts';
import { parquetFormat } from './parquet.ts';
import type { Piece, Pieces } from '../pieces.ts';
import type { SourceColumn } from './source-columns.ts';
import type { SplitOptions } from '../splits/split.ts';
import type { TableFormat } from './table.ts';
import { columnsOfTargets, isPackable, isTextOption, rowsOfTarget, valuesOfTarget } from './table-targets.ts';

/** A table that is read, and what its samples are. */
interface OpenedTable {
  readonly spec: DatasetSpec;
  /** Fits all that is done to its columns, and gives its samples one by one. @throws UserError as `load` of its row */
  pieces(): InParts<Pieces>;
}

/** Gives tables whose samples may be more than memory holds. */
export interface TableMaker<Options extends object = object> {
  /** @param memory see Division @throws UserError as `load` of the row, of the files */
  open(options: Options, folder: string, seed: number, split?: SplitOptions, memory?: number): InParts<OpenedTable>;
}

/** CSV whose samples may be more than memory holds. */
export const csvPieces = tablePieces(csvFormat);
/** Lines of JSON whose samples may be more than memory holds. */
export const jsonlPieces = tablePieces(jsonlFormat);
/** Parquet whose samples may be more than memory holds. */
export const parquetPieces = tablePieces(parquetFormat);

/** Tables of a format whose samples may be more than memory holds. */
export function tablePieces(format: TableFormat): TableMaker<WrittenCsvOptions> {
  return {
    open: (given, folder, seed, split = { validation: 0, stratified: true }, memory) =>
      placing(format.name, openTable(given, folder, { split, seed }, within(format, memory))),
  };
}

function* openTable(
  written: WrittenCsvOptions,
  folder: string,
  division: Division,
  format: TableFormat,
): InParts<OpenedTable> {
  const given = yield* settled(written, folder, format, division.split);
  const { table, other } = yield* readAndKeep(given, folder, format);
  const sides = sidesOf(given, table, division.split);
  return {
    spec: {
      ...sides,
      ...(isPackable(given) && { packs: 'cells' as const }),
      count: { train: table.count, test: other?.count ?? 0 },
    },
    pieces: () => placing(format.name, piecesOfTable(given, folder, division, format)),
  };
}

function* piecesOfTable(given: CsvOptions, folder: string, division: Division, format: TableFormat): InParts<Pieces> {
  const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
  const { table, other } = tables;
  const parts = yield* divideTables(given, tables, division);
  const sides = sidesOf(given, table, division.split);
  const inputs = inputsOf(given, table, division.split);
  const preparation: Record<string, object[]> = {};
  const origins: SourceColumn[][] = [];
  for (const { name, features } of inputs) {
    const { prepared, columns } = yield* fitInput(given, features, parts);
    preparation[name] = prepared;
    origins.push(columns);
  }
  const { sources } = sourcesOfTable(given, tables, parts);
  const used = [...columnsOfTargets(given.targets), ...origins.flat().map(({ column }) => column)];
  const files = [table, ...(other === undefined ? [] : [other])].flatMap((one) => one.files);
  const own = pathsOf(given, folder);
  const rows = { train: parts.train.rows, test: parts.test.rows };
  const [trained, total] = [rows.train.length, rows.train.length + rows.test.length];
  const again = { given, folder, format };
  return {
    name: format.name,
    spec: {
      ...sides,
      packs: 'cells',
      ...(other === undefined && division.split.column === undefined && { drawsTest: true as const }),
      count: { train: trained, test: rows.test.length },
    },
    folder,
    paths: Array.from({ length: total }, () => own),
    listed: total,
    madeBy: [given, division],
    ...(sources && {
      sources: {
        names: sources.names,
        placeOf: (sample) => (sample < trained ? sources.train[sample]! : sources.test[sample - trained]!),
      },
    }),
    place: placeAgain(again, rows, files),
    coded: inputs.map(({ features }) => heldCode(features)),
    about: {
      preparation,
      ...columnsBeside(table, [...used, ...Object.keys(given.cross ?? {})]),
    },
    origin: {
      place: (part, row) => parts[part].table.sampleAt(rows[part][row]!),
      columns: origins,
      cells: cellsOfTable(parts.train, used),
    },
    ...reading({ given, inputs, targets: sides.targets, parts }, files),
    divide: () => ({
      train: firstRows(trained),
      test: firstRows(rows.test.length).map((row) => row + trained),
    }),
    describeFiles: () => files,
    split: parts.split,
  };
}

/** What samples are read by. */
interface Reading {
  readonly given: CsvOptions;
  readonly inputs: readonly { readonly features: readonly Feature[] }[];
  readonly targets: readonly TargetSpec[];
  readonly parts: Parts;
}

/** Bytes of samples that are read at a time. */
const together = 8e6;

/** Samples that were read. */
interface Block {
  readonly part: 'train' | 'test';
  readonly first: number;
  readonly count: number;
  readonly inputs: readonly Float32Array<ArrayBuffer>[];
}

/**
 * Reads samples: column after column is written to a file, as none but a column at a time has to fit in memory, and
 * rows are read from there.
 */
function reading(
  { given, inputs, targets, parts }: Reading,
  files: readonly DataFile[],
): Pick<Pieces, 'begin' | 'read'> {
  const widths = inputs.map(({ features }) => codeOf(features).length);
  const trained = parts.train.rows.length;
  const last = trained + parts.test.rows.length - 1;
  const each = Math.max(64, Math.floor(together / widths.reduce((sum, width) => sum + 4 * width, 1)));
  let spills: readonly PairOf<ColumnSpill>[] | undefined;
  let answers: readonly PairOf<TargetValues>[] = [];
  let block: Block | undefined;
  const blockOf = (part: 'train' | 'test', row: number): Block => {
    if (block?.part === part && row >= block.first && row < block.first + block.count) return block;
    if (spills === undefined) throw new Error('samples of a table are read before that has begun');
    const first = row - (row % each);
    const count = Math.min(each, parts[part].rows.length - first);
    block = {
      part,
      first,
      count,
      inputs: spills.map((spill) => spill[part].readRows(first, count)),
    };
    return block;
  };
  return {
    begin: async (scratch, signal) => {
      const file = openSync(scratch, 'wx+');
      const end = () => {
        [spills, answers, block] = [undefined, [], undefined];
        closeSync(file);
        rmSync(scratch, { force: true });
      };
      try {
        spills = await inTurns(spillInputs({ given, inputs, parts }, file), signal);
        answers = await inTurns(answersOf({ given, targets, parts }), signal);
        return end;
      } catch (error) {
        end();
        throw error;
      }
    },
    read: async (sample): Promise<Piece> => {
      const [part, row] = sample < trained ? (['train', sample] as const) : (['test', sample - trained] as const);
      const found = blockOf(part, row);
      const values = [
        ...found.inputs.map((rows, k) => bytesAt(rows, widths[k]!, row - found.first)),
        ...answers.map((answer, k) => bytesAt(answer[part], sizeOf(targets[k]!.shape), row)),
      ];
      return { values, files: sample === last ? files : [] };
    },
  };
}

/** The bytes of a row of so many values. */
function bytesAt(values: Float32Array | TargetValues, width: number, row: number): Uint8Array {
  const bytes = width * values.BYTES_PER_ELEMENT;
  return new Uint8Array(values.buffer, values.byteOffset + row * bytes, bytes);
}

function* spillInputs(
  { given, inputs, parts }: Omit<Reading, 'targets'>,
  file: number,
): InParts<readonly PairOf<ColumnSpill>[]> {
  const spills: PairOf<ColumnSpill>[] = [];
  let from = 0;
  for (const { features } of inputs) {
    const width = codeOf(features).length;
    const train = new ColumnSpill(file, from, width, parts.train.rows);
    const test = new ColumnSpill(file, from + train.bytes, width, parts.test.rows);
    from += train.bytes + test.bytes;
    const takers = { train, test };
    yield* fitInput(given, features, parts, { takers });
    spills.push(takers);
  }
  return spills;
}

function* answersOf({ given, targets, parts }: Omit<Reading, 'inputs'>): InParts<readonly PairOf<TargetValues>[]> {
  const answers: PairOf<TargetValues>[] = [];
  for (const target of targets) {
    const kind = given.targets[target.name]!;
    if (isTextOption(kind)) throw new Error('a text that is to be predicted is packed');
    const all = yield* valuesOfTarget(parts.train.table, target.name, kind);
    const train = rowsOfTarget(all, target, parts.train.rows);
    const isOther = parts.test.table !== parts.train.table;
    const others = isOther ? yield* valuesOfTarget(parts.test.table, target.name, kind) : all;
    answers.push({
      train,
      test: rowsOfTarget(others, target, parts.test.rows),
    });
  }
  return answers;
}

/**
 * Where samples stand, once the table was let go of: it is read once more when that is asked, seldom and of few.
 *
 * @param rows of the tables, part by part
 */
function placeAgain(
  {
    given,
    folder,
    format,
  }: {
    readonly given: CsvOptions;
    readonly folder: string;
    readonly format: TableFormat;
  },
  rows: PairOf<Uint32Array>,
  files: readonly DataFile[],
): Pieces['place'] {
  let read: CsvTables | 'changed' | undefined;
  const trained = rows.train.length;
  const hashes = files.map(({ sha256 }) => sha256).join();
  const tablesAgain = (): CsvTables | 'changed' => {
    try {
      const tables = atOnce(readTables(given, folder, format));
      const { table, other } = tables;
      const found = [...table.files, ...(other?.files ?? [])].map(({ sha256 }) => sha256).join();
      return found === hashes ? tables : 'changed';
    } catch (error) {
      if (error instanceof UserError) return 'changed';
      throw error;
    }
  };
  return (sample) => {
    read ??= tablesAgain();
    if (read === 'changed') return { file: files[0]!.name, sample: sample + 1 };
    const { table, other = table } = read;
    return sample < trained ? table.sampleAt(rows.train[sample]!) : other.sampleAt(rows.test[sample - trained]!);
  };
}
