import type { InParts } from '../../base/turns.ts';
import { listed } from '../findings/data-warnings.ts';
import type { DataWarning } from '../dataset.ts';
import { fitScale } from '../scale.ts';
import type { Table } from './table.ts';
import { isCalendarNumber, isDate, isNamedLikeTime, timeOf, timeOfOther } from './time.ts';

/** What is found in a column that is learnt from. */
export type Finding = readonly [
  code: 'constant-column' | 'row-number-column' | 'category-without-samples',
  what: string,
];

/** What a column of numbers is, beside numbers. */
export function* findInNumbers(
  table: Table,
  column: string,
  {
    numbers,
    trained,
    isOnly,
  }: { readonly numbers: Float64Array; readonly trained: Uint32Array; readonly isOnly: boolean },
): Generator<Finding> {
  if (fitScale(numbers, trained).isConstant)
    yield ['constant-column', `${calledIn(table, column)} (${numbers[trained[0]!]})`];
  else if (!isOnly && countsRows(column, numbers))
    yield ['row-number-column', `${calledIn(table, column)} (${numbers[0]}, ${numbers[1]}, ... ${numbers.at(-1)})`];
}

/** The categories that no row trained on has. */
export function* findInCategories(
  table: Table,
  { column, categories }: { readonly column: string; readonly categories: readonly string[] },
  { indices, trained }: { readonly indices: Float64Array; readonly trained: Uint32Array },
): Generator<Finding> {
  const seen = new Uint8Array(categories.length);
  for (const row of trained) seen[indices[row]!] = 1;
  for (const [k, category] of categories.entries())
    if (seen[k] === 0) yield ['category-without-samples', `\`${category.slice(0, 60)}\` of ${calledIn(table, column)}`];
}

/** One warning for each kind of finding. @param trained how many rows are trained on */
export function warningsOf(findings: readonly Finding[], trained: number): readonly DataWarning[] {
  const path = ['source', 'csv', 'features'];
  const kinds = {
    'constant-column': (which: string, isOne: boolean) => ({
      problem: `${which} ${isOne ? 'is' : 'are'} constant in the ${trained} rows trained on`,
      hint: 'Nothing can be learnt from it: leave it out of `features`.',
      path,
    }),
    'row-number-column': (which: string, isOne: boolean) => ({
      problem: `${which} only ${isOne ? 'counts' : 'count'} the rows`,
      hint:
        'A new row has a number that was never trained on: leave it out of `features`; ' +
        'pandas writes none with `index=False`.',
      path,
    }),
    'category-without-samples': (which: string, isOne: boolean) => ({
      problem: `none of the ${trained} rows trained on has the ${isOne ? 'category' : 'categories'} ${which}`,
      hint:
        'What is never seen in training is never learnt: ' +
        'add rows with it, or take it out of `categories` where it cannot occur.',
      path: ['source', 'csv', 'categories'],
    }),
  };
  return (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((code) => {
    const which = findings.filter(([kind]) => kind === code).map(([, what]) => what);
    return which.length === 0 ? [] : [{ code, ...kinds[code](listed(which), which.length === 1) }];
  });
}

/** Rows by whose hash columns are chosen that all are read of. */
const glance = 64;

/** The targets among the columns that are learnt from, by name or by what stands in them. */
export function* targetsAmong(
  table: Table,
  features: readonly string[],
  targets: readonly string[],
): InParts<readonly DataWarning[]> {
  const predicted = new Set(targets);
  const byStart = groupBy(targets, (target) => hashOf(table, target, glance));
  const byWhole = new Map<readonly string[], ReadonlyMap<number, readonly string[]>>();
  const copies: (readonly [feature: string, target: string])[] = [];
  for (const feature of features) {
    yield;
    const alike = predicted.has(feature) ? undefined : byStart.get(hashOf(table, feature, glance));
    if (alike === undefined) continue;
    if (!byWhole.has(alike))
      byWhole.set(
        alike,
        groupBy(alike, (target) => hashOf(table, target, table.count)),
      );
    yield;
    const target = byWhole
      .get(alike)!
      .get(hashOf(table, feature, table.count))
      ?.find((one) => everyRow(table, (row) => valueAt(table, row, feature) === valueAt(table, row, one)));
    if (target !== undefined && !everyRow(table, (row) => valueAt(table, row, target) === valueAt(table, 0, target)))
      copies.push([feature, target]);
  }
  const named = features.filter((feature) => predicted.has(feature)).map((feature) => `\`${feature.slice(0, 60)}\``);
  const problems: string[] = [];
  if (named.length > 0)
    problems.push(
      `${listed(named)} ${named.length === 1 ? 'is predicted from itself' : 'are predicted from themselves'}`,
    );
  const shown = copies.map(([feature, target]) => [calledIn(table, feature), `\`${target.slice(0, 60)}\``] as const);
  const [first, second] = shown;
  if (second !== undefined)
    problems.push(
      `${copies.length} columns that are learnt from are the same as one that is predicted ` +
        `in all ${table.count} rows: ` +
        listed(shown.map(([feature, target]) => `${feature} as ${target}`)),
    );
  else if (first !== undefined)
    problems.push(`${first[0]} is the same as ${first[1]} in all ${table.count} rows, which is predicted from it`);
  return problems.map((problem) => ({
    code: 'target-as-feature',
    problem,
    hint: 'Nobody has it for a new row: leave it out of `features`.',
    path: ['source', 'csv', 'features'],
  }));
}

function groupBy(columns: readonly string[], key: (column: string) => number): ReadonlyMap<number, readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const column of columns) {
    const own = key(column);
    const group = groups.get(own);
    if (group === undefined) groups.set(own, [column]);
    else group.push(column);
  }
  return groups;
}

