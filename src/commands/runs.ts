import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Diagnostic, UserError, mistake, misuse } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import { largestWhole } from '../base/numbers.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { isOfFile } from '../models/find-run.ts';
import { shorten } from '../base/shorten.ts';
import { openRuns } from '../tracking/open-runs.ts';
import type { ListedRun } from '../tracking/recorded-runs.ts';
import { isSweep } from '../tracking/sweep-tags.ts';
import { moreIsBetter } from '../training/monitor.ts';
import { wholeNumberFrom } from './option-values.ts';
import { type Family, type RunRow, familiesOf, rowsOf, summaryMetric } from './run-families.ts';
import { type Condition, readFilter } from './run-filter.ts';
import { ownColumns, runsTable, toJson } from './runs-table.ts';
import { jsonOption, runsOption, trackingUriOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RunsOptions {
  readonly sort?: string;
  readonly filter?: readonly Condition[];
  readonly columns?: readonly string[];
  readonly limit: number;
  readonly all?: true;
  readonly json?: true;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline runs`: what was trained, and what came of it. */
export function runsCommand(): Command {
  return new Command('runs')
    .description(
      'List runs, the newest first, with their metrics and with what was set differently; a sweep, repetitions and ' +
        'folds are a line each, with the best value, or the mean',
    )
    .argument('[file]', 'pipeline file whose runs are listed, or sweep file, with its trials; without it, all runs')
    .addOption(new Option('--all', 'list the trials of sweeps, repetitions and folds, too'))
    .option('--sort <key>', 'sort by a metric, the best first, or by another column')
    .addOption(
      new Option(
        '--filter <condition>',
        "only some: 'val_accuracy > 0.98 and state = FINISHED'; a key is a metric, a param or a column; " +
          'may be repeated',
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
  { sort, filter = [], columns, limit, all: isWhole, json, trackingUri, runs }: RunsOptions,
  signal: AbortSignal,
): Promise<void> {
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const recorded = openRuns(runs, trackingUri ?? process.env['MLFLOW_TRACKING_URI'], { warn, signal });
  const recordedRuns: ListedRun[] = [];
  for await (const run of recorded.newestFirst()) recordedRuns.push(run);
  const isOf = (run: ListedRun) => file === undefined || isOfFile(run, file);
  const families = familiesOf(recordedRuns).filter(({ head, members }) => isOf(head) || members.some(isOf));
  const chosen = new Set(families.flatMap(({ head, members }) => [head, ...members]));
  const all = recordedRuns.filter((run) => chosen.has(run));
  if (all.length === 0) {
    if (file !== undefined && !existsSync(file)) throw noFile(file, recordedRuns);
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
  const isFound = (run: ListedRun) => filter.every(({ key, holds }) => holds(valueOf(run, key)));
  const inOrder = (some: readonly ListedRun[]) => (sort === undefined ? some : sortedBy(sort, some));
  if (json === true) {
    const found = inOrder(all.filter(isFound));
    process.stdout.write(`${JSON.stringify({ runs: found.slice(0, limit).map(toJson), count: found.length })}\n`);
    return tellOfLimit(limit, found.length);
  }
  const isOpen = ({ head }: Family) => isWhole === true || (file !== undefined && isSweep(head) && isOf(head));
  const rows = rowsOfAll(families, { isOpen, isFound, inOrder });
  if (rows.length === 0) note(`none of ${counted(all.length)} is like that`);
  else process.stdout.write(runsTable(rows.slice(0, limit), columns, process.stdout, note));
  tellOfLimit(limit, rows.length);
  const hidden = families.filter((family) => !isOpen(family)).flatMap(({ members }) => members.filter(isFound)).length;
  if (filter.length > 0 && hidden > 0)
    note(`of sweeps and repetitions ${hidden} more ${hidden === 1 ? 'run is' : 'runs are'} like that: --all`);
}

function noFile(file: string, runs: readonly ListedRun[]): UserError {
  const guess = nearest(file, new Set(runs.flatMap((run) => run.tag('mlflow.source.name') ?? [])));
  return misuse(
    'unreadable-file',
    `There is no file ${shorten(file, 200)}.`,
    guess === undefined ? 'Name a pipeline file, or none for all runs.' : `Did you mean \`${shorten(guess, 200)}\`?`,
  );
}

const counted = (runs: number) => `${runs} ${runs === 1 ? 'run' : 'runs'}`;
const note = (text: string) => void process.stderr.write(`${text}\n`);

function tellOfLimit(limit: number, count: number): void {
  if (limit < count) note(`the first ${limit} of ${count} runs; --limit ${count} lists all`);
}

/** Runs in their order, those that are below another behind it. One that is found though that is not stands alone. */
function rowsOfAll(
  families: readonly Family[],
  how: {
    readonly isOpen: (family: Family) => boolean;
    readonly isFound: (run: ListedRun) => boolean;
    readonly inOrder: (runs: readonly ListedRun[]) => readonly ListedRun[];
  },
): readonly RunRow[] {
  const found = families.flatMap((family): readonly (Family & { readonly isOpen: boolean })[] => {
    const isOpen = how.isOpen(family);
    const members = isOpen ? how.inOrder(family.members.filter(how.isFound)) : family.members;
    if (how.isFound(family.head)) return [{ head: family.head, members, isOpen }];
    return isOpen ? members.map((head) => ({ head, members: [], isOpen })) : [];
  });
  const byHead = new Map(found.map((family) => [family.head, family]));
  return how.inOrder([...byHead.keys()]).flatMap((head) => {
    const { isOpen, ...family } = byHead.get(head)!;
    return rowsOf(family, isOpen);
  });
}

/** What a run has under a key: a column of the table, else a metric, of its own or of those below, or a param. */
function valueOf(run: ListedRun, key: string): number | string | undefined {
  if (Object.hasOwn(ownColumns, key)) return ownColumns[key]!.value(run);
  return run.metric(key) ?? summaryMetric(run, key) ?? run.param(key);
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
