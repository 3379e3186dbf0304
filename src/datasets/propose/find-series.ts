import { UserError } from '../../base/diagnostics.ts';
import { shareOf } from '../../base/numbers.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { atOnce } from '../../base/turns.ts';
import { columnOf } from '../tables/csv-cells.ts';
import { type OrderedRows, orderRows } from '../series/series-time.ts';
import { divideSeries, naiveForecasts } from '../series/series-windows.ts';
import type { Table } from '../tables/table.ts';
import { isNamedLikeTime } from '../tables/time.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { NaiveForecast } from './proposal.ts';
import { spreadOf } from './spread.ts';

/** A column of numbers whose rows come at even steps of time, and how windows fit it. */
export interface FoundSeries {
  readonly time: string;
  readonly entity?: string;
  /** What shows that the steps are even, and of what there are gaps. */
  readonly because: string;
  readonly window: number;
  readonly horizon: number;
  /** Rows of a season, and what they are. */
  readonly season?: { readonly rows: number; readonly because: string };
  /** The forecasts of who has learnt nothing, the best first. */
  readonly naive: readonly [NaiveForecast, ...NaiveForecast[]];
  /** Whether a value is near the one before: nearer than half of what values are from their mean. */
  readonly isSmooth: boolean;
}

/** Shares of the points in time that the test takes, and of the others those that validate. */
export const seriesShares = { test: 0.2, validation: 0.15 };

/** Finds the time that the rows of a column of numbers come in; undefined where they do not come at even steps. */
export function seriesIn(table: Table, columns: readonly ColumnFacts[], target: string): FoundSeries | undefined {
  const others = columns.filter(({ name, gaps }) => name !== target && gaps === 0);
  for (const { name: time, kind, whole } of others) {
    if (kind !== 'dates' && !(kind === 'numbers' && whole && isNamedLikeTime(time))) continue;
    const found = orderBy(table, time, entitiesAmong(others, time));
    const series =
      found === undefined ? undefined : evenSeries(table, found, { time, target, isDate: kind === 'dates' });
    if (series !== undefined) return series;
  }
  return undefined;
}

/** Rows that an entity has at the least, on average. */
const rowsOfEntity = 20;

/** Columns that may say what a row is of, those of the fewest values first. */
const entitiesAmong = (columns: readonly ColumnFacts[], time: string) =>
  columns
    .filter(
      ({ name, kind, whole, values, count }) =>
        name !== time && (kind === 'texts' || (kind === 'numbers' && whole)) && values.size * rowsOfEntity <= count,
    )
    .sort((a, b) => a.values.size - b.values.size)
    .map(({ name }) => name);

interface Found {
  readonly ordered: OrderedRows;
  readonly entity?: string;
}

