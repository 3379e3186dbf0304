import { relative, resolve } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { type Diagnostic, failure } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { uiCommand } from '../base/ui-command.ts';
import { bestFile } from '../sweeps/best-file.ts';
import { chooseParts } from '../sweeps/choose-parts.ts';
import { describeSweep } from '../sweeps/describe-sweep.ts';
import { runSweep } from '../sweeps/run-sweep.ts';
import { stopSweep } from '../sweeps/stop-sweep.ts';
import type { SweepEnding, SweepEvent } from '../sweeps/sweep-events.ts';
import type { SweepParts } from '../sweeps/sweep-parts.ts';
import type { SweepOutcome } from '../sweeps/sweep-request.ts';
import type { TrialSender } from '../sweeps/transport/trial-sender.ts';
import { chooseTracker } from '../tracking/choose-tracker.ts';
import { isTrustedUri } from '../tracking/server/server-address.ts';
import { closeEarlierRuns } from './earlier-runs.ts';
import { chooseSweepView } from './sweep-view.ts';
import { jsonOption, runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface SweepOptions {
  readonly json?: true;
  readonly trackingUri?: string;
  readonly runs: string;
  readonly retry?: 'failed';
  readonly stop?: true;
  readonly fresh?: true;
}

/** `pipeline sweep`: trains a pipeline with many values, and tells which are the best. */
export function sweepCommand(parts: SweepParts = ownParts()): Command {
  return new Command('sweep')
    .description('Train a pipeline with many values of a space, and find the best; the same command goes on with it')
    .addArgument(new Argument('<file>', 'sweep file'))
    .addOption(
      new Option('--retry <which>', 'give the trials that failed another attempt')
        .choices(['failed'])
        .conflicts(['stop', 'fresh']),
    )
    .addOption(
      new Option(
        '--stop',
        'end the sweep that another terminal is at, or what one that was killed has left: nothing is lost',
      ).conflicts('fresh'),
    )
    .option('--fresh', 'begin anew, though a sweep of the file is under way; what was trained alike is taken from it')
    .addOption(jsonOption('print one JSON event per line'))
    .addOption(
      trackingUriOption('MLflow server to record the trials on, besides the local store (also MLFLOW_TRACKING_URI)'),
    )
    .addOption(runsOption())
    .action((file: string, options: SweepOptions) => (options.stop ? stop : run)(file, options, parts));
}

const ownParts = () => chooseParts(process.argv[1]!, { emit: tellProgress(), untilInterrupted });

async function run(file: string, options: SweepOptions, parts: SweepParts): Promise<void> {
  const view = chooseSweepView(options.json === true);
  const warn = (diagnostic: Diagnostic) => view.emit({ type: 'diagnostic', diagnostic });
  try {
    const checked = await parts.check(file);
    checked.warnings.forEach(warn);
    const { sweep, base } = checked;
    const ofFile = base.pipeline.tracking.uri;
    const uri = options.trackingUri ?? process.env['MLFLOW_TRACKING_URI'] ?? ofFile;
    // Of an address that a file names, each run decides whether it gets credentials.
    const isTrusted = uri !== ofFile || (ofFile !== undefined && isTrustedUri(ofFile));
    const tracker = chooseTracker({ uri, isTrusted, runsDirectory: options.runs, warn });
    // What it needs and is not there is told before anything is packed for other machines.
    const searcher = await parts.openSearch(sweep);
    let sender: TrialSender | undefined;
    try {
      sender = await parts.openSender?.(checked, tracker);
      const promotions = parts.promotionsOf(checked);
      let closeSilent: ReturnType<typeof closeEarlierRuns> | undefined;
      const emit = (event: SweepEvent): void => {
        view.emit(event);
        if (event.type === 'sweep-started') closeSilent = closeEarlierRuns(tracker.runsDirectory, warn);
      };
      const outcome = await untilInterrupted(async (signal) => {
        const ended = await runSweep({
          checked,
          settingsOf: parts.settingsOf,
          searcher,
          ...(sender === undefined ? {} : { sender }),
          ...(promotions === undefined ? {} : { promotions }),
          openExecutor: (folder) => parts.openExecutor(sweep.on, folder),
          need: parts.needOf(sweep),
          tracker,
          program: [process.execPath, parts.program],
          args: options.trackingUri === undefined ? [] : ['--tracking-uri', options.trackingUri],
          fresh: options.fresh === true,
          retryFailed: options.retry === 'failed',
          pause: sweep.on.type === 'local' ? 500 : 1000,
          emit,
          signal,
        });
        await closeSilent?.(signal);
        return ended;
      });
      await view.close();
      if (options.json !== true) process.stdout.write(whereToLook(outcome, bestFile(checked), tracker.runsDirectory));
      endAs(outcome, file, options);
    } finally {
      await searcher.close();
      await sender?.close();
    }
  } finally {
    await view.close();
  }
}

/** @throws UserError where the sweep is not done */
function endAs({ why, record }: SweepOutcome, file: string, options: SweepOptions): void {
  const { trials } = record;
  const failed = trials.filter(({ state }) => state === 'failed').length;
  const again = commandOf(file, options);
  if (why === 'failures')
    throw failure(
      'sweep-failed',
      `${failed} of ${trials.length} trials failed, more than \`failures\` allows: the sweep ended`,
      `See why, then give them another attempt with: ${again} --retry failed`,
    );
  if (why !== 'interrupted' && why !== 'stopped') return;
  const open = trials.filter(({ state }) => state === 'stopped').length;
  const finished = trials.filter(({ state }) => state === 'finished').length;
  throw failure(
    'interrupted',
    `the sweep was ${why}: ${finished} trials are finished, ${open} go on from their checkpoints`,
    `Go on with: ${again}`,
  );
}

function commandOf(file: string, { trackingUri, runs }: SweepOptions): string {
  const uri = trackingUri === undefined ? [] : ['--tracking-uri', trackingUri];
  const args = [file, ...uri, ...(runs === 'runs' ? [] : ['--runs', runs])];
  return ['npx pipeline sweep', ...args.map(shellWord)].join(' ');
}

function whereToLook({ best, record, runId, artifactDirectory }: SweepOutcome, file: string, runs: string): string {
  const inside = relative('.', artifactDirectory);
  const folder = inside.startsWith('..') ? artifactDirectory : inside;
  const lines = [
    describeSweep(record),
    ...(best === undefined ? [] : [`run the best   npx pipeline run ${shellWord(file)}`]),
    `report         ${folder}/report.html`,
    `recorded in    ${relative('.', runs) || '.'} (run ${runId})`,
    `compare runs   ${uiCommand(runs)}`,
  ];
  return ['', ...lines, ''].join('\n');
}

async function stop(file: string, options: SweepOptions, parts: SweepParts): Promise<void> {
  const { runs, json } = options;
  const view = chooseSweepView(json === true);
  const tell = (text: string) => void (json === true || process.stdout.write(`${text}\n`));
  try {
    const ending = await stopSweep({
      file,
      runsDirectory: runs,
      openExecutor: (folder) => parts.openExecutor(parts.onOf(file), folder),
      tell,
    });
    // Runs of what was killed, that of the driver among them, would stand there as RUNNING.
    const closeSilent = closeEarlierRuns(resolve(runs), (diagnostic) => view.emit({ type: 'diagnostic', diagnostic }));
    await closeSilent(new AbortController().signal);
    tell(howItStands(ending, commandOf(file, options)));
  } finally {
    await view.close();
  }
}

/** @param ending of the last driver; undefined: it was killed */
function howItStands(ending: SweepEnding | undefined, again: string): string {
  if (ending === 'done') return 'The sweep is done: nothing of it runs.';
  if (ending === 'budget') return 'The sweep has ended, as its `budget` was used up: nothing of it runs.';
  if (ending === 'failures')
    return `The sweep has ended, as too many trials failed. Give them another attempt with: ${again} --retry failed`;
  return `The sweep is stopped. Go on with: ${again}`;
}
