import { Command, CommanderError } from 'commander';
import { UserError, failure } from './base/diagnostics.ts';
import { explainOutOfMemory } from './base/out-of-memory.ts';
import { printDiagnostics } from './base/print-diagnostics.ts';
import { hideSecrets } from './base/secrets.ts';
import { outliveReaders, showsColors } from './base/terminal.ts';
import { version } from './base/version.ts';
import { commands, innerCommands } from './commands/commands.ts';

async function main(args: readonly string[]): Promise<void> {
  const program = new Command('pipeline')
    .description('Train TensorFlow.js models from one YAML file')
    .version(version)
    .showHelpAfterError('(pipeline --help tells what there is)');
  const [named] = args;
  const all = { ...commands, ...innerCommands };
  const wanted = named !== undefined && Object.hasOwn(all, named) ? [named] : Object.keys(commands);
  for (const name of wanted) program.addCommand(await all[name]!());
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)])
    command.exitOverride();
  await program.parseAsync(args, { from: 'user' });
}

/**
 * The only place that turns errors into text and exit codes: 0 fine, 1 the run failed, 2 the file or the usage is
 * wrong, 130 interrupted.
 */
function end(thrown: unknown): void {
  const error = explainOutOfMemory(thrown);
  if (process.exitCode === 130) {
    process.stderr.write(
      error instanceof UserError
        ? printDiagnostics(error.diagnostics, { color: showsColors(process.stderr), cwd: process.cwd() })
        : 'interrupted\n',
    );
    // Children of a set-up, or a server that does not answer, would keep the process alive.
    process.exit();
  }
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UserError) {
    process.stderr.write(
      printDiagnostics(error.diagnostics, { color: showsColors(process.stderr), cwd: process.cwd() }),
    );
    process.exitCode = error.exitCode;
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `This is a mistake in Layerline, not in your file. Please report it with this text:\n${hideSecrets(text)}\n`,
    );
    process.exitCode = 1;
  }
}

/** Runs the command that the process was started with; its exit code is set, and all it has to say is written. */
export function runProgram(): void {
  outliveReaders(process.stderr, () => undefined);
  outliveReaders(process.stdout, ({ message }) =>
    end(failure('output-not-written', `the output cannot be written: ${message}`)),
  );
  let isOver = false;
  process.on('exit', () => {
    // Nothing is left to wait for, and the command has not ended: whatever it was to do is not done.
    if (!isOver && process.exitCode === undefined) end(new Error('the command ended before its work did'));
  });
  main(process.argv.slice(2))
    .catch(end)
    .finally(() => (isOver = true));
}
