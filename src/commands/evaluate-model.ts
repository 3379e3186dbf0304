import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { type Diagnostic, UserError, misuse } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showCount, showMeasure } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { isBound, showBounds } from '../base/sample-intervals.ts';
import { type FoundModel, findModel } from '../models/find-model.ts';
import { type RunPlace, findRun } from '../models/find-run.ts';
import { readPipelineOf } from '../models/load-trained-model.ts';
import { type EvaluationRequest, type SplitName, evaluateRun, metricsSetting, splits } from '../run/evaluate-run.ts';
import { chooseTracker } from '../tracking/choose-tracker.ts';
import type { Watch } from '../tracking/recorded-runs.ts';
import { jsonOption, modelArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface EvaluateOptions {
  readonly data?: string;
  readonly split?: SplitName;
  readonly metrics?: string;
  readonly json?: true;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline evaluate`: measures a trained model. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure a trained model on test samples, its own or others, and record it as a run of its own')
    .addArgument(modelArgument())
    .option('--data <path>', 'other samples than those of the run: a CSV file, or a folder with one for each class')
    .addOption(new Option('--split <part>', 'which of its own samples (default: test)').choices(splits))
    .option('--metrics <names>', 'what to measure, as in a file: accuracy,f1; without it, what the run did')
    .addOption(jsonOption())
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((reference: string, options: EvaluateOptions) =>
      untilInterrupted((signal) => run(reference, options, signal)),
    );
}

async function run(reference: string, options: EvaluateOptions, signal: AbortSignal): Promise<void> {
  const { data, split, metrics, json, runs } = options;
  if (data !== undefined && split !== undefined)
    throw misuse(
      'split-of-other-data',
      '--split is a part of the own data of a run, and --data names other',
      'Keep one.',
    );
  if (data !== undefined && !existsSync(data))
    throw misuse('data-file-missing', `${data} does not exist.`, 'Check the path; it counts from here.');
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const trackingUri = options.trackingUri ?? process.env['MLFLOW_TRACKING_URI'];
  const model = await findModel(reference, { runs, trackingUri }, { warn, signal });
  const tracker = chooseTracker({ uri: trackingUri, runsDirectory: runs, warn });
  const progress = tellProgress();
  const request: EvaluationRequest = {
    folder: model.folder,
    recorded: await recordOf(model, { runs, trackingUri }, { warn, signal }),
    split: split ?? 'test',
    ...(data === undefined ? {} : { data }),
    ...(metrics === undefined ? {} : { metrics }),
    tracker,
    emit: (event) => (event.type === 'diagnostic' ? warn(event.diagnostic) : progress(event)),
    signal,
  };
  const outcome = await evaluateRun(request).catch((error: unknown) => {
    throw placedInOption(error, metrics ?? '');
  });
  const { runId, samples, artifactDirectory, failed } = outcome;
  if (json === true) {
    const told = { runId, evaluates: model.runId ?? model.folder, samples, metrics: outcome.metrics };
    process.stdout.write(`${JSON.stringify({ ...told, passed: failed === undefined })}\n`);
  } else {
    const inside = relative('.', artifactDirectory);
    const rows = Object.entries(outcome.metrics)
      .filter(([name]) => !isBound(name))
      .map(
        ([name, value]) => [makeVisible(name), `${showMeasure(value)}${showBounds(name, outcome.metrics)}`] as const,
      );
    const width = Math.max(14, ...rows.map(([name]) => name.length));
    process.stdout.write(
      [
        `${makeVisible(model.title)}, on ${showCount(samples)} samples`,
        '',
        ...rows.map(([name, value]) => `${name.padEnd(width)} ${value}`),
        '',
        `recorded in    ${tracker.where} (run ${runId})`,
        `details        ${inside.startsWith('..') ? artifactDirectory : inside}/evaluation/evaluation.json`,
        '',
      ].join('\n'),
    );
  }
  if (failed !== undefined) throw failed;
}

/** Mistakes in `--metrics`, which is read as a setting, at their place there. */
function placedInOption(error: unknown, metrics: string): unknown {
  if (!(error instanceof UserError)) return error;
  const source = { name: '--metrics', text: metrics };
  const placed = error.diagnostics.map((diagnostic): Diagnostic => {
    const { range } = diagnostic;
    if (range?.source.text !== metricsSetting(metrics)) return diagnostic;
    const at = (offset: number) => Math.min(Math.max(0, offset - metricsSetting('').length + 1), metrics.length);
    return { ...diagnostic, range: { source, start: at(range.start), end: at(range.end) } };
  });
  return new UserError(placed, error.exitCode);
}

/** What is known of the run that trained a model; of one that is none of a run's, the pipeline in its folder. */
async function recordOf(
  { folder, runId, title }: FoundModel,
  place: RunPlace,
  watch: Watch,
): Promise<EvaluationRequest['recorded']> {
  if (runId !== undefined) return findRun(runId, place, watch);
  return { name: title, tags: {}, artifact: async () => readPipelineOf(folder).text };
}
