import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { checkRecorded } from '../run/check-recorded.ts';
import { replay } from '../run/replay-run.ts';
import { findRun } from '../models/find-run.ts';
import { runArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface ReplayOptions {
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline replay`: trains a recorded run again and compares. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Train a recorded run again, from what the tracker has of it, and name the first epoch that differs')
    .addArgument(runArgument())
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action(run);
}

async function run(reference: string, { trackingUri, runs }: ReplayOptions): Promise<void> {
  const tell = (line: string): void => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const uri = trackingUri ?? process.env['MLFLOW_TRACKING_URI'];
  const found = await untilInterrupted((signal) => findRun(reference, { runs, trackingUri: uri }, { warn, signal }));
  tell(`${shorten(found.name, 250)}, run ${found.runId} in ${found.where}`);
  const checked = await checkRecorded(found);
  await untilInterrupted((signal) => replay({ run: found, checked, tell, emit: tellProgress(), signal }));
}
