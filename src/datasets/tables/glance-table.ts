import { isMisfit } from '../../base/row.ts';
import type { InParts } from '../../base/turns.ts';
import { type CsvTables, pathsOf, readTables } from './csv-files.ts';
import type { WrittenCsvOptions } from './csv-options.ts';
import type { DatasetSpec } from '../dataset.ts';
import { isLarge, largeBytes } from '../glance.ts';
import { isSettled } from './from-data.ts';
import { hasTexts } from './prepare-texts.ts';
import { type SplitOptions, testSize } from '../splits/split.ts';
import { surveyTables } from './survey-csv.ts';
import type { TableFormat } from './table.ts';

/** Bytes of the head of each of many files, at least. */
const leastHead = 1 << 14;

/** Why a table has to be read as a whole, in words. */
export function whyWhole(given: WrittenCsvOptions): string {
  return hasTexts(given) ? 'its words or characters are counted' : 'its head alone does not tell enough';
}

/** The first rows of large files. */
export interface Heads {
  readonly tables: CsvTables;
  /** As many as there would be of what there is some of in the heads: an estimate. */
  readonly inAll: (count: number) => number;
}

/**
 * Reads the heads of large files.
 *
 * @returns undefined where that is not enough: the files are small, or something is taken from all rows
 * @throws UserError of a mistake in the heads, which may be none once all is read
 */
export function* headsOf(given: WrittenCsvOptions, folder: string, format: TableFormat): InParts<Heads | undefined> {
  if (!isSettled(given) || hasTexts(given)) return undefined;
  const paths = pathsOf(given, folder);
  if (!paths.some(isLarge)) return undefined;
  const each = Math.max(leastHead, largeBytes / paths.length);
  let [seen, all] = [0, 0];
  const tables = yield* readTables(given, folder, {
    ...format,
    *read(place, options, room) {
      const head = yield* format.readHead(place, each, options);
      const { table, share } = head ?? { table: yield* format.read(place, options, room), share: 1 };
      seen += table.count;
      all += table.count / share;
      return table;
    },
  });
  return { tables, inAll: (count) => Math.round((count * all) / Math.max(1, seen)) };
}

/**
 * What the heads of large files tell of a table; how many rows it has is an estimate.
 *
 * @returns undefined as headsOf, and where they tell of something that all rows may have right
 * @throws UserError as headsOf
 */
export function* glanceAt(
  given: WrittenCsvOptions,
  folder: string,
  split: SplitOptions | undefined,
  format: TableFormat,
): InParts<DatasetSpec | undefined> {
  const heads = yield* headsOf(given, folder, format);
  if (heads === undefined || !isSettled(given)) return undefined;
  const { tables, inAll } = heads;
  const spec = yield* surveyTables(given, tables, split === undefined ? {} : { split });
  if (isMisfit(spec)) return undefined;
  const divided = inAll(tables.table.count);
  const tested =
    tables.other === undefined ? testSize(Number(given.test), divided, split?.fold) : inAll(tables.other.count);
  return { ...spec, count: { train: tables.other === undefined ? divided - tested : divided, test: tested } };
}
