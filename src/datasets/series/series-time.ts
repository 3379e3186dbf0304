import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { at } from '../tables/csv-options.ts';
import { timesIn } from '../tables/csv-rows.ts';
import type { DataWarning } from '../dataset.ts';
import { WrongOption } from '../wrong-option.ts';
import { groupsIn } from '../tables/split-columns.ts';
import type { TimeColumns } from './series-options.ts';
import type { Table } from '../tables/table.ts';

/** Rows of a series in their order. */
export interface OrderedRows {
  /** Those of the table: entity after entity, each in the order of time. */
  readonly rows: Uint32Array;
  /** The time of each row of the table: milliseconds, or the column's numbers. */
  readonly times: Float64Array;
  /** Where each entity begins among `rows`, and the end of all. */
  readonly firsts: readonly number[];
  /** What is strange about the order: rows that had to be moved, gaps. */
  readonly warnings: readonly DataWarning[];
}

/** How many times as much as is usual has to lie between two rows to be a gap: months and years differ by less. */
const gap = 1.5;

/**
 * Brings the rows of a table into the order of time.
 *
 * @throws WrongOption where a cell is no time, a row is of no entity, or two rows of one entity have the same time
 */
export function* orderRows(table: Table, { time, entity }: TimeColumns): InParts<OrderedRows> {
  const times = yield* timesIn(table, time, at('time'));
  const entities = entity === undefined ? new Uint32Array(table.count) : yield* groupsIn(table, entity, at('entity'));
  yield;
  const rows = Uint32Array.from({ length: table.count }, (_, row) => row);
  rows.sort((a, b) => entities[a]! - entities[b]! || times[a]! - times[b]! || a - b);
  yield;
  const firsts: number[] = [];
  for (const [k, row] of rows.entries()) if (k === 0 || entities[row] !== entities[rows[k - 1]!]) firsts.push(k);
  firsts.push(rows.length);
  proveOnce(table, { rows, times, entities }, { time, entity });
  const ordered = { rows, times, firsts };
  return { ...ordered, warnings: [...movedRows(table, times, entities, time), ...gapsIn(table, ordered, time)] };
}

/** The cell of a row that says its time, for messages. */
export function timeOfRow(table: Table, row: number, time: string): string {
  return shorten(table.cell(row, table.placeOf(time)!).trim());
}

function proveOnce(
  table: Table,
  { rows, times, entities }: Pick<OrderedRows, 'rows' | 'times'> & { readonly entities: Uint32Array },
  { time, entity }: TimeColumns,
): void {
  const isTwice = (k: number) =>
    k > 0 && entities[rows[k]!] === entities[rows[k - 1]!] && times[rows[k]!] === times[rows[k - 1]!];
  const twice = rows.filter((_, k) => isTwice(k)).length;
  if (twice === 0) return;
  const first = Array.from(rows.keys()).find(isTwice)!;
  const [one, other] = [rows[first - 1]!, rows[first]!];
  const of = entity === undefined ? '' : ` of \`${shorten(table.cell(other, table.placeOf(entity)!).trim())}\``;
  throw new WrongOption(
    at('time'),
    failure(
      'duplicate-time',
      `${table.name}, ${table.spotOf(other)}: ${shorten(time)} is '${timeOfRow(table, other, time)}'${of}, ` +
        `as on ${table.spotOf(one)}${twice === 1 ? '' : `, and so in ${twice - 1} more rows`}`,
      entity === undefined
        ? 'Remove one of the two; where they are of different things, say which column tells them apart: `entity`.'
        : 'Remove one of the two.',
    ),
  );
}

/** Rows that stand behind a later one of their entity. */
function movedRows(table: Table, times: Float64Array, entities: Uint32Array, time: string): readonly DataWarning[] {
  const latest = new Map<number, number>();
  let [count, moved, before] = [0, 0, 0];
  for (let row = 0; row < times.length; row++) {
    const last = latest.get(entities[row]!);
    if (last !== undefined && times[row]! < times[last]!) {
      if (count === 0) [moved, before] = [row, last];
      count++;
    } else latest.set(entities[row]!, row);
  }
  if (count === 0) return [];
  return [
    {
      code: 'unordered-times',
      problem:
        `${count} of ${times.length} rows stand behind later ones; the first is ${table.spotOf(moved)} of ` +
        `${table.name}, ${timeOfRow(table, moved, time)} behind ${timeOfRow(table, before, time)} ` +
        `(${table.spotOf(before)})`,
      hint: `They are taken in the order of \`${shorten(time)}\`.`,
      path: at('time'),
    },
  ];
}

/** Places where more time passes than usual. */
function gapsIn(
  table: Table,
  { rows, times, firsts }: Pick<OrderedRows, 'rows' | 'times' | 'firsts'>,
  time: string,
): readonly DataWarning[] {
  const begins = new Set(firsts);
  const apart = (k: number) => times[rows[k]!]! - times[rows[k - 1]!]!;
  const inside = Uint32Array.from(rows.keys()).filter((k) => !begins.has(k));
  const steps = Float64Array.from(inside, apart).sort();
  const usual = steps[Math.floor(steps.length / 2)];
  const gaps = inside.filter((k) => apart(k) > gap * usual!);
  const [first] = gaps;
  if (first === undefined) return [];
  const [before, behind] = [rows[first - 1]!, rows[first]!];
  return [
    {
      code: 'gaps-in-time',
      problem:
        `${gaps.length === 1 ? 'one gap' : `${gaps.length} gaps`} in the time of ${table.name}, where more than ` +
        `${gap} times the usual lies between two rows: ${gaps.length === 1 ? '' : 'the first '}between ` +
        `${timeOfRow(table, before, time)} (${table.spotOf(before)}) and ` +
        `${timeOfRow(table, behind, time)} (${table.spotOf(behind)})`,
      hint: 'A window counts rows, and reaches over them: add the missing rows, and fill their cells by `prepare`.',
      path: at('time'),
    },
  ];
}
