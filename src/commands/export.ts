import { Command, Option } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showBytes } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { findModel } from '../models/find-model.ts';
import { exportFiles, exportFolder, writeExport } from '../models/export-model.ts';
import { type ExportFormat, type FormatName, formats } from '../models/formats/formats.ts';
import { modelArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface ExportOptions {
  readonly to: FormatName;
  readonly out?: string;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline export`: a trained model in another format. */
export function exportCommand(): Command {
  const names = Object.entries(formats).map(([name, { doc }]) => `${name} (${doc})`);
  return new Command('export')
    .description('Write a trained model in the format of another program')
    .addArgument(modelArgument())
    .addOption(
      new Option('--to <format>', `one of ${names.join('; ')}`).choices(Object.keys(formats)).makeOptionMandatory(),
    )
    .option('--out <folder>', 'the folder to make; without it, one named after the pipeline and the format')
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action(run);
}

async function run(reference: string, { to, out, trackingUri, runs }: ExportOptions): Promise<void> {
  const tell = (line: string): void => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const place = { runs, trackingUri: trackingUri ?? process.env['MLFLOW_TRACKING_URI'] };
  const found = await untilInterrupted((signal) => findModel(reference, place, { warn, signal }));
  const { name, files } = await exportFiles(found.folder, to, tellProgress());
  const folder = out ?? exportFolder(name, to);
  const isNew = writeExport(folder, files);
  tell(`${found.title} ${isNew ? 'exported to' : 'is exported already, in'} ${folder}`);
  const width = Math.max(...Object.keys(files).map((file) => file.length));
  for (const [file, { length }] of Object.entries(files)) tell(`  ${file.padEnd(width)}  ${showBytes(length)}`);
  const format: ExportFormat = formats[to];
  tell(`load it   ${format.load(folder)}`);
  if (files['golden/golden.json'] !== undefined && format.isPassive !== true)
    tell(`prove it  npx pipeline verify-export ${folder}`);
}
