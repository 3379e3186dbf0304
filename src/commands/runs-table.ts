import type { WriteStream } from 'node:tty';
import { showDuration, showMeasure } from '../base/quantities.ts';
import { isBound } from '../base/sample-intervals.ts';
import { shorten } from '../base/shorten.ts';
import { canRedraw } from '../base/terminal.ts';
import { displayWidth, makeVisible } from '../base/visible-text.ts';
import type { ListedRun } from '../tracking/recorded-runs.ts';

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
 * Runs as a table. In a terminal it is as wide as that: columns that find no room are left out, and told of.
 *
 * @param wanted metrics and params; left out: all metrics, but for those of the system and bounds of others, and the
 * params that differ
 */
export function runsTable(
  runs: readonly ListedRun[],
  wanted: readonly string[] | undefined,
  stream: Pick<WriteStream, 'isTTY' | 'columns'>,
  note: (text: string) => void,
): string {
  const room = canRedraw(stream) ? stream.columns : Infinity;
  const keys =
    wanted === undefined
      ? [...Object.keys(ownColumns), ...toldMetrics(runs), ...differingParams(runs)]
      : ['run', ...wanted.filter((key) => key !== 'run')];
  const columns = keys.map((name): Column => {
    const own = Object.hasOwn(ownColumns, name) ? ownColumns[name] : undefined;
    const cells = runs.map((run) => (own === undefined ? cellOf(run, name) : ownCell(own, run, room)));
    return { name, cells };
  });
  const widths = columns.map(({ name, cells }) =>
    cells.reduce((most, { text }) => Math.max(most, displayWidth(text)), displayWidth(makeVisible(name))),
  );
  let [count, width] = [0, -gap.length];
  while (count < columns.length && width + gap.length + widths[count]! <= room) width += gap.length + widths[count++]!;
  if (count < columns.length) {
    const left = columns.slice(count).map(({ name }) => makeVisible(shorten(name)));
    const others = left.length > named ? ` and ${left.length - named} more` : '';
    note(`no room for ${left.slice(0, named).join(', ')}${others}: choose with --columns`);
  }
  const shown = columns.slice(0, count);
  const line = (cells: readonly Cell[]) =>
    `${cells
      .map(({ text, isNumber }, k) => {
        const blanks = ' '.repeat(Math.max(0, widths[k]! - displayWidth(text)));
        return isNumber ? blanks + text : text + blanks;
      })
      .join(gap)
      .trimEnd()}\n`;
  const head = shown.map(({ name, cells }) => ({
    text: makeVisible(name),
    isNumber: cells.every(({ text, isNumber }) => isNumber || text === ''),
  }));
  return [line(head), ...runs.map((_, row) => line(shown.map(({ cells }) => cells[row]!)))].join('');
}

const gap = '  ';
/** Columns without room that are named. */
const named = 6;
/** Columns of a terminal that a name, or a param, may take. */
const longestText = 32;

function ownCell({ value, show }: OwnColumn, run: ListedRun, room: number): Cell {
  const text = makeVisible(show === undefined ? String(value(run) ?? '') : show(run));
  return { text: room === Infinity ? text : shorten(text, longestText), isNumber: false };
}

function cellOf(run: ListedRun, key: string): Cell {
  const metric = run.metric(key);
  if (metric !== undefined)
    return { text: Number.isInteger(metric) ? String(metric) : showMeasure(metric), isNumber: true };
  const param = run.param(key) ?? '';
  return { text: shorten(makeVisible(param), longestText), isNumber: param !== '' && !Number.isNaN(Number(param)) };
}

/** The metrics of runs, but for those of the system: what the test tells first, then validation, then the rest. */
export function metricsIn(runs: readonly ListedRun[]): readonly string[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter(
    (name) => !name.startsWith('system/'),
  );
  const rank = (name: string) => ['test_', 'val_', ''].findIndex((prefix) => name.startsWith(prefix));
  return names.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** But for how sure others are: `--columns` shows those. */
function toldMetrics(runs: readonly ListedRun[]): readonly string[] {
  return metricsIn(runs).filter((name) => !isBound(name) && !name.endsWith('_std'));
}

function differingParams(runs: readonly ListedRun[]): readonly string[] {
  // One that evaluates another has trained nothing, so nothing was set for it.
  const trained = runs.filter((run) => run.tag('pipeline.evaluates') === undefined);
  const names = [...new Set(trained.flatMap((run) => Object.keys(run.params)))];
  return names.filter((name) => new Set(trained.map((run) => run.params[name])).size > 1);
}
