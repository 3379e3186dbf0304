import { isAbsolute } from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showBytes } from '../base/quantities.ts';
import { shellWord } from '../base/shell-word.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { exportFolder, writeExport } from '../models/export-model.ts';
import { findModel } from '../models/find-model.ts';
import { packageModel } from '../models/package/package-model.ts';
import { openRuns } from '../tracking/open-runs.ts';
import type { Watch } from '../tracking/recorded-runs.ts';
import { runsOption, trackingUriOption } from './shared-options.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface PackageOptions {
  readonly out?: string;
  readonly name?: string;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline package`: a trained model as an npm package. */
export function packageCommand(): Command {
  return new Command('package')
    .description('Make an npm package of a trained model, with types, for Node and browsers')
    .addArgument(new Argument('<run>', 'the run, or a folder that holds a model'))
    .option('--out <folder>', 'the folder to make; without it, one named after the pipeline')
    .addOption(new Option('--name <name>', 'of the package; without it, one like that of the pipeline'))
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action(run);
}

async function run(reference: string, { out, name, trackingUri, runs }: PackageOptions): Promise<void> {
  const tell = (line: string): void => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const place = { runs, trackingUri: trackingUri ?? process.env['MLFLOW_TRACKING_URI'] };
  const { found, metrics } = await untilInterrupted(async (signal) => {
    const model = await findModel(reference, place, { warn, signal });
    return { found: model, metrics: await testMetrics(model.runId, place, { warn, signal }) };
  });
  const made = await packageModel(found.folder, { name, runId: found.runId, metrics }, tellProgress());
  const folder = out ?? exportFolder(made.pipeline, 'package');
  const isNew = writeExport(folder, made.files);
  tell(`${found.title} ${isNew ? 'packaged as' : 'is packaged already, as'} ${made.name} in ${folder}`);
  const width = Math.max(...Object.keys(made.files).map((file) => file.length));
  for (const [file, { length }] of Object.entries(made.files)) tell(`  ${file.padEnd(width)}  ${showBytes(length)}`);
  tell(`install it  npm install ${shellWord(isAbsolute(folder) || folder.startsWith('.') ? folder : `./${folder}`)}`);
  tell(`use it      import { predict } from '${made.name}';`);
}

/** What a run measured on its test split. */
async function testMetrics(
  runId: string | undefined,
  { runs, trackingUri }: { readonly runs: string; readonly trackingUri: string | undefined },
  watch: Watch,
): Promise<Readonly<Record<string, number>>> {
  if (runId === undefined) return {};
  const metrics = await (await openRuns(runs, trackingUri, watch).fetch(runId)).metrics();
  const tested = metrics.filter(({ key }) => /^test_[\w/]+$/.test(key));
  return Object.fromEntries(tested.map(({ key, value }) => [key, value]));
}
