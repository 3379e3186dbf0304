import { startProgram } from '../../base/start-program.ts';

/** How a program ended. */
export interface ToolResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** The end of what it printed, stdout and stderr as they came. */
  readonly output: string;
}

/**
 * Runs a program to its end. It dies with this process.
 *
 * @throws ENOENT where there is no such program.
 */
export function runTool(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = startProgram(command, args, { env });
    let output = '';
    const keep = (text: string): void => void (output = (output + text).slice(-20_000));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const stop = (): void => void child.kill();
    process.once('exit', stop);
    child.once('error', reject);
    child.once('close', (exitCode) => {
      process.off('exit', stop);
      resolve({ exitCode, output: output.trim() });
    });
  });
}

/** Whether a program is there and runs with these arguments. */
export async function canRun(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runTool(command, args)).exitCode === 0;
  } catch {
    return false;
  }
}

/** The last lines of a program's output, on one line, for a message. */
export function lastLines(output: string, count = 2): string {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .join(' ');
}
