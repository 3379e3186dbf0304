import { relative } from 'node:path';
import type { Emit, RunEvent } from '../base/events.ts';
import { showMeasure } from '../base/quantities.ts';
import { type Repetitions, describeRepetitions } from '../base/repetitions.ts';
import { uiCommand } from '../base/ui-command.ts';
import { makeVisible } from '../base/visible-text.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { type RepetitionSpace, countTrainings } from '../run/repetition-points.ts';
import { type RunRequest, runPipeline } from '../run/run-pipeline.ts';
import { type RepetitionsOutcome, runRepetitions, unfinishedRepetitions } from '../sweeps/run-repetitions.ts';
import { chooseRunView } from './choose-run-view.ts';

/** A file that repeats itself, and how its runs are shown. */
interface Repeated {
  readonly space: RepetitionSpace;
  readonly json: boolean;
  /** What each run is asked for, beside what it trains. */
  readonly request: Omit<RunRequest, 'trial'>;
  /** Told of all that happens in each run, beside what shows it. */
  readonly listen: Emit;
  readonly whereRecorded: (run: Pick<RepetitionsOutcome, 'runId' | 'serverRunId'>) => string;
  /** The command that goes on. */
  readonly again: string;
}

/** Trains a file with each seed and fold, each shown as a run of its own, and tells what all of them say. */
export async function runRepeated({ space, json, request, listen, whereRecorded, again }: Repeated): Promise<void> {
  const { checked, tracker, name, emit: _, ...rest } = request;
  const outcome = await runRepetitions({
    checked,
    space,
    tracker,
    ...(name !== undefined && { name }),
    emit: request.emit,
    signal: request.signal,
    train: async (one: CheckedPipeline, parentRunId: string, place: string) => {
      if (!json) process.stdout.write(`\ntraining ${place}\n`);
      const view = chooseRunView({ json });
      const emit = (event: RunEvent): void => {
        listen(event);
        view.emit(event);
      };
      try {
        // Each leaves what listens to its signal.
        const signal = AbortSignal.any([request.signal]);
        return await runPipeline({ ...rest, tracker, checked: one, parentRunId, emit, signal });
      } finally {
        await view.close();
      }
    },
  });
  const { status, runId, summary, artifactDirectory } = outcome;
  if (json) process.stdout.write(`${JSON.stringify(toJson(outcome))}\n`);
  else {
    const inside = relative('.', artifactDirectory);
    const folder = inside.startsWith('..') ? artifactDirectory : inside;
    process.stdout.write(
      [
        '',
        ...(summary.metrics.length === 0 ? [] : [...tableOf(summary), '']),
        `${describeRepetitions(summary)}, ${summary.finished} of ${countTrainings(space)} finished`,
        ...failuresOf(outcome),
        '',
        `recorded in    ${whereRecorded({ runId, ...(outcome.serverRunId && { serverRunId: outcome.serverRunId }) })}`,
        `report         ${folder}/report.html`,
        `compare runs   ${uiCommand(tracker.runsDirectory)}`,
        '',
      ].join('\n'),
    );
  }
  if (status !== 'FINISHED') throw unfinishedRepetitions(outcome, countTrainings(space), again);
}

/** Why single runs failed, or missed what is required. */
function failuresOf({ record: { space, trials } }: RepetitionsOutcome): readonly string[] {
  return trials.flatMap(({ values, reason }) => {
    const which = Object.keys(space).map((path) => `${path}=${String(values[path])}`);
    return reason === undefined ? [] : [makeVisible(`${which.join(' ')}: ${reason}`)];
  });
}

function toJson({ status, runId, summary: { metrics, ...rest } }: RepetitionsOutcome): object {
  return {
    type: 'repetitions-finished',
    status,
    runId,
    ...rest,
    metrics: Object.fromEntries(
      metrics.map(({ name, values, mean, deviation, low, high }) => [name, { values, mean, deviation, low, high }]),
    ),
  };
}

/** Mean, deviation and interval of what validation and test say. */
function tableOf({ metrics }: Repetitions): readonly string[] {
  const show = (value: number) => (Number.isFinite(value) ? showMeasure(value) : '–');
  const rows = metrics
    .filter(({ name }) => /^(test|val)_/.test(name))
    .map(({ name, mean, deviation, low, high }) => [
      makeVisible(name),
      show(mean),
      show(deviation),
      Number.isFinite(low) ? `${show(low)} to ${show(high)}` : '–',
    ]);
  const table = [['metric', 'mean', 'deviation', '95 % interval'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(14, ...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(' ')
      .trimEnd(),
  );
}
