import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of JSON that a process printed, and when (performance.now()). */
export interface Line {
  readonly at: number;
  readonly event: { readonly type: string } & Readonly<Record<string, unknown>>;
}

/** What a process printed, and what it took as the system counts it. */
export interface Measured {
  readonly lines: readonly Line[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident set, in MB (10^6 bytes). */
  readonly peakMegabytes: number;
}

let cpuSeconds = 0;
/** What all processes run so far have taken. */
export const cpuSecondsOfChildren = (): number => cpuSeconds;

/**
 * Runs a command to its end.
 *
 * @param scratch a folder for the measurements
 * @throws Error with the end of its stderr, when it fails
 */
export async function measure(
  scratch: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const out = join(scratch, 'measured.json');
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const child = spawn('python3', ['bench/peers/measure.py', out, ...command], {
    env: { ...inherited, PYTHONDONTWRITEBYTECODE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (text) => {
    if (text.startsWith('{')) lines.push({ at: performance.now(), event: JSON.parse(text) as Line['event'] });
  });
  const code = await ended;
  if (code !== 0)
    throw new Error(
      `${command.join(' ')}\nended with ${code}:\n${stderr}${lines
        .slice(-3)
        .map(({ event }) => `${JSON.stringify(event)}\n`)
        .join('')}`,
    );
  const measured = JSON.parse(readFileSync(out, 'utf8')) as Omit<Measured, 'lines'>;
  cpuSeconds += measured.cpuSeconds;
  return { lines, ...measured };
}

/** The lines of one type. */
export function eventsOf({ lines }: Measured, type: string): readonly Line['event'][] {
  return lines.map(({ event }) => event).filter((event) => event.type === type);
}

/** Throughput of a process: its best epoch, but never the first, which compiles and warms up. */
export function bestThroughput(measured: Measured): number {
  return Math.max(
    ...eventsOf(measured, 'epoch-finished')
      .slice(1)
      .map((event) => event['imagesPerSecond'] as number),
  );
}

/** The command of `pipeline run`: the program as users run it. */
export function pipelineRun(file: string, scratch: string): readonly string[] {
  return [process.execPath, 'dist/cli.js', 'run', file, '--force', '--json', '--runs', join(scratch, 'runs')];
}

/** The command of the bare loop; the pipeline file follows. */
export const bareLoop: readonly string[] = [
  process.execPath,
  join('node_modules', '.cache', 'layerline-bench', 'bare-loop.js'),
];
