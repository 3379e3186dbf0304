import { type Diagnostic, failure, warning } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import { type InParts, atOnce } from '../base/turns.ts';
import { columnOf } from './csv-cells.ts';
import { formOf } from './csv-options.ts';
import { parseCsv } from './csv-table.ts';
import type { AskedRow, RowReader, TargetSpec, TargetValues, TrainedOn } from './dataset.ts';
import { seriesEncoder } from './encode-series.ts';
import { wrongValue } from './encode-table.ts';
import { proveGiven } from './given-values.ts';
import { parseParquet } from './read-parquet.ts';
import type { SeriesOptions } from './series-options.ts';
import { orderRows, timeOfRow } from './series-time.ts';
import { startsIn } from './series-windows.ts';
import type { Table } from './table.ts';
import { asFile, readColumn } from './table-rows.ts';

/**
 * What a model is asked by that learnt from a series: of a file, the windows that training would make of it, and of
 * each entity the one that ends with its last row, whose forecast is of what nobody knows yet.
 */
export function seriesRows(trained: TrainedOn<SeriesOptions>): RowReader {
  const { options, targets } = trained;
  const { takes, encode, columns, prepare, unused, window, joined } = seriesEncoder(trained);
  const { time, entity, horizon, stride } = options;
  const ofTime = [time, ...(entity === undefined ? [] : [entity])];
  return {
    kind: 'series',
    takes,
    encode,
    files: {
      csv: (name, bytes) =>
        rowsOf(name, parseCsv({ place: { path: name }, ...asFile(name, bytes) }, formOf(options, name))),
      parquet: (name, bytes) => rowsOf(name, parseParquet(asFile(name, bytes))),
    },
  };

  function* rowsOf(name: string, reading: InParts<Table>): Generator<AskedRow> {
    const table = atOnce(reading);
    proveGiven(table.columns, [...new Set([...ofTime, ...columns.keys()])], name);
    const { rows, firsts, warnings } = atOnce(orderRows(table, { time, entity }));
    const faults = new Map<number, Diagnostic>();
    const read = new Map<string, (row: number) => number | string>();
    for (const one of columns.values()) {
      const { valueOf, wrong } = readColumn(table, one);
      read.set(one.column, valueOf);
      for (const [row, cell] of wrong)
        if (!faults.has(row)) faults.set(row, wrongValue(one, cell, `${name}, ${table.spotOf(row)}`).diagnostics[0]!);
    }
    const right = rightIn(table, targets);
    const placeOf = (at: number) => {
      const row = rows[at]!;
      return {
        file: name,
        [table.counted]: table.sampleAt(row).line!,
        ...(entity === undefined ? {} : { entity: table.cell(row, table.placeOf(entity)!).trim() }),
        time: timeOfRow(table, row, time),
      };
    };
    const windowAt = (start: number): Pick<AskedRow, 'place' | 'x' | 'fault'> => {
      const some = rows.subarray(start, start + window);
      const place = placeOf(start + window - 1);
      const wrong = some.find((row) => faults.has(row));
      if (wrong !== undefined) return { place, fault: faults.get(wrong)! };
      const each = Array.from(some, (row) => prepare((column) => read.get(column)!(row)));
      return { place, x: joined(each) };
    };
    const strange = [
      ...warnings.map(({ code, problem, hint }) => warning(code, problem, hint)),
      ...Object.values(
        unused(
          table.columns.filter((column) => !ofTime.includes(column)),
          name,
        ),
      ),
    ];
    let more = toldOf(strange);
    for (let k = 0; k + 1 < firsts.length; k++) {
      const [first, end] = [firsts[k]!, firsts[k + 1]!];
      if (end - first < window) {
        yield { place: placeOf(end - 1), fault: tooShort(table, rows.subarray(first, end), name), ...more };
        more = {};
        continue;
      }
      for (const start of startsIn(first, end, { window, horizon, stride })) {
        const behind = rows.subarray(start + window, start + window + horizon);
        yield { ...windowAt(start), actual: right(behind), ...more };
        more = {};
      }
      yield { ...windowAt(end - window), actual: [], ...more };
      more = {};
    }
  }

  function tooShort(table: Table, rows: Uint32Array, name: string): Diagnostic {
    const of = entity === undefined ? '' : ` of \`${shorten(table.cell(rows[0]!, table.placeOf(entity)!).trim())}\``;
    return failure(
      'series-too-short',
      `${name} has ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${of}, and a window takes ${window}`,
      `The model takes ${takes}: give it those before, too.`,
    ).diagnostics[0]!;
  }
}

/** All that is strange about a file, as one warning. */
function toldOf(strange: readonly Diagnostic[]): Pick<AskedRow, 'warning'> {
  const [first] = strange;
  if (first === undefined) return {};
  return { warning: { ...first, message: strange.map(({ message }) => message).join('; ') } };
}

/** What is right behind a window, target by target. @returns a function of the rows that are forecast */
function rightIn(
  table: Table,
  targets: readonly TargetSpec[],
): (rows: Uint32Array) => readonly (TargetValues | undefined)[] {
  const known = targets.map(({ name }) => {
    if (table.placeOf(name) === undefined) return undefined;
    const wrong = new Map<number, string>();
    return { values: atOnce(columnOf(table, name, undefined, undefined, wrong)), wrong };
  });
  return (rows) =>
    known.map((column) =>
      column === undefined || rows.some((row) => column.wrong.has(row))
        ? undefined
        : Float64Array.from(rows, (row) => column.values[row]!),
    );
}
