import { failure } from '../base/diagnostics.ts';
import type { InParts } from '../base/turns.ts';
import { type WrittenCsvOptions, at, namedIn } from './csv-options.ts';
import { type CsvTable, readCsv } from './csv-table.ts';
import { type DataFileOption, locate } from './data-file.ts';
import { inOption, WrongOption } from './dataset.ts';
import { hashFile } from './read-bytes.ts';

/** The table, and that of the test where it has a file of its own. */
export interface CsvTables {
  readonly table: CsvTable;
  readonly other: CsvTable | undefined;
}

/** Which files are read, and how. */
type CsvSource = Pick<WrittenCsvOptions, 'file' | 'test' | 'delimiter' | 'decimal'>;

/** Reads the files. @throws WrongOption where one cannot be read, or their columns differ */
export function* readTables({ file, test, delimiter, decimal }: CsvSource, folder: string): InParts<CsvTables> {
  const open = function* (option: string, given: DataFileOption) {
    return yield* inOption(at(option), () => readCsv(locate(given, folder), delimiter, decimal));
  };
  const table = yield* open('file', file);
  const other = typeof test === 'number' ? undefined : yield* open('test', test);
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
  return { table, other };
}

/** What the last check has read, until a run takes it or another check reads something else. */
let kept: (CsvTables & { readonly source: string }) | undefined;

/** Reads the files, or takes what was read of them, and keeps what they hold for the run that follows a check. */
export function* readAndKeep(given: CsvSource, folder: string): InParts<CsvTables> {
  const tables = (yield* takeKept(given, folder)) ?? (yield* readTables(given, folder));
  kept = { source: sourceOf(given, folder), ...tables };
  return tables;
}

/** What tables are read from, and how. */
function sourceOf(given: CsvSource, folder: string): string {
  return JSON.stringify([given.delimiter, given.decimal, ...namedIn(given).map((one) => locate(one, folder).path)]);
}

/** What the check has read, where the files still hold it to the last byte. */
export function* takeKept(given: CsvSource, folder: string): InParts<CsvTables | undefined> {
  const taken = kept;
  kept = undefined;
  if (taken?.source !== sourceOf(given, folder)) return undefined;
  const tables = [taken.table, ...(taken.other === undefined ? [] : [taken.other])];
  try {
    for (const [k, one] of namedIn(given).entries())
      if ((yield* hashFile(locate(one, folder).path)) !== tables[k]!.file.sha256) return undefined;
  } catch {
    // Reading says what is wrong with it.
    return undefined;
  }
  return taken;
}
