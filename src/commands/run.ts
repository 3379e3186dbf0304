import { relative } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { chooseRunView } from './choose-run-view.ts';
import { type Diagnostic, type UserError, failure, misuse, warning } from '../base/diagnostics.ts';
import { type RunEvent } from '../base/events.ts';
import { type StageName, stageNames } from '../stages/stages.ts';
import { largestWhole } from '../base/numbers.ts';
import { showMeasure } from '../base/quantities.ts';
import { isBound, showBounds } from '../base/sample-intervals.ts';
import { uiCommand } from '../base/ui-command.ts';
import { makeVisible } from '../base/visible-text.ts';
import { cacheFolder } from '../cache/stage-cache.ts';
import { type CheckedPipeline, checkFile } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { countTrainings, repetitionSpace } from '../run/repetition-points.ts';
import { type RunOutcome, runPipeline } from '../run/run-pipeline.ts';
import { chooseShared } from '../run/choose-shared.ts';
import { trackingChoice } from '../run/tracking-choice.ts';
import { type Trial, describeTrial } from '../run/trial.ts';
import { longestRunName } from '../run/name-run.ts';
import { chooseTracker } from '../tracking/choose-tracker.ts';
import { serverAddress, trustUri } from '../tracking/server/server-address.ts';
import type { Tracker } from '../tracking/tracker.ts';
import { closeEarlierRuns, tendEarlierRuns } from './earlier-runs.ts';
import { runRepeated } from './run-repeated.ts';
import type { RunView } from './run-view.ts';
import { wholeNumberFrom } from './option-values.ts';
import { jsonOption, pipelineArgument, runsOption, setOption, trackingUriOption } from './shared-options.ts';
import { endSharing } from './end-sharing.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { shellWord } from '../base/shell-word.ts';

interface RunOptions {
  readonly json?: boolean;
  readonly trackingUri?: string;
  readonly trustTracking?: true;
  readonly runs: string;
  readonly set: readonly string[];
  readonly name?: string;
  readonly untilEpoch?: number;
  readonly into?: string;
  readonly on?: string;
  readonly smoke?: true;
  readonly overfit?: number;
  readonly fresh?: true;
  readonly force?: StageName;
  readonly verifyData?: true;
}

/** `pipeline run`: trains what a file declares. */
export function runCommand(): Command {
  return new Command('run')
    .description('Check a pipeline file, train its model, evaluate it, draw figures and a report, record all of it')
    .addArgument(pipelineArgument())
    .addOption(setOption())
    .addOption(new Option('--smoke', 'try every stage with one batch, in seconds').conflicts('overfit'))
    .addOption(
      new Option(
        '--overfit <samples>',
        'train on so many samples until the loss is zero, which a sound model reaches',
      ).argParser(wholeNumberFrom(1, largestWhole)),
    )
    .addOption(
      new Option(
        '--until-epoch <epoch>',
        'pause at the end of that epoch, with a checkpoint: the same command goes on, with a later epoch or without',
      )
        .argParser(wholeNumberFrom(1, largestWhole))
        .conflicts(['smoke', 'overfit']),
    )
    .addOption(
      new Option(
        '--name <name>',
        'what the run is called in the tracker; without it, what was set: `mnist epochs=3`',
      ).argParser(runName),
    )
    .addOption(
      new Option(
        '--on <where>',
        'run it on other machines, as `on` of a sweep says it: slurm, or "{ ray: { url: http://head:8265 }, cpu: 2 }"',
      ).conflicts(['smoke', 'overfit', 'force', 'verifyData', 'into']),
    )
    .addOption(new Option('--into <run>', 'the run of the local store that a sweep made for it').hideHelp())
    .option('--fresh', 'start over: do not go on with an interrupted run of the file, and take nothing that is kept')
    .addOption(
      new Option('--force [stage]', 'run all stages, or those from one of them on, whatever is kept of them')
        .argParser(stageNamed)
        .preset(stageNames[0]),
    )
    .addOption(
      new Option(
        '--verify-data',
        'read all files of data and compare them with what earlier runs found, though they seem not to have changed',
      ).conflicts(['smoke', 'overfit']),
    )
    .addOption(jsonOption('print one JSON event per line'))
    .addOption(
      trackingUriOption('MLflow server to record the run on, besides the local store (also MLFLOW_TRACKING_URI)'),
    )
    .option(
      '--trust-tracking',
      "give the server that the file's tracking.uri names your credentials, from now on: it is yours",
    )
    .addOption(runsOption())
    .action(run);
}