function valueAt(table: Table, row: number, column: string): string {
  const cell = table.cell(row, table.placeOf(column)!).trim();
  return cell === '' || Number.isNaN(Number(cell)) ? cell : String(Number(cell));
}

/** Columns that are equal in the first rows have it in common. */
function hashOf(table: Table, column: string, rows: number): number {
  let hash = 0;
  for (let row = 0; row < Math.min(rows, table.count); row++) {
    const value = valueAt(table, row, column);
    for (let k = 0; k < value.length; k++) hash = Math.imul(hash ^ value.charCodeAt(k), 16_777_619);
    hash = Math.imul(hash ^ 0xff, 16_777_619);
  }
  return hash;
}

/**
 * pandas' index has no name, and keeps its numbers when rows are shuffled or taken out; quantities may count, too, and
 * are called otherwise.
 */
function countsRows(column: string, numbers: Float64Array): boolean {
  if (numbers.length < 3 || !numbers.every(Number.isInteger)) return false;
  if (/^(unnamed: ?\d+)?$/i.test(column)) return new Set(numbers).size === numbers.length;
  if (/^(index|idx|level_\d+)$/i.test(column))
    return (
      numbers.every((value) => value >= 0 && value <= 1.5 * numbers.length) && new Set(numbers).size === numbers.length
    );
  if (
    !/(^|[^a-z])(id|nr|no|row)\.?$|^(rowid|rownames|row[ _.-]?number|#)$/i.test(
      column.replaceAll(/([a-z])([A-Z])/g, '$1 $2'),
    )
  )
    return false;
  return numbers.length >= 10 && numbers.every((value, row) => value === numbers[0]! + row);
}

/**
 * What speaks for rows in the order of time: dates that never go back or are the time of the rows by their name, a
 * number named like a time that rises as clocks do, or windows that slide over a series.
 */
export function timeEvidence(table: Table, targets: readonly string[]): string | undefined {
  const dates = datesIn(table);
  const inOrder =
    dates.find(({ times }) => goesOneWay(times)) ??
    (dates.length === 1 && isNamedLikeTime(dates[0]!.column) ? dates[0] : undefined);
  const range = (place: number) => `(${table.cell(0, place).trim()} to ${table.cell(table.count - 1, place).trim()})`;
  if (inOrder !== undefined) return `\`${inOrder.column}\` holds dates ${range(inOrder.place)}`;
  for (const [place, column] of table.columns.entries()) {
    const rises = targets.includes(column) ? undefined : risesLikeTime(table, place);
    if (rises !== undefined) return `\`${column}\` ${rises} ${range(place)}`;
    for (const [later, between, before] of [
      [place - 2, place - 1, place],
      [place, place - 1, place - 2],
    ] as const) {
      if (place > 1 && slides(table, later, between) && slides(table, between, before))
        return (
          `\`${table.columns[later]}\` of each row is \`${table.columns[between]}\` of the one before: ` +
          'they are windows that slide over one series'
        );
    }
  }
  return undefined;
}

interface DateColumn {
  readonly place: number;
  readonly column: string;
  /** Of each row. */
  readonly times: Float64Array;
}

/** The columns of dates, less those of births, which rows are sorted by, but do not happen at. */
function datesIn(table: Table): readonly DateColumn[] {
  return [...table.columns.entries()].flatMap(([place, column]) => {
    if (/birth|born|^dob$/i.test(column) || !isDate(table.cell(0, place).trim())) return [];
    const read = [
      timeOf,
      (cell: string) => timeOfOther(cell, 'day'),
      (cell: string) => timeOfOther(cell, 'month'),
    ].flatMap((reader) => timesOf(table, place, reader));
    const times = read.find(goesOneWay) ?? read[0];
    return times === undefined ? [] : [{ place, column, times }];
  });
}

