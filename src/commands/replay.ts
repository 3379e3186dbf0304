import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { checkRecorded, replay } from '../run/replay-run.ts';
import { fetchRun } from '../tracking/fetch-run.ts';
import { onInterrupt } from './on-interrupt.ts';
import { runsOption } from './runs-option.ts';
import { tellProgress } from './tell-progress.ts';

interface ReplayOptions {
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline replay`: trains a recorded run again and compares. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Train a recorded run again, from what the tracker has of it, and name the first epoch that differs')
    .argument('<run-id>', 'the run, as it told its id and MLflow shows it')
    .option(
      '--tracking-uri <uri>',
      'MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)',
    )
    .addOption(runsOption())
    .action(run);
}

async function run(runId: string, { trackingUri, runs }: ReplayOptions): Promise<void> {
  const stop = new AbortController();
  const interrupt = onInterrupt(stop);
  const tell = (line: string): void => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const found = await fetchRun(runId, runs, trackingUri ?? process.env['MLFLOW_TRACKING_URI'], {
    warn,
    signal: stop.signal,
  });
  tell(`${shorten(found.name, 250)}, run ${runId} in ${found.where}`);
  const [emit, signal] = [tellProgress(), stop.signal];
  const checked = await checkRecorded(found);
  interrupt.listen();
  try {
    await replay({ run: found, checked, tell, emit, signal });
  } finally {
    interrupt.dispose();
  }
}