async function run(file: string | undefined, options: RunOptions): Promise<void> {
  const view = chooseRunView({ json: options.json === true });
  try {
    const checked = await checkFile(file ?? defaultFile(), options.set, { emit: view.emit, untilInterrupted });
    await untilInterrupted((signal) => runChecked(checked, { file, options, view, signal }));
  } finally {
    await view.close();
  }
}

interface Asked {
  readonly file: string | undefined;
  readonly options: RunOptions;
  readonly view: RunView;
  readonly signal: AbortSignal;
}

async function runChecked(checked: CheckedPipeline, { file, options, view, signal }: Asked): Promise<void> {
  for (const diagnostic of checked.warnings) view.emit({ type: 'diagnostic', diagnostic });
  const warn = (diagnostic: Diagnostic) => view.emit({ type: 'diagnostic', diagnostic });
  const named = nameTracker(options, checked, warn);
  const tracker = chooseTracker({ ...named, runsDirectory: options.runs, warn });
  const server = tracker.server === undefined ? undefined : serverAddress(named.uri!, named.isTrusted);
  const earlier = tendEarlierRuns(tracker.runsDirectory, server, warn);
  const undelivered = new Set<string>();
  if (options.on !== undefined) return send(options.on, { checked, file, options, signal, tracker, warn, undelivered });
  let finished: RunEvent | undefined;
  const listen = (event: RunEvent): void => {
    if (event.type === 'run-started') earlier.begin();
    if (event.type === 'diagnostic') undelivered.add(event.diagnostic.code);
  };
  const emit = (event: RunEvent): void => {
    if (event.type === 'run-finished') finished = event;
    else view.emit(event);
    listen(event);
  };
  // Over means over: nothing that is kept of earlier runs is taken either.
  const force = options.force ?? (options.fresh === true ? stageNames[0] : undefined);
  const { trial } = trialOf(options);
  const shared =
    trial === undefined ? await chooseShared(checked, { env: process.env, tracking: named, warn }) : undefined;
  const request = {
    checked,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.untilEpoch === undefined ? {} : { untilEpoch: options.untilEpoch }),
    ...(options.into === undefined ? {} : { into: options.into }),
    tracker,
    fresh: options.fresh === true,
    cache: cacheFolder(options.runs),
    ...(shared && { shared }),
    ...(force === undefined ? {} : { force }),
    verifyData: options.verifyData === true,
    emit,
    signal,
  };
  const space = repetitionSpace(checked.pipeline);
  if (space !== undefined && trial === undefined) {
    try {
      return await runRepeated({
        space,
        json: options.json === true,
        request,
        listen,
        whereRecorded: (run) => whereRecorded(tracker, undelivered)(run),
        again: goOn(file, options),
      });
    } finally {
      await earlier.end(signal.aborted ? 0 : 5000);
      await endSharing(shared, signal);
      await view.close();
    }
  }
  if (space !== undefined) warn(triedOnce(countTrainings(space)));
  let outcome: RunOutcome;
  try {
    outcome = await runPipeline({ ...request, ...(trial && { trial }) });
  } finally {
    await endSharing(shared, signal);
  }
  await earlier.end(signal.aborted ? 0 : 5000);
  if (finished !== undefined) view.emit(finished);
  await view.close();
  const recorded = whereRecorded(tracker, undelivered);
  if (outcome.pausedAfter !== undefined) {
    if (options.json !== true)
      process.stdout.write(pausedLines(outcome, recorded(outcome), checked, goOn(file, options)));
    return;
  }
  if (outcome.status === 'KILLED') throw interrupted(outcome, file, options);
  if ('error' in outcome) throw outcome.error;
  if (options.json !== true) process.stdout.write(whereToLook(outcome, recorded, tracker.runsDirectory, options));
}

