import { Command } from 'commander';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showCount } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { findModel } from '../models/find-model.ts';
import { findInputs, proveKinds, rowsOf } from '../models/read-inputs.ts';
import { predictionFile } from '../models/write-predictions.ts';
import { modelArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { showLinesOfJson, showTable } from './show-predictions.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface PredictOptions {
  readonly out?: string;
  readonly runs: string;
  readonly trackingUri?: string;
}

/** `pipeline predict`: what a trained model says of rows of the user's. */
export function predictCommand(): Command {
  return new Command('predict')
    .description(
      'Ask a trained model about pictures, tables or texts, prepared as its run prepared them: ' +
        'rows on a terminal, lines of JSON into a pipe',
    )
    .addArgument(modelArgument())
    .argument(
      '<inputs...>',
      'files (pictures, CSV, lines of JSON, .npy, text), folders, patterns such as "digits/*.png", ' +
        'or - for standard input',
    )
    .option(
      '--out <file>',
      'write the predictions there instead, in the format of its ending: .csv, .jsonl or .parquet',
    )
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action(predict);
}

/** Kinds of rows that cannot be used are named one by one up to so many. */
const mostNamed = 20;

async function predict(run: string, names: readonly string[], options: PredictOptions): Promise<void> {
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  await untilInterrupted(async (signal) => {
    const inputs = await findInputs(names, signal);
    const open =
      options.out === undefined
        ? undefined
        : predictionFile(
            options.out,
            inputs.map(({ name }) => name),
          );
    const trackingUri = options.trackingUri ?? process.env['MLFLOW_TRACKING_URI'];
    const { folder } = await findModel(run, { runs: options.runs, trackingUri }, { warn, signal });
    const { loadPredictor } = await import('../models/predictor.ts');
    const { RowFaults } = await import('../models/row-faults.ts');
    const { Scores } = await import('../models/score-predictions.ts');
    const predictor = await loadPredictor(folder, tellProgress());
    const { targets } = predictor.signature;
    proveKinds(predictor.reader, inputs);
    const file = open?.(targets);
    const { stdout } = process;
    const show = stdout.isTTY ? showTable : showLinesOfJson;
    const view = file === undefined ? show(predictor.signature, stdout) : undefined;
    const scores = new Scores(targets);
    const faults = new RowFaults(mostNamed, 'The row is predicted, and left out of what is measured.');
    let predicted = 0;
    for await (const row of predictor.predict(rowsOf(predictor.reader, inputs), signal)) {
      if (row.warning !== undefined) warn(row.warning);
      faults.add(row);
      if (row.prediction === undefined) continue;
      predicted++;
      scores.add(row);
      file?.add(row);
      await view?.show(row);
      if (view?.isUnread() === true) break;
    }
    await view?.close();
    predictor.dispose();
    // A file of nothing would look as if there had been nothing to say.
    if (predicted > 0) await file?.write();
    const told = [
      ...scores.lines(),
      ...(file === undefined || predicted === 0 ? [] : [`${counted(predicted)} written to ${options.out}`]),
    ];
    const stream = file !== undefined || stdout.isTTY ? stdout : process.stderr;
    for (const line of told) stream.write(`${makeVisible(line)}\n`);
    if (faults.count > 0) throw new UserError(faults.diagnostics(), 1);
  });
}

const counted = (rows: number) => `${showCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
