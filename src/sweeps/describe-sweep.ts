import { showCount, showDuration, showMeasure } from '../base/quantities.ts';
import { countStates, rankTrials } from '../base/rank-trials.ts';
import { shorten } from '../base/shorten.ts';
import type { SweepRecord } from '../base/sweep-results.ts';
import { displayWidth, makeVisible } from '../base/visible-text.ts';
import { showRoughly, showValue } from '../charts/sweep/show-value.ts';

const top = 5;
const longestValue = 40;

/**
 * A sweep for the terminal: how many trials there are, the best one's values as they are, and a table of the five best.
 * Whatever names and values hold, the terminal shows it and obeys none of it.
 *
 * @returns lines, each with its end
 */
export function describeSweep(record: SweepRecord): string {
  const { name, goal, space, trials, startTime, endTime } = record;
  const ranked = rankTrials(record);
  const counts = countStates(trials).map(([state, count]) => `${showCount(count)} ${state}`);
  const took = endTime === undefined ? '' : `, ${showDuration(Math.max(0, endTime - startTime) / 1000)}`;
  const all = `${showCount(trials.length)} ${trials.length === 1 ? 'trial' : 'trials'}`;
  const head = `${name}: ${[all, ...counts].join(', ')}${took}`;
  const winner = ranked[0];
  if (winner === undefined) return inLines([head, `no trial has a ${goal.metric}`, ...whyNone(record)]);
  const paths = Object.keys(space);
  const rows = [
    ['trial', goal.metric, 'epochs', ...paths],
    ...ranked
      .slice(0, top)
      .map(({ number, score, epochs, values }) => [
        String(number),
        showMeasure(score),
        String(epochs),
        ...paths.map((path) => shorten(showRoughly(values[path], space[path]), longestValue)),
      ]),
  ];
  return inLines([
    head,
    `best ${goal.metric}: ${showMeasure(winner.score)}, trial ${winner.number}`,
    ...paths.map((path) => `  ${path}: ${showValue(winner.values[path])}`),
    '',
    ...inColumns(rows.map((row) => row.map(makeVisible))),
  ]);
}

/** The reason of the first failed trial, as that is what to mend. */
function whyNone({ trials }: SweepRecord): readonly string[] {
  const failed = trials.find(({ reason }) => reason !== undefined);
  return failed === undefined ? [] : [`trial ${failed.number} ${failed.state}: ${failed.reason}`];
}

const inLines = (lines: readonly string[]) => lines.map((line) => `${makeVisible(line)}\n`).join('');

function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => displayWidth(row[k]!))));
  return rows.map((row) =>
    row
      .map((word, k) => word + ' '.repeat(widths[k]! - displayWidth(word)))
      .join('  ')
      .trimEnd(),
  );
}
