import type { WriteStream } from 'node:tty';
import { showDuration, showMeasure } from '../base/quantities.ts';
import { isBound } from '../base/sample-intervals.ts';
import { shorten } from '../base/shorten.ts';
import { canRedraw } from '../base/terminal.ts';
import { cutToWidth, displayWidth, makeVisible } from '../base/visible-text.ts';
import type { ListedRun } from '../tracking/recorded-runs.ts';
import { isSweep } from '../tracking/sweep-tags.ts';
import { type RunRow, goalOf, isAbove, summarizedNames, summaryMetric } from './run-families.ts';

/** A column that every run has. */
interface OwnColumn {
  readonly value: (run: ListedRun) => number | string | undefined;
  readonly show?: (run: ListedRun) => string;
}

/** Columns that stand before metrics and params; by their names, runs are filtered and sorted too. */
export const ownColumns: Readonly<Record<string, OwnColumn>> = {
  run: { value: ({ runId }) => runId, show: ({ runId }) => runId.slice(0, 8) },
  name: { value: ({ name }) => name },
  state: { value: ({ state }) => state },
  started: { value: ({ startTime }) => startTime, show: ({ startTime }) => localTime(startTime) },
  duration: {
    value: (run) => secondsOf(run),
    show: (run) => {
      const seconds = secondsOf(run);
      return seconds === undefined ? '' : showDuration(seconds);
    },
  },
};

/** How long a run took; undefined while it goes on. */
export function secondsOf({ startTime, endTime }: ListedRun): number | undefined {
  return endTime === undefined ? undefined : Math.max(0, endTime - startTime) / 1000;
}

/** A run as `--json` has it. */
export function toJson(run: ListedRun): object {
  const { runId, name, experimentId, state, startTime, endTime, metrics, params } = run;
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    runId,
    name,
    experimentId,
    state,
    startTime: time(startTime),
    endTime: time(endTime),
    seconds: secondsOf(run) ?? null,
    file: run.tag('mlflow.source.name') ?? null,
    evaluates: run.tag('pipeline.evaluates') ?? null,
    parent: run.tag('mlflow.parentRunId') ?? null,
    metrics,
    params,
  };
}

function localTime(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** A cell, and whether it is a number, which stands at the right. */
interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
}

/**
 * Runs as a table. In a terminal it is as wide as that: columns that find no room are left out, and told of. Which run
 * it is, its state and the first metric, of sweeps their goal's, are the last to go.
 *
 * @param wanted metrics and params; left out: all metrics, but for those of the system and bounds of others, and the
 * params that differ
 */
export function runsTable(
  rows: readonly RunRow[],
  wanted: readonly string[] | undefined,
  stream: Pick<WriteStream, 'isTTY' | 'columns'>,
  note: (text: string) => void,
): string {
  const room = canRedraw(stream) ? stream.columns : Infinity;
  const runs = rows.map(({ run }) => run);
  const metrics = wanted === undefined ? toldMetrics(runs) : [];
  const keys =
    wanted === undefined
      ? [...Object.keys(ownColumns), ...metrics, ...differingParams(runs)]
      : ['run', ...wanted.filter((key) => key !== 'run')];
  const last = wanted === undefined ? ['run', 'state', ...metrics.slice(0, 1)] : keys.slice(0, 1);
  const { shown, left } = fitted(
    keys.map((name) => columnOf(name, rows)),
    { last, room },
  );
  if (left.length > 0) {
    const names = left.slice(0, named).map((name) => makeVisible(shorten(name)));
    const others = left.length > named ? ` and ${left.length - named} more` : '';
    note(`no room for ${names.join(', ')}${others}: choose with --columns`);
  }
  const line = (cells: readonly Cell[]) =>
    `${cells
      .map(({ text, isNumber }, k) => {
        const blanks = ' '.repeat(Math.max(0, widthOf(shown[k]!) - displayWidth(text)));
        return isNumber ? blanks + text : text + blanks;
      })
      .join(gap)
      .trimEnd()}\n`;
  const head = shown.map(({ name, cells }) => ({
    text: makeVisible(name),
    isNumber: cells.every(({ text, isNumber }) => isNumber || text === ''),
  }));
  return [line(head), ...rows.map((_, row) => line(shown.map(({ cells }) => cells[row]!)))].join('');
}

const gap = '  ';
/** Columns without room that are named. */
const named = 6;
/** Columns of a terminal that a name, or a param, may take, and the least of a name that tells anything. */
const [longestText, shortestName] = [32, 4];

