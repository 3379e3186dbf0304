import { Command } from 'commander';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { diagnosticToJson, printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { checkSource } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { readSource } from '../language/read-source.ts';
import { jsonOption, pipelineArgument, setOption } from './shared-options.ts';

/** `pipeline validate`: all mistakes of the files, each with its place. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check pipeline files and report every mistake in them, without running anything')
    .addArgument(pipelineArgument(true))
    .addOption(setOption())
    .addOption(jsonOption('print one JSON object per mistake and line'))
    .action((files: readonly string[], { json, set }: { json?: boolean; set: readonly string[] }) =>
      validate(files.length === 0 ? [defaultFile()] : files, set, json === true),
    );
}

/**
 * @throws UserError with all mistakes when there is an error; with none of them when they are printed as JSON already
 */
function validate(files: readonly string[], settings: readonly string[], json: boolean): void {
  const found = files.map((file) => ({ file, diagnostics: diagnose(file, settings) }));
  const all = found.flatMap(({ diagnostics }) => diagnostics);
  if (json) process.stdout.write(all.map((diagnostic) => `${JSON.stringify(diagnosticToJson(diagnostic))}\n`).join(''));
  else
    process.stdout.write(
      found
        .filter(({ diagnostics }) => !hasError(diagnostics))
        .map(({ file }) => `ok ${makeVisible(file)}\n`)
        .join(''),
    );
  if (hasError(all)) throw new UserError(json ? [] : all, 2);
  if (!json) process.stderr.write(printDiagnostics(all, { color: showsColors(process.stderr), cwd: process.cwd() }));
}

function diagnose(file: string, settings: readonly string[]): readonly Diagnostic[] {
  try {
    return checkSource(readSource(file), settings).diagnostics;
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics;
    throw error;
  }
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