interface ToSend extends Omit<Asked, 'view'> {
  readonly checked: CheckedPipeline;
  readonly tracker: Tracker;
  readonly warn: (warning: Diagnostic) => void;
  readonly undelivered: ReadonlySet<string>;
}

/** Runs it on other machines. */
async function send(on: string, { checked, file, options, tracker, undelivered, ...rest }: ToSend): Promise<void> {
  const again = goOn(file, options);
  const { runOn } = await import('./run-on.ts');
  const closeSilent = closeEarlierRuns(tracker.runsDirectory, rest.warn);
  const { run, metrics, pausedAfter } = await runOn({
    ...rest,
    checked,
    on,
    tracker,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.untilEpoch === undefined ? {} : { untilEpoch: options.untilEpoch }),
    fresh: options.fresh === true,
    json: options.json === true,
    again,
  });
  await closeSilent(rest.signal);
  if (options.json === true) return;
  const recorded = whereRecorded(tracker, undelivered);
  const { runId, serverRunId, artifactDirectory } = run;
  const ids = { runId, ...(serverRunId === undefined ? {} : { serverRunId }) };
  const lines =
    pausedAfter === undefined
      ? whereToLook({ metrics, artifactDirectory, ...ids }, recorded, tracker.runsDirectory, options)
      : pausedLines({ pausedAfter, metrics }, recorded(ids), checked, again);
  process.stdout.write(lines);
}

/** What a run that paused has come to, and how it goes on. */
function pausedLines(
  { pausedAfter, metrics }: Pick<RunOutcome, 'pausedAfter' | 'metrics'>,
  recorded: string,
  { pipeline: { train } }: CheckedPipeline,
  command: string,
): string {
  const lines = [
    ['paused', `after epoch ${pausedAfter} of ${train.epochs}`],
    ...Object.entries(metrics).map(([name, value]) => [makeVisible(name), showMeasure(value)]),
    ['recorded in', recorded],
    ['go on with', command],
  ];
  const width = Math.max(14, ...lines.map(([name]) => name!.length));
  return ['', ...lines.map(([name, value]) => `${name!.padEnd(width)} ${value}`), ''].join('\n');
}

/** Where the run is to be recorded, and whether the user said so himself, or trusts who did. */
function nameTracker(
  { trackingUri, trustTracking }: RunOptions,
  checked: CheckedPipeline,
  warn: (warning: Diagnostic) => void,
) {
  if (trustTracking === true) {
    const ofFile = checked.pipeline.tracking.uri;
    if (ofFile === undefined)
      throw misuse(
        'no-tracking-uri',
        '--trust-tracking is about the address that the file names, and it names none',
        'name it under `tracking: { uri: ... }`, or leave the flag out',
      );
    trustUri(ofFile, warn);
  }
  return trackingChoice(checked, process.env, { flag: trackingUri, trusts: trustTracking === true });
}

/** Names a server only where it has the whole run, which it may have under another id. */
function whereRecorded(
  { where, server, runsDirectory }: Tracker,
  undelivered: ReadonlySet<string>,
): (run: Pick<RunOutcome, 'runId' | 'serverRunId'>) => string {
  const here = relative('.', runsDirectory) || '.';
  if (server === undefined) return ({ runId }) => `${where} (run ${runId})`;
  const as = ({ serverRunId }: Pick<RunOutcome, 'serverRunId'>) =>
    serverRunId === undefined ? '' : ` (run ${serverRunId})`;
  if (undelivered.has('not-delivered'))
    return (run) => `${here} (run ${run.runId}); ${where}${as(run)} does not have all of it yet`;
  if (undelivered.has('not-taken'))
    return (run) => `${here} (run ${run.runId}); ${where}${as(run)} did not take all of it`;
  return ({ runId, serverRunId = runId }) =>
    `${where} (run ${serverRunId})${serverRunId === runId ? '' : `, ${here} (run ${runId})`}`;
}