/** The times of all rows; nothing where a cell cannot be read as one. */
function timesOf(table: Table, place: number, reader: (cell: string) => number | undefined): readonly Float64Array[] {
  const times = new Float64Array(table.count);
  const areDates = everyRow(table, (row) => {
    const time = reader(table.cell(row, place).trim());
    times[row] = time ?? Number.NaN;
    return time !== undefined;
  });
  return areDates ? [times] : [];
}

/** Whether times never fall or never rise, other than by chance. */
function goesOneWay(times: Float64Array): boolean {
  let [rises, falls] = [0, 0];
  for (let row = 1; row < times.length; row++) {
    if (times[row]! > times[row - 1]!) rises++;
    else if (times[row]! < times[row - 1]!) falls++;
  }
  return Math.min(rises, falls) === 0 && rises + falls >= 5;
}

/**
 * What a number called like a time does from row to row, where it never falls, and rises in nearly equal steps or looks
 * like a date: what was sorted by a duration does neither.
 */
function risesLikeTime(table: Table, place: number): string | undefined {
  const column = table.columns[place]!;
  if (table.count < 10 || !isNamedLikeTime(column)) return undefined;
  const steps = new Float64Array(table.count - 1);
  let areDates = true;
  let before = Number.NaN;
  for (let row = 0; row < table.count; row++) {
    const value = Number(table.cell(row, place).trim() || Number.NaN);
    if (Number.isNaN(value) || value < before) return undefined;
    if (row > 0) steps[row - 1] = value - before;
    areDates &&= isCalendarNumber(value, column);
    before = value;
  }
  const median = steps.toSorted()[steps.length >> 1]!;
  const neverFalls = 'never falls from row to row';
  if (areDates) return steps.filter((step) => step > 0).length >= 5 ? neverFalls : undefined;
  if (median <= 0 || steps.filter((step) => Math.abs(step - median) <= median / 4).length < 0.9 * steps.length)
    return undefined;
  return steps.every((step) => step === 1)
    ? 'rises by 1 in each row, as a clock or a count of the rows does'
    : neverFalls;
}

/** Says that rows in the order of time are divided as if they had none. @param parts those that are drawn from them */
export function timeAtRandom(evidence: string, parts: readonly string[]): DataWarning {
  return {
    code: 'time-at-random',
    problem:
      `${evidence}, and the rows of ${parts.join(' and ')} are drawn at random: ` +
      'each then has neighbours in time that were trained on, which what is to come has not',
    hint:
      'Set `data.split.order` to the column of the time, or to `time` where the rows stand in its order: ' +
      'the last ones are then held back.',
    path: ['split'],
  };
}

/** Whether a column has in each row what the other had in the row before. */
function slides(table: Table, later: number, before: number): boolean {
  if (table.count < 10) return false;
  const values = new Set<string>();
  return (
    everyRow(table, (row) => {
      if (row > 0 && table.cell(row, later) !== table.cell(row - 1, before)) return false;
      if (values.size < 5) values.add(table.cell(row, before));
      return true;
    }) && values.size === 5
  );
}

/** Where the only dates go back, though the rows are said to stand in the order of time. */
export function wrongOrder(table: Table): DataWarning | undefined {
  const [dates, ...more] = datesIn(table);
  if (
    dates === undefined ||
    more.length > 0 ||
    timeOf(table.cell(0, dates.place).trim()) === undefined ||
    table.columns.some((_, place) => risesLikeTime(table, place) !== undefined)
  )
    return undefined;
  const { place, column, times } = dates;
  const row = times.findIndex((time, at) => at > 0 && time < times[at - 1]!);
  if (row < 0) return undefined;
  return {
    code: 'not-in-order',
    problem:
      `the rows are said to stand in the order of time, but ${table.name}, ${table.spotOf(row)}: ` +
      `\`${column}\` goes back from ${table.cell(row - 1, place).trim()} to ${table.cell(row, place).trim()}`,
    hint: `Where it is the time of the rows, \`order: ${column}\` sorts them.`,
    path: ['split', 'order'],
  };
}

function everyRow({ count }: Table, holds: (row: number) => boolean): boolean {
  for (let row = 0; row < count; row++) if (!holds(row)) return false;
  return count > 2;
}

function calledIn({ columns }: Table, column: string): string {
  return column === '' ? `the nameless column ${columns.indexOf('') + 1}` : `\`${column.slice(0, 60)}\``;
}
