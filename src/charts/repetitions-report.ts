import { showDuration, showMeasure } from '../base/quantities.ts';
import { describeRepetitions, summarizeRepetitions } from '../base/repetitions.ts';
import { isBound } from '../base/sample-intervals.ts';
import type { SweepRecord, TrialRecord } from '../base/sweep-results.ts';
import { escape } from './fit-text.ts';
import { renderFigures, renderPage } from './report-page.ts';
import { renderTable, section } from './report-table.ts';
import { drawMeanCurve } from './sweep/mean-curve.ts';

/** Repetitions and folds of a pipeline as one HTML page that needs nothing else. */
export function renderRepetitionsReport(record: SweepRecord): string {
  const about = `<p class="about">${escape(describeRepetitions(summarizeRepetitions(record)))}</p>`;
  const figures = drawMeanCurve(record);
  return renderPage(record.name, about, [
    repetitionsSection(record),
    figures.length === 0 ? '' : renderFigures(figures),
    section('Each run', eachRun(record)),
  ]);
}

/** What repetitions say of each metric. */
function repetitionsSection(record: SweepRecord): string {
  const { folds, finished, metrics } = summarizeRepetitions(record);
  const numeric = ['Mean', 'Std. deviation', '95 % low', '95 % high'].map((title) => ({
    title,
    number: true as const,
  }));
  const rows = metrics.map(({ name, mean, deviation, low, high }) => [
    name,
    ...[mean, deviation, low, high].map(measure),
  ]);
  const how =
    folds === undefined
      ? "The interval is Student's t over the runs."
      : "Runs of folds share most of what they are trained on: the interval is Nadeau and Bengio's, wider than " +
        "Student's t alone.";
  const missing = record.trials.length - finished;
  const left = missing === 0 ? '' : ` ${missing} of ${record.trials.length} did not finish and are not in it.`;
  return section(
    'Over all runs',
    renderTable('Mean and interval of each metric', [{ title: 'Metric' }, ...numeric], rows) +
      `<p class="note">${escape(how + left)}</p>`,
  );
}

function eachRun({ space, trials }: SweepRecord): string {
  const paths = Object.keys(space);
  const metrics = [...new Set(trials.flatMap((trial) => Object.keys(trial.metrics)))].filter((name) => !isBound(name));
  const columns = [
    { title: 'Run' },
    ...[...paths, ...metrics, 'Time'].map((title) => ({ title, number: true as const })),
    { title: 'MLflow run' },
  ];
  return renderTable(
    'Values of each run',
    columns,
    trials.map((trial) => [
      String(trial.number),
      ...paths.map((path) => String(trial.values[path])),
      ...metrics.map((name) => measure(trial.metrics[name] ?? Number.NaN)),
      showDuration(trial.seconds),
      endOf(trial),
    ]),
  );
}

const endOf = ({ state, reason, runId = '–' }: TrialRecord): string =>
  state === 'finished' ? runId : `${state}${reason === undefined ? '' : `: ${reason}`}`;

/** What is missing is a dash. */
const measure = (value: number): string => (Number.isFinite(value) ? showMeasure(value) : '–');