function columnOf(name: string, rows: readonly RunRow[]): Column {
  const own = Object.hasOwn(ownColumns, name) ? ownColumns[name] : undefined;
  const cells = rows.map((row): Cell => {
    if (own === undefined) return cellOf(row.run, name);
    const text = makeVisible(own.show === undefined ? String(own.value(row.run) ?? '') : own.show(row.run));
    return { text: name === 'name' ? nameIn(row, text) : text, isNumber: false };
  });
  return { name, cells };
}

function nameIn({ run, count, isIndented }: RunRow, name: string): string {
  const what = isSweep(run) ? 'trial' : 'run';
  return `${isIndented ? '  ' : ''}${name}${count === 0 ? '' : ` (${count} ${what}${count === 1 ? '' : 's'})`}`;
}

const widthOf = ({ name, cells }: Column) =>
  cells.reduce((most, { text }) => Math.max(most, displayWidth(text)), displayWidth(makeVisible(name)));

/** As many columns as there is room for, names cut short; those that go `last`, and the name, have theirs first. */
function fitted(
  columns: readonly Column[],
  { last, room }: { readonly last: readonly string[]; readonly room: number },
): { readonly shown: readonly Column[]; readonly left: readonly string[] } {
  if (room === Infinity) return { shown: columns, left: [] };
  const kept = new Set<Column>();
  let free = room + gap.length;
  const take = (column: Column): boolean => {
    const width = gap.length + widthOf(column);
    if (width > free) return false;
    free -= width;
    kept.add(column);
    return true;
  };
  columns.filter(({ name }) => last.includes(name)).forEach(take);
  const cut = columns.map((column) => {
    const most = column.name === 'name' ? Math.min(longestText, Math.floor(room / 3), free - gap.length) : longestText;
    if (kept.has(column) || most < shortestName) return column;
    const short = { ...column, cells: column.cells.map((cell) => ({ ...cell, text: cutToWidth(cell.text, most) })) };
    if (column.name === 'name') take(short);
    return short;
  });
  let isFull = false;
  for (const column of cut) if (!kept.has(column) && !isFull) isFull = !take(column);
  return { shown: cut.filter((column) => kept.has(column)), left: cut.flatMap((c) => (kept.has(c) ? [] : [c.name])) };
}

function cellOf(run: ListedRun, key: string): Cell {
  const metric = run.metric(key) ?? summaryMetric(run, key);
  if (metric !== undefined)
    return { text: Number.isInteger(metric) ? String(metric) : showMeasure(metric), isNumber: true };
  const param = run.param(key) ?? '';
  return { text: cutToWidth(makeVisible(param), longestText), isNumber: param !== '' && !Number.isNaN(Number(param)) };
}

/** The metrics of runs, but for those of the system: what the test tells first, then validation, then the rest. */
export function metricsIn(runs: readonly ListedRun[]): readonly string[] {
  return inRank(runs.flatMap((run) => Object.keys(run.metrics)));
}

function inRank(metrics: readonly string[]): readonly string[] {
  const names = [...new Set(metrics)].filter((name) => !name.startsWith('system/'));
  const rank = (name: string) => ['test_', 'val_', ''].findIndex((prefix) => name.startsWith(prefix));
  return names.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** Goals of sweeps first; without how sure others are: `--columns` shows that. */
function toldMetrics(runs: readonly ListedRun[]): readonly string[] {
  const names = inRank(runs.flatMap(summarizedNames)).filter((name) => !isBound(name) && !name.endsWith('_std'));
  const goals = new Set(runs.flatMap((run) => goalOf(run) ?? []));
  return [...names.filter((name) => goals.has(name)), ...names.filter((name) => !goals.has(name))];
}

function differingParams(runs: readonly ListedRun[]): readonly string[] {
  // One that evaluates another, or stands above others, has trained nothing, so nothing was set for it.
  const trained = runs.filter((run) => run.tag('pipeline.evaluates') === undefined && !isAbove(run));
  const names = [...new Set(trained.flatMap((run) => Object.keys(run.params)))];
  const differing = names.filter((name) => new Set(trained.map((run) => run.params[name])).size > 1);
  const isMetric = new Set(trained.flatMap((run) => Object.keys(run.metrics)));
  // A trial says its values by their paths, too.
  const isToldBefore = (name: string) => {
    const short = name.slice(name.lastIndexOf('.') + 1);
    return (
      short !== name && trained.every(({ params }) => params[name] === undefined || params[name] === params[short])
    );
  };
  // Under the name of a metric stands the metric.
  return differing.filter((name) => !isMetric.has(name) && !isToldBefore(name));
}
