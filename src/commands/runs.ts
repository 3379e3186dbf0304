import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Diagnostic, UserError, mistake, misuse } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import { largestWhole } from '../base/numbers.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { isOfFile } from '../models/find-run.ts';
import { openRuns } from '../tracking/open-runs.ts';
import type { ListedRun } from '../tracking/recorded-runs.ts';
import { moreIsBetter } from '../training/monitor.ts';
import { wholeNumberFrom } from './option-values.ts';
import { type Condition, readFilter } from './run-filter.ts';
import { ownColumns, runsTable, toJson } from './runs-table.ts';
import { jsonOption, runsOption, trackingUriOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RunsOptions {
  readonly sort?: string;
  readonly filter?: readonly Condition[];
  readonly columns?: readonly string[];
  readonly limit: number;
  readonly json?: true;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline runs`: what was trained, and what came of it. */
export function runsCommand(): Command {
  return new Command('runs')
    .description('List runs, the newest first, with their metrics and with what was set differently')
    .argument('[file]', 'pipeline file whose runs are listed; without it, all runs')
    .option('--sort <key>', 'sort by a metric, the best first, or by another column')
    .addOption(
      new Option(
        '--filter <condition>',
        "only some: 'val_accuracy > 0.98 and state = FINISHED'; a key is a metric, a param or a column",
      ).argParser(readFilter),
    )
    .addOption(
      new Option(
        '--columns <keys>',
        'what to show, with commas between; without it, all metrics and the params that differ',
      ).argParser((text: string) => text.split(',').map((key) => key.trim())),
    )
    .addOption(
      new Option('--limit <count>', 'how many to list').argParser(wholeNumberFrom(1, largestWhole)).default(50),
    )
    .addOption(jsonOption())
    .addOption(trackingUriOption('MLflow server to list runs of (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((file: string | undefined, options: RunsOptions) =>
      untilInterrupted((signal) => list(file, options, signal)),
    );
}

async function list(
  file: string | undefined,
  { sort, filter = [], columns, limit, json, trackingUri, runs }: RunsOptions,
  signal: AbortSignal,
): Promise<void> {
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const recorded = openRuns(runs, trackingUri ?? process.env['MLFLOW_TRACKING_URI'], { warn, signal });
  const all: ListedRun[] = [];
  for await (const run of recorded.newestFirst()) if (file === undefined || isOfFile(run, file)) all.push(run);
  if (all.length === 0) {
    if (file !== undefined && !existsSync(file))
      throw misuse('unreadable-file', `There is no file ${file}.`, 'Name a pipeline file, or none for all runs.');
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ runs: [], count: 0 })}\n`
        : `no runs${file === undefined ? '' : ` of ${file}`} in ${recorded.where}\n`,
    );
    return;
  }
  for (const { key, range } of filter)
    proveKey(key, all, (message, hint) => new UserError(mistake('unknown-run-key', message, range, hint), 2));
  for (const key of [...(columns ?? []), ...(sort === undefined ? [] : [sort])])
    proveKey(key, all, (message, hint) => misuse('unknown-run-key', message, hint));
  const found = all.filter((run) => filter.every(({ key, holds }) => holds(valueOf(run, key))));
  const sorted = sort === undefined ? found : sortedBy(sort, found);
  const shown = sorted.slice(0, limit);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ runs: shown.map(toJson), count: found.length })}\n`
      : runsTable(shown, columns, process.stdout, (note) => process.stderr.write(`${note}\n`)),
  );
  if (shown.length < found.length)
    process.stderr.write(`the first ${shown.length} of ${found.length} runs; --limit ${found.length} lists all\n`);
}

/** What a run has under a key: one of the table's own columns, else a metric, else a param. */
function valueOf(run: ListedRun, key: string): number | string | undefined {
  return Object.hasOwn(ownColumns, key) ? ownColumns[key]!.value(run) : (run.metric(key) ?? run.param(key));
}

function proveKey(key: string, runs: readonly ListedRun[], wrong: (message: string, hint: string) => UserError): void {
  if (Object.hasOwn(ownColumns, key) || runs.some((run) => valueOf(run, key) !== undefined)) return;
  const known = new Set(Object.keys(ownColumns));
  for (const run of runs.slice(0, 1000))
    for (const name of [...Object.keys(run.metrics), ...Object.keys(run.params)]) known.add(name);
  const guess = nearest(key, known);
  throw wrong(
    `No run has \`${key}\`.`,
    guess === undefined
      ? 'Name a metric, a param, or a column that `pipeline runs` shows.'
      : `Did you mean \`${guess}\`?`,
  );
}

/** Those without a value last; metrics the best first, everything else in ascending order. */
function sortedBy(key: string, runs: readonly ListedRun[]): readonly ListedRun[] {
  const isMetric = !Object.hasOwn(ownColumns, key) && runs.some((run) => run.metric(key) !== undefined);
  const sign = isMetric && moreIsBetter(key) ? -1 : 1;
  const keyed = runs.map((run) => ({ run, value: valueOf(run, key) }));
  const isThere = (value: number | string | undefined) => value !== undefined && value !== '' && !Number.isNaN(value);
  const there = keyed.filter(({ value }) => isThere(value));
  const areNumbers = there.every(({ value }) => !Number.isNaN(Number(value)));
  there.sort(({ value: one }, { value: other }) =>
    areNumbers
      ? sign * (Number(one) - Number(other))
      : String(one).localeCompare(String(other), 'en', { numeric: true }),
  );
  return [...there, ...keyed.filter(({ value }) => !isThere(value))].map(({ run }) => run);
}