/** Says where the run goes on, and how. */
function interrupted({ checkpoint }: RunOutcome, file: string | undefined, options: RunOptions): UserError {
  if (options.smoke === true || options.overfit !== undefined)
    return failure('interrupted', 'the trial was interrupted');
  const where =
    checkpoint === undefined ? '' : `; it goes on in epoch ${checkpoint.epoch}, after step ${checkpoint.step}`;
  return failure('interrupted', `the run was interrupted${where}`, `Go on with: ${goOn(file, options)}`);
}

/** The command that goes on. */
function goOn(file: string | undefined, { set, runs, trackingUri, on }: RunOptions): string {
  const uri = trackingUri === undefined ? [] : ['--tracking-uri', trackingUri];
  const args = [
    ...(file === undefined ? [] : [file]),
    ...set.flatMap((setting) => ['--set', setting]),
    ...uri,
    ...(runs === 'runs' ? [] : ['--runs', runs]),
    ...(on === undefined ? [] : ['--on', on]),
  ];
  return `npx pipeline run ${args.map(shellWord).join(' ')}`;
}

/** A trial of a file that repeats itself. */
function triedOnce(trainings: number): Diagnostic {
  return warning('tried-once', `one of the ${trainings} trainings of \`repeat\` and \`folds\` is tried`);
}

function trialOf({ smoke, overfit }: Pick<RunOptions, 'smoke' | 'overfit'>): { readonly trial?: Trial } {
  if (overfit !== undefined) return { trial: { kind: 'overfit', samples: overfit } };
  return smoke === true ? { trial: { kind: 'smoke' } } : {};
}

function stageNamed(text: string): StageName {
  const stage = stageNames.find((name) => name === text);
  if (stage === undefined)
    throw new InvalidArgumentError(
      `It is one of ${stageNames.join(', ')}; a file is named before it: pipeline run FILE --force.`,
    );
  return stage;
}

function runName(text: string): string {
  if (text.trim() === '' || text.length > longestRunName)
    throw new InvalidArgumentError(`It must have 1 to ${longestRunName} characters, and not blanks alone.`);
  return text;
}

function whereToLook(
  outcome: Pick<RunOutcome, 'runId' | 'serverRunId' | 'metrics' | 'artifactDirectory'>,
  recorded: (run: Pick<RunOutcome, 'runId' | 'serverRunId'>) => string,
  runsDirectory: string,
  options: RunOptions,
): string {
  const { trial } = trialOf(options);
  const { metrics, artifactDirectory } = outcome;
  const inside = relative('.', artifactDirectory);
  const folder = inside.startsWith('..') ? artifactDirectory : inside;
  const values = [
    'test_loss',
    ...Object.keys(metrics).filter((name) => name.startsWith('test_') && name !== 'test_loss' && !isBound(name)),
  ];
  const width = Math.max(14, ...values.map((name) => name.length));
  return [
    '',
    ...values
      .filter((name) => name in metrics)
      .map((name) => `${makeVisible(name).padEnd(width)} ${showMeasure(metrics[name]!)}${showBounds(name, metrics)}`),
    '',
    ...(trial === undefined ? [] : [`trial          ${describeTrial(trial)}`]),
    `recorded in    ${recorded(outcome)}`,
    `report         ${folder}/report.html`,
    `model          ${folder}/model/model.json`,
    `compare runs   ${uiCommand(runsDirectory)}`,
    '',
  ].join('\n');
}
