import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, failure } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { findModel } from '../models/find-model.ts';
import type { Compared, Verified } from '../models/prove-export.ts';
import { jsonOption, modelArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface VerifyOptions {
  readonly json?: boolean;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline verify-export`: whether other programs compute what was trained. */
export function verifyExportCommand(): Command {
  return new Command('verify-export')
    .description('Prove that other programs compute of a model what it computed when it was trained')
    .addArgument(modelArgument())
    .addOption(jsonOption('print one JSON object for each program'))
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action(run);
}

async function run(reference: string, { json, trackingUri, runs }: VerifyOptions): Promise<void> {
  const tell = (line: string): void => void process.stdout.write(`${makeVisible(line)}\n`);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const place = { runs, trackingUri: trackingUri ?? process.env['MLFLOW_TRACKING_URI'] };
  const { verifyExport } = await import('../models/prove-export.ts');
  const rows: Verified[] = [];
  const verified = await untilInterrupted(async (signal) => {
    // Exports in other formats have no model.json, by which a model is found.
    const folder = existsSync(join(reference, 'golden'))
      ? reference
      : (await findModel(reference, place, { warn, signal })).folder;
    for await (const row of verifyExport(folder, signal)) {
      if (rows.push(row) === 1 && json !== true) tell(describeRows(row));
      tell(json === true ? JSON.stringify(row) : describe(row));
    }
    return folder;
  });
  const wrong = rows.filter(({ verdict }) => verdict === 'differs' || verdict === 'fails');
  if (wrong.length > 0)
    throw failure(
      'export-differs',
      `${reference} is not computed rightly by ${wrong.map(({ runtime }) => runtime).join(', ')}`,
      'Export the model again. Where it differs still, please report it with your pipeline file.',
    );
  if (rows.every(({ verdict }) => verdict === 'not there'))
    throw failure(
      'nothing-verified',
      `nothing is here that could compute ${reference}`,
      'Install what one of the lines names, or verify the run itself.',
    );
  // Damage may be too little to be seen in sixteen rows. An export has other files than its run.
  const { hashesOf, proveHashes } = await import('../models/golden.ts');
  if (existsSync(join(verified, 'model.json'))) proveHashes(verified, hashesOf(verified));
}

function describeRows({ rows, leftOut }: Compared): string {
  const told = `${rows} golden ${rows === 1 ? 'row is' : 'rows are'} compared`;
  return leftOut.length === 0 ? told : `${told}; left out: ${leftOut.join('; ')}`;
}

function describe({ runtime, version, worst, tolerance, verdict, reason }: Verified): string {
  const program = [runtime, version].filter((text) => text !== undefined).join(' ');
  const found =
    worst === undefined || tolerance === undefined
      ? (reason ?? '')
      : `worst difference ${worst.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
  return `${program.padEnd(32)}  ${verdict.padEnd(9)}  ${found}`;
}
