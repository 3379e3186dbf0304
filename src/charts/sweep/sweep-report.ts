import { showCount, showDuration, showMeasure } from '../../base/quantities.ts';
import { countStates, rankTrials, type ScoredTrial } from '../../base/rank-trials.ts';
import { shorten } from '../../base/shorten.ts';
import type { SweepRecord, TrialRecord } from '../../base/sweep-results.ts';
import { escape } from '../fit-text.ts';
import { renderFigures, renderPage, renderTiles } from '../report-page.ts';
import { renderTable, section } from '../report-table.ts';
import { fewestTrials } from './importance.ts';
import { showRoughly, showValue } from './show-value.ts';
import { sweepFigures } from './sweep-figures.ts';

/**
 * A sweep as one HTML page that needs nothing else: no script, no address, no file. The same record gives the same
 * bytes. Names, values and reasons are plain text and are escaped.
 */
export function writeSweepReport(record: SweepRecord): string {
  const { name, id, search, goal, startTime } = record;
  const started = new Date(startTime).toISOString().slice(0, 16).replace('T', ' ');
  const about =
    `<p class="about">Sweep <code>${escape(id)}</code> to ${goal.direction} ${escape(goal.metric)}, ` +
    `search ${escape(search)}, started ${started} UTC</p>`;
  const figures = sweepFigures(record);
  const ranked = rankTrials(record);
  return renderPage(name, about, [
    tiles(record, ranked),
    best(record, ranked),
    figures.length === 0 ? '' : renderFigures(figures) + tooFew(ranked),
    trialTable(record, ranked),
  ]);
}

function tiles(record: SweepRecord, ranked: readonly ScoredTrial[]): string {
  const { goal, trials, startTime, endTime } = record;
  const winner = ranked[0];
  const states = countStates(trials).map(
    ([state, count]) => [state.charAt(0).toUpperCase() + state.slice(1), showCount(count)] as const,
  );
  return renderTiles([
    [`Best ${goal.metric}`, winner === undefined ? '–' : showMeasure(winner.score)],
    ['Best trial', winner === undefined ? '–' : String(winner.number)],
    ['Trials', showCount(trials.length)],
    ...states,
    ['Time of trials', showDuration(trials.reduce((sum, { seconds }) => sum + seconds, 0))],
    ['Wall time', endTime === undefined ? 'not ended' : showDuration(Math.max(0, endTime - startTime) / 1000)],
  ]);
}

function best({ goal, space, trials }: SweepRecord, [winner]: readonly ScoredTrial[]): string {
  if (winner === undefined) {
    const told =
      trials.length === 0
        ? 'No trial has started yet.'
        : `No trial has a ${goal.metric} that is a number, so there is nothing to draw.`;
    return section('Best values', `<p class="note">${escape(told)}</p>`);
  }
  const rows = Object.keys(space).map((path) => [path, showValue(winner.values[path])]);
  const run = winner.runId === undefined ? '' : `, run <code>${escape(winner.runId)}</code>`;
  return section(
    'Best values',
    `<p class="note">Trial ${winner.number} with ${escape(goal.metric)} ${showMeasure(winner.score)}, ` +
      `${winner.state} after ${showCount(winner.epochs)} ${winner.epochs === 1 ? 'epoch' : 'epochs'}${run}.</p>` +
      renderTable('Values of the best trial', [{ title: 'Parameter' }, { title: 'Value' }], rows),
  );
}

function tooFew(ranked: readonly ScoredTrial[]): string {
  if (ranked.length >= fewestTrials) return '';
  return `\n<p class="note">The importance of parameters is told from ${fewestTrials} trials with a score on.</p>`;
}

/** Rows that are seen at once, and those that the page has at all. */
const open = 20;
const mostRows = 1000;
const longestCell = 80;

function trialTable({ goal, space, trials }: SweepRecord, ranked: readonly ScoredTrial[]): string {
  const scored = new Set<TrialRecord>(ranked);
  const sorted = [...ranked, ...trials.filter((trial) => !scored.has(trial))];
  const columns = [
    { title: 'Trial', number: true as const },
    { title: goal.metric, number: true as const },
    { title: 'State' },
    ...Object.entries(space).map(([title, { kind }]) =>
      kind === 'choice' ? { title } : { title, number: true as const },
    ),
    { title: 'Epochs', number: true as const },
    { title: 'Time', number: true as const },
  ];
  const rows = sorted
    .slice(0, mostRows)
    .map((trial) => [
      String(trial.number),
      trial.score === undefined ? '–' : showMeasure(trial.score),
      trial.reason === undefined ? trial.state : `${trial.state}: ${shorten(trial.reason, 2 * longestCell)}`,
      ...Object.entries(space).map(([path, of]) => shorten(showRoughly(trial.values[path], of), longestCell)),
      showCount(trial.epochs),
      showDuration(trial.seconds),
    ]);
  const rest = rows.slice(open);
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>The other ${showCount(rest.length)}</summary>` +
        `${renderTable('Further trials', columns, rest)}</details>`;
  const missing =
    sorted.length > mostRows
      ? `<p class="note">${showCount(sorted.length - mostRows)} more are left out; <code>pipeline runs --all</code> ` +
        'lists all.</p>'
      : '';
  const note = '<p class="note">The best first, those without a score last.</p>';
  return section(
    'Trials',
    note + renderTable('Trials, the best first', columns, rows.slice(0, open)) + folded + missing,
  );
}
