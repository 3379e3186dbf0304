import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Diagnostic, misuse } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { doubtOf } from '../models/find-model.ts';
import { findRun } from '../models/find-run.ts';
import { proveHashes, readGolden } from '../models/golden.ts';
import { openRuns } from '../tracking/open-runs.ts';
import { aliasMisfit, modelNameMisfit } from '../tracking/registered-model.ts';
import { jsonOption, runArgument, runsOption, trackingUriOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface RegisterOptions {
  readonly name: string;
  readonly alias?: string;
  readonly json?: true;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline register`: gives the model of a run a name in MLflow's registry. */
export function registerCommand(): Command {
  return new Command('register')
    .description("Register the model of a run in MLflow's registry, as the next version of a name")
    .addArgument(runArgument())
    .requiredOption('--name <name>', 'what the model is called there')
    .option('--alias <alias>', 'what the version is called besides, such as champion: models:/NAME@champion')
    .addOption(jsonOption())
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((reference: string, options: RegisterOptions) =>
      untilInterrupted((signal) => register(reference, options, signal)),
    );
}

async function register(
  reference: string,
  { name, alias, json, trackingUri, runs }: RegisterOptions,
  signal: AbortSignal,
): Promise<void> {
  const misfit = modelNameMisfit(name) ?? (alias === undefined ? undefined : aliasMisfit(alias));
  if (misfit !== undefined) throw misuse('bad-model-name', misfit.problem, misfit.hint);
  const warn = (warning: Diagnostic) =>
    process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const place = { runs, trackingUri: trackingUri ?? process.env['MLFLOW_TRACKING_URI'] };
  const run = await findRun(reference, place, { warn, signal });
  for (const doubt of doubtOf(run)) warn(doubt);
  // Of a server it would have to be fetched first.
  if ((place.trackingUri ?? '') === '') proveRecorded(await run.modelFolder());
  const recorded = openRuns(place.runs, place.trackingUri, { warn: () => undefined, signal });
  const version = await recorded.register(run.runId, name, alias);
  const { runId } = run;
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ name, version: Number(version), alias: alias ?? null, runId })}\n`
      : `models:/${name}/${version}${alias === undefined ? '' : `, models:/${name}@${alias}`}: ` +
          `${makeVisible(run.name)}, run ${runId} in ${run.where}\n`,
  );
}

/** @throws UserError where files of a model are others than its run wrote; versions before did not tell of them */
function proveRecorded(folder: string): void {
  if (existsSync(join(folder, 'golden'))) proveHashes(folder, readGolden(folder).sha256);
}
