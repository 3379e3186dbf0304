import { failure } from '../../base/diagnostics.ts';
import type { InParts } from '../../base/turns.ts';
import { type WrittenCsvOptions, at } from './csv-options.ts';
import { allowedMemory } from '../files/data-memory.ts';
import type { DataPlace } from '../files/data-file.ts';
import { withCrosses } from './crossed-table.ts';
import { inOption, WrongOption } from '../wrong-option.ts';
import { type DataFilesOption, type FoundFile, findTables, listOfFiles } from './find-tables.ts';
import { JoinedTable } from './joined-table.ts';
import { dataFileLimit, hashFile } from '../files/read-bytes.ts';
import type { Table, TableFormat } from './table.ts';
import { listColumns } from './table-targets.ts';

/** The table, and that of the test where it has files of its own. */
export interface CsvTables {
  /** The rows of the files, and behind them those of the validation, where it has files of its own. */
  readonly table: Table;
  /** How many rows are of the files: those that are divided. */
  readonly divided: number;
  /** How many of those each of the listed files has. */
  readonly counts: readonly number[];
  readonly other: Table | undefined;
}

/** The table of listed files, and how many rows each of them has. */
interface Opened {
  readonly table: Table;
  readonly counts: readonly number[];
}

/** Bytes that the files of one table may take together. */
const mostBytes = 4 * dataFileLimit;

/** Reads the files. @throws WrongOption where one cannot be read, or their columns differ */
export function* readTables(
  given: WrittenCsvOptions,
  folder: string,
  format: Pick<TableFormat, 'read' | 'sizeOf' | 'memory'>,
): InParts<CsvTables> {
  const roomFor = roomsIn(given, folder, format);
  const open = function* (option: string, files: DataFilesOption): InParts<Opened> {
    return yield* inOption(at(option), function* () {
      const [first, ...more] = findTables(files, folder) as [FoundFile, ...FoundFile[]];
      const parts: [Table, ...Table[]] = [yield* format.read(first, given, roomFor(first))];
      for (const place of more) {
        parts.push(yield* format.read(place, given, roomFor(place)));
        if (parts.reduce((sum, { memory }) => sum + memory, 0) > mostBytes)
          throw failure(
            'data-file-too-large',
            `the first ${parts.length} of ${more.length + 1} files take more than ${mostBytes / 1e6} MB`,
            'Name fewer files.',
          );
      }
      const counts = listOfFiles(files).map(() => 0);
      for (const [k, { listed }] of [first, ...more].entries()) counts[listed]! += parts[k]!.count;
      return { table: parts.length === 1 ? parts[0] : new JoinedTable(parts), counts };
    });
  };
  const { file, validation, test } = given;
  const { table: main, counts } = yield* open('file', file);
  const table =
    validation === undefined
      ? main
      : yield* inOption(at('validation'), function* () {
          return new JoinedTable([main, (yield* open('validation', validation)).table]);
        });
  const other = typeof test === 'number' ? undefined : (yield* open('test', test)).table;
  const same =
    other === undefined ||
    (other.columns.length === table.columns.length &&
      other.columns.every((column, at) => column === table.columns[at]));
  if (!same)
    throw new WrongOption(
      at('test'),
      failure(
        'columns-differ',
        `${other.name} has other columns than ${table.name}`,
        'Both need the same, in the same order.',
      ),
    );
  return {
    table: withCrosses(table, given),
    divided: main.count,
    counts,
    other: other && withCrosses(other, given),
  };
}

/** Bytes that cells of tables on the disk take in memory at most: more would not make them faster. */
const mostRoom = 64e6;

/** Tables whose cells lie on the disk: each holds a file open. */
const mostOnDisk = 256;

/**
 * How much memory the cells of a file's table may take, where all tables do not fit in half of what is allowed: the
 * rest is for what is made of them. The largest ones lie on the disk then.
 */
function roomsIn(
  { file, validation, test }: WrittenCsvOptions,
  folder: string,
  { sizeOf, memory = allowedMemory(undefined) }: Pick<TableFormat, 'sizeOf' | 'memory'>,
): (place: DataPlace) => number | undefined {
  const options = [
    file,
    ...(validation === undefined ? [] : [validation]),
    ...(typeof test === 'number' ? [] : [test]),
  ];
  let places: readonly DataPlace[];
  try {
    places = options.flatMap((one) => findTables(one, folder));
  } catch {
    // Reading says which cannot be found.
    return () => undefined;
  }
  const sizes = new Map(places.map((place) => [place.path, sizeOf(place)]));
  const all = [...sizes.values()].toSorted((a, b) => b - a);
  if (all.reduce((sum, size) => sum + size, 0) <= memory / 2) return () => undefined;
  // A small one is not worth a file.
  const large = all.slice(0, mostOnDisk).filter((size) => size > memory / 1000);
  const room = Math.min(mostRoom, memory / 8) / large.length;
  return ({ path }) => (sizes.get(path)! >= (large.at(-1) ?? Infinity) ? room : undefined);
}

/** What the last check has read, until a run takes it or another check reads something else. */
let kept: (CsvTables & { readonly source: string }) | undefined;

/** Reads the files, or takes what was read of them, and keeps what they hold for the run that follows a check. */
export function* readAndKeep(given: WrittenCsvOptions, folder: string, format: TableFormat): InParts<CsvTables> {
  const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
  kept = { source: sourceOf(given, folder, format), ...tables };
  return tables;
}

/** What tables are read from, and how. */
function sourceOf(given: WrittenCsvOptions, folder: string, { name }: TableFormat): string {
  const { delimiter, decimal, columns, comment } = given;
  const { validation, test, cross } = given;
  // Cells of CSV are texts, whatever is to be predicted; elsewhere lists are cells only where they are labels.
  const lists = name === 'csv' ? [] : [...listColumns(given.targets)];
  const form = [name, delimiter, decimal, columns, comment, cross, lists];
  return JSON.stringify([...form, pathsOf(given, folder), validation ?? null, typeof test === 'number' ? null : test]);
}

/** The paths of all files of a table, then those of the validation and the test. @throws UserError as findTables */
export function pathsOf({ file, validation, test }: WrittenCsvOptions, folder: string): readonly string[] {
  return [file, ...(validation === undefined ? [] : [validation]), ...(typeof test === 'number' ? [] : [test])].flatMap(
    (one) => findTables(one, folder).map(({ path }) => path),
  );
}

/** What the check has read, where the files still hold it to the last byte. */
export function* takeKept(
  given: WrittenCsvOptions,
  folder: string,
  format: TableFormat,
): InParts<CsvTables | undefined> {
  const taken = kept;
  kept = undefined;
  if (taken === undefined) return undefined;
  const files = [taken.table, ...(taken.other === undefined ? [] : [taken.other])].flatMap((table) => table.files);
  try {
    if (taken.source !== sourceOf(given, folder, format)) return undefined;
    for (const [k, path] of pathsOf(given, folder).entries())
      if ((yield* hashFile(path)) !== files[k]!.sha256) return undefined;
  } catch {
    // Reading says what is wrong with it.
    return undefined;
  }
  return taken;
}
