import type { Diagnostic } from '../base/diagnostics.ts';
import { atOnce } from '../base/turns.ts';
import { columnOf } from './csv-cells.ts';
import type { CsvOptions } from './csv-options.ts';
import { type CsvTable, parseCsv } from './csv-table.ts';
import type { RowReader, TrainedOn } from './dataset.ts';
import { type PreparedColumn, givesNumbers, hasSteps, tableEncoder, wrongValue } from './encode-table.ts';
import { labelsIn, proveGiven } from './given-values.ts';
import { valuesOfColumn } from './preparations/prepared-column.ts';
import { readPrepared } from './prepare-cells.ts';

/** What a model is asked by that learnt from a table: columns by their names, prepared as they were for training. */
export function tableRows(trained: TrainedOn<CsvOptions>): RowReader {
  const { options, targets } = trained;
  const { takes, encode, columns, prepare, unused } = tableEncoder(trained);
  const names = [...columns.keys()];
  return {
    kind: 'table',
    takes,
    encode,
    files: {
      *csv(name, bytes) {
        const file = { name, sha256: '', bytes: bytes.length };
        const table = atOnce(parseCsv({ place: { path: name }, bytes, file }, options.delimiter, options.decimal));
        proveGiven(table.columns, names, name);
        const lines = table.lines();
        const placed = (row: number) => `${name}, line ${lines[row]}`;
        const faults = new Map<number, Diagnostic>();
        const read = new Map<string, Float64Array>();
        for (const one of columns.values()) {
          const { values, wrong } = readColumn(table, one);
          read.set(one.column, values);
          for (const [row, cell] of wrong)
            if (!faults.has(row)) faults.set(row, wrongValue(one, cell, placed(row)).diagnostics[0]!);
        }
        const labels = targets
          .filter((target) => table.placeOf(target.name) !== undefined)
          .map((target) => ({ target, place: table.placeOf(target.name)! }));
        for (let row = 0; row < table.count; row++) {
          const place = { file: name, line: lines[row]! };
          const more = row === 0 ? unused(table.columns, name) : {};
          const fault = faults.get(row);
          if (fault !== undefined) {
            yield { place, fault, ...more };
            continue;
          }
          const said = Object.fromEntries(labels.map(({ target, place: at }) => [target.name, table.cell(row, at)]));
          yield {
            place,
            x: prepare((column) => read.get(column)![row]!),
            ...labelsIn(said, targets, placed(row)),
            ...more,
          };
        }
      },
    },
  };
}

function readColumn(
  table: CsvTable,
  column: PreparedColumn,
): { readonly values: Float64Array; readonly wrong: ReadonlyMap<number, string> } {
  const wrong = new Map<number, string>();
  if (hasSteps(column)) {
    if (column.decimal === ',') table.commas.add(column.column);
    const values = atOnce(readPrepared(table, column, column.fill !== undefined, undefined, wrong));
    const place = table.placeOf(column.column)!;
    const steps = valuesOfColumn(column);
    for (let row = 0; row < values.length; row++)
      if (!wrong.has(row) && !givesNumbers(steps, values[row]!)) wrong.set(row, table.cell(row, place).trim());
    return { values, wrong };
  }
  const isCoded = 'categories' in column;
  if (!isCoded && column.decimal === ',') table.commas.add(column.column);
  return {
    values: atOnce(columnOf(table, column.column, isCoded ? column.categories : undefined, undefined, wrong)),
    wrong,
  };
}
