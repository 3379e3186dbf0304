import type { InParts } from '../../base/turns.ts';
import { type DataFile, type DataPlace, nameOf } from '../files/data-file.ts';
import { inLargeFile } from '../files/large-file.ts';
import { readPart } from '../files/read-bytes.ts';
import type { Table, TableHead } from './table.ts';
import { glanceInto, isPacked } from '../files/unpack-gzip.ts';

const lineFeed = 0x0a;

/** The whole lines that a file begins with, unpacked. */
interface FirstLines {
  readonly place: DataPlace;
  readonly bytes: Uint8Array;
  readonly file: DataFile;
}

/** As `readHead` of a format of tables whose rows are lines. @param read reads lines */
export function* headOfLines(
  place: DataPlace,
  bytes: number,
  read: (lines: FirstLines) => InParts<Table>,
): InParts<TableHead | undefined> {
  const head = yield* inLargeFile(place.path, bytes, function* (file, size) {
    yield;
    const begin = readPart(file, 0, bytes);
    return isPacked(begin) ? glanceInto(begin, readPart(file, size - 4, 4)) : { begin, length: size };
  });
  const end = head?.begin.subarray(0, bytes).lastIndexOf(lineFeed) ?? -1;
  if (head === undefined || end < 0) return undefined;
  const lines = head.begin.subarray(0, end + 1);
  const file = { name: nameOf(place), sha256: '', bytes: lines.length };
  return { table: yield* read({ place, bytes: lines, file }), share: lines.length / head.length };
}
