import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { findReported } from '../models/find-run.ts';
import { runArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { writeOut } from './write-out.ts';

interface ReportOptions {
  readonly out?: string;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline report`: the report of a run as a file of one's own. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Write the report of a run, of a sweep or of repetitions as one HTML file')
    .addArgument(runArgument())
    .option('--out <file>', 'the file to write; without it, report-ID.html')
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((reference: string, options: ReportOptions) =>
      untilInterrupted((signal) => report(reference, options, signal)),
    );
}

async function report(
  reference: string,
  { out, trackingUri, runs }: ReportOptions,
  signal: AbortSignal,
): Promise<void> {
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const place = { runs, trackingUri: trackingUri ?? process.env['MLFLOW_TRACKING_URI'] };
  const run = await findReported(reference, place, { warn, signal });
  const file = out ?? `report-${run.runId.slice(0, 8)}.html`;
  writeOut(file, await run.artifact('report.html'));
  process.stdout.write(`${file}: ${makeVisible(run.name)}, run ${run.runId} in ${run.where}\n`);
}
