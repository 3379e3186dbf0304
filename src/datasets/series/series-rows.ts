import { type Diagnostic, failure, warning } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { type InParts, atOnce } from '../../base/turns.ts';
import { columnOf } from '../tables/csv-cells.ts';
import type { AskedRow, RowReader, TrainedOn } from '../dataset.ts';
import { seriesEncoder } from './encode-series.ts';
import { isNamed, proveGiven } from '../given-values.ts';
import { parseLines } from '../tables/json-lines.ts';
import { parseLine } from '../tables/parse-line.ts';
import type { SeriesOptions } from './series-options.ts';
import { orderRows, timeOfRow } from './series-time.ts';
import { naiveForecasts, startsIn } from './series-windows.ts';
import type { Table } from '../tables/table.ts';
import { asFile, readColumns, tableFiles } from '../tables/table-rows.ts';

/**
 * What a model is asked by that learnt from a series: of a file, the windows that training would make of it, and of
 * each entity the one that ends with its last row, whose forecast is of what nobody knows yet.
 */
export function seriesRows(trained: TrainedOn<SeriesOptions>): RowReader {
  const { options, targets } = trained;
  const { takes, encode, columns, prepare, unused, window, joined } = seriesEncoder(trained);
  const { time, entity, horizon, stride, season } = options;
  const ofTime = [time, ...(entity === undefined ? [] : [entity])];
  return {
    kind: 'series',
    takes,
    encode,
    // A window without one of its rows would be of another time.
    files: tableFiles(options, rowsOf, { needsAll: true }),
    // A window is lists of values; what has none is a row of a table.
    lines: (name, bytes) =>
      areRows(name, bytes)
        ? rowsOf(name, parseLines({ place: { path: name }, ...asFile(name, bytes) }, new Set()))
        : undefined,
  };

  function* rowsOf(name: string, reading: InParts<Table>): Generator<AskedRow> {
    const table = atOnce(reading);
    proveGiven(table.columns, [...new Set([...ofTime, ...columns.keys()])], name);
    const { rows, firsts, warnings } = atOnce(orderRows(table, { time, entity }));
    const { valueOf, faults } = readColumns(table, columns.values(), (row) => `${name}, ${table.spotOf(row)}`);
    const known = targets.map((target) => knownOf(table, target.name));
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
      const each = Array.from(some, (row) => prepare((column) => valueOf(column, row)));
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
        yield {
          ...windowAt(start),
          actual: known.map((target) =>
            hasAll(behind)(target) ? Float64Array.from(behind, (row) => target.values[row]!) : undefined,
          ),
          ...(known.every(hasAll(rows.subarray(start, start + window))) && {
            baselines: naiveForecasts({
              window,
              horizon,
              season,
              rows,
              columns: known.map(({ values }) => values),
              starts: Uint32Array.of(start),
            }),
          }),
          ...more,
        };
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

/** Whether lines of JSON are rows of a table, by the first of them: a window has a list of values for each column. */
function areRows(name: string, bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let [at, line] = [0, 1]; at < text.length; line++) {
    const found = text.indexOf(lineFeed, at);
    const end = found < 0 ? text.length : found;
    const first = text.toString('utf8', at, end);
    at = end + 1;
    if (first.trim() === '') continue;
    const row = parseLine(first, `${name}, line ${line}`);
    return isNamed(row) && !Object.values(row).some((value) => Array.isArray(value));
  }
  return false;
}

const lineFeed = 0x0a;

/** What a table says of a target. */
interface KnownTarget {
  readonly values: Float64Array;
  /** Cells that are no numbers, by their rows. */
  readonly wrong: ReadonlyMap<number, string>;
}

/** What a table says of a target; undefined where it has no such column. */
function knownOf(table: Table, target: string): KnownTarget | undefined {
  if (table.placeOf(target) === undefined) return undefined;
  const wrong = new Map<number, string>();
  return { values: atOnce(columnOf(table, target, undefined, undefined, wrong)), wrong };
}

/** Whether a target is known of each of some rows. */
const hasAll =
  (rows: Uint32Array) =>
  (target: KnownTarget | undefined): target is KnownTarget =>
    target !== undefined && !rows.some((row) => target.wrong.has(row));
