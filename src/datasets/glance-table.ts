import { closeSync, fstatSync } from 'node:fs';
import { shareOf } from '../base/numbers.ts';
import { isMisfit } from '../base/row.ts';
import { openFile } from '../base/read-file.ts';
import type { InParts } from '../base/turns.ts';
import { pathsOf, readTables } from './csv-files.ts';
import type { WrittenCsvOptions } from './csv-options.ts';
import { type DataPlace, nameOf } from './data-file.ts';
import type { DatasetSpec } from './dataset.ts';
import { isLarge, largeBytes } from './glance.ts';
import { isSettled } from './from-data.ts';
import { hasTexts } from './prepare-texts.ts';
import { readPart } from './read-bytes.ts';
import type { SplitOptions } from './split.ts';
import { surveyTables } from './survey-csv.ts';
import type { TableFormat, TableHead } from './table.ts';
import { glanceInto, isPacked } from './unpack-gzip.ts';

/** Bytes of the head of each of many files, at least. */
const leastHead = 1 << 14;

/** Why a table has to be read as a whole, in words. */
export function whyWhole(given: WrittenCsvOptions, { name, readHead }: TableFormat): string {
  if (hasTexts(given)) return 'its words or characters are counted';
  return readHead === undefined ? `a file of ${name} is unpacked as a whole` : 'its head alone does not tell enough';
}

/**
 * What the heads of large files tell of a table; how many rows it has is an estimate.
 *
 * @returns undefined where that is not enough: the files are small, or something is taken from all rows
 * @throws UserError of a mistake in the heads, which may be none once all is read
 */
export function* glanceAt(
  given: WrittenCsvOptions,
  folder: string,
  split: SplitOptions | undefined,
  format: TableFormat,
): InParts<DatasetSpec | undefined> {
  const { readHead } = format;
  if (readHead === undefined || !isSettled(given) || hasTexts(given)) return undefined;
  const paths = pathsOf(given, folder);
  if (!paths.some(isLarge)) return undefined;
  const each = Math.max(leastHead, largeBytes / paths.length);
  let [seen, all] = [0, 0];
  const tables = yield* readTables(given, folder, {
    name: format.name,
    *read(place, options) {
      const head = headOf(place, each);
      if (head === undefined) return yield* format.read(place, options);
      seen += head.bytes.length;
      all += head.total;
      return yield* readHead(head, options);
    },
  });
  const spec = yield* surveyTables(given, tables, split === undefined ? {} : { split });
  if (isMisfit(spec)) return undefined;
  const rows = (count: number) => Math.round((count * all) / Math.max(1, seen));
  const divided = rows(tables.table.count);
  const tested = tables.other === undefined ? shareOf(Number(given.test), divided) : rows(tables.other.count);
  return { ...spec, count: { train: tables.other === undefined ? divided - tested : divided, test: tested } };
}

/** The whole lines that a file begins with, and the bytes that all have; undefined where it has to be read. */
function headOf(place: DataPlace, bytes: number): (TableHead & { readonly total: number }) | undefined {
  const head = unpackedHead(place, bytes);
  const end = head?.begin.subarray(0, bytes).lastIndexOf(lineFeed) ?? -1;
  if (head === undefined || end < 0) return undefined;
  const lines = head.begin.subarray(0, end + 1);
  return { place, bytes: lines, file: { name: nameOf(place), sha256: '', bytes: lines.length }, total: head.length };
}

const lineFeed = 0x0a;

function unpackedHead(place: DataPlace, bytes: number): ReturnType<typeof glanceInto> {
  let file: number;
  try {
    file = openFile(place.path);
  } catch {
    // Reading it says why.
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    if (size <= bytes) return undefined;
    const begin = readPart(file, 0, bytes);
    return isPacked(begin) ? glanceInto(begin, readPart(file, size - 4, 4)) : { begin, length: size };
  } finally {
    closeSync(file);
  }
}
