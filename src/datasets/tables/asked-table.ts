import { dirname } from 'node:path';
import { atOnce } from '../../base/turns.ts';
import { formOf } from './csv-options.ts';
import { parseCsv } from './csv-table.ts';
import type { AskedRow, TargetSpec } from '../dataset.ts';
import { asked, columnsOf, labelsIn, proveGiven } from '../given-values.ts';
import { pathBelow } from '../pictures/picture-table.ts';
import type { Table } from './table.ts';
import { asFile, withPassed } from './table-rows.ts';

/** What reads the pictures that a table names. */
export interface AskedPictures {
  /** The column of their paths. */
  readonly path: string;
  readonly targets: readonly TargetSpec[];
  /** The column that a target is read from, where it is not called so. */
  readonly label?: string;
  /** The values of a picture. @throws UserError where it cannot be used */
  readonly read: (path: string) => Pick<AskedRow, 'x' | 'decode'>;
}

/**
 * The pictures that a table names, row by row, with what it says is right of them. Paths count from its folder.
 *
 * @param name its path
 * @throws UserError where it cannot be read, or has no column of paths
 */
export function tableOfPictures(name: string, bytes: Uint8Array, pictures: AskedPictures): Generator<AskedRow> {
  const csv = { place: { path: name }, ...asFile(name, bytes) };
  return withPassed(name, (passed) => picturesIn(atOnce(parseCsv(csv, formOf({}, name), passed)), name, pictures));
}

function* picturesIn(table: Table, name: string, { path, targets, label, read }: AskedPictures): Generator<AskedRow> {
  proveGiven(table.columns, [path], name);
  const place = table.placeOf(path)!;
  const columns = targets.flatMap((target) =>
    columnsOf(target).flatMap((column) => {
      const found = table.placeOf(label ?? column);
      return found === undefined ? [] : [[column, found] as const];
    }),
  );
  const numbers = table.numbers();
  for (let row = 0; row < table.count; row++) {
    const where = `${name}, line ${numbers[row]!}`;
    yield asked({ file: name, line: numbers[row]! }, () => ({
      ...read(pathBelow(dirname(name), table.cell(row, place).trim(), () => where)),
      ...labelsIn(
        Object.fromEntries(columns.map(([column, at]) => [column, table.cell(row, at).trim()])),
        targets,
        where,
      ),
    }));
  }
}