/** Rows in their order, by the first column of entities of which none has a time twice. */
function orderBy(table: Table, time: string, entities: readonly string[]): Found | undefined {
  for (const entity of [undefined, ...entities]) {
    try {
      const of = entity === undefined ? {} : { entity };
      return { ordered: atOnce(orderRows(table, { time, ...of })), ...of };
    } catch (error) {
      // No times, or one twice: the next column may tell rows apart.
      if (!(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}

/** The steps from row to row, in the order of their lengths. */
function stepsOf({ rows, times, firsts }: OrderedRows): Float64Array {
  const begins = new Set(firsts);
  return Float64Array.from(rows.keys())
    .filter((k) => !begins.has(k))
    .map((k) => times[rows[k]!]! - times[rows[k - 1]!]!)
    .sort();
}

/** How far steps may be from the usual one: months are of 28 to 31 days. */
const tolerance = 0.15;

/** The share of the steps that have to be even. */
const evenShare = 0.9;

function evenSeries(
  table: Table,
  { ordered, entity }: Found,
  { time, target, isDate }: { readonly time: string; readonly target: string; readonly isDate: boolean },
): FoundSeries | undefined {
  const steps = stepsOf(ordered);
  const usual = steps[steps.length >> 1] ?? 0;
  const even = steps.filter((step) => Math.abs(step - usual) <= tolerance * usual).length;
  if (!(usual > 0) || even < evenShare * steps.length) return undefined;
  const step = isDate ? stepNamed(usual) : { name: String(usual) };
  const points = new Set(ordered.times).size;
  const sizes = sizesFor(points, step.season);
  if (sizes === undefined) return undefined;
  let values: Float64Array;
  try {
    values = atOnce(columnOf(table, target, undefined));
  } catch (error) {
    // The check of the table that is proposed then names the cell.
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
  const naive = naiveOf(table, { ordered, values }, sizes);
  if (naive === undefined) return undefined;
  const gaps = steps.filter((one) => one > 1.5 * usual).length;
  const series = ordered.firsts.length - 1;
  return {
    time,
    ...(entity !== undefined && { entity }),
    because:
      `${showCount(even)} of ${showCount(steps.length)} steps from row to row are ${step.name}` +
      (gaps === 0 ? ', and there is no gap' : `; ${showCount(gaps)} ${gaps === 1 ? 'gap' : 'gaps'}`) +
      (entity === undefined ? '' : `; ${showCount(series)} series by \`${shorten(entity)}\``),
    ...sizes,
    naive,
    isSmooth: isSmooth(ordered, values),
  };
}

const hour = 3_600_000;
const day = 24 * hour;

interface Step {
  readonly name: string;
  readonly season?: { readonly rows: number; readonly because: string };
}

/** Steps by the longest that they may be, in milliseconds, with the season that data at such steps usually has. */
const namedSteps: readonly (readonly [least: number, most: number, name: string, rows: number, of: string])[] = [
  [hour / 6, hour / 6, '10 minutes', 144, 'a day'],
  [hour / 4, hour / 4, '15 minutes', 96, 'a day'],
  [hour / 2, hour / 2, 'half an hour', 48, 'a day'],
  [hour, hour, 'an hour', 24, 'a day'],
  [day, day, 'a day', 7, 'a week'],
  [7 * day, 7 * day, 'a week', 52, 'a year'],
  [28 * day, 31 * day, 'a month', 12, 'a year'],
  [90 * day, 92 * day, 'a quarter', 4, 'a year'],
];

function stepNamed(usual: number): Step {
  const known = namedSteps.find(([least, most]) => usual >= least && usual <= most);
  if (known !== undefined) {
    const [, , name, rows, of] = known;
    return { name, season: { rows, because: `a guess: ${rows} steps of ${name} are ${of}` } };
  }
  if (usual >= 365 * day && usual <= 366 * day) return { name: 'a year' };
  const [unit, name] = [
    [day, 'days'] as const,
    [hour, 'hours'] as const,
    [60_000, 'minutes'] as const,
    [1000, 'seconds'] as const,
  ].find(([one]) => usual >= one) ?? [1, 'milliseconds'];
  return { name: `${Number((usual / unit).toPrecision(4))} ${name}` };
}

type Sizes = Pick<FoundSeries, 'window' | 'horizon' | 'season'>;

/** Rows that a window has without a season. */
const usualWindow = 12;

/** The longest windows of which each part has some; undefined where none fit. @param points in time */
function sizesFor(points: number, season: Step['season']): Sizes | undefined {
  const tested = shareOf(seriesShares.test, points);
  const least = Math.min(tested, shareOf(seriesShares.validation, points - tested));
  const fits = ({ window, horizon }: Sizes) => window + horizon <= least / 1.5;
  const rows = season?.rows ?? 0;
  const seasons = season === undefined || rows > 48 ? [] : [rows <= 12 ? 3 * rows : 2 * rows, rows];
  const next = rows <= 24 ? rows : 1;
  return [
    ...seasons.map((window) => ({ window, horizon: next, season: season! })),
    ...seasons.map((window) => ({ window, horizon: 1, season: season! })),
    ...[usualWindow, 6, 3].map((window) => ({ window, horizon: 1 })),
  ].find(fits);
}

interface Known {
  readonly ordered: OrderedRows;
  readonly values: Float64Array;
}

/** What naive forecasts are off by in the test, the best first; undefined where a part has no window. */
function naiveOf(table: Table, { ordered, values }: Known, sizes: Sizes): FoundSeries['naive'] | undefined {
  const { window, horizon, season } = sizes;
  let starts: Uint32Array;
  try {
    const options = { window, horizon, stride: 1, test: seriesShares.test };
    const division = { validation: seriesShares.validation, name: table.name };
    starts = divideSeries(ordered, options, division).windows.test;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
  const { rows } = ordered;
  const forecasts = naiveForecasts({ window, horizon, season: season?.rows, rows, columns: [values], starts });
  const [first, ...more] = forecasts
    .map(({ name, values: forecast }): NaiveForecast => {
      const of = forecast(0);
      const off = Float64Array.from(of, (value, k) => {
        const start = starts[Math.floor(k / horizon)]!;
        return value - values[rows[start + window + (k % horizon)]!]!;
      });
      const mean = (one: (by: number) => number) => off.reduce((sum, by) => sum + one(by), 0) / off.length;
      return { name, distance: mean(Math.abs), deviation: Math.sqrt(mean((by) => by * by)) };
    })
    .sort((a, b) => a.distance - b.distance);
  return first === undefined ? undefined : [first, ...more];
}

function isSmooth({ rows, firsts }: OrderedRows, values: Float64Array): boolean {
  const begins = new Set(firsts);
  let [sum, count] = [0, 0];
  for (const [k, row] of rows.entries()) {
    if (begins.has(k)) continue;
    sum += Math.abs(values[row]! - values[rows[k - 1]!]!);
    count++;
  }
  return sum / count < spreadOf(values).distance / 2;
}
