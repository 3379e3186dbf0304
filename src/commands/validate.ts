import { basename } from 'node:path';
import { Command } from 'commander';
import { type Diagnostic, UserError, misuse } from '../base/diagnostics.ts';
import { diagnosticToJson, printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { type DataSeen, type Glanced, glanceAtSource } from '../plan/check-pipeline.ts';
import { defaultFile } from '../language/default-file.ts';
import { readSource } from '../language/read-source.ts';
import { jsonOption, pipelineArgument, setOption } from './shared-options.ts';

/** `pipeline validate`: all mistakes of the files, each with its place. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check pipeline files, and sweeps of them, and report every mistake in them, without running anything')
    .addArgument(pipelineArgument(true))
    .addOption(setOption())
    .addOption(jsonOption('print one JSON object per line: each mistake, and how much of large data was read'))
    .action((files: readonly string[], { json, set }: { json?: boolean; set: readonly string[] }) =>
      validate(files.length === 0 ? [defaultFile()] : files, set, json === true),
    );
}

/**
 * @throws UserError with all mistakes when there is an error; with none of them when they are printed as JSON already
 */
async function validate(files: readonly string[], settings: readonly string[], json: boolean): Promise<void> {
  const found: ({ readonly file: string } & Glanced)[] = [];
  for (const file of files) found.push({ file, ...(await diagnose(file, settings)) });
  const all = found.flatMap(({ diagnostics }) => diagnostics);
  if (json)
    process.stdout.write(
      [
        ...all.map(diagnosticToJson),
        ...found.flatMap(({ file, seen }) => (seen === undefined ? [] : [{ severity: 'note', file, dataSeen: seen }])),
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  else
    process.stdout.write(
      found
        .filter(({ diagnostics }) => !hasError(diagnostics))
        .map(
          ({ file, seen }) =>
            `ok ${makeVisible(file)}\n${seen === undefined ? '' : `${makeVisible(describe(seen))}\n`}`,
        )
        .join(''),
    );
  if (hasError(all)) throw new UserError(json ? [] : all, 2);
  if (!json) process.stderr.write(printDiagnostics(all, { color: showsColors(process.stderr), cwd: process.cwd() }));
}

/** Says how much of the data was looked at, as a line. */
function describe({ files, more, wholeFor }: DataSeen): string {
  const names = `${files.map((file) => basename(file)).join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  return wholeFor === undefined
    ? `   of data beyond 1 MB the head was looked at (${names}); all of it is checked when it is loaded`
    : `   data beyond 1 MB was read whole (${names}): ${wholeFor}`;
}

async function diagnose(file: string, settings: readonly string[]): Promise<Glanced> {
  try {
    const source = readSource(file);
    const glanced = await glanceAtSource(source, settings);
    if (!glanced.diagnostics.some(({ code, range }) => code === 'is-a-sweep' && range?.source === source))
      return glanced;
    if (settings.length > 0)
      throw misuse('settings-of-sweep', `--set is for pipeline files, and ${file} is a sweep.`, 'Leave it out.');
    const { glanceAtSweep } = await import('../sweeps/check-sweep.ts');
    return await glanceAtSweep(source);
  } catch (error) {
    if (error instanceof UserError) return { diagnostics: error.diagnostics };
    throw error;
  }
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
